"""Starts and stops the processes of the benchmark."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dev.bench.usage import children_of
from dev.postgres import EmbeddedPostgres

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
MASTER_KEY = "master-key-of-the-bench"


@contextmanager
def postgres_server() -> Iterator[tuple[str, Path]]:
    """The URL of a new PostgreSQL server and a folder for logs. Exits where CPU time cannot be read from /proc."""
    if sys.platform != "linux":
        sys.exit("bench: this needs Linux: CPU time is read from /proc.")
    with tempfile.TemporaryDirectory(prefix="icmp-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server may run as another user
        server = EmbeddedPostgres(folder / "database")
        try:
            yield server.start(), folder
        finally:
            server.stop()


class Process:
    """Context manager: a server that answers `GET /ping` with 200 when it is ready."""

    def __init__(self, arguments: list[str], log: Path, **environment: str) -> None:
        self.port = free_port()
        self._arguments = [sys.executable, "-m", *arguments]
        self._log = log
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(log.parent),
            "PORT": str(self.port),
            "PYTHON_DOTENV_DISABLED": "1",  # every run is measured with the same settings
            **environment,
        }
        self._server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        arguments = [str(self.port) if argument == "PORT" else argument for argument in self._arguments]
        with self._log.open("wb") as log:
            self._server = subprocess.Popen(
                arguments, cwd=ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(arguments)} does not start:\n{self._log.read_text()[-2000:]}")
            time.sleep(0.05)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._server is not None
        with suppress(ProcessLookupError):  # nothing has to finish
            os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()

    def post(self, path: str, body: Any) -> Any:
        """Sends one request, which is not measured, and returns the JSON response."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=30) as response:
            return json.load(response)

    def pids(self) -> list[int]:
        """The process IDs of the server and its children."""
        assert self._server is not None
        return [self._server.pid, *children_of(self._server.pid)]

    def _answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ping", timeout=5) as response:
            return bool(response.status == 200)
        return False


def model_server(folder: Path) -> Process:
    """The model server in its own process."""
    return Process(["dev.bench.model_server", "PORT"], folder / "model.log")


def model_client_cpu(model: Process, calls: int, in_flight: int) -> float:
    """The CPU seconds of one call with ICMP's model client, which a process of its own makes."""
    url = f"http://127.0.0.1:{model.port}/v1"
    arguments = [sys.executable, "-m", "dev.bench.model_client", url, str(calls), str(in_flight)]
    return float(subprocess.run(arguments, cwd=ROOT, capture_output=True, check=True).stdout)


def gunicorn(app: str, database_url: str, model: Process, log: Path, processes: int) -> Process:
    """An application under ICMP's gunicorn configuration, with rate limits too high to matter."""
    return Process(
        ["gunicorn", "-c", "gunicorn.conf.py", app],
        log,
        DATABASE_URL=database_url,
        DB_POOL_SIZE="10",
        WEB_CONCURRENCY=str(processes),
        WEB_THREADS="1024",
        MAX_TURNS_PER_BUSINESS="768",  # all load comes from one business
        ICMP_API_KEY=MASTER_KEY,
        OPENAI_BASE_URL=f"http://127.0.0.1:{model.port}/v1",
        OPENAI_MODEL="bench",
        **{f"RATE_LIMIT_{name}": "100000000 per minute" for name in ("MESSAGES", "BUSINESS", "DEFAULT", "LOGIN")},
    )


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
