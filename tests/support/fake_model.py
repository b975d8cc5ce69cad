"""A model server for tests: speaks HTTP as OpenAI's does, answers what it is told to, remembers what it was asked.

with FakeModel() as fake:
    fake.reply(Status(500), "Hello.")             # the next requests, in the order in which they come
    fake.respond = lambda body: "Greeting"        # every other one
    ... ModelClient(None, fake.base_url) ...
    assert fake.requests[0]["temperature"] == 0.2
"""

import json
import re
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Status:
    """An HTTP error; a `body` that is no text is sent as JSON."""

    code: int
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Hang:
    """No answer for so many seconds, or until the event is set, or the server closes; then the connection drops."""

    until: float | threading.Event


@dataclass(frozen=True)
class Gated:
    """The answer `text`, held at a gate: an Event opens it for good, a Semaphore for one pass a release.

    A stream passes the gate before every word but the first, any other answer once.
    """

    text: str
    gate: threading.Event | threading.Semaphore


@dataclass(frozen=True)
class CutStream:
    """The answer `text`, of which `after` words come; `politely` the response ends as HTTP wants it, else the
    connection drops. Not streamed, the body just ends too early."""

    after: int
    text: str = "one two three four five"
    politely: bool = False


@dataclass(frozen=True)
class Drip:
    """A byte every few milliseconds and never an end, in the headers or in the body."""

    where: str = "body"


@dataclass(frozen=True)
class NotJson:
    """A body that is no completion, sent as it is."""

    text: str = "<html>Bad gateway</html>"
    content_type: str = "application/json"


@dataclass(frozen=True)
class Empty:
    """A completion without content."""


@dataclass(frozen=True)
class Truncated:
    """The answer `text`, cut off by the token limit: finish_reason `length`."""

    text: str


@dataclass(frozen=True)
class Refuse:
    """400, because the model does not know the parameter."""

    parameter: str


Reply = str | Status | Hang | Gated | CutStream | Drip | NotJson | Empty | Truncated | Refuse


class FakeModel:
    """Context manager. `requests`, `headers` (names in lower case) and `times` (time.monotonic()) have an entry a
    request, in the order of arrival; `connections` counts the connections ever opened."""

    def __init__(self, respond: Callable[[dict[str, Any]], Reply] = lambda body: "OK") -> None:
        self.respond = respond
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self.connections = 0
        self.closing = threading.Event()
        self._queue: deque[Reply] = deque()
        self._changed = threading.Condition()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.fake = self
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def reply(self, *answers: Reply) -> None:
        self._queue.extend(answers)

    def forget(self) -> None:
        """As new: nothing was asked, and nothing else than the default is answered."""
        with self._changed:
            self.respond = lambda body: "OK"
            for remembered in (self.requests, self.headers, self.times, self._queue):
                remembered.clear()

    def wait_for_requests(self, count: int, timeout: float = 10) -> None:
        """Until so many requests have come, in all; TimeoutError when they do not."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= count, timeout):
                raise TimeoutError(f"{len(self.requests)} of {count} requests came.")

    def take(self, body: dict[str, Any], headers: dict[str, str]) -> Reply:
        """Remember a request and choose its answer."""
        with self._changed:
            self.requests.append(body)
            self.headers.append(headers)
            self.times.append(time.monotonic())
            answer = self._queue.popleft() if self._queue else None
            self._changed.notify_all()
        return self.respond(body) if answer is None else answer

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # closing waits for the handlers
    request_queue_size = 1024  # the default of 5 makes a burst of connections wait for a second
    fake: FakeModel

    def __init__(self, *args: Any) -> None:
        self._open: set[socket.socket] = set()
        super().__init__(*args)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.fake.connections += 1
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        for connection in list(self._open):  # ends the handlers that wait for a next request
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path != "/v1/chat/completions":
            self._send(404, json.dumps({"error": {"message": f"No such path: {self.path}"}}))
            return
        answer = self.server.fake.take(body, {name.lower(): value for name, value in self.headers.items()})
        with suppress(ConnectionError):  # the client has given up
            self._answer(answer, body)

    def _answer(self, answer: Reply, body: dict[str, Any]) -> None:
        match answer:
            case Status(code, headers, said):
                said = {"error": {"message": f"The fake says {code}.", "param": None}} if said is None else said
                self._send(code, said if isinstance(said, str) else json.dumps(said), headers)
            case Refuse(parameter):
                self._send(
                    400,
                    json.dumps(
                        {
                            "error": {
                                "message": f"Unsupported parameter: '{parameter}' is not supported with this model.",
                                "type": "invalid_request_error",
                                "param": parameter,
                                "code": "unsupported_parameter",
                            }
                        }
                    ),
                )
            case NotJson(text, content_type):
                self._send(200, text, {"Content-Type": content_type})
            case Hang(until):
                self._wait(until)
                self.close_connection = True
            case Drip(where):
                self._drip(where)
            case _ if body.get("stream"):
                self._stream(answer, body)
            case CutStream():
                self._send(200, '{"choices": [', {"Content-Length": "1000"})
                self.close_connection = True
            case _:
                if isinstance(answer, Gated):
                    self._wait(answer.gate)
                text, reason = _said(answer)
                self._send(
                    200,
                    json.dumps(
                        {
                            **_envelope("chat.completion", body),
                            "usage": _usage(body, text),
                            "choices": [
                                {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason}
                            ],
                        }
                    ),
                )

    def _send(self, code: int, body: str, headers: dict[str, str] | None = None) -> None:
        data = body.encode()
        self.send_response(code)
        for name, value in (
            {"Content-Type": "application/json", "Content-Length": str(len(data))} | (headers or {})
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, answer: Reply, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in self._events(answer, body):
            self._chunk(f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n")
        if not isinstance(answer, CutStream) or answer.politely:
            self._chunk("")
        else:
            self.close_connection = True

    def _events(self, answer: Reply, body: dict[str, Any]) -> Iterator[dict[str, Any] | str]:
        text, reason = _said(answer)
        envelope = _envelope("chat.completion.chunk", body)

        def chunk(delta: dict[str, str], finish_reason: str | None = None) -> dict[str, Any]:
            return {**envelope, "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}

        yield chunk({"role": "assistant", "content": ""})
        for number, word in enumerate(re.findall(r"\s*\S+|\s+$", text or "")):
            if isinstance(answer, CutStream) and number == answer.after:
                return
            if isinstance(answer, Gated) and number:
                self._wait(answer.gate)
            yield chunk({"content": word})
        yield chunk({}, reason)
        if body.get("stream_options", {}).get("include_usage"):
            yield {**envelope, "choices": [], "usage": _usage(body, text)}
        yield "[DONE]"

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _drip(self, where: str) -> None:
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n")
        self.wfile.write(b"\r\n" if where == "body" else b"X-Drip: ")
        while not self.server.fake.closing.wait(0.02):
            self.wfile.write(b" " if where == "body" else b"x")

    def _wait(self, until: float | threading.Event | threading.Semaphore) -> None:
        """Looks up now and then, as the server may close meanwhile."""
        end = time.monotonic() + until if isinstance(until, int | float) else float("inf")
        while not self.server.fake.closing.is_set() and time.monotonic() < end:
            if isinstance(until, threading.Event):
                passed = until.wait(0.05)
            elif isinstance(until, threading.Semaphore):
                passed = until.acquire(timeout=0.05)
            else:
                passed = self.server.fake.closing.wait(min(0.05, max(0.0, end - time.monotonic())))
            if passed:
                return

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _said(answer: Reply) -> tuple[str | None, str]:
    """The content and the finish_reason of an answer that is a completion."""
    match answer:
        case Empty():
            return None, "stop"
        case Truncated(text):
            return text, "length"
        case Gated(text) | CutStream(_, text):
            return text, "stop"
        case str():
            return answer, "stop"
    raise TypeError(f"{answer!r} is no completion.")


def _envelope(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"id": "chatcmpl-fake", "object": kind, "created": 0, "model": body["model"]}


def _usage(body: dict[str, Any], text: str | None) -> dict[str, int]:
    """A token is a word."""
    prompt = sum(len(message["content"].split()) for message in body["messages"])
    completion = len((text or "").split())
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
