"""Calls of the model client in tests."""

import time
from typing import Any

import pytest

from llm.client import ModelClient
from llm.types import Answer, ModelFailed, ModelSettings

MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Where is my order?"}]
SETTINGS = ModelSettings("gpt-4.1-mini", temperature=0.2, max_tokens=50)
SCHEMA = {"type": "object", "properties": {"stage": {"type": "string"}}, "required": ["stage"]}


def ask(client: ModelClient, settings: ModelSettings = SETTINGS, seconds: float = 20, **options: Any) -> Answer:
    """Call the model, by default with a deadline of 20 seconds."""
    return client.complete(MESSAGES, settings, deadline=time.monotonic() + seconds, **options)


def fail(client: ModelClient, settings: ModelSettings = SETTINGS, seconds: float = 20, **options: Any) -> ModelFailed:
    """Call the model and return the expected error."""
    with pytest.raises(ModelFailed) as failed:
        ask(client, settings, seconds, **options)
    return failed.value


def errors(calls: Any) -> list[str | None]:
    """The error of each call, without its details."""
    return [call.error and call.error.split(":")[0] for call in calls]
