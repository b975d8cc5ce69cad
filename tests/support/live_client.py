"""Clients of the WebSocket of live updates."""

import json
import os
import socket
import time
from base64 import b64encode
from typing import Any, Self

import websocket

Frame = dict[str, Any]


class Ended(Exception):
    """The server has ended the connection, with this code (1006: without one)."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def open_socket(port: int, key: str, max_received: int | None = None) -> socket.socket:
    """A socket after the handshake with a server on this machine. Its frames are not decoded.

    `max_received` is how many bytes the kernel keeps until they are read.
    """
    head = [
        "GET /api/v1/live HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        f"Sec-WebSocket-Key: {b64encode(os.urandom(16)).decode()}",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Extensions: permessage-deflate",
        f"Authorization: Bearer {key}",
    ]
    connection = socket.socket()
    if max_received is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, max_received)
    connection.settimeout(30)
    connection.connect(("127.0.0.1", port))
    connection.sendall("\r\n".join([*head, "", ""]).encode())
    assert connection.recv(12) == b"HTTP/1.1 101"
    return connection


class LiveClient:
    """Context manager. Collects the frames that the server sends, except pings."""

    def __init__(self, base_url: str, headers: dict[str, str] | None = None, query: str = "") -> None:
        """`base_url` is that of the server. Raises websocket.WebSocketBadStatusException if it refuses."""
        url = f"{base_url.replace('http', 'ws', 1)}/api/v1/live{query}"
        self.ws = websocket.create_connection(url, timeout=10, header=headers or {}, suppress_origin=True)
        self.frames: list[Frame] = []
        self.messages: list[tuple[float, list[Frame]]] = []  # with the time.monotonic() of their arrival

    def receive(self, seconds: float) -> bool:
        """Wait for the next WebSocket message. Returns whether one has arrived. Raises Ended."""
        self.ws.settimeout(seconds)
        try:
            opcode, data = self.ws.recv_data()
        except websocket.WebSocketTimeoutException:
            return False
        except (websocket.WebSocketException, OSError) as error:
            raise Ended(1006) from error
        if opcode == websocket.ABNF.OPCODE_CLOSE:
            raise Ended(int.from_bytes(data[:2]) if data else 1005)
        frames = json.loads(data)
        self.messages.append((time.monotonic(), frames))
        self.frames += [frame for frame in frames if frame["type"] != "ping"]
        return True

    def wait_for(self, seconds: float = 5, **values: Any) -> Frame:
        """Wait for a frame with these values."""
        deadline = time.monotonic() + seconds
        while True:
            for frame in self.frames:
                if values.items() <= frame.items():
                    return frame
            left = deadline - time.monotonic()
            assert left > 0 and self.receive(left), f"no frame with {values} in {self.frames}"

    def wait_for_hello(self) -> Frame:
        return self.wait_for(type="hello")

    def wait_for_end(self, seconds: float = 10) -> int:
        """Wait until the server ends the connection. Returns the code of the end."""
        deadline = time.monotonic() + seconds
        try:
            while (left := deadline - time.monotonic()) > 0:
                self.receive(left)
        except Ended as ended:
            return ended.code
        raise AssertionError(f"The connection is still open: {self.frames}")

    def send(self, frame: Any) -> None:
        self.ws.send(json.dumps(frame))

    def types(self) -> list[str]:
        return [frame["type"] for frame in self.frames]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ws.shutdown()
