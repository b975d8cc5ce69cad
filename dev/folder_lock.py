"""Ensures one server per directory, with a lock that all processes of the server inherit and that is free only when the
last of them has ended."""

import fcntl
import os
import time
from pathlib import Path

from dev import EmbeddedError

WAIT_SECONDS = 15.0  # for the end of a server whose parent was killed


class FolderLock:
    """Acquired on creation; raises EmbeddedError if another server holds it. Child processes inherit `descriptor`."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._acquire(path)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Closes the descriptor of this process."""
        os.close(self.descriptor)

    def _acquire(self, path: Path) -> None:
        """Does not wait for a holder that is still alive; the file contains its process ID."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = os.pread(self.descriptor, 20, 0).decode(errors="replace").strip()
                if time.monotonic() > deadline or (holder.isdigit() and _is_alive(int(holder))):
                    raise EmbeddedError(
                        f"Another ICMP uses the database in {path.parent}: stop it, or set ICMP_DATA_DIR to another"
                        " directory."
                    ) from None
                time.sleep(0.05)
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, f"{os.getpid()}\n".encode(), 0)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it is alive and belongs to another user
    return True
