"""Ends a process together with its parent, even if the parent is killed with `kill -9`.

Standard library only: the installation runs before anything is installed.
"""

import ctypes
import os
import signal
import sys
import threading
import time

KERNEL_SIGNALS_DEATH = sys.platform == "linux"  # elsewhere the parent must be polled
POLL_SECONDS = 0.5
_PR_SET_PDEATHSIG = 1


def follow_parent(parent: int) -> None:
    """Sends this process SIGTERM when its parent, the process with ID `parent`, ends. If it has already ended, exits.

    Call it from the main thread, and again after a fork.
    """
    if KERNEL_SIGNALS_DEATH:
        signal_at_death_of(parent, signal.SIGTERM)
    else:
        threading.Thread(target=_poll, args=(parent,), name="parent-poll", daemon=True).start()


def signal_at_death_of(parent: int, number: int) -> None:
    """Makes the kernel send a signal when the thread that forked this process ends. If it has already ended, exits.

    The setting survives an exec and is cleared by a change of user. Linux only; elsewhere this does nothing.
    """
    if KERNEL_SIGNALS_DEATH:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it ended before the call
            os._exit(1)


def _poll(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
