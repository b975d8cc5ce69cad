"""PDF: the text of its pages. Headings are those of its outline."""

from collections import defaultdict
from typing import Any

import pypdfium2

from background.articles.documents import Converted, Document, UnreadableDocument, clean, clean_title

_MAX_PAGES = 3_000
_MAX_OUTLINE = 2_000  # entries
_HYPHENS = ("\ufffe", "\x02")  # how the library marks a hyphen at the end of a line


def convert_pdf(data: bytes, _charset: str | None) -> Converted:
    """A PDF file with text. The title is that of its properties."""
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        reason = "is protected by a password" if "password" in str(error).lower() else "is not a valid PDF file"
        raise UnreadableDocument(f"The file {reason}.") from error
    if len(pdf) > _MAX_PAGES:
        raise UnreadableDocument(f"The file has more than {_MAX_PAGES:,} pages. Split it.")
    headings = _headings(pdf)
    pages = [_with_headings(_text_of(pdf, index), headings.get(index, [])) for index in range(len(pdf))]
    content = "\n\n".join(page for page in pages if page)
    if not content.strip():
        raise UnreadableDocument("The file contains no text. Perhaps its pages are scanned; then it needs OCR first.")
    return Converted([Document(content, clean_title(pdf.get_metadata_dict().get("Title")))])


def _text_of(pdf: Any, index: int) -> str:
    try:
        text: str = pdf[index].get_textpage().get_text_range()
    except pypdfium2.PdfiumError:  # the other pages may be readable
        return ""
    for hyphen in _HYPHENS:
        text = text.replace(f"{hyphen}\r\n", "").replace(hyphen, "")
    return clean(text)


def _headings(pdf: Any) -> dict[int, list[tuple[int, str]]]:
    """The level and the text of the headings of each page."""
    headings: dict[int, list[tuple[int, str]]] = defaultdict(list)
    try:
        for count, entry in enumerate(pdf.get_toc(max_depth=6)):
            target, text = entry.get_dest(), clean_title(entry.get_title())
            if count >= _MAX_OUTLINE:
                break
            if target is not None and text and target.get_index() is not None:
                headings[target.get_index()].append((entry.level + 1, text))
    except pypdfium2.PdfiumError:
        return {}
    return headings


def _with_headings(text: str, headings: list[tuple[int, str]]) -> str:
    """The text of a page in which the lines of its headings are marked. One that is no line starts the page."""
    lines = text.split("\n")
    places = {" ".join(line.split()).casefold(): index for index, line in reversed(list(enumerate(lines)))}
    start: list[str] = []
    for level, heading in headings:
        index = places.get(heading.casefold())
        if index is None:
            start.append(f"{'#' * level} {heading}")
        else:
            lines[index] = f"\n{'#' * level} {heading}\n"
    return "\n\n".join([*start, "\n".join(lines)]).strip()
