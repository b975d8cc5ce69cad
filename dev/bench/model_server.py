"""A model server that takes a fixed time per call: `python -m dev.bench.model_server PORT`.

The marker in a prompt (`[[selection]]`, ...) decides the answer. Responses are prepared at the start and requests are
not parsed, so that one core serves thousands of calls per second and the model server is never the bottleneck. A
request with `"stream": true` gets a stream. `POST /settings` changes the behaviour: see `Settings`.
"""

import asyncio
import gc
import json
import random
import signal
import sys
from dataclasses import dataclass, replace
from typing import Any

REPLY = "Thank you for asking. Your order is on its way and will reach you on Tuesday before noon, as you wished."
SAID = {
    b"[[selection]]": '{"stage": "Support", "confidence": 0.9}',
    b"[[extraction]]": '{"order_number": "A-10433"}',
    b"[[response]]": REPLY,
    b"Summarise the whole conversation": json.dumps(
        {
            "overview": "The customer asks where order A-10433 is.",
            "key_points": ["The order is A-10433."],
            "decisions": [],
            "pending_items": [],
            "next_steps": ["It comes on Tuesday."],
            "sentiment": "neutral",
            "confidence_score": 0.9,
        }
    ),  # a line of the shipped template: ICMP's summaries are part of what is measured
}
_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: "


@dataclass(frozen=True)
class Settings:
    """A call takes `seconds` in total, and a stream's first token `first_token` seconds. `faults` is the share of calls
    that fail, in turn with a 500, a 429 and a dropped connection."""

    seconds: float = 0.3
    first_token: float = 0.1
    faults: float = 0.0


class ModelServer:
    """The state that all connections share."""

    def __init__(self) -> None:
        self.settings = Settings()
        self.calls = 0
        self._random = random.Random(1)  # noqa: S311 - the same faults in every run
        self._faults = 0
        self.whole = {marker: _completion(text) for marker, text in SAID.items()}
        self.streams = {marker: _stream(text) for marker, text in SAID.items()}

    def fault(self) -> int | None:
        """The kind of fault for this call, or None."""
        if not self.settings.faults or self._random.random() >= self.settings.faults:
            return None
        self._faults += 1
        return self._faults % 3


class Connection(asyncio.Protocol):
    """One keep-alive connection, with one call at a time."""

    def __init__(self, server: ModelServer) -> None:
        self._server = server
        self._received = b""
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        if not end:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
        if len(body) >= length:
            self._received = b""
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytes) -> None:
        server = self._server
        if head.startswith(b"POST /settings "):
            server.settings = replace(server.settings, **json.loads(body))
            self._write(_response("200 OK", server.settings.__dict__))
            return
        if not head.startswith(b"POST /v1/chat/completions "):
            self._write(_response("200 OK", {"calls": server.calls}))
            return
        server.calls += 1
        seconds, fault = server.settings.seconds, server.fault()
        if fault is not None:
            self._loop.call_later(seconds, self._fail, fault)
            return
        marker = next((marker for marker in SAID if marker in body), b"[[response]]")
        if b'"stream":true' in body or b'"stream": true' in body:
            first, *words = server.streams[marker]
            self._loop.call_later(server.settings.first_token, self._write, first)
            for number, word in enumerate(words, 1):
                at = server.settings.first_token + (seconds - server.settings.first_token) * number / len(words)
                self._loop.call_later(at, self._write, word)
        else:
            self._loop.call_later(seconds, self._write, server.whole[marker])

    def _fail(self, kind: int) -> None:
        if kind == 0:
            self._transport.abort()
        elif kind == 1:
            self._write(_response("500 Internal Server Error", {"error": {"message": "injected fault"}}))
        else:
            self._write(
                _response("429 Too Many Requests", {"error": {"message": "too many requests"}}, "Retry-After: 0\r\n")
            )

    def _write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)


def _response(status: str, body: Any, headers: str = "") -> bytes:
    data = json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\n{headers}Content-Length: {len(data)}\r\n\r\n"
    return head.encode() + data


def _completion(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    return _response("200 OK", {**_envelope("chat.completion"), "choices": [choice], "usage": _usage(text)})


def _stream(text: str) -> list[bytes]:
    """The pieces of a stream, one word each; the first includes the head and the last the end of the stream."""
    head = f"{_HEAD}text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    words = [word + " " for word in text.split(" ")]
    pieces = [_event({"role": "assistant", "content": word}) for word in words]
    usage = {**_envelope("chat.completion.chunk"), "choices": [], "usage": _usage(text)}
    end = _event({}, "stop") + _chunk(f"data: {json.dumps(usage)}\n\n") + _chunk("data: [DONE]\n\n") + _chunk("")
    return [head + pieces[0], *pieces[1:-1], pieces[-1] + end]


def _event(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    return _chunk(f"data: {json.dumps({**_envelope('chat.completion.chunk'), 'choices': [choice]})}\n\n")


def _chunk(text: str) -> bytes:
    return f"{len(text):x}\r\n{text}\r\n".encode()


def _envelope(kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-bench", "object": kind, "created": 1, "model": "bench"}


def _usage(text: str) -> dict[str, int]:
    return {"prompt_tokens": 200, "completion_tokens": len(text.split()), "total_tokens": 200 + len(text.split())}


async def serve(port: int) -> None:
    """Serves until SIGTERM."""
    server, ended = ModelServer(), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    listening = await asyncio.get_running_loop().create_server(
        lambda: Connection(server), "127.0.0.1", port, backlog=4096
    )
    gc.freeze()
    await ended.wait()
    listening.close()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
