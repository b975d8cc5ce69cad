"""Logs as JSON lines. Only the fields listed here are written, so that no message text, prompt or key can be logged. Of
an exception only its type and the code locations are written, never its text."""

import logging
import logging.config
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from pythonjsonlogger import json

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

# The loggers of our own code, which LOG_LEVEL applies to. Libraries log warnings and errors only: at lower levels some
# of them log requests to the model, with the prompts.
OWN_LOGGERS = (
    "analytics",
    "background",
    "channels",
    "core",
    "db",
    "icmp",
    "llm",
    "message_processing",
    "migrations",
    "repositories",
    "routes",
    "security",
)
_FIELDS = (
    "business_id",
    "turn_id",
    "error_code",
    "method",
    "path",
    "status",
    "duration_ms",
    "model",
    "cause",
    "left_out",
    "job_kind",
    "job_id",
)


class JsonFormatter(json.JsonFormatter):
    """Formats a record as one JSON object with the allowed fields."""

    def __init__(self) -> None:
        super().__init__(json_default=str, json_ensure_ascii=False)

    def add_fields(
        self,
        log_data: dict[str, Any],
        record: logging.LogRecord,
        message_dict: dict[str, Any],  # noqa: ARG002 - ignored, because it contains the text of an exception
    ) -> None:
        """Adds the allowed fields."""
        log_data.update(
            time=datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            level=record.levelname.lower(),
            logger=record.name,
            message=record.message,
            request_id=request_id.get(),
            **{name: getattr(record, name) for name in _FIELDS if hasattr(record, name)},
        )
        if record.exc_info and record.exc_info[0]:
            log_data.update(exception=record.exc_info[0].__name__, stack=_code_locations(record.exc_info[2]))


def _code_locations(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]


def logging_config(level: str) -> dict[str, Any]:
    """The configuration for `logging.config.dictConfig` and for gunicorn: our loggers at `level`, all others at
    "warning" or above, as JSON lines on standard error."""
    own, others = level.upper(), "ERROR" if level == "error" else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "core.logs.JsonFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": others, "handlers": ["stderr"]},
        "loggers": {
            **{name: {"level": own} for name in OWN_LOGGERS},
            "urllib3": {"level": "ERROR"},  # its warnings contain URLs, in which secrets may be
            "werkzeug": {"level": others},  # uses "info" if no level is set
            "flask-limiter": {"level": own},  # reports the recovery of Redis at "info"
            "gunicorn.error": {"level": others, "handlers": ["stderr"], "propagate": False},
            "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
        },
    }


def configure_logging(level: str) -> None:
    """Applies `logging_config` to this process."""
    logging.config.dictConfig(logging_config(level))


def announce(message: str) -> None:
    """Tells the person who starts the server something: a plain line on a terminal, otherwise a JSON line on standard
    output. LOG_LEVEL does not apply."""
    if not sys.stdout.isatty():
        record = logging.LogRecord("icmp", logging.INFO, __file__, 0, message, None, None)
        message = JsonFormatter().format(record)
    sys.stdout.write(f"{message}\n")
    sys.stdout.flush()
