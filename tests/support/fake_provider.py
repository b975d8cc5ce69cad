"""The HTTP server of fake providers of channels, and what they have in common."""

import json
import random
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Call:
    """A request that the provider has received."""

    method: str
    path: str  # with the query
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True)
class Answer:
    """A response; a body that is not bytes is sent as JSON. `is_lost`: the connection is closed without a response."""

    status: int = 200
    body: Any = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    is_lost: bool = False


@dataclass(frozen=True)
class Delivery:
    """A request that the provider sends to the channel's URL."""

    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True)
class Accepted:
    """A message that the provider has accepted. `body` is the request's."""

    provider_id: str
    recipient: str
    text: str
    body: dict[str, Any]


class FakeProvider:
    """A provider that listens on a free port. Subclasses answer calls as the documentation of the provider says.

    `failures` are the answers to the next attempts to send; then a share of `error_rate` fails. `messages` are those
    accepted, in order; `lost` are the answers to them that no client receives.
    """

    def __init__(self, seed: int = 0) -> None:
        self.random = random.Random(seed)
        self.error_rate = 0.0
        self.failures: deque[Answer] = deque()
        self.lost_answers = 0  # to the next accepted messages
        self.calls: list[Call] = []
        self.messages: list[Accepted] = []
        self.deliveries: deque[Delivery] = deque()  # that wait to be sent to the channel
        self.lock = threading.Lock()
        self._server = _Server(self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def answer(self, call: Call) -> Answer:
        """The answer to a call. Called with the lock."""
        raise NotImplementedError

    def random_failure(self) -> Answer:
        """One of the errors that the provider returns when it has too much to do."""
        raise NotImplementedError

    def to(self, recipient: str) -> list[str]:
        """The texts that a customer has received, in order."""
        with self.lock:
            return [each.text for each in self.messages if each.recipient == recipient]

    def next_failure(self) -> Answer | None:
        """The failure of the current attempt to send, if it fails."""
        if self.failures:
            return self.failures.popleft()
        return self.random_failure() if self.random.random() < self.error_rate else None

    def accept(self, message: Accepted, answer: Answer) -> Answer:
        """Record a message. Returns the answer, which may be lost on its way."""
        self.messages.append(message)
        if self.lost_answers:
            self.lost_answers -= 1
            return Answer(is_lost=True)
        return answer


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, provider: FakeProvider) -> None:
        self.provider = provider
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        """Write nothing: the tests look at `calls`."""

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        call = Call(self.command, self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        provider = self.server.provider
        with provider.lock:
            provider.calls.append(call)
            answer = provider.answer(call)
        if answer.is_lost:
            self.close_connection = True
            return
        content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if not isinstance(answer.body, bytes):
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
