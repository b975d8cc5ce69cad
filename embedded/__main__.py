"""`python -m embedded [PARENT]`: what `make run` starts. Becomes the server, which `gunicorn.conf.py` prepares.

PARENT is the process id of whoever the server ends with; without it, the server lives until it is stopped.
"""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from embedded.parent import follow_parent


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)  # until the server has handlers of its own
    if len(sys.argv) > 1:
        follow_parent(int(sys.argv[1]))
    os.environ["ICMP_FIRST_RUN_DEMO"] = "1"  # also where DATABASE_URL names the database
    os.chdir(Path(__file__).parent.parent)
    sys.argv = ["gunicorn", "-c", "gunicorn.conf.py", "app:app"]
    from gunicorn.app.wsgiapp import run  # only now: it takes a while, in which a signal may come

    run()


def _leave(number: int, frame: FrameType | None) -> None:
    """Leave by the ordinary way, so that what was started is stopped."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
