"""A client of the WebSocket of live updates."""

import json
import time
from typing import Any, Self

import simple_websocket

Frame = dict[str, Any]


class LiveClient:
    """Context manager. Collects the frames that the server sends, except pings."""

    def __init__(self, base_url: str, headers: dict[str, str] | None = None, query: str = "") -> None:
        """`base_url` is that of the server. Raises simple_websocket.ConnectionError with the status of a refusal."""
        url = f"{base_url.replace('http', 'ws', 1)}/api/v1/live{query}"
        self.ws = simple_websocket.Client(url, headers=headers or {})
        self.frames: list[Frame] = []
        self.messages: list[tuple[float, list[Frame]]] = []  # with the time.monotonic() of their arrival

    def receive(self, seconds: float) -> bool:
        """Wait for the next WebSocket message. Returns whether one has arrived. Raises ConnectionClosed."""
        text = self.ws.receive(timeout=seconds)
        if text is None:
            return False
        frames = json.loads(text)
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
        except simple_websocket.ConnectionClosed as closed:
            return int(closed.reason)
        raise AssertionError(f"The connection is still open: {self.frames}")

    def send(self, frame: Any) -> None:
        self.ws.send(json.dumps(frame))

    def types(self) -> list[str]:
        return [frame["type"] for frame in self.frames]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.ws.connected:
            self.ws.close()
