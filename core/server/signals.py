"""Signal handling of the server's processes."""

import os
import signal
import sys
from threading import Event
from types import FrameType

_STOP_SIGNALS = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
_received: list[int] = []
stopping = Event()  # set in a worker that accepts no more connections


def exit_on_stop_signals() -> None:
    """Until gunicorn installs its own handlers: exit normally, so that exit handlers stop what was started."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _exit)


def exit_if_stopped() -> None:
    """Exits if a stop signal has arrived. Call it after database statements: psycopg2 discards an exception that a
    signal handler raises while the driver receives a notice, so the signal would be lost."""
    if _received:
        sys.exit(128 + _received[0])


def protect_forks() -> None:
    """Blocks stop signals while a worker is forked.

    A worker starts with the handlers of the master, which put a signal into a queue that nobody reads in a worker. A
    signal that arrived before the worker had its own handlers would be lost, and the master would wait for the worker
    until its timeout.
    """
    os.register_at_fork(
        before=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS),
        after_in_parent=lambda: signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS),
        after_in_child=_restore_default_handlers,
    )


def end_worker_on_interrupt() -> None:
    """In a worker: Ctrl-C ends the process at once.

    Turns that wait for a model would delay the end for as long as a turn may take. Committed work is kept, and hosts
    send SIGTERM.
    """
    for number in (signal.SIGINT, signal.SIGQUIT):
        signal.signal(number, lambda *_: end_worker())


def end_worker() -> None:
    """Ends this process at once, without exit handlers."""
    os._exit(0)


def _restore_default_handlers() -> None:
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOP_SIGNALS)


def _exit(number: int, frame: FrameType | None) -> None:
    _received.append(number)
    sys.exit(128 + number)
