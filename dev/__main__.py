"""`python -m dev [PARENT]`: what `make run` starts. Becomes the server, which `gunicorn.conf.py` prepares.

PARENT is the process id of whoever the server ends with; without it, the server lives until it is stopped.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from dev.parent import follow_parent


def main(parent: int | None = None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)  # until the server has handlers of its own
    if parent is not None:
        follow_parent(parent)
    os.chdir(Path(__file__).parent.parent)
    # Only now, as it takes a while, in which a signal may come.
    from config import Config, ConfigError

    try:
        config = Config.from_env()
    except ConfigError as error:
        sys.exit(f"icmp: {error}")
    os.environ["WEB_CONCURRENCY"] = str(config.web_concurrency)  # gunicorn reads it too, and takes no empty one
    from gunicorn.app.wsgiapp import run

    sys.argv = ["gunicorn", "-c", "gunicorn.conf.py", "app:app"]
    run()


def _leave(number: int, frame: FrameType | None) -> None:
    """Leave by the ordinary way, so that what was started is stopped."""
    sys.exit(128 + number)


if __name__ == "__main__":
    os.environ["ICMP_FIRST_RUN_DEMO"] = "1"  # also where DATABASE_URL names the database
    main(int(sys.argv[1]) if len(sys.argv) > 1 else None)
