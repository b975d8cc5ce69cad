"""A model client for pipeline tests: a function answers each step's request, in the thread that asks.

The templates of `scripted_stage` name their step, by which requests are recognised.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from core.errors import DatabaseUnavailable
from llm.types import Answer, ModelFailed, ModelSettings
from message_processing.release import Stage
from message_processing.templates.template_service import VariableCache
from tests.support.pipeline import make_call, make_stage, make_template


@dataclass
class Request:
    """A request. `number` counts those of the same step, from 1. `write` streams a piece of the answer."""

    step: str
    number: int
    messages: list[dict[str, str]]
    write: Callable[[str], None]
    reset: Callable[[], None]


@dataclass
class ScriptedModel:
    """`answer` returns the text of an answer. If it raises ModelFailed, the call has failed."""

    answer: Callable[[Request], str]
    is_down: bool = False
    requests: list[Request] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def complete(
        self, messages: list[dict[str, str]], settings: ModelSettings, *, on_delta: Any, on_reset: Any, **kwargs: Any
    ) -> Answer:
        step = messages[0]["content"].partition("]]")[0].removeprefix("[[")
        with self._lock:
            number = 1 + sum(each.step == step for each in self.requests)
            request = Request(step, number, messages, on_delta or (lambda text: None), on_reset or (lambda: None))
            self.requests.append(request)
        text = self.answer(request)
        return Answer(text, settings.model, (make_call(text),), "stop")

    def is_answering(self, model: str, tenant: str = "") -> bool:
        return not self.is_down

    def asked_for(self, step: str) -> list[Request]:
        """The requests of one step so far."""
        return [each for each in self.requests if each.step == step]


def failed() -> ModelFailed:
    """The error of a model that gave no answer."""
    return ModelFailed("http_500: the server failed", (make_call(""),), timed_out=False)


def scripted_stage(name: str, response: str = "", **values: Any) -> Stage:
    """A stage whose prompts name their step. `response` is added to the response prompt."""
    values = {
        "selection": make_template(system_prompt="[[selection]]"),
        "extraction": make_template(system_prompt="[[extraction]]"),
        "response": make_template(response, system_prompt="[[response]] {{stage}}"),
        "example_messages": [f"a question about {name}"],
        **values,
    }
    return make_stage(name, **values)


def without_database() -> VariableCache:
    """A cache for variables that need no database."""

    @contextmanager
    def unavailable() -> Iterator[Any]:
        raise DatabaseUnavailable
        yield

    return VariableCache(unavailable)
