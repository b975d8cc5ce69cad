"""Progress messages of the installation. Standard library only: it runs before anything is installed."""

import json
import sys
from datetime import UTC, datetime


def report(sentence: str) -> None:
    """Prints a sentence: a plain line on a terminal, otherwise a JSON line like those of `core.logs`."""
    line = f"icmp: {sentence}"
    if not sys.stdout.isatty():
        time = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": time, "level": "info", "logger": "icmp", "message": line, "request_id": None})
    print(line, flush=True)
