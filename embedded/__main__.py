"""`python -m embedded`: what `make run` starts. Becomes the server, which `gunicorn.conf.py` prepares."""

import ctypes
import os
import signal
import sys
from pathlib import Path

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Exec the server, so that there is one process fewer to lose; it ends when whoever started this dies."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)  # outlives an exec
        if os.getppid() != parent:
            sys.exit("icmp: stopped.")
    os.chdir(Path(__file__).parent.parent)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "app:app"])


if __name__ == "__main__":
    main()
