"""A network before the database or the server that the test can break."""

import selectors
import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit, urlunsplit


class BrokenNetwork:
    """Context manager: a proxy before a database or another server. `url` leads through it.

    After `drop()`, nothing arrives any more on open connections, and none is closed, as when packets are dropped. New
    connections are accepted but get no answer until `restore()`. The old ones stay dead.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._target = (parts.hostname or "", parts.port or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        login = "".join(parts.netloc.rpartition("@")[:2])
        self.url = urlunsplit(parts._replace(netloc=f"{login}127.0.0.1:{self._listener.getsockname()[1]}"))
        self._works = True
        self._closed = False
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._run, daemon=True)

    def drop(self) -> None:
        self._works = False

    def restore(self) -> None:
        self._works = True

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._closed = True
        self._thread.join(5)
        for each in (self._listener, *(end for pair in self._pairs for end in pair)):
            each.close()
        self._selector.close()

    def _run(self) -> None:
        while not self._closed:
            for key, _ in self._selector.select(0.05):
                if key.fileobj is self._listener:
                    self._accept()
                else:
                    self._forward(key.data)
            if not self._works:
                for pair in self._pairs:
                    for end in pair:
                        with suppress(KeyError, ValueError):
                            self._selector.unregister(end)

    def _accept(self) -> None:
        client, _ = self._listener.accept()
        server = socket.create_connection(self._target)
        self._pairs.append((client, server))
        self._selector.register(client, selectors.EVENT_READ, (client, server))
        self._selector.register(server, selectors.EVENT_READ, (server, client))

    def _forward(self, ends: tuple[socket.socket, socket.socket]) -> None:
        if not self._works:
            return
        source, target = ends
        try:
            data = source.recv(65_536)
            target.sendall(data)
        except OSError:
            data = b""
        if not data:
            for end in ends:
                with suppress(KeyError, ValueError):
                    self._selector.unregister(end)
                end.close()
