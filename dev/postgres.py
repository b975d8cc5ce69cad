"""A real PostgreSQL for a machine that has none: the binaries of a pip package, under a supervisor of our own.

The server is a child of whoever starts it and never outlives it, however that one ends (see `parent` and `guard`). It
listens on 127.0.0.1 alone, with a password; as root it runs as somebody else (see `run_as`). Its files lie under one
folder:

    postgres/            the data
    postgres.password    of the one role
    postgres.lock        held by the server's processes for as long as one of them lives; names the supervisor
    postgres.log
"""

import errno
import os
import random
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psycopg2

from dev import EmbeddedError, guard
from dev.binaries import find_binaries, major_version, reachable
from dev.folder_lock import FolderLock
from dev.parent import KERNEL_TELLS, signal_at_death_of
from dev.run_as import RunAs

START_SECONDS = 60.0  # a first start on a slow disk; usually a second
STOP_SECONDS = 30.0
MOST_LOG_BYTES = 5_000_000
_PORTS_TRIED = 5
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_statement": "none",
    "log_min_messages": "log",  # leaves out errors, whose texts hold customers' words
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """One server over one folder. `durable=False` is for tests: a power cut may lose data, nothing else may."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.absolute()
        self._data = self._folder / "postgres"
        self._log = self._folder / "postgres.log"
        self._durable = durable
        self._lock: FolderLock | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._log_start = 0
        self._port: int | None = None  # kept from one start to the next, so that the URL stays

    def start(self) -> str:
        """Start the server, over new data the first time; returns its URL. Raises EmbeddedError.

        Call it from the main thread: the kernel takes the death of the thread that forked for the parent's.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = FolderLock(self._folder / "postgres.lock")
            run_as = RunAs(self._folder, self._data)
            binaries = find_binaries()
            if run_as.other:
                binaries = reachable(binaries, run_as.arguments())
            password = self._password()
            if self._data.is_dir():
                self._check_data()
            else:
                self._make_data(binaries, run_as, self._lock, password)
            for _ in range(_PORTS_TRIED):
                port = self._port or _free_port()
                url = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
                self._server = self._launch(binaries, run_as, self._lock, port)
                if not KERNEL_TELLS:
                    os.register_at_fork(after_in_child=self._forget)
                if self._wait_until_ready(self._server, url):
                    self._port = port
                    return url
                self._port = None
            raise EmbeddedError("The embedded PostgreSQL found no free port: try again, or set DATABASE_URL.")
        except OSError as error:
            self.stop()
            raise EmbeddedError(self._explain(error)) from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the server, rolling back what is open; returns when it has ended. Does nothing twice."""
        if self._server is not None:
            for end in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                self._server.send_signal(end)
                with suppress(subprocess.TimeoutExpired):
                    self._server.wait(STOP_SECONDS)
                    break
            if self._server.stdin is not None:
                self._server.stdin.close()
            self._server = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _forget(self) -> None:
        """In a fork, which may outlive us: let go of the guard's standard input, and of the lock."""
        if self._server is not None and self._server.stdin is not None:
            with suppress(OSError):
                self._server.stdin.close()
        if self._lock is not None:
            self._lock.release()
        self._server = self._lock = None

    def _password(self) -> str:
        path = self._folder / "postgres.password"
        if not path.exists():
            draft = path.with_suffix(".draft")
            draft.unlink(missing_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(24))
                file.flush()
                os.fsync(file.fileno())
            draft.rename(path)
        return path.read_text()

    def _check_data(self) -> None:
        made_by = (self._data / "PG_VERSION").read_text().strip()
        if made_by != major_version():
            raise EmbeddedError(
                f"The database in {self._folder} was made by PostgreSQL {made_by}, and this ICMP brings"
                f" {major_version()}: set ICMP_DATA_DIR to another folder, or start the ICMP that made it."
            )
        # The process id in a file that was left behind may be another process's by now, for which PostgreSQL would
        # refuse to start. No server of ours lives, as we hold the lock; one that was started by hand stands in there.
        left_behind = self._data / "postmaster.pid"
        if left_behind.exists() and Path("/proc/self/cwd").exists():
            pid = left_behind.read_text().partition("\n")[0]
            with suppress(OSError):
                if Path(f"/proc/{pid}/cwd").samefile(self._data):
                    raise EmbeddedError(f"Another PostgreSQL (process {pid}) serves {self._data}: stop it first.")
            left_behind.unlink()

    def _make_data(self, binaries: Path, run_as: RunAs, lock: FolderLock, password: str) -> None:
        """`initdb` beside the place and a rename into it: a start that is killed half-way leaves nothing to trip on."""
        draft = self._folder / "postgres.draft"
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(0o700)
        run_as.give(draft)
        with tempfile.TemporaryFile() as secret, run_as.handed_over(draft) as (folder, handed):
            secret.write(password.encode())
            secret.seek(0)  # where /dev/fd/N is a duplicate, it shares the place in the file
            run_as.give(secret.fileno())
            made = subprocess.run(
                [
                    binaries / "initdb",
                    "--pgdata",
                    folder,
                    "--username=postgres",
                    f"--pwfile=/dev/fd/{secret.fileno()}",
                    "--auth=scram-sha-256",
                    # More of them make a guess dearer, which a password of random bits does not need, and each
                    # connection with it: five of its eight milliseconds.
                    "--set=scram_iterations=1",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    *self._sync_options(),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=[secret.fileno(), lock.descriptor, *handed],
                start_new_session=True,
                preexec_fn=_end_with_us(signal.SIGKILL),
                check=False,
                **run_as.arguments(),
            )
        if made.returncode:
            raise EmbeddedError(self._explain_output("could not be set up", made.stdout.decode(errors="replace")))
        draft.rename(self._data)

    def _sync_options(self) -> list[str]:
        if not self._durable:
            return ["--no-sync"]
        return ["--sync-method=syncfs"] if sys.platform == "linux" else []  # twice as fast as file by file

    def _launch(self, binaries: Path, run_as: RunAs, lock: FolderLock, port: int) -> "subprocess.Popen[bytes]":
        settings = _SETTINGS | ({} if self._durable else _NOT_DURABLE) | {"port": str(port)}
        if self._log.exists() and self._log.stat().st_size > MOST_LOG_BYTES:
            self._log.unlink()
        guarded = [] if KERNEL_TELLS else [sys.executable, guard.__file__]
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._log_start = os.fstat(log).st_size
        try:
            with run_as.handed_over(self._data) as (folder, handed):
                return subprocess.Popen(
                    [
                        *guarded,
                        binaries / "postgres",
                        "-D",
                        folder,
                        *(f"--{name}={value}" for name, value in settings.items()),
                    ],
                    stdin=subprocess.PIPE if guarded else subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    pass_fds=[lock.descriptor, *handed],
                    start_new_session=True,  # Ctrl-C is for its parent, which stops it when turns have finished
                    # In the child, after its rights were dropped, which would clear the signal: a fast shutdown.
                    preexec_fn=_end_with_us(signal.SIGINT),
                    **run_as.arguments(),
                )
        finally:
            os.close(log)

    def _wait_until_ready(self, server: "subprocess.Popen[bytes]", url: str) -> bool:
        """True when the server answers; False where its port was taken meanwhile. Raises EmbeddedError."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg2.connect(url, connect_timeout=5).close()
                return True
            except psycopg2.OperationalError:
                has_ended = server.poll() is not None
                if has_ended and "Address already in use" in self._said():
                    return False
                if has_ended:
                    raise EmbeddedError(self._explain_output("ended at its start", self._said())) from None
                if time.monotonic() > deadline:
                    raise EmbeddedError(
                        f"The embedded PostgreSQL did not answer within {START_SECONDS:.0f} seconds: see {self._log}."
                    ) from None
                time.sleep(0.02)

    def _said(self) -> str:
        """What the server has written to its log since it was launched."""
        with self._log.open(errors="replace") as log:
            log.seek(self._log_start)
            return log.read()

    def _explain_output(self, what: str, said: str) -> str:
        """One sentence out of what a program of PostgreSQL said before it failed."""
        if re.search(r"No space left on device|Disk quota exceeded|File too large", said):
            return self._explain(OSError(errno.ENOSPC, "", None))
        lines = [line.strip() for line in said.splitlines() if line.strip()]
        reason = next((line for line in lines if re.search(r"\b(FATAL|PANIC|error):", line)), "".join(lines[-1:]))
        return f"The embedded PostgreSQL {what} in {self._folder} ({reason or 'it gave no reason'})."

    def _explain(self, error: OSError) -> str:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return (
                f"The disk is full: make room for the database in {self._folder}, or set ICMP_DATA_DIR to a folder on"
                " another disk."
            )
        return (
            f"The embedded PostgreSQL cannot use {error.filename or self._folder} ({error.strerror}): set ICMP_DATA_DIR"
            " to a folder that can be written."
        )


def _end_with_us(number: int) -> Callable[[], None] | None:
    """What has the kernel send a child a signal when we die. Nothing elsewhere, as it makes a child a fork of ours,
    which forgets what it shall inherit."""
    parent = os.getpid()
    return (lambda: signal_at_death_of(parent, number)) if KERNEL_TELLS else None


def _free_port() -> int:
    """A port below those that connections get, one of which might be in the way when the server starts again."""
    while True:
        port = random.randrange(16_000, 32_000)  # noqa: S311
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
