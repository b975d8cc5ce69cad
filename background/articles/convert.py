"""The process that converts one file: `python -m background.articles.convert <format> <charset>`.

Reads the file from the standard input, and writes a JSON object: `documents` and `skipped`, or `problem`. It limits its
own memory and processor time first, because a file may be made to exhaust them.
"""

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module
from typing import Any

from background.articles.documents import MAX_ARTICLES, Converted, UnreadableDocument, split_document

MAX_MEMORY_BYTES = 1024 * 1024 * 1024
MAX_PROCESSOR_SECONDS = 45
_CONVERTERS = {
    "markdown": ("text", "convert_markdown"),
    "text": ("text", "convert_text"),
    "html": ("html", "convert_html"),
    "csv": ("table", "convert_csv"),
    "docx": ("word", "convert_docx"),
    "pdf": ("pdf", "convert_pdf"),
}


def convert(data: bytes, file_format: str, charset: str | None) -> dict[str, Any]:
    """The articles of a file as JSON, or the problem that it has."""
    module, name = _CONVERTERS[file_format]
    converter: Callable[[bytes, str | None], Converted] = getattr(
        import_module(f"background.articles.formats.{module}"), name
    )
    try:
        converted = converter(data, charset)
        documents = [part for document in converted.documents for part in split_document(document)]
        if not documents or not any(document.content or document.title for document in documents):
            raise UnreadableDocument("The file contains no text.")
        if len(documents) > MAX_ARTICLES:
            raise UnreadableDocument(f"The file has more than {MAX_ARTICLES:,} articles. Split it.")
    except UnreadableDocument as error:
        return {"problem": str(error)}
    return {"documents": [asdict(document) for document in documents], "skipped": converted.skipped}


def main() -> None:
    """Convert the standard input."""
    file_format, charset = sys.argv[1], sys.argv[2] or None
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_PROCESSOR_SECONDS, MAX_PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    data = sys.stdin.buffer.read()
    sys.stdout.write(json.dumps(convert(data, file_format, charset)))


if __name__ == "__main__":
    main()
