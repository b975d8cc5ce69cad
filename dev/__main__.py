"""`python -m dev [PARENT]`: what `make run` starts. It becomes the server, with the demo business.

PARENT is the ID of the process that the server ends with; without it, the server runs until it is stopped.
"""

import os
import sys

from core.server.signals import exit_on_stop_signals
from dev import FIRST_RUN_DEMO
from dev.parent import follow_parent


def main() -> None:
    """Serve until a signal arrives or the parent ends."""
    exit_on_stop_signals()
    if len(sys.argv) > 1:
        follow_parent(int(sys.argv[1]))
    os.environ[FIRST_RUN_DEMO] = "1"
    from core.server.run import run_server  # only now: these imports take a while, and a signal may arrive

    run_server()


if __name__ == "__main__":
    main()
