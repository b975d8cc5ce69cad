"""The HTTP server of the fake model."""

import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.model_replies import (
    CutStream,
    Drip,
    Empty,
    Gated,
    Hang,
    NotJson,
    Raw,
    Refuse,
    Reply,
    Status,
    Truncated,
)


class FakeModelServer(ThreadingHTTPServer):
    """Answers each request, given its body and headers, as `choose_reply` says."""

    daemon_threads = False  # closing the server waits for the handlers
    request_queue_size = 1024  # with the default of 5, some of many simultaneous connections wait for a second

    def __init__(self, choose_reply: Callable[[dict[str, Any], dict[str, str]], Reply]) -> None:
        self.choose_reply = choose_reply
        self.embed: Callable[[dict[str, Any]], Any] | None = None  # the answers of /embeddings; None: 404
        self.connections = 0  # opened so far
        self.closing = threading.Event()
        self.gates: set[threading.Event | threading.Semaphore] = set()  # for which handlers have waited
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections += 1
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        self.closing.set()
        for gate in list(self.gates):
            if isinstance(gate, threading.Event):
                gate.set()
            else:
                gate.release(1000)
        for connection in list(self._open):  # ends handlers that wait for the next request
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FakeModelServer

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/v1/embeddings" and self.server.embed is not None:
            answer = self.server.embed(body)
            if isinstance(answer, Status):
                self._answer(answer, body)
            else:
                self._send_json(200, answer)
            return
        if self.path != "/v1/chat/completions":
            self._send_json(404, {"error": {"message": f"No such path: {self.path}"}})
            return
        answer = self.server.choose_reply(body, {name.lower(): value for name, value in self.headers.items()})
        with suppress(ConnectionError):  # the client has given up
            self._answer(answer, body)

    def _answer(self, answer: Reply, body: dict[str, Any]) -> None:
        match answer:
            case Status(code, headers, str(content)):
                self._send(code, content, headers)
            case Status(code, headers, content):
                default = {"error": {"message": f"The fake model answers {code}.", "param": None}}
                self._send_json(code, default if content is None else content, headers)
            case Refuse(parameter):
                error = {
                    "message": f"Unsupported parameter: '{parameter}' is not supported with this model.",
                    "type": "invalid_request_error",
                    "param": parameter,
                    "code": "unsupported_parameter",
                }
                self._send_json(400, {"error": error})
            case NotJson(text, content_type):
                self._send(200, text, {"Content-Type": content_type})
            case Raw(chunks, headers, code):
                self._send_raw(chunks, headers, code)
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
                text, reason = _completion(answer)
                message = {"role": "assistant", "content": text}
                choices = [{"index": 0, "message": message, "finish_reason": reason}]
                envelope = _envelope("chat.completion", body)
                self._send_json(200, {**envelope, "usage": _usage(body, text), "choices": choices})

    def _send_json(self, code: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self._send(code, json.dumps(body), headers)

    def _send(self, code: int, body: str, headers: dict[str, str] | None = None) -> None:
        data = body.encode()
        self.send_response(code)
        defaults = {"Content-Type": "application/json", "Content-Length": str(len(data))}
        for name, value in {**defaults, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def _send_raw(self, chunks: tuple[bytes, ...], headers: dict[str, str], code: int) -> None:
        self.send_response(code)
        for name, value in {"Transfer-Encoding": "chunked", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        for chunk in filter(None, chunks):
            self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        self.wfile.write(b"0\r\n\r\n")

    def _stream(self, answer: Reply, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in self._events(answer, body):
            self._chunk(f"data: {event if isinstance(event, str) else json.dumps(event)}\n\n")
        if not isinstance(answer, CutStream) or answer.well_formed:
            self._chunk("")
        else:
            self.close_connection = True

    def _events(self, answer: Reply, body: dict[str, Any]) -> Iterator[dict[str, Any] | str]:
        text, reason = _completion(answer)
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
        while not self.server.closing.wait(0.02):
            self.wfile.write(b" " if where == "body" else b"x")

    def _wait(self, until: float | threading.Event | threading.Semaphore) -> None:
        """Wait, but return early when the server closes."""
        if isinstance(until, int | float):
            self.server.closing.wait(until)
            return
        self.server.gates.add(until)  # before the check, so that a server that closes at the same moment opens it
        if self.server.closing.is_set():
            return
        if isinstance(until, threading.Event):
            until.wait()
        else:
            until.acquire()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def _completion(answer: Reply) -> tuple[str | None, str]:
    """The content and the finish_reason of a completion."""
    match answer:
        case Empty():
            return None, "stop"
        case Truncated(text):
            return text, "length"
        case Gated(text) | CutStream(_, text):
            return text, "stop"
        case str():
            return answer, "stop"
    raise TypeError(f"{answer!r} is not a completion.")


def _envelope(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"id": "chatcmpl-fake", "object": kind, "created": 0, "model": body["model"]}


def _usage(body: dict[str, Any], text: str | None) -> dict[str, int]:
    """Counts one token per word."""
    prompt = sum(len(str(message["content"]).split()) for message in body["messages"])
    completion = len((text or "").split())
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
