"""The directory in which the server's processes share their metrics."""

import atexit
import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # read by prometheus_client
_PREFIX = "icmp-metrics-"
_MIN_FREE_BYTES = 16 * 1024 * 1024  # a few megabytes are used
_ABANDONED_SECONDS = 60


def open_metrics_folder() -> None:
    """Creates a private directory for the metrics of all processes: in TMPDIR, or in memory, where no full disk affects
    it. It is removed with the server. If none can be created, each process reports its own metrics."""
    os.environ.pop(_VARIABLE, None)  # inherited from a server that this one replaces
    for place in (os.environ.get("TMPDIR") or "/dev/shm", tempfile.gettempdir()):  # noqa: S108 - mkdtemp picks the name
        with suppress(OSError):
            _remove_abandoned_folders(Path(place))
            if shutil.disk_usage(place).free < _MIN_FREE_BYTES:
                continue  # a process that cannot extend a memory-mapped file is killed
            folder = tempfile.mkdtemp(prefix=_PREFIX, dir=place)
            # The workers inherit the lock, so that it is free only when the last of them has ended.
            fcntl.flock(os.open(folder, os.O_RDONLY), fcntl.LOCK_EX)
            os.environ[_VARIABLE] = folder
            atexit.register(_remove_folder, folder, os.getpid())
            return


def forget_process(pid: int) -> None:
    """Removes the gauges of a process that has ended; its counters are kept."""
    from prometheus_client.multiprocess import mark_process_dead

    if _VARIABLE in os.environ:
        with suppress(OSError):
            mark_process_dead(pid)


def _remove_folder(folder: str, creator: int) -> None:
    if os.getpid() == creator:  # forked workers inherit the exit handler
        shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned_folders(place: Path) -> None:
    """Removes the directories of servers that were killed. A directory that was just created is not locked yet."""
    for folder in place.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                status = os.fstat(descriptor)
                if status.st_uid == os.getuid() and time.time() - status.st_mtime > _ABANDONED_SECONDS:
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(descriptor)
