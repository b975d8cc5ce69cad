"""Starts the server with `make run` or another command in its own process group, and sends requests as an operator."""

import contextlib
import json
import os
import signal
import subprocess
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.support.os_users import (
    SECONDS,
    OsUser,
    kill_group,
    wait_for,
    wait_until_group_is_gone,
    wait_until_server_is_gone,
)
from tests.support.server import free_port

MASTER_KEY = "master-key-of-the-tests"


class Launched:
    """Context manager for a server's process. `output` is everything that it has written so far."""

    def __init__(self, os_user: OsUser, command: list[str | Path], checkout: Path, **settings: Any) -> None:
        self.port = free_port()
        self.key = MASTER_KEY
        ports = {"PORT": str(self.port), "FLASK_RUN_PORT": str(self.port)}
        few = {"WEB_THREADS": "8", "WEB_CONCURRENCY": "1"}
        self.data_dir = Path(settings.get("ICMP_DATA_DIR") or checkout / ".icmp")
        self.process = os_user.start(command, checkout, **{**ports, **few, **settings})
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> "Launched":
        return self

    def __exit__(self, *exc: object) -> None:
        kill_group(self.process.pid)
        self.process.wait(SECONDS)
        self._reader.join(SECONDS)
        if self.process.stdout:
            self.process.stdout.close()

    @property
    def output(self) -> str:
        return "".join(self._lines)

    @property
    def announced(self) -> list[str]:
        """The messages of the JSON lines written so far: startup lines and log lines."""
        return messages(self.output)

    @property
    def supervisor(self) -> int:
        """The process that started the embedded server: gunicorn's main process."""
        return int((self.data_dir / "postgres.lock").read_text())

    def wait_until_ready(self, seconds: float = SECONDS) -> "Launched":
        def serves() -> bool:
            assert self.process.poll() is None, self.output
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                return bool(self.request("GET", "/health")["database"] == "ok")
            return False

        wait_for(serves, "a server", seconds)
        return self

    def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, key: str = ""
    ) -> Any:
        """The JSON answer; raises urllib's errors."""
        return json.loads(
            self.open(method, path, body, {"Authorization": f"Bearer {key or self.key}", **(headers or {})}).read()
        )

    def open(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        return urllib.request.urlopen(
            urllib.request.Request(
                f"http://127.0.0.1:{self.port}{path}",
                method=method,
                data=None if body is None else json.dumps(body).encode(),
                headers={"Content-Type": "application/json", **(headers or {})},
            ),
            timeout=SECONDS,
        )

    def add_business(self, name: str) -> str:
        owner = {"first_name": "Olive", "last_name": "Owner", "email": f"{name}@example.com"}
        return str(self.request("POST", "/api/v1/businesses", {"business_name": name, "owner": owner})["business_id"])

    def businesses(self) -> set[str]:
        return {row["business_id"] for row in self.request("GET", "/api/v1/businesses?limit=200")}

    def add_businesses_until_it_ends(self, name: str, added: list[str]) -> threading.Thread:
        """Adds up to 50 businesses, and to `added` the IDs of those that the server has acknowledged."""

        def add() -> None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError, ValueError):
                for number in range(50):
                    try:
                        added.append(self.add_business(f"{name}-{number}"))
                    except urllib.error.HTTPError as error:
                        assert error.code >= 500, error.read()
                        raise

        thread = threading.Thread(target=add)
        thread.start()
        return thread

    def end(self, pid: int, number: signal.Signals, *, group: bool = False) -> str:
        """Sends a signal and returns the whole output when all processes have ended."""
        (os.killpg if group else os.kill)(pid, number)
        return self.wait_until_all_processes_ended()

    def wait_until_all_processes_ended(self) -> str:
        try:
            self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            # faulthandler prints the stack of each thread, except in gunicorn's workers.
            os.killpg(self.process.pid, signal.SIGABRT)
            self._reader.join(SECONDS)
            raise AssertionError(f"The server does not end:\n{self.output}") from None
        wait_until_group_is_gone(self.process.pid)
        if (self.data_dir / "postgres.lock").exists():
            wait_until_server_is_gone(self.data_dir)
        self._reader.join(SECONDS)
        assert "Traceback" not in self.output, self.output
        return self.output

    def error_line(self) -> str:
        """The error of a start that failed: one line, apart from make's own line."""
        assert self.process.wait(SECONDS) != 0
        self._reader.join(SECONDS)
        lines = [line for line in self.output.splitlines() if not line.startswith("make: ***")]
        assert len(lines) == 1, self.output
        assert "icmp: " in lines[0]
        return lines[0]

    def _read(self) -> None:
        assert self.process.stdout
        with contextlib.suppress(ValueError):
            for line in self.process.stdout:
                self._lines.append(line)


def messages(output: str) -> list[str]:
    """The messages of all JSON lines in an output."""
    found = []
    for line in output.splitlines():
        with contextlib.suppress(ValueError):
            found.append(json.loads(line)["message"])
    return found


def launch_make(os_user: OsUser, checkout: Path, *words: str, **settings: Any) -> Launched:
    return Launched(os_user, ["make", *(words or ("run",))], checkout, **{"ICMP_API_KEY": MASTER_KEY, **settings})


def run_make(os_user: OsUser, checkout: Path, *words: str, **settings: Any) -> "subprocess.CompletedProcess[str]":
    return os_user.run(["make", *words], checkout, **settings)
