"""The load generator: a closed loop with a fixed number of requests in flight. It uses raw sockets to save CPU time."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from dev.bench.usage import Usage

Result = TypeVar("Result")
MESSAGE = "Where is my order A-10433?"
MAX_ERRORS_KEPT = 20
MAX_EXTRA_SECONDS = 60.0  # by which warm-up or window may be extended until there are enough answers


@dataclass(frozen=True)
class Request:
    """A request, and the text that a correct response contains."""

    path: str
    body: dict[str, Any]
    key: str
    expected: bytes = b""
    method: str = "POST"

    def encode(self) -> bytes:
        """The request as HTTP/1.1."""
        data = json.dumps(self.body).encode()
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.key}\r\n"
        return f"{head}Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data


@dataclass
class Outcome:
    """The result of a load: the seconds of each request that ended inside the window, and what was used during it.
    `answered` and `errors` count every request, also those outside the window."""

    seconds: list[float] = field(default_factory=list)
    first_tokens: list[float] = field(default_factory=list)
    window: float = 0.0
    usage: Usage = field(default_factory=Usage)
    memory: int = 0  # bytes of the server's processes after the load
    answered: int = 0
    errors: list[str] = field(default_factory=list)
    failed: int = 0

    @property
    def p50(self) -> float:
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)]

    @property
    def first_token(self) -> float:
        return statistics.median(self.first_tokens)

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.window

    @property
    def each(self) -> Usage:
        """What one request used."""
        return self.usage / len(self.seconds)


def drive(
    port: int,
    in_flight: int,
    request_of: Callable[[int], Request],
    *,
    warm_up: float,
    window: float,
    usage: Callable[[], Usage] = Usage,
) -> Outcome:
    """Keeps `in_flight` requests in flight. Each comes from its own customer, who asks again once answered.

    The customers start within `warm_up` seconds. The measured window opens when there were as many answers as
    customers. It lasts `window` seconds, or longer until it contains as many answers as customers. At the end all
    requests in flight are waited for. `usage` is called when the window opens and when it closes.
    """
    return _run(_drive(port, in_flight, request_of, warm_up, window, usage))


def send(port: int, requests: list[Request], in_flight: int) -> list[dict[str, Any]]:
    """Sends every request once and returns the bodies of the responses in order. Raises RuntimeError if one failed."""
    return _run(_send(port, requests, in_flight))


def _run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Runs in a separate thread, because the caller's thread may already have an event loop, as in browser tests."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


async def _drive(
    port: int,
    in_flight: int,
    request_of: Callable[[int], Request],
    warm_up: float,
    window: float,
    usage: Callable[[], Usage],
) -> Outcome:
    outcome, opened, closed = Outcome(), asyncio.Event(), asyncio.Event()

    async def customer(number: int) -> None:
        await asyncio.sleep(warm_up * number / in_flight / 2)
        request = request_of(number)
        data, connection = request.encode(), _Connection(port)
        while not closed.is_set():
            sent = time.monotonic()
            problem, first_token = await _exchange(connection, request, data)
            ended = time.monotonic()
            if problem:
                outcome.failed += 1
                outcome.errors = [*outcome.errors, problem][:MAX_ERRORS_KEPT]
                await asyncio.sleep(0.1)  # do not flood a server that rejects requests immediately
                continue
            outcome.answered += 1
            if opened.is_set() and not closed.is_set():
                outcome.seconds.append(ended - sent)
                if first_token:
                    outcome.first_tokens.append(first_token - sent)
        connection.close()

    async def clock() -> None:
        await wait_at_least(warm_up, lambda: outcome.answered >= in_flight)
        before, started = usage(), time.monotonic()
        opened.set()
        await wait_at_least(window, lambda: len(outcome.seconds) >= in_flight)
        closed.set()
        outcome.usage, outcome.window = usage() - before, time.monotonic() - started

    async def wait_at_least(seconds: float, is_enough: Callable[[], bool]) -> None:
        await asyncio.sleep(seconds)
        deadline = time.monotonic() + MAX_EXTRA_SECONDS
        while not is_enough() and not outcome.failed and time.monotonic() < deadline:
            await asyncio.sleep(0.05)

    await asyncio.gather(clock(), *(customer(number) for number in range(in_flight)))
    return outcome


async def _send(port: int, requests: list[Request], in_flight: int) -> list[dict[str, Any]]:
    bodies: list[dict[str, Any]] = [{}] * len(requests)
    waiting = iter(enumerate(requests))

    async def sender() -> None:
        connection = _Connection(port)
        for number, request in waiting:
            status, body, _ = await connection.exchange(request.encode())
            if status not in (200, 201):
                raise RuntimeError(f"{request.method} {request.path}: {status} {body[:300]!r}")
            bodies[number] = json.loads(body)
        connection.close()

    await asyncio.gather(*(sender() for _ in range(in_flight)))
    return bodies


async def _exchange(connection: "_Connection", request: Request, data: bytes) -> tuple[str | None, float | None]:
    """The error, if any, and the time of the first token of a streamed response."""
    try:
        status, body, first_token = await connection.exchange(data)
    except (OSError, asyncio.IncompleteReadError) as error:
        connection.close()
        return type(error).__name__, None
    if status != 200:
        return f"{status} {body[:200].decode(errors='replace')}", None
    return (None if request.expected in body else "200 with a wrong answer"), first_token


class _Connection:
    """One keep-alive connection, opened on first use."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self, data: bytes) -> tuple[int, bytes, float | None]:
        """The status, the body, and the time of the first `message_delta` event of a stream."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(data)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        first_token = None
        if b"transfer-encoding: chunked" in head:
            body = b""
            while chunk := await _read_chunk(reader):
                body += chunk
                if first_token is None and b"event: message_delta" in chunk:
                    first_token = time.monotonic()
        else:
            body = await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]))
        if b"connection: close" in head:
            self.close()
        return int(head.split(b" ", 2)[1]), body, first_token

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _read_chunk(reader: asyncio.StreamReader) -> bytes:
    """The next chunk; empty at the end."""
    size = int(await reader.readuntil(b"\r\n"), 16)
    return (await reader.readexactly(size + 2))[:-2]
