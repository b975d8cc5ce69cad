"""Scripted model answers for the three steps of a turn."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from werkzeug.test import TestResponse

from tests.support.factories import Shop
from tests.support.model_replies import Reply

SELECTION = '{"stage": "Order help", "confidence": 0.9}'
EXTRACTION = '{"order_number": "A-10433", "city": null}'
REPLY = "It left yesterday."
STEPS = ("selection", "extraction", "response")


def step_of(body: dict[str, Any]) -> str:
    """The step that sent a request to the model."""
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema is None:
        return "extraction" if "JSON object" in body["messages"][0]["content"] else "response"
    return "selection" if "stage" in schema["properties"] else "extraction"


def by_step(**answers: Reply) -> Callable[[dict[str, Any]], Reply]:
    """A responder for FakeModel: the same answer each time, by step."""
    by_name = {"selection": SELECTION, "extraction": EXTRACTION, "response": REPLY, **answers}
    return lambda body: by_name[step_of(body)]


@contextmanager
def in_background(work: Callable[[], TestResponse]) -> Iterator["Future[TestResponse]"]:
    """Run `work` in a thread; waits for it at the end."""
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(work)


def edit_prompt(shop: Shop, stage: str, step: str, content: str, system_prompt: str | None = None) -> None:
    """Replace the prompt of a stage's step."""
    stage_row = shop.get(f"/stages/{shop.stages[stage]}").get_json()
    name = {"selection": "stage_selection", "extraction": "data_extraction", "response": "response_generation"}[step]
    path = f"/templates/{stage_row[f'{name}_template_id']}"
    assert shop.put(path, {"content": content, "system_prompt": system_prompt}).status_code == 200
