"""The embedded PostgreSQL: starts and stops a real server from the binaries of a pip package.

The server is a child of the process that starts it and never outlives it, however that process ends (see `parent` and
`guard`). It listens on 127.0.0.1 only and requires a password. When started by root, it runs as another user (see
`run_as`). All its files are in one directory:

    postgres/            the data
    postgres.password    the password of the only role
    postgres.lock        locked while a process of the server is alive; contains the ID of the process that started it
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
from dev.binaries import accessible_binaries, find_binaries, major_version
from dev.folder_lock import FolderLock
from dev.parent import KERNEL_SIGNALS_DEATH, signal_at_death_of
from dev.run_as import RunAs

START_SECONDS = 60.0  # for a first start on a slow disk; usually it takes a second
STOP_SECONDS = 30.0
MAX_LOG_BYTES = 5_000_000
_MAX_PORT_ATTEMPTS = 5
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_statement": "none",
    "log_min_messages": "log",  # without errors, whose texts may contain customer data
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """One server with its data in one directory. `durable=False` is for tests: only a power failure can lose data."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder.absolute()
        self._data = self._folder / "postgres"
        self._log = self._folder / "postgres.log"
        self._durable = durable
        self._lock: FolderLock | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._log_start = 0
        self._port: int | None = None  # kept for the next start, so that the URL stays the same

    def start(self) -> str:
        """Starts the server, after creating its data the first time; returns its URL. Raises EmbeddedError.

        Call it from the main thread: the kernel treats the end of the thread that forked as the end of the parent.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = FolderLock(self._folder / "postgres.lock")
            run_as = RunAs(self._folder, self._data)
            binaries = find_binaries()
            if run_as.other:
                binaries = accessible_binaries(binaries, run_as.arguments())
            password = self._password()
            if self._data.is_dir():
                self._check_data()
            else:
                self._create_data(binaries, run_as, self._lock, password)
            for _ in range(_MAX_PORT_ATTEMPTS):
                port = self._port or _free_port()
                url = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
                self._server = self._launch(binaries, run_as, self._lock, port)
                if not KERNEL_SIGNALS_DEATH:
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

    @property
    def log(self) -> Path:
        """The server's log file."""
        return self._log

    def has_ended(self) -> bool:
        """Whether the started server has ended although `stop` was not called."""
        server = self._server
        return server is not None and server.poll() is not None

    def stop(self) -> None:
        """Stops the server, rolling back open transactions; returns when it has ended. A second call does nothing."""
        server, self._server = self._server, None  # first, so that `has_ended` stays False
        if server is not None:
            for end in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                server.send_signal(end)
                with suppress(subprocess.TimeoutExpired):
                    server.wait(STOP_SECONDS)
                    break
            if server.stdin is not None:
                server.stdin.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _forget(self) -> None:
        """In a fork, which may outlive this process: closes the guard's standard input and the lock."""
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
        created_by = (self._data / "PG_VERSION").read_text().strip()
        if created_by != major_version():
            raise EmbeddedError(
                f"The database in {self._folder} was created by PostgreSQL {created_by}, but this ICMP includes"
                f" PostgreSQL {major_version()}: set ICMP_DATA_DIR to another directory, or start the ICMP version that"
                " created it."
            )
        # The process ID in a leftover postmaster.pid may belong to another process by now, and PostgreSQL would refuse
        # to start. ICMP holds the lock, so the file is only valid for a server that was started by hand.
        leftover = self._data / "postmaster.pid"
        if leftover.exists() and Path("/proc/self/cwd").exists():
            pid = leftover.read_text().partition("\n")[0]
            with suppress(OSError):
                if Path(f"/proc/{pid}/cwd").samefile(self._data):
                    raise EmbeddedError(f"Another PostgreSQL (process {pid}) uses {self._data}: stop it first.")
            leftover.unlink()

    def _create_data(self, binaries: Path, run_as: RunAs, lock: FolderLock, password: str) -> None:
        """Runs `initdb` in a draft directory and renames it, so that a killed start leaves no incomplete data."""
        draft = self._folder / "postgres.draft"
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(0o700)
        run_as.give(draft)
        with tempfile.TemporaryFile() as secret, run_as.passed_directory(draft) as (folder, inherited):
            secret.write(password.encode())
            secret.seek(0)  # on some systems /dev/fd/N shares the position in the file
            run_as.give(secret.fileno())
            made = subprocess.run(
                [
                    binaries / "initdb",
                    "--pgdata",
                    folder,
                    "--username=postgres",
                    f"--pwfile=/dev/fd/{secret.fileno()}",
                    "--auth=scram-sha-256",
                    # A random password does not need more iterations, which cost 5 of the 8 ms of a connection.
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
                pass_fds=[secret.fileno(), lock.descriptor, *inherited],
                start_new_session=True,
                preexec_fn=_signal_at_our_death(signal.SIGKILL),
                check=False,
                **run_as.arguments(),
            )
        if made.returncode:
            raise EmbeddedError(self._explain_output("could not be created", made.stdout.decode(errors="replace")))
        draft.rename(self._data)

    def _sync_options(self) -> list[str]:
        if not self._durable:
            return ["--no-sync"]
        return ["--sync-method=syncfs"] if sys.platform == "linux" else []  # twice as fast as syncing each file

    def _launch(self, binaries: Path, run_as: RunAs, lock: FolderLock, port: int) -> "subprocess.Popen[bytes]":
        settings = _SETTINGS | ({} if self._durable else _NOT_DURABLE) | {"port": str(port)}
        if self._log.exists() and self._log.stat().st_size > MAX_LOG_BYTES:
            self._log.unlink()
        guarded = [] if KERNEL_SIGNALS_DEATH else [sys.executable, guard.__file__]
        log = os.open(self._log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._log_start = os.fstat(log).st_size
        try:
            with run_as.passed_directory(self._data) as (folder, inherited):
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
                    pass_fds=[lock.descriptor, *inherited],
                    start_new_session=True,  # Ctrl-C goes to the parent, which stops the server last
                    # SIGINT is a fast shutdown. Set after the change of user, which would clear it.
                    preexec_fn=_signal_at_our_death(signal.SIGINT),
                    **run_as.arguments(),
                )
        finally:
            os.close(log)

    def _wait_until_ready(self, server: "subprocess.Popen[bytes]", url: str) -> bool:
        """True when the server answers; False if another process has taken its port. Raises EmbeddedError."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg2.connect(url, connect_timeout=5).close()
                return True
            except psycopg2.OperationalError:
                has_ended = server.poll() is not None
                if has_ended and "Address already in use" in self._log_output():
                    return False
                if has_ended:
                    raise EmbeddedError(self._explain_output("stopped during startup", self._log_output())) from None
                if time.monotonic() > deadline:
                    raise EmbeddedError(
                        f"The embedded PostgreSQL did not answer within {START_SECONDS:.0f} seconds: see {self._log}."
                    ) from None
                time.sleep(0.02)

    def _log_output(self) -> str:
        """The server's log since it was launched."""
        with self._log.open(errors="replace") as log:
            log.seek(self._log_start)
            return log.read()

    def _explain_output(self, what: str, output: str) -> str:
        """One sentence from the output of a PostgreSQL program that failed."""
        if re.search(r"No space left on device|Disk quota exceeded|File too large", output):
            return self._explain(OSError(errno.ENOSPC, "", None))
        lines = [line.strip() for line in output.splitlines() if line.strip()]
        reason = next((line for line in lines if re.search(r"\b(FATAL|PANIC|error):", line)), "".join(lines[-1:]))
        return f"The embedded PostgreSQL {what} in {self._folder} ({reason or 'no reason given'})."

    def _explain(self, error: OSError) -> str:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return (
                f"The disk is full: free some space for the database in {self._folder}, or set ICMP_DATA_DIR to a"
                " directory on another disk."
            )
        return (
            f"The embedded PostgreSQL cannot use {error.filename or self._folder} ({error.strerror}): set ICMP_DATA_DIR"
            " to a writable directory."
        )


def _signal_at_our_death(number: int) -> Callable[[], None] | None:
    """A `preexec_fn` that makes the kernel signal the child when this process dies. None on other systems, where a
    `preexec_fn` would run the fork hook that closes what the child must inherit."""
    parent = os.getpid()
    return (lambda: signal_at_death_of(parent, number)) if KERNEL_SIGNALS_DEATH else None


def _free_port() -> int:
    """A free port below the range for outgoing connections, which could occupy it before the server starts again."""
    while True:
        port = random.randrange(16_000, 32_000)  # noqa: S311
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
