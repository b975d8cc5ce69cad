"""Sends the labelled messages to the demo shop, one after the other, and stores each turn."""

import dataclasses
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask

from app import close_app, create_app
from config import Config
from dev.demo import FOLDER as DEMO
from dev.demo.__main__ import Api, create_demo, order_body
from dev.evaluation.labelled import Labelled, read_shop
from message_processing.templates.starters import with_templates

_UNLIMITED = "1000000 per minute"
_SECONDS_PER_TURN = 1800  # a small model on one core is slow
# The same answers in each run, and one call after the other.
_SETTINGS = {"temperature": 0, "speculation": "off"}


class Run:
    """Sends the messages in a new database with the demo shop, after rules mode has answered the earlier messages."""

    def __init__(self, messages: Iterable[Labelled]) -> None:
        self._messages = list(messages)

    def answer(self, config: Config, file: Path, deadline: float, progress: Callable[[str], None]) -> None:
        """Answers the messages that are not in the file yet, and adds each turn to it.

        `config` has the database and the model. No message is sent after the deadline, a time of `time.monotonic()`.
        """
        answers = read_answers(file)
        pending = [each for each in self._messages if each.id not in answers]
        config = dataclasses.replace(
            config,
            model_timeout=_SECONDS_PER_TURN,
            turn_time_limit=_SECONDS_PER_TURN,
            db_pool_size=4,
            rate_limit_messages=_UNLIMITED,
            rate_limit_business=_UNLIMITED,
            rate_limit_default=_UNLIMITED,
        )
        with _open(dataclasses.replace(config, openai_base_url=None, openai_api_key=None)) as app:
            key, customers = self._prepare(app, config, pending)
        file.parent.mkdir(parents=True, exist_ok=True)
        with _open(config) as app, file.open("a") as opened:
            for number, labelled in enumerate(pending, 1):
                started = time.monotonic()
                if started > deadline:
                    return
                answer = _send(Api(app, key), customers, labelled)
                opened.write(json.dumps(answer, ensure_ascii=False) + "\n")
                opened.flush()
                progress(f"{number} of {len(pending)}: {labelled.id} ({time.monotonic() - started:.0f} s)")

    def _prepare(self, app: Flask, config: Config, messages: Iterable[Labelled]) -> tuple[str, dict[str, str]]:
        """Creates the shop and its customers, and sends the earlier messages. Returns the business key and the ID of
        each language's customer."""
        demo = create_demo(app, config, "evaluation")
        assert demo.business_key is not None
        api, shop = Api(app, demo.business_key), read_shop()
        api.put(f"/businesses/{demo.business_id}", {"settings": _SETTINGS})
        customers = {language: api.post("/users", each)["user_id"] for language, each in shop["customers"].items()}
        sold = {each["product_name"]: each for each in json.loads((DEMO / "shop.json").read_text())["products"]}
        for order in shop["orders"]:
            api.post("/orders", order_body(order, customers, sold))
        for labelled in messages:
            for text in labelled.earlier:
                answer = api.post("/messages", _body(customers, labelled, text))
                if answer["stage"]["stage_name"] != labelled.stage_before:
                    raise RuntimeError(f"{labelled.id}: the earlier messages lead to {answer['stage']['stage_name']}")
        return demo.business_key, customers


def read_answers(file: Path) -> dict[str, dict[str, Any]]:
    """The stored turns by the message's ID."""
    if not file.exists():
        return {}
    answers = map(json.loads, file.read_text().splitlines())
    return {answer["id"]: answer for answer in answers}


@contextmanager
def _open(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    try:
        yield app
    finally:
        close_app(app)


def _body(customers: dict[str, str], labelled: Labelled, text: str) -> dict[str, Any]:
    return {"user_id": customers[labelled.language], "session_id": f"evaluation-{labelled.id}", "message": text}


def _send(api: Api, customers: dict[str, str], labelled: Labelled) -> dict[str, Any]:
    """Sends the message, and returns the turn as it is stored in the file."""
    reply = api.post("/messages", _body(customers, labelled, labelled.message))
    turn = api.get(f"/turns/{reply['turn_id']}")
    steps = {step["step"]: step for step in turn["steps"] if not step["discarded"]}
    calls = [call for step in turn["steps"] for call in step["calls"]]
    done = [each["status"] for each in (steps.get("actions") or {}).get("output", {}).get("results", [])]
    return {
        "id": labelled.id,
        "message": labelled.message,
        "stage": reply["stage"]["stage_name"],
        "confidence": turn["confidence"],
        "fields": steps["extraction"]["output"]["fields"],
        "not_said": steps["extraction"]["output"].get("not_said", {}),
        "reply": reply["response"],
        "has_done": "done" in done,
        "instructions": _instructions(reply["stage"]["stage_name"]),
        "prompts": [
            {
                "step": call["step"],
                "messages": call["request"]["messages"],
                "response": call["response"],
                "prompt_tokens": call["prompt_tokens"],
                "completion_tokens": call["completion_tokens"],
            }
            for call in calls
        ],
    }


def _instructions(stage_name: str) -> str:
    """The response template of a stage, without the values of its variables."""
    stages = json.loads((DEMO / "stages.json").read_text())
    stage = with_templates([each for each in stages if each["stage_name"] == stage_name], "en")[0]
    response = next(each for each in stage["templates"] if each["template_type"] == "response_generation")
    return f"{response['system_prompt']}\n{response['content']}"
