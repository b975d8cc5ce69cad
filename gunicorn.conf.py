"""How gunicorn serves: few processes with many threads each, since a request mostly waits for a model.

The order of grace on SIGTERM is set here and in `config.py`: a turn's own limit < `graceful_timeout` < the host's
delay before it kills (`maxShutdownDelaySeconds` in render.yaml).
"""

import atexit
import os
import socket
import sys
from typing import Any

from app import close_app
from config import Config, ConfigError
from logs import CHATTY
from migrations import SchemaError, migrate

try:
    _config = Config.from_env()
except ConfigError as error:
    sys.exit(f"icmp: {error}")

bind = f"[{_config.host}]:{_config.port}" if ":" in _config.host else f"{_config.host}:{_config.port}"
worker_class = "gthread"
workers = _config.web_concurrency
threads = _config.web_threads
worker_connections = threads + 1000  # beside those at work, connections that are kept alive
keepalive = 30
graceful_timeout = _config.graceful_timeout
control_socket_disable = True  # it would lie in the home folder
forwarded_allow_ips = "*" if _config.trusted_proxies else "127.0.0.1"
proc_name = "icmp"
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
    "loggers": {
        **{name: {"level": "WARNING"} for name in CHATTY},
        "gunicorn.error": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}


def on_starting(server: Any) -> None:
    """Before any worker: a free port, a database, its schema. What is missing ends the start in one sentence."""
    _check_port()
    if _config.database_url is None:
        os.environ["DATABASE_URL"] = _start_embedded()  # for the workers, which read their own Config
    try:
        migrate(_config.database_url or os.environ["DATABASE_URL"])
    except SchemaError as error:
        sys.exit(f"icmp: {error}")


def when_ready(server: Any) -> None:
    address = "127.0.0.1" if _config.host in ("0.0.0.0", "::") else _config.host  # noqa: S104 - a comparison
    print(f"ICMP serves on http://{f'[{address}]' if ':' in address else address}:{_config.port}", flush=True)
    if not _config.in_production:
        print(f"Master key: {_config.master_key}")
    if _config.has_model:
        print(f"Messages are answered by {_config.openai_model} at {_config.openai_base_url or 'OpenAI'}.", flush=True)
    else:
        print("No model is connected: set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own.", flush=True)


def worker_exit(server: Any, worker: Any) -> None:
    """Turns whose client has gone have no request that gunicorn waits for: they are given their time here."""
    if getattr(worker, "wsgi", None) is not None:
        close_app(worker.wsgi, _config.turn_time_limit)


def _start_embedded() -> str:
    from embedded.postgres import EmbeddedError, EmbeddedPostgres  # production does not install what it needs

    database = EmbeddedPostgres(_config.data_dir)
    starter = os.getpid()
    # Workers are forks, and run this too when they end.
    atexit.register(lambda: database.stop() if os.getpid() == starter else None)
    try:
        return database.start()
    except EmbeddedError as error:
        sys.exit(f"icmp: {error}")
    except OSError as error:
        sys.exit(f"icmp: {error.filename or _config.data_dir}: {error.strerror}: set ICMP_DATA_DIR to another folder.")


def _check_port() -> None:
    family = socket.AF_INET6 if ":" in _config.host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((_config.host, _config.port))
    except OSError as error:
        sys.exit(f"icmp: port {_config.port} of {_config.host} cannot be used ({error.strerror}): set PORT to another.")
