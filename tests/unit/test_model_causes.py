"""The cause of a failed call: what is recorded and logged about it, and when the client tries again."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.client import ModelClient
from llm.failures import MAX_RETRY_AFTER, retry_after
from llm.types import ModelSettings
from llm.wire import authorization, completions_url
from tests.support.fake_model import FakeModel
from tests.support.model_calls import ask, errors, fail
from tests.support.model_replies import Raw, Status

HELLO_EVENT = b'data: {"choices": [{"index": 0, "delta": {"content": "Hello."}}]}\n\n'
TLS_ALERT = b"\x15\x03\x03\x00\x02\x02\x46"

INVALID = ["soon", "", "NaN", "nan", "sNaN", "inf", "-Infinity", "-1", "1 2", "0x10", "1e9999999", "1e-9999999"]
INVALID_DATES = ["Fri, 31 Dec 99999 23:59:59 GMT", "Fri, 99 Dec 2100 23:59:59 GMT", "Fri, 31 Dec 2001 23:59:59 GMT"]


@pytest.mark.parametrize("header", [*INVALID, *INVALID_DATES])
def test_invalid_retry_after_counts_as_absent(header: str) -> None:
    assert retry_after({"retry-after": header}) == 0
    assert retry_after({"retry-after-ms": header}) == 0


@given(st.text() | st.floats().map(str) | st.integers().map(str) | st.datetimes().map(format_datetime))
def test_retry_after_is_finite_and_bounded(header: str) -> None:
    for name in ("retry-after", "retry-after-ms"):
        assert 0 <= retry_after({name: header}) <= MAX_RETRY_AFTER


def test_retry_after_in_milliseconds_takes_precedence(fake: FakeModel, model_client: ModelClient) -> None:
    fake.reply(Status(429, {"retry-after-ms": "1500", "Retry-After": "3600"}), "Ok")
    ask(model_client)
    assert fake.times[1] - fake.times[0] >= 1.5


def test_calls_continue_after_an_invalid_retry_after(fake: FakeModel, model_client: ModelClient) -> None:
    fake.reply(Status(429, {"Retry-After": "NaN"}), Status(429, {"Retry-After": "inf"}), "Ok")
    assert ask(model_client).text == "Ok"


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        ({"error": {"message": "You sent: hello", "type": "no_quota", "code": "quota"}}, ": quota no_quota"),
        ({"error": {"message": "Hello", "code": 429}}, ": 429"),
        ({"error": {"message": "Hello", "code": "x" * 500}}, f": {'x' * 64}"),
        ({"error": {"message": "Hello", "code": "you said hello", "type": {"a": "hello"}}}, ""),
        ([{"error": {"message": "Hello", "status": "RESOURCE_EXHAUSTED"}}], ": RESOURCE_EXHAUSTED"),
        ({"object": "error", "message": "Hello", "type": "BadRequestError", "code": 40001}, ": 40001 BadRequestError"),
        ({"detail": "hello"}, ""),
        ("hello", ""),
        ({"error": {"message": "Hello", "code": "403", "type": "None"}}, ": 403"),
    ],
)
def test_cause_is_the_code_and_type_of_the_server(
    fake: FakeModel, model_client: ModelClient, body: Any, cause: str
) -> None:
    fake.respond = lambda _body: Status(403, body=body)
    assert fail(model_client).error == f"403 forbidden{cause}"


def test_refusal_is_final_and_recorded(fake: FakeModel, model_client: ModelClient) -> None:
    message = {"role": "assistant", "content": None, "refusal": "I cannot help with that."}
    fake.respond = lambda body: Status(200, body={"choices": [{"message": message, "finish_reason": "stop"}]})
    failed = fail(model_client, ModelSettings("first", fallback_model="second"))
    assert errors(failed.calls) == ["refused"]
    assert failed.calls[0].response == "I cannot help with that."


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": {"message": "The response was filtered", "param": "prompt", "code": "content_filter"}}),
        (400, {"error": {"message": "ContentPolicyViolationError: AzureException", "code": "400"}}),
        (403, {"error": {"message": "m requires moderation. Your input was flagged", "code": 403}}),
        (200, {"error": {"message": "Filtered", "code": "content_policy_violation"}}),
    ],
)
def test_error_of_a_content_filter_is_a_refusal(
    fake: FakeModel, model_client: ModelClient, status: int, body: Any
) -> None:
    fake.respond = lambda _body: Status(status, body=body)
    failed = fail(model_client, ModelSettings("first", fallback_model="second"))
    assert errors(failed.calls) == ["refused"]


def test_reasoning_is_in_the_trace_only(fake: FakeModel, model_client: ModelClient) -> None:
    fake.reply("<think>Hm.</think>It left yesterday.")
    answer = ask(model_client)
    assert answer.text == "It left yesterday."
    assert answer.calls[0].response == "<think>Hm.</think>It left yesterday."


def test_model_without_opening_tag_is_not_streamed_before_the_closing_tag(
    fake: FakeModel, model_client: ModelClient
) -> None:
    """The first answer reveals how the model writes, and a reset withdraws it; the next ones are held back."""
    fake.respond = lambda body: "First I think </think> Hello there."
    received: list[str] = []
    for expected_start in (["First", " I", " think", "RESET"], []):
        received.clear()
        ask(model_client, on_delta=received.append, on_reset=lambda: received.append("RESET"))
        assert received == [*expected_start, "Hello", " there."]


def test_closing_tags_in_answers_to_one_tenant_do_not_hold_back_those_of_others(
    fake: FakeModel, model_client: ModelClient
) -> None:
    fake.reply("First I think </think> Hello there.", "Hello there.")
    ask(model_client, tenant="a")
    received: list[str] = []
    ask(model_client, tenant="b", on_delta=received.append)
    assert received == ["Hello", " there."]


def test_error_in_a_stream_resets_and_is_retried(fake: FakeModel, model_client: ModelClient) -> None:
    error = f"data: {json.dumps({'error': {'code': 'server_error'}})}\n\n".encode()
    fake.reply(Raw((HELLO_EVENT, error, b"data: [DONE]\n\n"), {"Content-Type": "text/event-stream"}), "All of it.")
    received: list[str] = []
    answer = ask(model_client, on_delta=received.append, on_reset=lambda: received.append("RESET"))
    assert received == ["Hello.", "RESET", "All", " of", " it."]
    assert answer.calls[0].error == "error in the response: server_error"


@pytest.mark.parametrize("content_type", [{}, {"Content-Type": "text/plain"}, {"Content-Type": "application/json"}])
def test_stream_is_recognised_by_its_content(
    fake: FakeModel, model_client: ModelClient, content_type: dict[str, str]
) -> None:
    fake.reply(Raw((HELLO_EVENT, b"data: [DONE]\n\n"), content_type))
    assert ask(model_client, on_delta=lambda text: None).text == "Hello."


@contextmanager
def listening(answer: bytes | None) -> Iterator[int]:
    """A server that sends these bytes to every connection and closes it; its port. None: nothing is listening."""
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = server.accept()
                with connection, contextlib.suppress(OSError):
                    connection.recv(65_536)
                    connection.sendall(answer or b"")
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65_536):  # closing with unread data would discard the answer
                        pass

    thread = threading.Thread(target=serve)
    if answer is None:
        server.close()
        yield port
        return
    thread.start()
    try:
        yield port
    finally:
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        server.close()


def response(head: str, body: str = "") -> bytes:
    return f"HTTP/1.1 {head}\r\n\r\n{body}".encode()


@pytest.mark.parametrize(
    ("scheme", "answer", "cause"),
    [
        ("http", None, "connection: refused"),
        ("https", response("400 Bad Request"), "connection: wrong scheme, the server does not speak TLS"),
        ("http", TLS_ALERT, "connection: wrong scheme, the server expects TLS"),
        ("https", TLS_ALERT, "connection: TLS"),
        ("http", b"", "connection: the server was unreachable or closed"),
        ("http", response("200 OK\r\nTransfer-Encoding: chunked", "zz\r\n"), "connection: the server"),
        ("http", response("200 OK\r\nContent-Encoding: gzip", "not gzip"), "connection: the server"),
        ("http", response("302 Found\r\nLocation: http://[::1\r\nContent-Length: 0"), "connection: the server"),
        ("http", response("200 OK\r\nContent-Length: -1\r\nX: \xff"), "unreadable"),
        ("http", response("999 Odd\r\nContent-Length: 0"), "999 unknown status"),
    ],
)
def test_connection_errors_have_distinct_causes(
    scheme: str, answer: bytes | None, cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llm.retries._BACKOFF", 0)
    with listening(answer) as port:
        client = ModelClient(None, f"{scheme}://127.0.0.1:{port}/v1")
        try:
            assert fail(client).error.startswith(cause)
        finally:
            client.close()


def test_host_that_does_not_exist() -> None:
    client = ModelClient(None, "http://no-such-host.invalid/v1")
    assert fail(client, seconds=0.2).error.startswith("connection: DNS")
    client.close()


def test_failed_calls_are_logged_once_per_cause(
    fake: FakeModel, model_client: ModelClient, caplog: pytest.LogCaptureFixture
) -> None:
    fake.respond = lambda body: Status(401 if body["model"] == "m" else 403)
    for model in ("m", "m", "n", "m"):
        fail(model_client, ModelSettings(model))
    names = ("error_code", "model", "cause")
    logged = [tuple(vars(each)[name] for name in names) for each in caplog.records if each.name == "llm.client"]
    assert logged == [("LLM_UNAVAILABLE", "m", "401 unauthorized"), ("LLM_UNAVAILABLE", "n", "403 forbidden")]


def test_query_of_the_base_url_is_kept_and_azure_gets_its_own_header() -> None:
    url = "https://x.openai.azure.com/openai/deployments/gpt?api-version=2024-10-21"
    path, _, query = url.partition("?")
    assert completions_url(url) == f"{path}/chat/completions?{query}"
    assert completions_url("http://host/v1/") == "http://host/v1/chat/completions"
    assert authorization("key", url) == {"api-key": "key"}
    assert authorization("key", "http://host/v1") == {"Authorization": "Bearer key"}
