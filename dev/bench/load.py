"""The load driver: a closed loop with so many requests in flight, over raw sockets, so that it costs little."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

Result = TypeVar("Result")
MOST_ERRORS_KEPT = 20
MOST_WAIT = 60.0  # seconds, for what a window waits for beyond its time


@dataclass(frozen=True)
class Request:
    """A request, and the text that a right answer to it holds."""

    path: str
    body: dict[str, Any]
    key: str
    expected: bytes = b""

    def encode(self) -> bytes:
        data = json.dumps(self.body).encode()
        head = f"POST {self.path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {self.key}\r\n"
        return f"{head}Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data


@dataclass
class Outcome:
    """What came of a load. Seconds of each request that ended inside the window; `cpu` is the processor time that
    `watch` saw pass meanwhile. `answered` and `errors` count every request, those around the window too."""

    seconds: list[float] = field(default_factory=list)
    first_tokens: list[float] = field(default_factory=list)
    window: float = 0.0
    cpu: float = 0.0
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
    def cpu_each(self) -> float:
        return self.cpu / len(self.seconds)


def drive(
    port: int,
    in_flight: int,
    request_of: Callable[[int], Request],
    *,
    warm_up: float,
    window: float,
    watch: Callable[[], float] = lambda: 0.0,
) -> Outcome:
    """Keep `in_flight` requests going, each by a customer of its own who asks again when answered.

    They arrive over `warm_up` seconds; the window that counts opens once there were as many answers as customers, lasts
    `window` seconds, and longer where there are fewer answers than customers in it. Then all are waited for.
    """
    return _run(_drive(port, in_flight, request_of, warm_up, window, watch))


def send(port: int, requests: list[Request], in_flight: int) -> list[dict[str, Any]]:
    """Every request once; the answers' bodies in their order. Raises RuntimeError for one that was not answered."""
    return _run(_send(port, requests, in_flight))


def _run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """In a thread of its own: the caller's may have a loop, as one that drives a browser has."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


async def _drive(
    port: int,
    in_flight: int,
    request_of: Callable[[int], Request],
    warm_up: float,
    window: float,
    watch: Callable[[], float],
) -> Outcome:
    outcome, opened, closed = Outcome(), asyncio.Event(), asyncio.Event()

    async def customer(number: int) -> None:
        await asyncio.sleep(warm_up * number / in_flight / 2)
        request = request_of(number)
        data, connection = request.encode(), _Connection(port)
        while not closed.is_set():
            asked = time.monotonic()
            problem, first_token = await _exchange(connection, request, data)
            ended = time.monotonic()
            if problem:
                outcome.failed += 1
                outcome.errors = [*outcome.errors, problem][:MOST_ERRORS_KEPT]
                await asyncio.sleep(0.1)  # no storm of requests that fail at once
                continue
            outcome.answered += 1
            if opened.is_set() and not closed.is_set():
                outcome.seconds.append(ended - asked)
                if first_token:
                    outcome.first_tokens.append(first_token - asked)
        connection.close()

    async def clock() -> None:
        await at_least(warm_up, lambda: outcome.answered >= in_flight)
        before, began = watch(), time.monotonic()
        opened.set()
        await at_least(window, lambda: len(outcome.seconds) >= in_flight)
        closed.set()
        outcome.cpu, outcome.window = watch() - before, time.monotonic() - began

    async def at_least(seconds: float, is_enough: Callable[[], bool]) -> None:
        await asyncio.sleep(seconds)
        most = time.monotonic() + MOST_WAIT
        while not is_enough() and not outcome.failed and time.monotonic() < most:
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
                raise RuntimeError(f"POST {request.path}: {status} {body[:300]!r}")
            bodies[number] = json.loads(body)
        connection.close()

    await asyncio.gather(*(sender() for _ in range(in_flight)))
    return bodies


async def _exchange(connection: "_Connection", request: Request, data: bytes) -> tuple[str | None, float | None]:
    """What is wrong with the answer, if anything, and when its first word came, if it was streamed."""
    try:
        status, body, first_token = await connection.exchange(data)
    except (OSError, asyncio.IncompleteReadError) as error:
        connection.close()
        return type(error).__name__, None
    if status != 200:
        return f"{status} {body[:200].decode(errors='replace')}", None
    return (None if request.expected in body else "200 with another answer"), first_token


class _Connection:
    """One kept-alive connection, opened when wanted."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self, data: bytes) -> tuple[int, bytes, float | None]:
        """The status, the body, and when the first `message_delta` of a stream came."""
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
    """The next chunk; nothing at the end."""
    size = int(await reader.readuntil(b"\r\n"), 16)
    return (await reader.readexactly(size + 2))[:-2]
