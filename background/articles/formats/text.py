"""Plain text and Markdown, which are kept as they are."""

import re

from background.articles.documents import Converted, Document, clean, clean_title, decode, read_language

_HEADING = re.compile(r"#\s+(.*?)[\s#]*")
_PROPERTY = re.compile(r"(title|language|lang)\s*:\s*(.*)", re.IGNORECASE)


def convert_text(data: bytes, charset: str | None) -> Converted:
    """Plain text."""
    return Converted([Document(clean(decode(data, charset)))])


def convert_markdown(data: bytes, charset: str | None) -> Converted:
    """Markdown. The title is that of the front matter, otherwise the first heading, if the text starts with one."""
    text, properties = _without_front_matter(clean(decode(data, charset)))
    first = text.partition("\n")[0]
    heading = _HEADING.fullmatch(first)
    title = clean_title(properties.get("title")) or clean_title(heading[1] if heading else None)
    language = properties.get("language") or properties.get("lang")
    return Converted([Document(text, title, read_language(language))])


def _without_front_matter(text: str) -> tuple[str, dict[str, str]]:
    """The text without the properties that some editors write at its start, and the ones of them that are used."""
    if not text.startswith("---\n"):
        return text, {}
    head, mark, rest = text[4:].partition("\n---\n")
    if not mark:
        return text, {}
    found = (_PROPERTY.fullmatch(line.strip()) for line in head.split("\n"))
    return rest.strip(), {match[1].lower(): match[2].strip(" \"'") for match in found if match}
