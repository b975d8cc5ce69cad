"""One server a folder: a lock that the server's processes inherit, so that it is free only when the last has ended."""

import fcntl
import os
import time
from pathlib import Path

from dev import EmbeddedError

WAIT_SECONDS = 15.0  # for a server whose supervisor was killed to end


class FolderLock:
    """Taken when made; raises EmbeddedError where another has it. `descriptor` is what a process must inherit."""

    def __init__(self, path: Path) -> None:
        self.descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take(path)
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        os.close(self.descriptor)

    def _take(self, path: Path) -> None:
        """The file names the process that took the lock: where that one lives, there is nothing to wait for."""
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                holder = os.pread(self.descriptor, 20, 0).decode(errors="replace").strip()
                if time.monotonic() > deadline or (holder.isdigit() and _lives(int(holder))):
                    raise EmbeddedError(
                        f"Another ICMP uses the database in {path.parent}: stop it, or set ICMP_DATA_DIR to another"
                        " folder."
                    ) from None
                time.sleep(0.05)
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, f"{os.getpid()}\n".encode(), 0)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # it lives, as somebody else's
    return True
