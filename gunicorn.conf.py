"""How gunicorn serves: few processes with many threads each, since a request mostly waits for a model.

The order of grace on SIGTERM is set here and in `config.py`: a turn's own limit < `graceful_timeout` < the host's
delay before it kills (`maxShutdownDelaySeconds` in render.yaml).
"""

import atexit
import errno
import fcntl
import importlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from config import Config, ConfigError, check_engine_available
from core import logs
from dev import EmbeddedError
from dev.demo import describe_demo, name_database, set_up_demo
from dev.parent import signal_at_death_of
from migrations import SchemaError, migrate

_METRICS = "PROMETHEUS_MULTIPROC_DIR"  # read by the library
_METRICS_ROOM = 16 * 1024 * 1024  # bytes; a few megabytes are used
_STOPS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)

try:
    _config = Config.from_env()
    check_engine_available(_config)
except ConfigError as error:
    sys.exit(f"icmp: {error}")

# Where everything is ICMP's own: `make run`, and wherever the embedded database serves.
_wants_demo = not _config.in_production and (_config.database_url is None or "ICMP_FIRST_RUN_DEMO" in os.environ)

bind = f"[{_config.host}]:{_config.port}" if ":" in _config.host else f"{_config.host}:{_config.port}"
worker_class = "gthread"
workers = _config.web_concurrency
threads = _config.web_threads
worker_connections = threads + 1000  # beside those at work, connections that are kept alive
keepalive = 30
limit_request_line = 8190  # bytes; the most that the server takes, for filters and cursors
graceful_timeout = _config.graceful_timeout
control_socket_disable = True  # it would lie in the home folder
forwarded_allow_ips = "*" if _config.trusted_proxies else "127.0.0.1"
proc_name = "icmp"
logconfig_dict = logs.logging_config(_config.log_level)


def on_starting(server: Any) -> None:
    """Before any worker: a free port, a database, its schema. What is missing ends the start in one sentence."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)  # until the server sets its own, after this
    _check_addresses(server.cfg.address)
    try:
        if _config.database_url is None:
            os.environ["DATABASE_URL"] = _start_embedded()  # for the workers, which read their own Config
        migrate(_config.database_url or os.environ["DATABASE_URL"])
    except (EmbeddedError, SchemaError) as error:
        sys.exit(f"icmp: {error}")
    if _wants_demo:
        set_up_demo(_config.data_dir, name_database(_config.database_url))
    _open_metrics_folder()
    for library in ("flask", "jsonschema", *(["openai"] if _config.has_model else [])):
        importlib.import_module(library)  # once, before the workers fork; our own modules are theirs, so that HUP works


def when_ready(server: Any) -> None:
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS),
        after_in_child=_be_stoppable,
    )
    for address in server.cfg.address:
        logs.announce(f"ICMP serves on {_url(address)}")
    if not _config.in_production:
        logs.announce(f"Master key: {_config.master_key}")
        database = name_database(_config.database_url)
        for line in describe_demo(_config.data_dir, _url(server.cfg.address[0]), database):
            logs.announce(line)
    if _config.has_model:
        logs.announce(f"Messages are answered by {_config.openai_model} at {_config.openai_base_url or 'OpenAI'}.")
    else:
        logs.announce(
            "No model is connected: rules mode answers messages from what the business has entered."
            " To connect a model, set OPENAI_API_KEY, or OPENAI_BASE_URL for your own model server."
        )


def worker_exit(server: Any, worker: Any) -> None:
    """Turns whose client has gone have no request that gunicorn waits for: they are given their time here."""
    from app import close_app  # the worker's own module: the master loads none of ours that HUP should renew

    if getattr(worker, "wsgi", None) is not None:
        close_app(worker.wsgi, _config.turn_time_limit)


def child_exit(server: Any, worker: Any) -> None:
    """What a process that is gone was doing, it does no more; what it counted stays."""
    from prometheus_client.multiprocess import mark_process_dead

    if _METRICS in os.environ:
        with suppress(OSError):
            mark_process_dead(worker.pid)


def post_fork(server: Any, worker: Any) -> None:
    if not _config.in_production:
        # The master was killed, and the embedded database with it: there is nothing to finish.
        signal_at_death_of(server.pid, signal.SIGKILL)


def worker_int(worker: Any) -> None:
    """Ctrl-C ends at once. Threads that wait for a model would hold the process up for as long as a turn may take;
    what is committed stays, and a host sends SIGTERM."""
    os._exit(0)


def post_worker_init(worker: Any) -> None:
    """The server's own handler takes the lock of its thread pool before it comes to `worker_int`, and never gets it
    where the signal interrupts the handing over of a request."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda *_: worker_int(worker))


def _be_stoppable() -> None:
    """A worker begins with its master's handlers, which put a signal into a queue that nobody reads in a worker: one
    that came before it had its own was lost, and the master waited in vain for its end."""
    for number in _STOPS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)


def _leave(number: int, frame: FrameType | None) -> None:
    """Leave by the ordinary way, so that what was started is stopped."""
    sys.exit(128 + number)


def _start_embedded() -> str:
    from dev.postgres import EmbeddedPostgres

    database = EmbeddedPostgres(_config.data_dir)
    starter = os.getpid()
    # Workers are forks, and run this too when they end.
    atexit.register(lambda: database.stop() if os.getpid() == starter else None)
    return database.start()


def _open_metrics_folder() -> None:
    """A private folder for the workers' numbers, where TMPDIR says, else in memory, which no full disk cuts short: new
    at each start, and gone with the server. Where none can be made, each worker tells its own."""
    os.environ.pop(_METRICS, None)  # of a server that this one is to replace
    for place in (os.environ.get("TMPDIR") or "/dev/shm", tempfile.gettempdir()):  # noqa: S108 - nobody can guess its name
        with suppress(OSError):
            _remove_left_metrics(Path(place))
            if shutil.disk_usage(place).free < _METRICS_ROOM:
                continue  # a worker that finds no room in a file that it has mapped is killed
            folder = tempfile.mkdtemp(prefix="icmp-metrics-", dir=place)
            # Held by the workers too, so that it is free only when the last has ended.
            fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_EX)
            os.environ[_METRICS] = folder
            atexit.register(_remove_metrics_folder, folder, os.getpid())
            return


def _remove_metrics_folder(folder: str, starter: int) -> None:
    if os.getpid() == starter:  # workers are forks, and run this too when they end
        shutil.rmtree(folder, ignore_errors=True)


def _remove_left_metrics(place: Path) -> None:
    """Of servers that were killed. One that is being made is not held yet."""
    for folder in place.glob("icmp-metrics-*"):
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                status = os.fstat(descriptor)
                if status.st_uid == os.getuid() and time.time() - status.st_mtime > 60:
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)


def _check_addresses(addresses: list[Any]) -> None:
    """The server itself would try for a while, and then say less."""
    if "GUNICORN_FD" in os.environ or "LISTEN_FDS" in os.environ:
        return  # it is handed open sockets
    for address in addresses:
        if not isinstance(address, tuple):
            continue  # a Unix socket, or a descriptor
        host, port = address[:2]
        try:
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as error:
            if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
                sys.exit(f"icmp: HOST must be an address of this machine, not {host!r} ({error.strerror}).")
            sys.exit(f"icmp: port {port} of {host} cannot be used ({error.strerror}): set PORT to another.")


def _url(address: Any) -> str:
    if not isinstance(address, tuple):
        return str(address)
    host, port = address[:2]
    host = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - a comparison
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
