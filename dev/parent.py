"""A process that ends when the one that started it does, however that came about (`kill -9` included).

Standard library alone: the installation runs before anything is installed.
"""

import ctypes
import os
import signal
import sys
import threading
import time

KERNEL_TELLS = sys.platform == "linux"  # of a parent's death; elsewhere somebody must watch
WATCH_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1


def follow_parent(parent: int) -> None:
    """Send this process SIGTERM when its parent, of that process id, has ended; where it has ended already, end here.

    Call it from the main thread, and again after a fork.
    """
    if KERNEL_TELLS:
        signal_at_death_of(parent, signal.SIGTERM)
    else:
        threading.Thread(target=_watch, args=(parent,), name="parent-watch", daemon=True).start()


def signal_at_death_of(parent: int, number: int) -> None:
    """Have the kernel send a signal when the thread that forked this process ends; where it has ended already, end
    here. An exec keeps it, a change of user clears it. Only on Linux; elsewhere it does nothing."""
    if KERNEL_TELLS:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it ended before the kernel was asked
            os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
