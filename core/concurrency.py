"""Greenlets and threads: the parts of the program that depend on which of the two serve its requests.

gunicorn's processes run greenlets (`gunicorn.conf.py` patches the standard library before it imports anything else).
All other processes run threads: `flask run`, `python -m migrations`, the tests. gevent is not imported there.
"""

import _thread
import os
import select
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cache
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def _is_patched() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return bool(monkey and monkey.is_module_patched("threading"))


_MAX_THREADS = 10  # of each process, for `run_in_thread`
_MAX_SLOW_CALLS = 64  # of each process, for `call_within`
USES_GREENLETS = _is_patched()  # whether a call that does not wait cooperatively delays all other requests

if USES_GREENLETS:
    import gevent
    from gevent.monkey import get_original
    from gevent.socket import wait_read, wait_write
    from gevent.threadpool import ThreadPool

    _Poll = get_original("select", "poll")
    _start_thread = get_original("_thread", "start_new_thread")
    getaddrinfo = get_original("socket", "getaddrinfo")  # blocks; see `call_within`
else:
    getaddrinfo = socket.getaddrinfo
    _start_thread = _thread.start_new_thread
    _Poll = select.poll  # and not `select`, which cannot handle a descriptor above 1,023


def run_in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that takes long and releases the interpreter's lock, such as a password hash. Greenlets continue
    meanwhile, because it runs in a thread. It must not wait for locks, which belong to the greenlets' thread."""
    if not USES_GREENLETS:
        return function(*args, **kwargs)
    return _in_pool(_MAX_THREADS, function, *args, **kwargs)


def call_within(seconds: float, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that may wait for long and cannot be interrupted, such as a look-up in DNS, in a thread of its
    own. Raises TimeoutError after `seconds`; the thread continues."""
    if not USES_GREENLETS:
        future: Future[T] = Future()

        def call() -> None:
            try:
                future.set_result(function(*args, **kwargs))
            except BaseException as error:
                future.set_exception(error)

        threading.Thread(target=call, daemon=True).start()
        return future.result(seconds)
    with gevent.Timeout(seconds, TimeoutError):
        # Other threads than those of `run_in_thread`, which must not wait for these.
        return _in_pool(_MAX_SLOW_CALLS, function, *args, **kwargs)


def _in_pool(size: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    results: list[T] = []

    def call() -> Exception | None:
        try:
            results.append(function(*args, **kwargs))
        except Exception as error:
            return error  # gevent would print it
        return None

    error = _threads(os.getpid(), size).apply(call)
    if error is not None:
        raise error
    return results[0]


@cache
def _threads(_process_id: int, size: int) -> Any:
    """Our own threads, because gevent looks host names up in those of its hub. Neither should wait for the other. A
    forked process needs others than its parent."""
    return ThreadPool(size)


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises TimeoutError in a greenlet that waits in the block after `seconds`. Threads cannot be interrupted: there
    each operation needs a timeout of its own."""
    if not USES_GREENLETS:
        yield
        return
    with gevent.Timeout(seconds, TimeoutError):
        yield


def start_thread(function: Callable[..., object], *args: Any) -> None:
    """Run a function in a real thread, in the background. Unlike a greenlet, it does not continue in forked processes.
    It ends with the process."""
    _start_thread(function, args)


def wait_for_descriptor(descriptor: int, *, writable: bool, seconds: float | None) -> bool:
    """Whether a file descriptor becomes readable (or writable) within `seconds`. None: wait for ever."""
    if not USES_GREENLETS:
        return bool(_poll([descriptor], select.POLLOUT if writable else select.POLLIN, seconds))
    try:
        (wait_write if writable else wait_read)(descriptor, seconds, TimeoutError)
    except TimeoutError:
        return False
    return True


def wait_readable(*descriptors: int, seconds: float) -> bool:
    """Whether one of the file descriptors has data to read within `seconds`."""
    return bool(_poll(descriptors, select.POLLIN, seconds))


def is_readable(descriptor: int) -> bool:
    """Whether a file descriptor has data to read, without waiting."""
    poll = _Poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def _poll(descriptors: Iterable[int], event: int, seconds: float | None) -> list[tuple[int, int]]:
    poll = select.poll()
    for descriptor in descriptors:
        poll.register(descriptor, event)
    return poll.poll(None if seconds is None else max(0.0, seconds) * 1000)
