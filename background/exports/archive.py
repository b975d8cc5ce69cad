"""A ZIP archive that is written piece by piece, and is never as a whole in memory."""

import zipfile
from collections.abc import Iterable


class _Pieces:
    """Collects what is written until it is taken. It cannot seek, so the archive is written in one pass."""

    def __init__(self) -> None:
        self.data = bytearray()

    def write(self, data: bytes, /) -> int:
        self.data += data
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass


class Archive:
    """An archive of files with one JSON value per line."""

    def __init__(self) -> None:
        self._pieces = _Pieces()
        self._zip = zipfile.ZipFile(self._pieces, "w", zipfile.ZIP_DEFLATED)
        self._is_closed = False

    def add_text(self, name: str, text: str) -> None:
        """Add a whole file."""
        self._zip.writestr(name, text)

    def begin_file(self, name: str) -> None:
        """Start a file."""
        self._entry = self._zip.open(name, "w", force_zip64=True)

    def add_lines(self, lines: Iterable[str]) -> None:
        """Add lines to the file that was started last."""
        self._entry.write("".join(f"{line}\n" for line in lines).encode())

    def end_file(self) -> None:
        """Complete the file that was started last."""
        self._entry.close()

    def close(self) -> None:
        """Complete the archive."""
        self._zip.close()
        self._is_closed = True

    def take(self, size: int) -> bytes:
        """The next `size` bytes of the archive; empty if there are less, unless the archive is closed."""
        data = self._pieces.data
        if len(data) < size and not self._is_closed:
            return b""
        taken = bytes(data[:size])
        del data[:size]
        return taken
