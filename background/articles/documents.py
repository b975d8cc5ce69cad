"""What a converted file consists of."""

import codecs
import re
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Format = Literal["markdown", "html", "text", "csv", "docx", "pdf"]
MAX_CHARACTERS = 150_000  # of an article; a longer file becomes several
MAX_ARTICLES = 1_000  # of a file
MAX_TITLE_CHARACTERS = 300
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_LANGUAGE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")
_INVISIBLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")


class UnreadableDocument(Exception):
    """The file cannot be imported. The text says why, for the owner."""


@dataclass(frozen=True)
class Document:
    """An article that a file contains. Its content is Markdown. Without a title, the name of the file is used. `part`
    is set if the file is too long for one article: 1/3 for the first of three."""

    content: str
    title: str | None = None
    language: str | None = None
    tags: list[str] = field(default_factory=list)
    part: str | None = None


@dataclass(frozen=True)
class Converted:
    """The articles of a file, and the rows of CSV that are none, with the reason."""

    documents: list[Document]
    skipped: list[dict[str, Any]] = field(default_factory=list)


def decode(data: bytes, charset: str | None) -> str:
    """The text of a file. Without a byte order mark or a charset, it is UTF-8 or else Windows-1252."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if charset is not None:
        return data.decode(charset, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def clean(text: str) -> str:
    """The text without invisible characters, and with line feeds only."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def clean_title(text: str | None) -> str | None:
    """A title in one line. None if it is empty."""
    return " ".join(clean(text or "").split())[:MAX_TITLE_CHARACTERS] or None


def read_language(tag: str | None) -> str | None:
    """The language of a tag such as `de` or `de-AT`. None if it is not written like that, such as `German`."""
    match = _LANGUAGE.fullmatch((tag or "").strip())
    return match[1].lower() if match else None


def split_document(document: Document) -> list[Document]:
    """The document in parts of at most MAX_CHARACTERS, each of which ends before a heading or a paragraph."""
    parts: list[str] = []
    rest = document.content
    while len(rest) > MAX_CHARACTERS:
        middle, limit = MAX_CHARACTERS // 2, MAX_CHARACTERS
        ends = (rest.rfind(end, middle, limit) for end in ("\n# ", "\n## ", "\n\n", "\n", " "))
        end = next((end for end in ends if end > 0), limit)
        parts.append(rest[:end].strip())
        rest = rest[end:].strip()
    parts.append(rest)
    if len(parts) == 1:
        return [document]
    return [replace(document, content=part, part=f"{number}/{len(parts)}") for number, part in enumerate(parts, 1)]
