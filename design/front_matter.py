"""Markdown files with fields at their start, between two lines of three hyphens."""

from typing import Any

from design.yaml_files import Document, YamlError, read_yaml, write_yaml

_FENCE = "---"
_BOM = "\ufeff"


def write_markdown(fields: dict[str, Any], content: str) -> str:
    """The text of a file, from which `read_markdown` reads exactly the same content."""
    if not fields and not content.startswith((_FENCE, _BOM)):
        return f"{content}\n"
    return f"{_FENCE}\n{write_yaml(fields) if fields else ''}{_FENCE}\n{content}\n"


def read_markdown(text: str) -> Document:
    """The fields of a file together with its `content`, without the line break at the end. Raises YamlError."""
    text = text.removeprefix(_BOM)
    first, _, rest = text.partition("\n")
    if first.rstrip("\r") != _FENCE:
        return Document({"content": _without_last_break(text)}, {"$": 1, "$.content": 1})
    lines = rest.split("\n")
    ends = [number for number, line in enumerate(lines) if line.rstrip("\r") == _FENCE]
    if not ends:
        raise YamlError(1, "The fields at the start must end with a line of three hyphens.")
    end = ends[0]
    document = read_yaml("".join(f"{line}\n" for line in lines[:end]), first_line=2)
    fields = {} if document.value is None else document.value
    if not isinstance(fields, dict):
        raise YamlError(2, "Must be fields with their values, such as `title: Returns`.")
    if "content" in fields:
        raise YamlError(document.lines["$.content"], "The content follows after the fields.")
    content = _without_last_break("\n".join(lines[end + 1 :]))
    return Document({**fields, "content": content}, {**document.lines, "$": 1, "$.content": end + 3})


def _without_last_break(text: str) -> str:
    return text.removesuffix("\n")
