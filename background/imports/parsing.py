"""Parses a part of an uploaded file. It may take long, so it runs in a thread, without the database."""

from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Literal

from background.imports.column_names import guess_fields
from background.imports.lines import DELIMITERS, Record, UnreadableFile, Window
from background.imports.records import (
    NAMES,
    ImportedRow,
    InvalidRow,
    Problems,
    Resource,
    checked,
    fields_of,
    from_json,
    from_texts,
)
from core.storable import storable_text

Format = Literal["csv", "ndjson"]
MAX_ROWS = 250  # per batch: each locks a name, and PostgreSQL has room for a few thousand locks
_WRONG_ENCODING = "The first row cannot be read in this encoding. Save the file as UTF-8, or choose its encoding."
_MAX_LISTED = 5  # unknown columns that are listed


@dataclass(frozen=True)
class Layout:
    """What the first row of a CSV file says: its delimiter, and the field of each column, None for one to ignore."""

    delimiter: str
    columns: list[str | None]


@dataclass(frozen=True)
class FileFormat:
    """What the file contains. `ignore_unknown` is whether unknown columns and fields are ignored. Of CSV, `columns` are
    the fields of its columns, "" for one to ignore; None if the first row names them."""

    resource: Resource
    format: Format
    ignore_unknown: bool
    columns: list[str] | None = None
    decimal_comma: bool = False


@dataclass
class ParsedBatch:
    """The valid rows of a batch, and the problems of the others by line. `position` and `line` are those of the next
    record."""

    position: int
    line: int
    rows: list[ImportedRow] = field(default_factory=list)
    invalid: dict[int, Problems] = field(default_factory=dict)


def read_layout(file: FileFormat, window: Window) -> Layout:
    """The layout of a CSV file of which the window is the start. Advances the window to the first row with values.
    Raises UnreadableFile."""
    known = fields_of(file.resource)
    delimiter, names = find_header(file.resource, window)
    if file.columns is not None:
        return _assigned_layout(file.columns, window)
    next(window.rows(delimiter))
    unknown = [name for name in names if name not in known]
    if any(name != storable_text(name) for name in unknown):
        raise UnreadableFile(_WRONG_ENCODING)
    if unknown and not file.ignore_unknown:
        raise UnreadableFile(f"Unknown columns: {_listed(unknown)}. The columns can be: {', '.join(known)}.")
    columns = [name if name in known else None for name in names]
    found = [name for name in columns if name is not None]
    if duplicates := [name for name in dict.fromkeys(found) if found.count(name) > 1]:
        raise UnreadableFile(f"These columns are there twice: {_listed(duplicates)}.")
    if NAMES[file.resource][0] not in found:
        raise UnreadableFile(f"There is no column {NAMES[file.resource][0]}.")
    return Layout(delimiter, columns)


def find_header(resource: Resource, window: Window) -> tuple[str, list[str]]:
    """The delimiter of a CSV file of which the window is the start, and the names of its columns. Raises
    UnreadableFile."""
    headers = {delimiter: [name.strip() for name in window.first_row(delimiter)] for delimiter in DELIMITERS}
    # The delimiter that finds most columns.
    delimiter, names = max(
        headers.items(), key=lambda each: (sum(map(bool, guess_fields(resource, each[1]))), len(each[1]))
    )
    if not names:
        raise UnreadableFile("The file has no row with the names of the columns.")
    return delimiter, names


def _assigned_layout(columns: list[str], window: Window) -> Layout:
    """The layout with the fields that the caller has assigned to the columns."""
    for delimiter in DELIMITERS:
        if len(window.first_row(delimiter)) == len(columns):
            next(window.rows(delimiter))
            return Layout(delimiter, [name or None for name in columns])
    raise UnreadableFile(f"The file does not have {len(columns)} columns.")


def parse_batch(file: FileFormat, window: Window, layout: Layout | None) -> ParsedBatch:
    """The next rows of the window, at most MAX_ROWS. Raises UnreadableFile."""
    records = window.rows(layout.delimiter) if layout else window.texts()
    batch = ParsedBatch(window.position, window.line)
    for record in islice(records, MAX_ROWS):
        try:
            batch.rows.append(_read(file, record, layout))
        except InvalidRow as error:
            batch.invalid[record.line] = error.problems
    batch.position, batch.line = window.position, window.line
    return batch


def _read(file: FileFormat, record: Record, layout: Layout | None) -> ImportedRow:
    if record.problem:
        raise InvalidRow([{"path": "$", "message": record.problem}])
    if record.text is not None:
        row = from_json(record.text)
    else:
        row = from_texts(file.resource, _texts(record, layout), decimal_comma=file.decimal_comma)
    return checked(file.resource, _without_unknown(file.resource, row) if file.ignore_unknown else row, record.line)


def _texts(record: Record, layout: Layout | None) -> dict[str, str]:
    """The text of each column."""
    columns, cells = layout.columns if layout else [], record.cells or []
    if len(cells) != len(columns):
        message = f"The row has {len(cells)} values, but there are {len(columns)} columns."
        raise InvalidRow([{"path": "$", "message": message}])
    return {name: cell for name, cell in zip(columns, cells, strict=True) if name is not None}


def _without_unknown(resource: Resource, row: dict[str, Any]) -> dict[str, Any]:
    known = fields_of(resource)
    kept = {name: value for name, value in row.items() if name in known or name == "user"}
    if isinstance(kept.get("user"), dict):
        kept["user"] = {name: value for name, value in kept["user"].items() if f"user.{name}" in known}
    return kept


def _listed(names: list[str]) -> str:
    listed = ", ".join(name[:50] for name in names[:_MAX_LISTED])
    return listed if len(names) <= _MAX_LISTED else f"{listed} and {len(names) - _MAX_LISTED} more"
