"""gunicorn's settings: few processes with many greenlets each, because a request mostly waits for a model.

The standard library is patched first, before other modules import it. The main process is patched too, because its
processes inherit what it has imported. It runs no greenlets, and keeps the system's own processes and signals.

On SIGTERM the time limits are ordered: a turn's limit < `graceful_timeout` < the host's delay before it kills the
server (`maxShutdownDelaySeconds` in render.yaml).
"""

from gevent import monkey

if not monkey.is_module_patched("threading"):  # SIGHUP reads this file again
    monkey.patch_all(os=False, signal=False, subprocess=False)

import importlib
import sys
from typing import Any

import gevent

from config import Config, ConfigError, StartupError, check_engine_available
from core import logs
from core.development import load_development
from core.server import addresses, descriptors, metrics_folder, respawn, signals
from migrations import SchemaError, migrate
from migrations.connections import check_connection_limits

gevent.config.track_greenlet_tree = False  # would keep the stack that has started each greenlet, only for debugging

try:
    _config = Config.from_env()
    check_engine_available(_config)
except ConfigError as error:
    sys.exit(f"icmp: {error}")

_development = load_development(_config)

bind = f"[{_config.host}]:{_config.port}" if ":" in _config.host else f"{_config.host}:{_config.port}"
worker_class = f"core.server.worker.{'ProxiedWorker' if _config.trusted_proxies else 'RequestWorker'}"
workers = _config.web_concurrency
# Requests being handled, live connections, and idle keep-alive connections.
worker_connections = _config.web_threads + _config.live_connections + 1000
keepalive = 30  # must not be 0; core/server/client_socket.py has the time limits
sendfile = False  # it would wait for slow clients without a time limit
limit_request_line = 8190  # bytes; gunicorn's maximum, for long filters and cursors
# Seconds without a heartbeat until a worker is killed, and its turns with it. Requests do not block the heartbeat's
# greenlet, but hundreds of others may be ahead of it on a host that has too little processor time.
timeout = 120
graceful_timeout = _config.graceful_timeout
control_socket_disable = True  # gunicorn would create it in the home directory
forwarded_allow_ips = "*" if _config.trusted_proxies else "127.0.0.1"
proc_name = "icmp"
logconfig_dict = logs.logging_config(_config.log_level)


def on_starting(server: Any) -> None:
    """Before any worker starts: check the port, start the database, migrate. A failure ends with one sentence."""
    if server.cfg.is_ssl:
        sys.exit("icmp: TLS is not supported: put a reverse proxy in front of this server.")
    signals.exit_on_stop_signals()
    descriptors.raise_limit()
    try:
        addresses.check_addresses(server.cfg.address)
        database_url = _config.database_direct_url or _config.database_url or _development.start_database()
        migrate(database_url)
        signals.exit_if_stopped()
        check_connection_limits(database_url, _config.connections)
    except (StartupError, SchemaError) as error:
        sys.exit(f"icmp: {error}")
    _development.set_up_demo()
    metrics_folder.open_metrics_folder()
    # Imported once, before the workers fork. Our own modules are imported by the workers, so that SIGHUP reloads them.
    for library in ("flask", "jsonschema", *(["openai"] if _config.has_model else [])):
        importlib.import_module(library)


def when_ready(server: Any) -> None:
    """Announce the addresses, the demo business and the engine that answers messages."""
    signals.protect_forks()
    urls = [addresses.url_of(address) for address in server.cfg.address]
    for url in urls:
        logs.announce(f"ICMP serves on {url}")
    if not _config.in_production:
        logs.announce(f"Master key: {_config.master_key}")
    for line in _development.describe_demo(urls[0]):
        logs.announce(line)
    if _config.has_model:
        logs.announce(f"Messages are answered by {_config.openai_model} at {_config.openai_base_url or 'OpenAI'}.")
    else:
        logs.announce(
            "No model is connected: rules mode answers messages from what the business has entered."
            " To connect a model, set OPENAI_API_KEY, or OPENAI_BASE_URL for your own model server."
        )


def pre_fork(server: Any, worker: Any) -> None:
    """Remember when each worker starts."""
    respawn.note_start(worker.age)


def post_fork(server: Any, worker: Any) -> None:
    """In development, a worker ends with a server that is killed."""
    gevent.reinit()
    _development.end_with_server(server.pid)
    respawn.wait_before_start()


def post_worker_init(worker: Any) -> None:
    """Replace gunicorn's handler of Ctrl-C."""
    signals.end_worker_on_interrupt()


def worker_int(worker: Any) -> None:
    """End at once on a Ctrl-C that arrives before `post_worker_init`."""
    signals.end_worker()


def worker_exit(server: Any, worker: Any) -> None:
    """Finish turns whose client has disconnected: gunicorn waits only for requests."""
    from app import close_app  # the worker's own module

    if getattr(worker, "wsgi", None) is not None:
        close_app(worker.wsgi, _config.turn_time_limit)


def on_exit(server: Any) -> None:
    """In the main process: fail if the server ends because its database has ended."""
    if _development.has_lost_database():
        sys.exit(1)


def child_exit(server: Any, worker: Any) -> None:
    """Remove the gauges of a worker that has ended."""
    metrics_folder.forget_process(worker.pid)
    respawn.note_end(worker.age)
