"""The user that runs the embedded server: PostgreSQL refuses to run as root.

When ICMP runs as root, the server runs as the owner of the data, which is `nobody` for new data. That user cannot enter
root's home or a directory with mode 0700. Directories are therefore passed as open descriptors (`/proc/self/fd/N`).
"""

import os
import pwd
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dev import EmbeddedError


class RunAs:
    """The user for the data in a directory. Raises EmbeddedError if there is none."""

    def __init__(self, folder: Path, data: Path) -> None:
        self._folder = folder
        self.other = _choose_owner(data) if os.geteuid() == 0 else None  # uid and gid, if not the current user

    def arguments(self) -> dict[str, Any]:
        """Arguments for subprocess: the user, and an environment without the secrets of this process."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        if self.other is None:
            return {"env": environment, "cwd": self._folder}
        uid, gid = self.other
        return {"env": environment, "cwd": "/", "user": uid, "group": gid, "extra_groups": []}

    def give(self, file: int | Path) -> None:
        """Makes the user the owner of a file or directory."""
        if self.other is not None:
            os.chown(file, *self.other)

    @contextmanager
    def passed_directory(self, folder: Path) -> Iterator[tuple[str, list[int]]]:
        """The path under which the process can open a directory, and the descriptors that it must inherit for that."""
        if self.other is None:
            yield str(folder), []
            return
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            yield f"/proc/self/fd/{descriptor}", [descriptor]
        finally:
            os.close(descriptor)


def _choose_owner(data: Path) -> tuple[int, int]:
    if sys.platform != "linux":
        raise EmbeddedError(
            "As root, the embedded PostgreSQL needs Linux: start ICMP as an ordinary user, or set DATABASE_URL."
        )
    if data.is_dir() and (found := data.stat()).st_uid != 0:
        return found.st_uid, found.st_gid
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "When started by root, the embedded PostgreSQL runs as the user nobody, who does not exist on this machine:"
            " start ICMP as an ordinary user, or set DATABASE_URL."
        ) from None
    return nobody.pw_uid, nobody.pw_gid
