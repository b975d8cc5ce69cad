"""Replaces this process with the server, as `python app.py` and `make run` do."""

import os
import sys
from pathlib import Path

from config import Config
from core.server.signals import exit_on_stop_signals
from core.settings import ConfigError


def run_server() -> None:
    """Becomes gunicorn with `gunicorn.conf.py`, which patches the standard library before anything else is imported.
    Exits with one sentence when a setting is malformed."""
    exit_on_stop_signals()
    os.chdir(Path(__file__).resolve().parents[2])
    try:
        config = Config.from_env()
    except ConfigError as error:
        sys.exit(f"icmp: {error}")
    os.environ["WEB_CONCURRENCY"] = str(config.web_concurrency)  # gunicorn reads it too and rejects an empty value
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "app:app"])  # noqa: S606
