"""Starts and stops the processes of the benchmark, and reads their CPU time and memory from /proc (Linux)."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60
MASTER_KEY = "master-key-of-the-bench"
_TICKS = os.sysconf("SC_CLK_TCK")


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

    def cpu_seconds(self) -> float:
        """CPU time (user and system) of the process and its children so far."""
        return sum(_ticks(pid) for pid in self._pids()) / _TICKS

    def memory(self) -> int:
        """Memory in bytes; pages that processes share are counted once (PSS)."""
        return sum(_pss(pid) for pid in self._pids())

    def _pids(self) -> list[int]:
        assert self._server is not None
        pid = self._server.pid
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]

    def _answers(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/ping", timeout=5) as response:
            return bool(response.status == 200)
        return False


def model_server(folder: Path) -> Process:
    """The model server in its own process."""
    return Process(["dev.bench.model_server", "PORT"], folder / "model.log")


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


def _ticks(pid: int) -> int:
    """utime and stime: the 12th and 13th field after the name, which may contain spaces."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _pss(pid: int) -> int:
    line = next(line for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) * 1024
