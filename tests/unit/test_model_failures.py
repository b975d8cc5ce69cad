"""Failed model calls: retries, pauses, deadlines, the fallback model and the circuit breaker."""

import contextlib
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from core.circuit_breaker import MAX_FAILURES
from llm.client import ModelClient
from llm.types import ModelFailed, ModelSettings
from tests.support.fake_model import FakeModel
from tests.support.model_calls import MESSAGES, SETTINGS, ask, errors, fail
from tests.support.model_replies import CutStream, Drip, Empty, Hang, NotJson, Reply, Status


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
def test_failure_is_retried(fake: FakeModel, model_client: ModelClient, bad: Reply, error: str) -> None:
    fake.reply(bad, "There it is.")
    answer = ask(model_client)
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
def test_client_errors_are_not_retried(fake: FakeModel, model_client: ModelClient, code: int) -> None:
    fake.respond = lambda body: Status(code)
    failed = fail(model_client)
    assert len(failed.calls) == len(fake.requests) == 1
    assert not failed.timed_out
    assert str(failed).startswith(str(code))


def test_three_attempts_with_increasing_pause(fake: FakeModel, model_client: ModelClient) -> None:
    fake.respond = lambda body: Status(503)
    failed = fail(model_client)
    assert errors(failed.calls) == ["503 service unavailable"] * 3
    first, second, third = fake.times
    assert second - first >= 0.25
    assert third - second >= 0.5


def test_errors_contain_no_content_and_no_key(fake: FakeModel, model_client: ModelClient) -> None:
    fake.reply(Status(401, body={"error": {"message": "Incorrect API key provided: sk-test. Where is my order?"}}))
    failed = fail(model_client)
    assert failed.calls[0].error == "401 unauthorized"
    assert "sk-test" not in f"{failed}{failed.calls}"


def test_retry_after_in_seconds_and_as_a_date(fake: FakeModel, model_client: ModelClient) -> None:
    at = (datetime.now(UTC) + timedelta(seconds=4)).replace(microsecond=0)
    date = format_datetime(at, usegmt=True)
    fake.reply(Status(429, {"Retry-After": "1.2"}), Status(503, {"Retry-After": date}), "Ok")
    answer = ask(model_client)
    assert errors(answer.calls) == ["429 too many requests", "503 service unavailable", None]
    assert fake.times[1] - fake.times[0] >= 1.2
    assert answer.calls[2].created_at >= at


@pytest.mark.parametrize("header", ["30", "1e400", "Fri, 31 Dec 2100 23:59:59 GMT"])
def test_retry_after_beyond_the_deadline_fails_immediately(
    fake: FakeModel, model_client: ModelClient, header: str
) -> None:
    fake.reply(Status(429, {"Retry-After": header}))
    began = time.monotonic()
    failed = fail(model_client, seconds=20)
    assert time.monotonic() - began < 10
    assert len(failed.calls) == 1
    assert not failed.timed_out


def test_invalid_retry_after_is_ignored(fake: FakeModel, model_client: ModelClient) -> None:
    fake.reply(Status(429, {"Retry-After": "soon"}), "Ok")
    assert ask(model_client).text == "Ok"


@pytest.mark.parametrize("bad", [Hang(threading.Event()), Drip("body"), Drip("headers")])
def test_call_ends_at_the_deadline_whatever_the_server_does(
    fake: FakeModel, model_client: ModelClient, bad: Reply
) -> None:
    fake.respond = lambda body: bad
    began = time.monotonic()
    failed = fail(model_client, ModelSettings("m", timeout=3600), seconds=0.5)  # nothing else would end the call
    assert time.monotonic() - began >= 0.5
    assert failed.timed_out
    assert errors(failed.calls) == ["timeout"]


def test_timed_out_request_is_retried(fake: FakeModel, model_client: ModelClient) -> None:
    fake.reply(Drip(), "Ok")
    # The second request has the same time, which has to be enough for an answer on a busy machine.
    answer = ask(model_client, ModelSettings("m", timeout=1))
    assert errors(answer.calls) == ["timeout", None]
    assert answer.calls[0].latency_ms >= 1000


def test_expired_deadline_sends_no_request(fake: FakeModel, model_client: ModelClient) -> None:
    failed = fail(model_client, seconds=0)
    assert failed.timed_out
    assert failed.calls == ()
    assert fake.requests == []


def test_fallback_model_has_its_own_attempts(fake: FakeModel, model_client: ModelClient) -> None:
    settings = ModelSettings("first", fallback_model="second")
    fake.reply(Status(404), Status(500), "From the second.")
    answer = ask(model_client, settings)
    assert (answer.text, answer.model) == ("From the second.", "second")
    assert [call.model for call in answer.calls] == ["first", "second", "second"]
    assert [call.attempt for call in answer.calls] == [1, 2, 3]
    fake.respond = lambda body: Status(404)
    assert [call.model for call in fail(model_client, settings).calls] == ["first", "second"]


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
