"""ZIP archives with the files of a design."""

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Mapping

from design.problems import Place, Problems

MAX_FILES = 5_000
MAX_FILE_BYTES = 1024 * 1024
MAX_BYTES = 10 * 1024 * 1024  # of all files together
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others are not unpacked in small steps
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the same files are the same archive
_KNOWN = re.compile(
    r"(?:business|variables|agents)\.yaml|summary\.md"
    r"|stages/[^/\\\0]+/(?:stage\.yaml|selection\.md|extraction\.md|response\.md)"
    r"|articles/[^/\\\0]+\.md|tests/[^/\\\0]+\.yaml"
)


def is_known(path: str) -> bool:
    """Whether a file with this path belongs to a design."""
    return bool(_KNOWN.fullmatch(path)) and not {".", ".."} & set(path.split("/")) and len(path) <= 300


def write_archive(files: Mapping[str, str]) -> bytes:
    """The archive of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(zipfile.ZipInfo(path, _FIRST_DAY), text.encode(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def read_archive(raw: bytes) -> dict[str, str]:
    """The files of an archive. Nothing is written to the disk. Raises InvalidRequest, also for what is too large when
    unpacked, whatever sizes the archive claims."""
    problems = Problems()
    files: dict[str, str] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            _read_entries(archive, files, problems)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        problems.add(Place("archive"), "This is not a ZIP archive that can be read.")
    problems.refuse()
    return files


def _read_entries(archive: zipfile.ZipFile, files: dict[str, str], problems: Problems) -> None:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES:
        problems.add(Place("archive"), f"Contains more than {MAX_FILES:,} files.")
        return
    left = MAX_BYTES
    for entry in entries:
        place = Place(entry.filename[:300])
        if entry.filename in files:
            problems.add(place, "The archive contains this file twice.")
            continue
        if not is_known(entry.filename):
            problems.add(place, "Unknown file.")
            continue
        if stat.S_ISLNK(entry.external_attr >> 16):
            problems.add(place, "Symbolic links are not supported.")
            continue
        if entry.compress_type not in _METHODS:
            problems.add(place, "This method of compression is not supported.")
            continue
        with archive.open(entry) as file:
            content = file.read(min(MAX_FILE_BYTES, left) + 1)
        left -= len(content)
        if len(content) > MAX_FILE_BYTES or left < 0:
            problems.add(place, "Too large." if left >= 0 else f"All files have more than {MAX_BYTES // 1024**2} MB.")
            return
        try:
            files[entry.filename] = content.decode()
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
            problems.add(Place(entry.filename, {"$": line}), "The file is not valid UTF-8.")
