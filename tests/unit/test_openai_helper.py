"""The model client against an HTTP server that fails in all the ways that the client handles."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest

from llm.client import ModelClient
from llm.types import ModelSettings
from tests.support.fake_model import FakeModel
from tests.support.model_calls import MESSAGES, SCHEMA, SETTINGS, ask, errors
from tests.support.model_replies import Gated, Refuse, Reply, Status, Truncated


def test_answer_and_recorded_call(fake: FakeModel, model_client: ModelClient) -> None:
    fake.reply("It left yesterday.")
    before = datetime.now(UTC)
    answer = ask(model_client)
    assert (answer.text, answer.model, answer.finish_reason) == ("It left yesterday.", "gpt-4.1-mini", "stop")
    [call] = answer.calls
    assert call.request == fake.requests[0]
    assert (call.status, call.error, call.attempt, call.response) == ("completed", None, 1, "It left yesterday.")
    assert (call.usage.prompt_tokens, call.usage.completion_tokens) == (6, 3)
    assert call.cost_usd == Decimal("0.0000072")
    assert before <= call.created_at <= datetime.now(UTC)
    assert call.latency_ms >= 0
    assert call.first_token_ms is None


def test_request_body(fake: FakeModel, model_client: ModelClient) -> None:
    ask(model_client)
    ask(model_client, ModelSettings("m"), json_schema=SCHEMA, schema_name="selection", on_delta=lambda text: None)
    assert fake.requests == [
        {"model": "gpt-4.1-mini", "messages": MESSAGES, "temperature": 0.2, "max_tokens": 50},
        {
            "model": "m",
            "messages": MESSAGES,
            "stream": True,
            "stream_options": {"include_usage": True},
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "selection", "schema": SCHEMA, "strict": False},
            },
        },
    ]
    assert fake.headers[0]["authorization"] == "Bearer sk-test"


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        ({**SCHEMA, "additionalProperties": False}, True),
        ({**SCHEMA, "additionalProperties": False, "required": []}, False),
        (
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["a"],
                "properties": {"a": {"type": ["string", "null"], "enum": ["x", None]}},
            },
            True,
        ),
        (
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["a"],
                "properties": {"a": {"type": "string", "pattern": "^A"}},
            },
            False,
        ),
        (
            {
                "type": "object",
                "additionalProperties": False,
                "required": ["a"],
                "properties": {"a": {"type": "array", "items": SCHEMA}},
            },
            False,
        ),
        ({"type": "array", "items": {"type": "string"}}, False),
    ],
)
def test_strict_only_if_openai_accepts_the_schema(
    fake: FakeModel, model_client: ModelClient, schema: dict[str, Any], strict: bool
) -> None:
    ask(model_client, json_schema=schema)
    assert fake.requests[0]["response_format"]["json_schema"]["strict"] is strict


def test_environment_variables_of_the_sdk_are_ignored(fake: FakeModel) -> None:
    strange = {
        "OPENAI_API_KEY": "sk-other",
        "OPENAI_ORG_ID": "org-other",
        "OPENAI_PROJECT_ID": "proj-other",
        "OPENAI_BASE_URL": "http://127.0.0.1:9/v1",
        "OPENAI_CUSTOM_HEADERS": "X-Strange: yes",
    }
    with mock.patch.dict(os.environ, strange):
        client = ModelClient(None, fake.base_url)
        ask(client)
        client.close()
    [headers] = fake.headers
    assert headers["authorization"] == "Bearer none"
    assert not any("other" in value for value in headers.values())
    assert "x-strange" not in headers


@pytest.mark.parametrize("parameter", ["temperature", "response_format"])
def test_rejected_parameter_is_left_out_and_remembered(
    fake: FakeModel, model_client: ModelClient, parameter: str
) -> None:
    fake.respond = lambda body: Refuse(parameter) if parameter in body else "Ok"
    answer = ask(model_client, json_schema=SCHEMA)
    assert errors(answer.calls) == [f"400 rejected the parameter {parameter}", None]
    assert fake.requests[1] == {name: value for name, value in fake.requests[0].items() if name != parameter}
    assert len(ask(model_client, json_schema=SCHEMA).calls) == 1
    assert len(ask(model_client, ModelSettings("another", 0.2), json_schema=SCHEMA).calls) == 2


def test_token_limit_is_sent_under_its_other_name(fake: FakeModel, model_client: ModelClient) -> None:
    fake.respond = lambda body: Refuse("max_tokens") if "max_tokens" in body else "Ok"
    answer = ask(model_client)
    assert "max_completion_tokens" not in fake.requests[0]
    assert fake.requests[1]["max_completion_tokens"] == 50
    assert len(answer.calls) == 2
    assert len(ask(model_client).calls) == 1


def test_server_that_rejects_all_parameters(fake: FakeModel, model_client: ModelClient) -> None:
    def respond(body: dict[str, Any]) -> Reply:
        extra = sorted(body.keys() - {"model", "messages", "stream"})
        return Status(422, body={"detail": [{"loc": ["body", extra[0]], "msg": "Extra inputs"}]}) if extra else "Ok"

    fake.respond = respond
    answer = ask(model_client, json_schema=SCHEMA, on_delta=lambda text: None)
    assert answer.text == "Ok"
    assert len(answer.calls) == 6
    assert answer.calls[-1].usage.prompt_tokens is None
    assert len(ask(model_client, json_schema=SCHEMA, on_delta=lambda text: None).calls) == 1


def test_rejected_value_is_not_remembered(fake: FakeModel, model_client: ModelClient) -> None:
    fake.reply(
        Status(
            400,
            body={
                "error": {
                    "param": "response_format",
                    "message": "Invalid schema for response_format 'answer': 'x' is not valid.",
                }
            },
        )
    )
    assert len(ask(model_client, json_schema=SCHEMA).calls) == 2
    assert "response_format" not in fake.requests[1]
    assert len(ask(model_client, json_schema=SCHEMA).calls) == 1
    assert "response_format" in fake.requests[2]


def test_rejected_parameters_do_not_use_up_attempts(fake: FakeModel, model_client: ModelClient) -> None:
    fake.reply(Refuse("temperature"), Status(500), Refuse("max_tokens"), Status(500), "Ok")
    assert [call.attempt for call in ask(model_client).calls] == [1, 2, 3, 4, 5]


def test_answer_cut_off_at_the_token_limit_is_returned(fake: FakeModel, model_client: ModelClient) -> None:
    fake.reply(Truncated('{"stage": "Gre'))
    answer = ask(model_client)
    assert (answer.text, answer.finish_reason) == ('{"stage": "Gre', "length")


@pytest.mark.parametrize("streamed", [False, True])
def test_characters_that_postgresql_cannot_store_are_removed(
    fake: FakeModel, model_client: ModelClient, streamed: bool
) -> None:
    fake.reply("a\0b \ud800c 😀\udc00")
    pieces: list[str] = []
    answer = ask(model_client, on_delta=pieces.append if streamed else None)
    assert answer.text == answer.calls[0].response == "ab c 😀"
    assert "".join(pieces) in ("ab c 😀", "")


@pytest.mark.parametrize("streamed", [False, True])
def test_connections_are_reused(fake: FakeModel, model_client: ModelClient, streamed: bool) -> None:
    fake.reply("one two", Refuse("temperature"), Status(500))
    for _ in range(5):
        ask(model_client, on_delta=(lambda text: None) if streamed else None)
    assert len(fake.requests) == 7
    assert fake.connections == 1


def test_twenty_simultaneous_calls_each_get_their_own_answer(fake: FakeModel, model_client: ModelClient) -> None:
    all_here = threading.Event()
    fake.respond = lambda body: Gated(f"re: {body['messages'][0]['content']}", all_here)

    def ask_about(topic: str) -> str:
        messages = [{"role": "user", "content": topic}]
        return model_client.complete(messages, SETTINGS, deadline=time.monotonic() + 20).text

    topics = [f"topic {number}" for number in range(20)]
    with ThreadPoolExecutor(20) as threads:
        for round_ in (1, 2):
            answers = threads.map(ask_about, topics)
            fake.wait_for_requests(20 * round_)
            all_here.set()
            assert list(answers) == [f"re: {topic}" for topic in topics]
    assert fake.connections == 20


def test_close_lets_calls_in_progress_finish(fake: FakeModel, model_client: ModelClient) -> None:
    gate = threading.Event()
    fake.reply(Gated("Ok", gate))
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(ask, model_client)
        fake.wait_for_requests(1)
        model_client.close()
        gate.set()
        assert answer.result().text == "Ok"
