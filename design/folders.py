"""The files of a design in a folder."""

from collections.abc import Mapping
from pathlib import Path

from design.archives import MAX_FILE_BYTES, is_known

_PARTS = ("business.yaml", "variables.yaml", "agents.yaml", "summary.md", "stages", "articles", "tests")


class FolderError(Exception):
    """A folder that cannot be read or written."""


def read_folder(folder: Path) -> dict[str, str]:
    """The text of each file of the design by its path. Other files at the top of the folder, such as a README, and
    hidden files are left out. Raises FolderError."""
    paths = _paths(folder)
    if folder / "business.yaml" not in paths:
        raise FolderError(f"{folder} contains no business.yaml. Get the files with `pull` first.")
    found: dict[str, str] = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        if path.stat().st_size > MAX_FILE_BYTES:
            raise FolderError(f"{name} has more than {MAX_FILE_BYTES // 1024} KB.")
        raw = path.read_bytes()
        try:
            found[name] = raw.decode()
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            raise FolderError(f"{name}:{line}: The file is not valid UTF-8.") from error
    return found


def write_folder(folder: Path, files: Mapping[str, str]) -> list[str]:
    """Make the folder contain these files of a design. Returns the paths of those that were written or deleted; files
    that do not belong to a design stay. Raises FolderError."""
    unknown = [path for path in files if not is_known(path)]
    if unknown:
        raise FolderError(f"The server sent a file with an unknown path: {unknown[0][:100]!r}.")
    present = {name: path for path in _paths(folder) if is_known(name := path.relative_to(folder).as_posix())}
    if present and "business.yaml" not in present:
        raise FolderError(
            f"{folder} contains {next(iter(present))}, but no business.yaml, so it is not the folder of a design."
        )
    changed = []
    for name, path in present.items():
        if name not in files:
            path.unlink()
            changed.append(name)
            if path.parent != folder and not any(path.parent.iterdir()):
                path.parent.rmdir()
    for name, text in files.items():
        path, raw = folder / name, text.encode()
        if not path.is_file() or path.read_bytes() != raw:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
            changed.append(name)
    return sorted(changed)


def _paths(folder: Path) -> list[Path]:
    """Files that may belong to a design. Links are refused: through them, a folder that somebody else has changed would
    read or write files elsewhere."""
    found = []
    for part in _PARTS:
        path = folder / part
        for each in (path, *path.rglob("*")):
            if each.is_symlink():
                raise FolderError(f"{each.relative_to(folder).as_posix()} is a symbolic link, which is not supported.")
            if each.is_file():
                found.append(each)
    return sorted(path for path in found if not any(name.startswith(".") for name in path.relative_to(folder).parts))
