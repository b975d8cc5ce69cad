"""Imports of files as articles."""

from collections.abc import Callable
from pathlib import PurePath
from typing import Any, cast

from flask import Blueprint, Response, g, jsonify, request

from auth import require_business_api_key
from background.articles import conversion
from background.articles.documents import Document, Format
from background.imports.uploads import find_encoding
from core.context import current_context
from core.errors import InvalidRequest, PayloadTooLarge
from core.names import has_visible_character
from routes.articles import (
    MAX_PASSAGES,
    Prepared,
    complete_article,
    insert_article,
    prepare_article,
    too_many_passages,
)
from routes.decorators import accepts_query, accepts_stream, returns
from routes.editing import audit

blueprint = Blueprint("article_imports", __name__)

_FORMATS: dict[str, Format | None] = {
    "text/markdown": "markdown",
    "text/html": "html",
    "text/plain": "text",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/pdf": "pdf",
    "application/octet-stream": None,  # then the extension of the file's name
}
_EXTENSIONS: dict[str, Format] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".txt": "text",
    ".csv": "csv",
    ".docx": "docx",
    ".pdf": "pdf",
}


@blueprint.post("/articles/import")
@require_business_api_key
@accepts_query("articles_import_query")
@accepts_stream(*_FORMATS, max_kb=conversion.MAX_BYTES // 1024)
@returns(201, "articles_imported", also=(409,))
def import_articles(query: dict[str, Any], read: Callable[[int], bytes]) -> tuple[Response, int]:
    """Create the articles of a Markdown, HTML, text, CSV, DOCX or PDF file of up to 20 MB.

    A file is one article, or several if it is long. Each row of a CSV file is an article, with the columns `title` and
    `content`, and perhaps `language` and `tags`. If the file cannot be read, nothing is created."""
    file_name = query.get("file_name")
    file_format = _FORMATS[request.mimetype] or _format_of(file_name)
    charset = find_encoding(request.mimetype_params.get("charset"))
    documents, skipped = conversion.convert_file(_receive(read), file_format, charset)
    created = _prepare([_article(document, query) for document in documents])
    with current_context().database.transaction() as conn:
        rows = []
        for each in created:
            article_id = insert_article(conn, g.business_id, each)
            audit(conn, g.business_id, "create", "article", article_id, ["content", "file_name", "title"])
            rows.append({"article_id": article_id, "title": each.values["title"], "passages": len(each.split)})
    current_context().jobs.wake_up()
    return jsonify({"articles": rows, "skipped": skipped}), 201


def _prepare(articles: list[dict[str, Any]]) -> list[Prepared]:
    """Raises the error about too many passages early, because splitting a file of 20 MB takes minutes."""
    prepared: list[Prepared] = []
    for values in articles:
        prepared.append(prepare_article(values, embeds=False))
        if sum(len(each.split) for each in prepared) > MAX_PASSAGES:
            raise too_many_passages()
    return prepared


def _receive(read: Callable[[int], bytes]) -> bytes:
    data = bytearray()
    while piece := read(64 * 1024):
        data += piece
        if len(data) > conversion.MAX_BYTES:
            raise PayloadTooLarge(f"The file has more than {conversion.MAX_BYTES // 1024 // 1024} MB.")
    if not data:
        raise InvalidRequest.at("$", "The file is empty.")
    return bytes(data)


def _format_of(file_name: str | None) -> Format:
    extension = PurePath(file_name or "").suffix.lower()
    if extension not in _EXTENSIONS:
        known = ", ".join(_EXTENSIONS)
        raise InvalidRequest.at("$.file_name", f"Must end with one of {known}, or send the type of the file.")
    return _EXTENSIONS[extension]


def _article(document: Document, query: dict[str, Any]) -> dict[str, Any]:
    """The columns of an article of the file."""
    file_name = cast(str | None, query.get("file_name"))
    title = document.title or PurePath(file_name or "").stem or "Untitled"
    title = f"{title[:280]} ({document.part})" if document.part else title
    if not has_visible_character(title):
        raise InvalidRequest.at("$", "The title has no visible character.")
    return complete_article(
        {
            "title": title,
            "content": document.content,
            "language": query.get("language") or document.language,
            "tags": [*([query["tag"]] if "tag" in query else []), *document.tags][:20],
            "file_name": file_name,
        }
    )
