"""Who the server's processes run as: PostgreSQL refuses to be root.

Where ICMP is root, they are the data's owner, at first `nobody`. He may enter neither root's home nor a folder of mode
0700, so that a folder is handed over to him as an open descriptor (`/proc/self/fd/N`), which needs no path to it.
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
    """The owner of the data in a folder. Raises EmbeddedError where there can be none."""

    def __init__(self, folder: Path, data: Path) -> None:
        self._folder = folder
        self.other = _choose_owner(data) if os.geteuid() == 0 else None  # uid and gid, where not the caller

    def arguments(self) -> dict[str, Any]:
        """Arguments of subprocess: who the process is, and an environment without the caller's secrets."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        if self.other is None:
            return {"env": environment, "cwd": self._folder}
        uid, gid = self.other
        return {"env": environment, "cwd": "/", "user": uid, "group": gid, "extra_groups": []}

    def give(self, file: int | Path) -> None:
        if self.other is not None:
            os.chown(file, *self.other)

    @contextmanager
    def handed_over(self, folder: Path) -> Iterator[tuple[str, list[int]]]:
        """The path by which the process opens a folder, and the descriptors that it must inherit for that."""
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
            "As root the embedded PostgreSQL needs Linux: start ICMP as an ordinary user, or set DATABASE_URL."
        )
    if data.is_dir() and (found := data.stat()).st_uid != 0:
        return found.st_uid, found.st_gid
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "As root the embedded PostgreSQL runs as the user nobody, whom this machine does not know: start ICMP as an"
            " ordinary user, or set DATABASE_URL."
        ) from None
    return nobody.pw_uid, nobody.pw_gid
