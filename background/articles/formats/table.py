"""CSV: one article per row. The first row names the columns."""

import csv
import io

from background.articles.documents import (
    MAX_ARTICLES,
    MAX_CHARACTERS,
    Converted,
    Document,
    UnreadableDocument,
    clean,
    clean_title,
    decode,
    read_language,
)
from core.names import has_visible_character
from core.tags import MAX_LENGTH, normalise_tag

_DELIMITERS = (",", ";", "\t")
# The column of each field, by the names that exports of help desks use.
_NAMES = {
    "title": ["title", "question", "heading", "subject", "name", "titel", "frage", "título", "titulo", "pregunta"],
    "content": [
        "content",
        "answer",
        "text",
        "body",
        "article",
        "description",
        "inhalt",
        "antwort",
        "contenido",
        "respuesta",
        "texto",
    ],
    "language": ["language", "lang", "locale", "sprache", "idioma"],
    "tags": [
        "tags",
        "tag",
        "category",
        "categories",
        "labels",
        "kategorie",
        "kategorien",
        "categoría",
        "categoria",
        "categorías",
    ],
}


def convert_csv(data: bytes, charset: str | None) -> Converted:
    """CSV with the columns `title` (or `question`) and `content` (or `answer`), and perhaps `language` and `tags`."""
    text = decode(data, charset).replace("\x00", "")
    first_line = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=lambda each: (len(_columns(first_line, each)), first_line.count(each)))
    columns = _columns(first_line, delimiter)
    if not {"title", "content"} <= columns.keys():
        raise UnreadableDocument(
            "The first row must name the columns: title (or question) and content (or answer), perhaps also language"
            " and tags."
        )
    converted = Converted([])
    csv.field_size_limit(MAX_CHARACTERS * 2)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    next(reader)
    line = reader.line_num + 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _read(cells, columns, line, converted)
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableDocument(f"Line {line} is not valid CSV.") from error
    return converted


def _columns(first_line: str, delimiter: str) -> dict[str, int]:
    """The index of each field's column."""
    names = [name.strip().casefold() for name in next(csv.reader([first_line], delimiter=delimiter), [])]
    found = {field: [names.index(name) for name in known if name in names] for field, known in _NAMES.items()}
    return {field: indexes[0] for field, indexes in found.items() if indexes}


def _read(cells: list[str], columns: dict[str, int], line: int, converted: Converted) -> None:
    values = {field: cells[index] if index < len(cells) else "" for field, index in columns.items()}
    title, content = clean_title(values["title"]), clean(values["content"])
    tags = [tag.strip() for tag in values.get("tags", "").replace(";", ",").split(",") if tag.strip()]
    problem = None
    if title is None or not has_visible_character(title):
        problem = "There is no title."
    elif not content:
        problem = "There is no content."
    elif None in map(normalise_tag, tags):
        problem = f"A tag has more than {MAX_LENGTH} characters, or characters that are not allowed."
    if len(content) > MAX_CHARACTERS:
        problem = f"The content has more than {MAX_CHARACTERS:,} characters."
    if problem:
        converted.skipped.append({"line": line, "message": problem})
        return
    if len(converted.documents) == MAX_ARTICLES:
        raise UnreadableDocument(f"The file has more than {MAX_ARTICLES:,} articles. Split it.")
    converted.documents.append(Document(content, title, read_language(values.get("language")), tags))
