"""A disk that is too small."""

import resource
import subprocess
from pathlib import Path

from tests.support.os_users import OsUser


class small_disk:  # noqa: N801 - a context manager
    """A disk of 24 MB if root can mount one, otherwise a file size limit of 4 MB: initdb needs more of both."""

    def __init__(self, os_user: OsUser, folder: Path) -> None:
        self._folder = folder
        self._mounts = os_user.is_root

    def __enter__(self) -> dict[str, object]:
        if self._mounts:
            self._folder.mkdir()
            mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(self._folder)]
            self._mounts = subprocess.run(mount, check=False, capture_output=True).returncode == 0
        if self._mounts:
            return {}
        limit = 4_000_000
        return {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))}

    def __exit__(self, *exc: object) -> None:
        if self._mounts:
            subprocess.run(["umount", str(self._folder)], check=True)
