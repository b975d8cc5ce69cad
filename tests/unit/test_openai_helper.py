"""The model client against an HTTP server that fails in all the ways that the client handles."""

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any
from unittest import mock

import pytest

from llm.circuit_breaker import MAX_FAILURES
from llm.client import ModelClient
from llm.prices import cost_usd
from llm.types import Answer, ModelFailed, ModelSettings
from tests.support.fake_model import (
    CutStream,
    Drip,
    Empty,
    FakeModel,
    Gated,
    Hang,
    NotJson,
    Refuse,
    Reply,
    Status,
    Truncated,
)

MESSAGES = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Where is my order?"}]
SETTINGS = ModelSettings("gpt-4.1-mini", temperature=0.2, max_tokens=50)
SCHEMA = {"type": "object", "properties": {"stage": {"type": "string"}}, "required": ["stage"]}


@pytest.fixture
def fake() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


@pytest.fixture
def client(fake: FakeModel) -> Iterator[ModelClient]:
    client = ModelClient("sk-test", fake.base_url)
    yield client
    client.close()


def ask(client: ModelClient, settings: ModelSettings = SETTINGS, seconds: float = 20, **options: Any) -> Answer:
    return client.complete(MESSAGES, settings, deadline=time.monotonic() + seconds, **options)


def fail(client: ModelClient, settings: ModelSettings = SETTINGS, seconds: float = 20, **options: Any) -> ModelFailed:
    with pytest.raises(ModelFailed) as failed:
        ask(client, settings, seconds, **options)
    return failed.value


def errors(calls: Any) -> list[str | None]:
    return [call.error and call.error.split(":")[0] for call in calls]


def test_answer_and_recorded_call(fake: FakeModel, client: ModelClient) -> None:
    fake.reply("It left yesterday.")
    before = datetime.now(UTC)
    answer = ask(client)
    assert (answer.text, answer.model, answer.finish_reason) == ("It left yesterday.", "gpt-4.1-mini", "stop")
    [call] = answer.calls
    assert call.request == fake.requests[0]
    assert (call.status, call.error, call.attempt, call.response) == ("completed", None, 1, "It left yesterday.")
    assert (call.prompt_tokens, call.completion_tokens) == (6, 3)
    assert call.cost_usd == Decimal("0.0000072")
    assert before <= call.created_at <= datetime.now(UTC)
    assert call.latency_ms >= 0
    assert call.first_token_ms is None


def test_request_body(fake: FakeModel, client: ModelClient) -> None:
    ask(client)
    ask(client, ModelSettings("m"), json_schema=SCHEMA, schema_name="selection", on_delta=lambda text: None)
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
    fake: FakeModel, client: ModelClient, schema: dict[str, Any], strict: bool
) -> None:
    ask(client, json_schema=schema)
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


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (Status(429), "429 too many requests"),
        (Status(500, body="oh dear"), "500 internal server error"),
        (Status(408), "408 request timeout"),
        (Status(529), "529 unknown status"),
        (Hang(0), "connection"),
        (CutStream(2), "connection"),
        (NotJson(), "unreadable"),
        (NotJson(content_type="text/html"), "unreadable"),
        (NotJson("[1, 2]"), "unreadable"),
        (NotJson('{"choices": [{"message": {"content": 5}}]}'), "unreadable"),
        (NotJson('{"hello": "world"}'), "empty"),
        (Empty(), "empty"),
        (" \n", "empty"),
    ],
)
def test_failure_is_retried(fake: FakeModel, client: ModelClient, bad: Reply, error: str) -> None:
    fake.reply(bad, "There it is.")
    answer = ask(client)
    assert answer.text == "There it is."
    assert errors(answer.calls) == [error, None]
    assert [call.attempt for call in answer.calls] == [1, 2]
    assert [call.status for call in answer.calls] == ["failed", "completed"]
    assert fake.requests[0] == fake.requests[1]


def test_unreachable_server() -> None:
    with FakeModel() as fake:
        address = fake.base_url
    failed = fail(ModelClient(None, address))
    assert errors(failed.calls) == ["connection"] * 3
    assert not failed.timed_out


@pytest.mark.parametrize("code", [400, 401, 403, 404, 422])
def test_client_errors_are_not_retried(fake: FakeModel, client: ModelClient, code: int) -> None:
    fake.respond = lambda body: Status(code)
    failed = fail(client)
    assert len(failed.calls) == len(fake.requests) == 1
    assert not failed.timed_out
    assert str(failed).startswith(str(code))


def test_three_attempts_with_increasing_pause(fake: FakeModel, client: ModelClient) -> None:
    fake.respond = lambda body: Status(503)
    failed = fail(client)
    assert errors(failed.calls) == ["503 service unavailable"] * 3
    first, second, third = fake.times
    assert second - first >= 0.25
    assert third - second >= 0.5


def test_errors_contain_no_content_and_no_key(fake: FakeModel, client: ModelClient) -> None:
    fake.reply(Status(401, body={"error": {"message": "Incorrect API key provided: sk-test. Where is my order?"}}))
    failed = fail(client)
    assert failed.calls[0].error == "401 unauthorized"
    assert "sk-test" not in f"{failed}{failed.calls}"


def test_retry_after_in_seconds_and_as_a_date(fake: FakeModel, client: ModelClient) -> None:
    at = (datetime.now(UTC) + timedelta(seconds=4)).replace(microsecond=0)
    date = format_datetime(at, usegmt=True)
    fake.reply(Status(429, {"Retry-After": "1.2"}), Status(503, {"Retry-After": date}), "Ok")
    answer = ask(client)
    assert errors(answer.calls) == ["429 too many requests", "503 service unavailable", None]
    assert fake.times[1] - fake.times[0] >= 1.2
    assert answer.calls[2].created_at >= at


@pytest.mark.parametrize("header", ["30", "1e400", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_retry_after_beyond_the_deadline_fails_immediately(fake: FakeModel, client: ModelClient, header: str) -> None:
    fake.reply(Status(429, {"Retry-After": header}))
    began = time.monotonic()
    failed = fail(client, seconds=20)
    assert time.monotonic() - began < 10
    assert len(failed.calls) == 1
    assert not failed.timed_out


def test_invalid_retry_after_is_ignored(fake: FakeModel, client: ModelClient) -> None:
    fake.reply(Status(429, {"Retry-After": "soon"}), "Ok")
    assert ask(client).text == "Ok"


@pytest.mark.parametrize("bad", [Hang(60), Drip("body"), Drip("headers")])
def test_call_ends_at_the_deadline_whatever_the_server_does(fake: FakeModel, client: ModelClient, bad: Reply) -> None:
    fake.respond = lambda body: bad
    began = time.monotonic()
    failed = fail(client, seconds=0.5)
    assert 0.5 <= time.monotonic() - began < 2
    assert failed.timed_out
    assert errors(failed.calls) == ["timeout"]


def test_timed_out_request_is_retried(fake: FakeModel, client: ModelClient) -> None:
    fake.reply(Drip(), "Ok")
    answer = ask(client, ModelSettings("m", timeout=0.3))
    assert errors(answer.calls) == ["timeout", None]
    assert answer.calls[0].latency_ms >= 300


def test_expired_deadline_sends_no_request(fake: FakeModel, client: ModelClient) -> None:
    failed = fail(client, seconds=0)
    assert failed.timed_out
    assert failed.calls == ()
    assert fake.requests == []


@pytest.mark.parametrize("parameter", ["temperature", "response_format"])
def test_rejected_parameter_is_left_out_and_remembered(fake: FakeModel, client: ModelClient, parameter: str) -> None:
    fake.respond = lambda body: Refuse(parameter) if parameter in body else "Ok"
    answer = ask(client, json_schema=SCHEMA)
    assert errors(answer.calls) == [f"400 rejected the parameter {parameter}", None]
    assert fake.requests[1] == {name: value for name, value in fake.requests[0].items() if name != parameter}
    assert len(ask(client, json_schema=SCHEMA).calls) == 1
    assert len(ask(client, ModelSettings("another", 0.2), json_schema=SCHEMA).calls) == 2


def test_token_limit_is_sent_under_its_other_name(fake: FakeModel, client: ModelClient) -> None:
    fake.respond = lambda body: Refuse("max_tokens") if "max_tokens" in body else "Ok"
    answer = ask(client)
    assert "max_completion_tokens" not in fake.requests[0]
    assert fake.requests[1]["max_completion_tokens"] == 50
    assert len(answer.calls) == 2
    assert len(ask(client).calls) == 1


def test_server_that_rejects_all_parameters(fake: FakeModel, client: ModelClient) -> None:
    def respond(body: dict[str, Any]) -> Reply:
        extra = sorted(body.keys() - {"model", "messages", "stream"})
        return Status(422, body={"detail": [{"loc": ["body", extra[0]], "msg": "Extra inputs"}]}) if extra else "Ok"

    fake.respond = respond
    answer = ask(client, json_schema=SCHEMA, on_delta=lambda text: None)
    assert answer.text == "Ok"
    assert len(answer.calls) == 6
    assert answer.calls[-1].prompt_tokens is None
    assert len(ask(client, json_schema=SCHEMA, on_delta=lambda text: None).calls) == 1


def test_rejected_value_is_not_remembered(fake: FakeModel, client: ModelClient) -> None:
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
    assert len(ask(client, json_schema=SCHEMA).calls) == 2
    assert "response_format" not in fake.requests[1]
    assert len(ask(client, json_schema=SCHEMA).calls) == 1
    assert "response_format" in fake.requests[2]


def test_rejected_parameters_do_not_use_up_attempts(fake: FakeModel, client: ModelClient) -> None:
    fake.reply(Refuse("temperature"), Status(500), Refuse("max_tokens"), Status(500), "Ok")
    assert [call.attempt for call in ask(client).calls] == [1, 2, 3, 4, 5]


def test_fallback_model_has_its_own_attempts(fake: FakeModel, client: ModelClient) -> None:
    settings = ModelSettings("first", fallback_model="second")
    fake.reply(Status(404), Status(500), "From the second.")
    answer = ask(client, settings)
    assert (answer.text, answer.model) == ("From the second.", "second")
    assert [call.model for call in answer.calls] == ["first", "second", "second"]
    assert [call.attempt for call in answer.calls] == [1, 2, 3]
    fake.respond = lambda body: Status(404)
    assert [call.model for call in fail(client, settings).calls] == ["first", "second"]


def test_answer_cut_off_at_the_token_limit_is_returned(fake: FakeModel, client: ModelClient) -> None:
    fake.reply(Truncated('{"stage": "Gre'))
    answer = ask(client)
    assert (answer.text, answer.finish_reason) == ('{"stage": "Gre', "length")


@pytest.mark.parametrize("streamed", [False, True])
def test_characters_that_postgresql_cannot_store_are_removed(
    fake: FakeModel, client: ModelClient, streamed: bool
) -> None:
    fake.reply("a\0b \ud800c 😀\udc00")
    pieces: list[str] = []
    answer = ask(client, on_delta=pieces.append if streamed else None)
    assert answer.text == answer.calls[0].response == "ab c 😀"
    assert "".join(pieces) in ("ab c 😀", "")


def test_deltas_arrive_while_the_model_is_writing(fake: FakeModel, client: ModelClient) -> None:
    gate = threading.Semaphore(0)
    fake.reply(Gated("one two three", gate))
    pieces: list[str] = []

    def on_delta(text: str) -> None:
        pieces.append(text)
        gate.release()  # the fake server waits for this before the next word

    answer = ask(client, on_delta=on_delta)
    assert pieces == ["one", " two", " three"]
    [call] = answer.calls
    assert (answer.text, answer.finish_reason) == ("one two three", "stop")
    assert (call.prompt_tokens, call.completion_tokens) == (6, 3)
    assert call.first_token_ms is not None
    assert 0 <= call.first_token_ms <= call.latency_ms


@pytest.mark.parametrize(("well_formed", "error"), [(False, "connection"), (True, "cut")])
def test_cut_stream_resets_its_deltas(fake: FakeModel, client: ModelClient, well_formed: bool, error: str) -> None:
    fake.reply(CutStream(2, well_formed=well_formed), "Whole again.")
    received: list[str] = []
    answer = ask(client, on_delta=received.append, on_reset=lambda: received.append("RESET"))
    assert received == ["one", " two", "RESET", "Whole", " again."]
    assert errors(answer.calls) == [error, None]
    assert answer.calls[0].response == "one two"
    assert answer.text == "Whole again."


def test_no_reset_without_deltas(fake: FakeModel, client: ModelClient) -> None:
    fake.reply(Status(500), CutStream(0), "Ok")
    received: list[str] = []
    ask(client, on_delta=received.append, on_reset=lambda: received.append("RESET"))
    assert received == ["Ok"]


def test_reset_after_the_last_failure(fake: FakeModel, client: ModelClient) -> None:
    fake.respond = lambda body: Gated("one two", threading.Event())
    received: list[str] = []
    failed = fail(client, seconds=0.5, on_delta=received.append, on_reset=lambda: received.append("RESET"))
    assert received == ["one", "RESET"]
    assert failed.timed_out
    assert failed.calls[0].response == "one"


def test_server_without_streaming(fake: FakeModel, client: ModelClient) -> None:
    fake.reply(NotJson('{"choices": [{"message": {"content": "All at once."}, "finish_reason": "stop"}]}'))
    pieces: list[str] = []
    assert ask(client, on_delta=pieces.append).text == "All at once."
    assert pieces == ["All at once."]


def test_error_of_a_callback_is_raised_unchanged(fake: FakeModel, client: ModelClient) -> None:
    with pytest.raises(ZeroDivisionError):
        ask(client, on_delta=lambda text: print(1 / 0))
    assert ask(client).text == "OK"
    assert len(fake.requests) == 2


@pytest.mark.parametrize("streamed", [False, True])
def test_connections_are_reused(fake: FakeModel, client: ModelClient, streamed: bool) -> None:
    fake.reply("one two", Refuse("temperature"), Status(500))
    for _ in range(5):
        ask(client, on_delta=(lambda text: None) if streamed else None)
    assert len(fake.requests) == 7
    assert fake.connections == 1


def test_twenty_simultaneous_calls_each_get_their_own_answer(fake: FakeModel, client: ModelClient) -> None:
    all_here = threading.Event()
    fake.respond = lambda body: Gated(f"re: {body['messages'][0]['content']}", all_here)

    def ask_about(topic: str) -> str:
        messages = [{"role": "user", "content": topic}]
        return client.complete(messages, SETTINGS, deadline=time.monotonic() + 20).text

    topics = [f"topic {number}" for number in range(20)]
    with ThreadPoolExecutor(20) as threads:
        for round_ in (1, 2):
            answers = threads.map(ask_about, topics)
            fake.wait_for_requests(20 * round_)
            all_here.set()
            assert list(answers) == [f"re: {topic}" for topic in topics]
    assert fake.connections == 20


def test_close_lets_calls_in_progress_finish(fake: FakeModel, client: ModelClient) -> None:
    gate = threading.Event()
    fake.reply(Gated("Ok", gate))
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(ask, client)
        fake.wait_for_requests(1)
        client.close()
        gate.set()
        assert answer.result().text == "Ok"


@pytest.mark.parametrize(
    ("model", "cost"),
    [
        ("gpt-4.1", "10.00"),
        ("gpt-4.1-mini", "2.00"),
        ("gpt-4.1-mini-2025-04-14", "2.00"),
        ("gpt-4o-2024-05-13", "20.00"),
        ("gpt-4o-2024-11-20", "12.50"),
        ("gpt-5-nano", "0.45"),
        ("o4-mini", "5.50"),
        ("gpt-5-pro", None),
        ("gpt-4.1-mini-2025", None),
        ("smollm2", None),
        ("", None),
    ],
)
def test_prices(model: str, cost: str | None) -> None:
    assert cost_usd(model, 1_000_000, 1_000_000) == (cost and Decimal(cost))
    assert cost_usd(model, None, 1) is None
    assert cost_usd(model, 1, None) is None


def test_server_that_is_down_is_not_called_during_the_cool_down(fake: FakeModel) -> None:
    client = ModelClient(None, fake.base_url, cool_down=2)
    try:
        fake.respond = lambda body: Status(500)
        for _ in range(4):  # with three attempts each; the tenth failure opens the circuit breaker
            with pytest.raises(ModelFailed) as failed:
                client.complete(MESSAGES, SETTINGS, deadline=time.monotonic() + 30)
        asked = len(fake.requests)
        assert asked == MAX_FAILURES
        assert failed.value.calls[-1].error == "circuit: the server is not called because it is down"
        fake.respond = lambda body: "Hello."
        answers = []
        while not answers:  # after the cool-down one trial request closes the circuit breaker
            with contextlib.suppress(ModelFailed):
                answers.append(client.complete(MESSAGES, SETTINGS, deadline=time.monotonic() + 30))
        assert client.complete(MESSAGES, SETTINGS, deadline=time.monotonic() + 30).text == "Hello."
        assert len(fake.requests) == asked + 2
    finally:
        client.close()


def test_rejected_requests_do_not_open_the_circuit_breaker(fake: FakeModel) -> None:
    client = ModelClient(None, fake.base_url)
    try:
        fake.respond = lambda body: Status(401)
        for _ in range(MAX_FAILURES + 1):
            with pytest.raises(ModelFailed):
                client.complete(MESSAGES, SETTINGS, deadline=time.monotonic() + 30)
        assert len(fake.requests) == MAX_FAILURES + 1
    finally:
        client.close()
