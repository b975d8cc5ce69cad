"""Scripted model answers for the three steps of a turn."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import repeat
from typing import Any

from werkzeug.test import TestResponse

from tests.support.factories import Shop
from tests.support.model_replies import Reply
from tests.support.os_users import wait_for

SELECTION = '{"stage": "Order help", "confidence": 0.9}'
EXTRACTION = '{"order_number": "A-10433", "city": null}'
REPLY = "It left yesterday."
STEPS = ("selection", "extraction", "response")


def step_of(body: dict[str, Any]) -> str:
    """The step that sent a request to the model."""
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema is None:
        return "extraction" if "JSON object" in body["messages"][0]["content"] else "response"
    if "answer" in schema["properties"]:
        return "confirmation"
    return "selection" if "stage" in schema["properties"] else "extraction"


def by_step(**answers: Reply | list[Reply]) -> Callable[[dict[str, Any]], Reply]:
    """A responder for FakeModel, with an answer per step: the same one each time, or those of a list in order."""
    given = {
        "selection": SELECTION,
        "confirmation": '{"answer": "yes"}',
        "extraction": EXTRACTION,
        "response": REPLY,
        **answers,
    }
    queues = {step: iter(answer) if isinstance(answer, list) else repeat(answer) for step, answer in given.items()}
    lock = threading.Lock()

    def respond(body: dict[str, Any]) -> Reply:
        with lock:
            return next(queues[step_of(body)])

    return respond


def after_response(respond: Callable[[dict[str, Any]], Reply]) -> Callable[[dict[str, Any]], Reply]:
    """The responder, which answers the selection only after the response was asked for."""
    asked = threading.Event()

    def respond_in_order(body: dict[str, Any]) -> Reply:
        if step_of(body) == "response":
            asked.set()
        elif step_of(body) == "selection":
            asked.wait(30)
        return respond(body)

    return respond_in_order


def wait_for_steps(shop: Shop, turn_id: str, count: int) -> list[dict[str, Any]]:
    """Waits until the trace has this number of steps. A discarded step is recorded when its call has ended."""

    def steps() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = shop.trace(turn_id)["steps"]
        return found if len(found) >= count else []

    recorded: list[dict[str, Any]] = wait_for(steps, f"{count} steps in the trace", pause=0.05)
    assert len(recorded) == count
    return recorded


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
