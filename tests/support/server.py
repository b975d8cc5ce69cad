"""The server as it is deployed: gunicorn with the project's configuration. For tests that need several processes or
kill one."""

import os
import random
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import httpx2

from tests.conftest import MASTER_KEY, NO_ENV_FILE

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
# The address of the connection pooler to use instead of a database server, by the database server's address.
POOLERS: dict[str, str] = {}


class Server:
    """Context manager. After `kill()` or `stop()`, `start()` serves at the same address again."""

    def __init__(
        self,
        database_url: str,
        log: Path,
        *,
        processes: int = 2,
        max_files: tuple[int, int] | None = None,
        application: str = "app:app",
        **settings: str,
    ) -> None:
        """`max_files` are the soft and the hard limit of file descriptors."""
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self.http = httpx2.Client(base_url=self.base_url, timeout=90, limits=httpx2.Limits(max_connections=None))
        self._environment = {
            **NO_ENV_FILE,
            "PATH": os.environ["PATH"],
            "HOME": str(log.parent),
            "TMPDIR": str(log.parent),  # a killed server leaves its temporary files here
            "PORT": str(self.port),
            "DATABASE_URL": pooled_url(database_url),
            "ICMP_API_KEY": MASTER_KEY,
            "WEB_CONCURRENCY": str(processes),
            "WEB_THREADS": "400",
            "MAX_TURNS_PER_BUSINESS": "300",
            "MODEL_TIMEOUT": "50",  # tests hold back answers of the model; on a slow machine for long
            "RATE_LIMIT_MESSAGES": "100000 per minute",
            "RATE_LIMIT_BUSINESS": "100000 per minute",
            "RATE_LIMIT_DEFAULT": "100000 per hour",
            **settings,
        }
        self._processes = processes
        self._max_files = max_files
        self._application = application
        self._master: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._master = subprocess.Popen(
                [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", self._application],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=self._limit_files,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._responds() or len(self.workers()) < self._processes:
            assert self._master.poll() is None, f"The server has exited: {self.log.read_text()[-2000:]}"
            assert time.monotonic() < deadline, f"The server does not respond: {self.log.read_text()[-2000:]}"
            time.sleep(0.05)  # it does not say when it is ready

    def workers(self) -> list[int]:
        """The process IDs of the workers."""
        assert self._master
        children = Path(f"/proc/{self._master.pid}/task/{self._master.pid}/children").read_text().split()
        return [int(pid) for pid in children]

    @contextmanager
    def only(self, worker: int) -> Iterator[None]:
        """Suspends the other workers, so that this one accepts every new connection."""
        others = [pid for pid in self.workers() if pid != worker]
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in others:
                os.kill(pid, signal.SIGCONT)

    def kill_master(self) -> None:
        """Kill the main process alone. `start()` serves again; `kill()` still kills the workers."""
        assert self._master
        self._master.kill()
        self._master.wait()

    def kill(self) -> None:
        """Kill all processes at once with SIGKILL."""
        assert self._master
        with suppress(ProcessLookupError):
            os.killpg(self._master.pid, signal.SIGKILL)
        self._master.wait()

    def stop(self, seconds: float = 40) -> int:
        """Stop the server with SIGTERM, as a hosting platform does. Returns the exit status."""
        assert self._master
        self._master.terminate()
        return self._master.wait(seconds)

    def request(self, method: str, path: str, key: str, **kwargs: Any) -> httpx2.Response:
        """Send a request to the API with this key. `kwargs` are those of httpx2."""
        headers = {"Authorization": f"Bearer {key}", **kwargs.pop("headers", {})}
        return self.http.request(method, f"/api/v1{path}", headers=headers, **kwargs)

    def say(self, key: str, external_id: str, message: str, **kwargs: Any) -> httpx2.Response:
        """Send a message as a customer. `kwargs`: `idempotency_key`, `timeout`, and further fields of the body."""
        headers = {"Idempotency-Key": kwargs.pop("idempotency_key")} if "idempotency_key" in kwargs else {}
        options = {"timeout": kwargs.pop("timeout")} if "timeout" in kwargs else {}
        body = {"user": {"external_id": external_id}, "message": message, **kwargs}
        return self.request("POST", "/messages", key, json=body, headers=headers, **options)

    def refuses_connections(self) -> bool:
        """Whether connections are refused. Raises TimeoutError if they are neither refused nor accepted."""
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except ConnectionRefusedError:
            return True
        return False

    def _limit_files(self) -> None:
        if self._max_files:
            resource.setrlimit(resource.RLIMIT_NOFILE, self._max_files)

    def _responds(self) -> bool:
        with suppress(httpx2.HTTPError):
            return self.http.get("/ping").status_code == 200
        return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.http.close()
        self.kill()


def pooled_url(database_url: str) -> str:
    """The URL with the address of a pooler, if there is one for this database server; otherwise the same URL."""
    parts = urlsplit(database_url)
    login, at, address = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{login}{at}{POOLERS.get(address, address)}"))


def free_port() -> int:
    """A free port below the range that the system uses for outgoing connections.

    A connection could otherwise occupy the port while the server is stopped.
    """
    while True:
        port = random.randrange(16_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
