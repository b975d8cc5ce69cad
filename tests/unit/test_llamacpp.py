"""The model client with a real llama.cpp server, if it is installed."""

import json
import time
from collections.abc import Iterator

import pytest

from llm.client import ModelClient
from llm.types import ModelSettings

MESSAGES = [{"role": "user", "content": "Hello, my name is Ada. Where is my order?"}]
SETTINGS = ModelSettings("smollm2", temperature=0.0, max_tokens=16)
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["stage", "confidence"],
    "properties": {"stage": {"enum": ["Greeting", "Order help"]}, "confidence": {"enum": [0.1, 0.5, 0.9]}},
}


@pytest.fixture
def client(llamacpp: str) -> Iterator[ModelClient]:
    client = ModelClient(None, llamacpp)
    yield client
    client.close()


def test_text_answer(client: ModelClient) -> None:
    answer = client.complete(MESSAGES, SETTINGS, deadline=time.monotonic() + 60)
    [call] = answer.calls
    assert answer.text
    assert answer.finish_reason in ("stop", "length")
    assert call.usage.prompt_tokens
    assert call.usage.completion_tokens
    assert call.usage.completion_tokens <= 16
    assert call.cost_usd is None


def test_answer_constrained_by_a_schema(client: ModelClient) -> None:
    settings = ModelSettings("smollm2", temperature=0.0, max_tokens=64)
    answer = client.complete(MESSAGES, settings, deadline=time.monotonic() + 60, json_schema=SCHEMA)
    assert len(answer.calls) == 1
    said = json.loads(answer.text)
    assert said.keys() == {"stage", "confidence"}
    assert said["stage"] in ("Greeting", "Order help")


def test_streamed_answer(client: ModelClient) -> None:
    pieces: list[str] = []
    answer = client.complete(MESSAGES, SETTINGS, deadline=time.monotonic() + 60, on_delta=pieces.append)
    [call] = answer.calls
    assert len(pieces) > 1
    assert "".join(pieces) == answer.text
    assert call.usage.completion_tokens
    assert call.first_token_ms is not None
    assert call.first_token_ms < call.latency_ms


def test_schema_that_the_server_rejects_is_left_out(client: ModelClient) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "no such type"}}}
    answer = client.complete(MESSAGES, SETTINGS, deadline=time.monotonic() + 60, json_schema=schema)
    assert [call.status for call in answer.calls] == ["failed", "completed"]
    assert "response_format" not in answer.calls[1].request
