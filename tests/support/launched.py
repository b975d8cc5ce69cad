"""`make run`, or any other start of the server, in a process group of its own; and an operator's requests to it."""

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

from tests.support.people import (
    SECONDS,
    Person,
    kill_group,
    wait_for,
    wait_until_group_is_gone,
    wait_until_server_is_gone,
)
from tests.support.server import free_port

MASTER_KEY = "master-key-of-the-tests"


class Launched:
    """Context manager over a server's process; `said` is all that it has written so far."""

    def __init__(self, person: Person, command: list[str | Path], checkout: Path, **settings: Any) -> None:
        self.port = free_port()
        self.key = MASTER_KEY
        ports = {"PORT": str(self.port), "FLASK_RUN_PORT": str(self.port)}
        few = {"WEB_THREADS": "8", "WEB_CONCURRENCY": "1"}
        self.data_dir = Path(settings.get("ICMP_DATA_DIR") or checkout / ".icmp")
        self.process = person.start(command, checkout, **{**ports, **few, **settings})
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
    def said(self) -> str:
        return "".join(self._lines)

    @property
    def announced(self) -> list[str]:
        """The messages of the JSON lines written so far: startup lines and log lines."""
        return messages(self.said)

    @property
    def supervisor(self) -> int:
        """The process that holds the embedded server: gunicorn's master."""
        return int((self.data_dir / "postgres.lock").read_text())

    def wait_until_it_serves(self, seconds: float = SECONDS) -> "Launched":
        def serves() -> bool:
            assert self.process.poll() is None, self.said
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
        """Businesses without end, those that the server has acknowledged in `added`; at most 50, as lists are short."""

        def add() -> None:
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError, ValueError):
                for number in range(50):
                    added.append(self.add_business(f"{name}-{number}"))

        thread = threading.Thread(target=add)
        thread.start()
        return thread

    def end(self, pid: int, number: signal.Signals, *, group: bool = False) -> str:
        """Send a signal; returns what was said in all, when nothing of the server is left."""
        (os.killpg if group else os.kill)(pid, number)
        return self.wait_until_nothing_is_left()

    def wait_until_nothing_is_left(self) -> str:
        try:
            self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            # Each Python writes where its threads stand, but for gunicorn's workers.
            os.killpg(self.process.pid, signal.SIGABRT)
            self._reader.join(SECONDS)
            raise AssertionError(f"It does not end:\n{self.said}") from None
        wait_until_group_is_gone(self.process.pid)
        if (self.data_dir / "postgres.lock").exists():
            wait_until_server_is_gone(self.data_dir)
        self._reader.join(SECONDS)
        assert "Traceback" not in self.said, self.said
        return self.said

    def sentence(self) -> str:
        """What a start that cannot be says: one line, beside make's own that its recipe failed."""
        assert self.process.wait(SECONDS) != 0
        self._reader.join(SECONDS)
        lines = [line for line in self.said.splitlines() if not line.startswith("make: ***")]
        assert len(lines) == 1, self.said
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


def launch_make(person: Person, checkout: Path, *words: str, **settings: Any) -> Launched:
    return Launched(person, ["make", *(words or ("run",))], checkout, **{"ICMP_API_KEY": MASTER_KEY, **settings})


def run_make(person: Person, checkout: Path, *words: str, **settings: Any) -> "subprocess.CompletedProcess[str]":
    return person.run(["make", *words], checkout, **settings)
