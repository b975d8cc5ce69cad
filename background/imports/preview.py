"""Shows the start of a CSV file before it is imported: its encoding, its columns with the fields that they seem to
contain, and its first rows."""

import codecs
import io
import re
from collections.abc import Callable
from itertools import islice
from typing import Any

from background.imports.column_names import guess_fields
from background.imports.lines import Window
from background.imports.parsing import find_header
from background.imports.records import Resource, fields_of, required_fields
from background.imports.uploads import MAX_BYTES, read_chunks, starts_with_mark
from core.errors import PayloadTooLarge

_SAMPLE_BYTES = 512 * 1024  # of the file as it is sent
_READ_BYTES = 64 * 1024
_MAX_ROWS = 10
_MAX_CELL = 200  # characters of a cell that are shown
_WITH_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),\d{1,2}")


def preview(resource: Resource, read: Callable[[int], bytes], charset: str | None) -> dict[str, Any]:
    """What `POST /imports/preview` returns of the file that `read` returns in pieces. Only the start of a large file is
    looked at, except for its encoding. Raises UnreadableFile, PayloadTooLarge, and InvalidRequest for an unknown
    charset."""
    sample, is_whole, is_utf8 = _read_sample(read)
    encoding = charset or ("utf-8" if is_utf8 or starts_with_mark(sample) else "windows-1252")
    data = b"".join(read_chunks(io.BytesIO(sample).read, encoding))
    window = Window(data, 0, 1, is_end=is_whole)
    delimiter, names = find_header(resource, window)
    records = window.rows(delimiter)
    next(records, None)
    rows = [list(map(_shown, record.cells)) for record in islice(records, _MAX_ROWS) if record.cells]
    guesses = guess_fields(resource, names)
    required = required_fields(resource)
    return {
        "encoding": encoding,
        "delimiter": delimiter,
        "decimal_comma": _has_decimal_comma(resource, guesses, rows),
        "columns": [{"name": _shown(name), "field": field} for name, field in zip(names, guesses, strict=True)],
        "rows": rows,
        "fields": [{"field": field, "required": field in required} for field in fields_of(resource)],
    }


def _read_sample(read: Callable[[int], bytes]) -> tuple[bytes, bool, bool]:
    """The start of the file, whether that is all of it, and whether all of it is valid UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    sample, size, is_utf8 = bytearray(), 0, True
    while piece := read(_READ_BYTES):
        size += len(piece)
        if size > MAX_BYTES:
            raise PayloadTooLarge(f"The file has more than {MAX_BYTES // 1024 // 1024} MB.")
        sample += piece[: max(0, _SAMPLE_BYTES - len(sample))]
        if is_utf8:
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                is_utf8 = False
    # A character may be cut off at the end, because clients may send only the start of the file.
    return bytes(sample), size <= len(sample), is_utf8


def _has_decimal_comma(resource: Resource, fields: list[str | None], rows: list[list[str]]) -> bool:
    """Whether numbers seem to be written like 1.234,50."""
    known = fields_of(resource)
    numbers = [at for at, field in enumerate(fields) if field and "number" in known[field].get("type", "")]
    return any(_WITH_COMMA.fullmatch(row[at].strip()) for row in rows for at in numbers if at < len(row))


def _shown(text: str) -> str:
    """The start of a text, with a question mark for each byte that is not valid in the encoding."""
    return text[:_MAX_CELL].encode("utf-8", "replace").decode()
