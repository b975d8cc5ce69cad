"""Splits a part of a file into its records: rows of CSV, or lines of NDJSON."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

MAX_RECORD_BYTES = 256 * 1024
DELIMITERS = (",", ";", "\t")
_NOT_CLOSED = "A quotation mark is not closed."
_TOO_LONG = "The row is too long, or a quotation mark is not closed."


class UnreadableFile(Exception):
    """The import cannot continue. The text says why, for the owner."""


@dataclass(frozen=True)
class Record:
    """A row of CSV (`cells`), or a line of NDJSON (`text`), or neither and the `problem` that it has."""

    line: int  # the first one of the record, from 1
    cells: list[str] | None = None
    text: bytes | None = None
    problem: str | None = None


class Window:
    """A part of a file, in UTF-8, that starts with a record.

    `position` (in bytes) and `line` are those of the next record. The data must have more than MAX_RECORD_BYTES, unless
    the file ends with it (`is_end`).
    """

    def __init__(self, data: bytes, position: int, line: int, *, is_end: bool) -> None:
        self.position, self.line = position, line
        self._is_end = is_end
        self._lines = data.splitlines(keepends=True)  # of bytes, so only at \n, \r and \r\n
        # The last line may continue after the window, and a \r may be half of a \r\n.
        if not is_end and self._lines and not self._lines[-1].endswith(b"\n"):
            self._lines.pop()
        self._index = 0  # of the next record's first line
        self._left = sum(map(len, self._lines))  # bytes from there
        if data and (not self._lines or self._is_long_line()):
            raise UnreadableFile(f"Line {line} has more than {MAX_RECORD_BYTES // 1024} KB.")

    def first_row(self, delimiter: str) -> list[str]:
        """The first row of CSV if it has this delimiter, without advancing. Empty if it is not valid."""
        reader = csv.reader(_Feed(self._lines, self._index), delimiter=delimiter, strict=True)
        try:
            return next((row for row in reader if any(row)), [])
        except csv.Error:
            return []

    def rows(self, delimiter: str) -> Iterator[Record]:
        """The rows of CSV, without empty ones. A row that continues after the window is left out."""
        while self._index < len(self._lines) and not self._is_long_line():
            feed, cells, problem = _Feed(self._lines, self._index), None, None
            try:
                cells = next(csv.reader(feed, delimiter=delimiter, strict=True))
            except csv.Error as error:
                problem = _describe(error)
            if problem == _NOT_CLOSED and not self._is_end and self._left <= MAX_RECORD_BYTES:
                return
            if sum(map(len, self._lines[self._index : feed.index])) > MAX_RECORD_BYTES:
                problem = _TOO_LONG
            record = Record(self.line, cells, problem=problem)
            # After a mistake with quotation marks, the next line is probably a row again.
            self._advance(1 if problem else feed.index - self._index)
            if problem or (cells and any(cells)):
                yield record

    def texts(self) -> Iterator[Record]:
        """The lines of NDJSON, without empty ones."""
        while self._index < len(self._lines) and not self._is_long_line():
            record = Record(self.line, text=self._lines[self._index])
            self._advance(1)
            if record.text and record.text.strip():
                yield record

    def _is_long_line(self) -> bool:
        """Whether the next line is so long that other windows would not contain it."""
        return len(self._lines[self._index]) > MAX_RECORD_BYTES

    def _advance(self, lines: int) -> None:
        size = sum(map(len, self._lines[self._index : self._index + lines]))
        self.position += size
        self._left -= size
        self.line += lines
        self._index += lines


class _Feed:
    """Gives the lines to the CSV reader, which takes as many as a row has."""

    def __init__(self, lines: list[bytes], index: int) -> None:
        self._lines = lines
        self.index = index

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        if self.index == len(self._lines):
            raise StopIteration
        self.index += 1
        # Invalid characters become surrogates, which are reported for the row that contains them.
        return self._lines[self.index - 1].decode("utf-8", "surrogateescape")


def _describe(error: csv.Error) -> str:
    text = str(error)
    if "unexpected end of data" in text:
        return _NOT_CLOSED
    if "field larger" in text:
        return _TOO_LONG
    if "expected after" in text:
        return 'A quotation mark in a quoted field must be doubled: "".'
    return "This is not valid CSV."
