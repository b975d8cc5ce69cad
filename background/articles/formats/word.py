"""DOCX: paragraphs, headings, lists and tables."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import docx
from docx.table import Table

from background.articles.documents import Converted, Document, UnreadableDocument, clean, clean_title

_MAX_UNPACKED_BYTES = 100 * 1024 * 1024
_MAX_PARTS = 5_000
_HEADING = re.compile(r"heading ([1-6])", re.IGNORECASE)
_CORRUPT = "The file is not a valid DOCX file."


def convert_docx(data: bytes, _charset: str | None) -> Converted:
    """A DOCX file. The title is its first paragraph of that style, otherwise that of its properties."""
    _check_size(data)
    try:
        word_file: Any = docx.Document(io.BytesIO(data))
        lines = list(_lines(word_file))
        own_title = word_file.core_properties.title
    except UnreadableDocument:
        raise
    except Exception as error:  # the library raises whatever the file leads to
        raise UnreadableDocument(_CORRUPT) from error
    titles = [text for kind, text in lines if kind == "title"]
    content = "\n\n".join(text for kind, text in lines if kind != "title")
    return Converted([Document(clean(content), clean_title(titles[0] if titles else own_title))])


def _check_size(data: bytes) -> None:
    """Raises UnreadableDocument for a file that is not a ZIP file, or is too large when unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise UnreadableDocument(_CORRUPT) from error
    # No entry unpacks to more bytes than it declares: then reading it fails.
    if len(entries) > _MAX_PARTS or sum(entry.file_size for entry in entries) > _MAX_UNPACKED_BYTES:
        raise UnreadableDocument(f"The file has more than {_MAX_UNPACKED_BYTES // 1024 // 1024} MB when unpacked.")


def _lines(word_file: Any) -> Iterator[tuple[str, str]]:
    """The kind and the text of each paragraph and table."""
    for block in word_file.iter_inner_content():
        if isinstance(block, Table):
            rows = (" | ".join(_cells(row)) for row in block.rows)
            yield "table", "\n".join(row for row in rows if row.strip(" |"))
            continue
        text, style = block.text.strip(), str(block.style.name) if block.style is not None else ""
        heading = _HEADING.fullmatch(style)
        if not text:
            continue
        if heading:
            yield "heading", f"{'#' * int(heading[1])} {' '.join(text.split())}"
        elif style == "Title":
            yield "title", text
        else:
            yield "text", f"- {text}" if style.startswith("List") else text


def _cells(row: Any) -> Iterator[str]:
    """The texts of a row. Merged cells are listed once."""
    previous = None
    for cell in row.cells:
        if cell is not previous:
            yield " ".join(cell.text.split())
        previous = cell
