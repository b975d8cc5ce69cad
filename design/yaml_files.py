"""Reads and writes YAML files that contain what JSON can contain: no anchors, no tags, no dates.

The values `true`, `false`, `null` and numbers are as in YAML 1.2, so that `no` and `10:30` are texts. Texts that
another reader would take for something else are written in quotes.
"""

import re
from dataclasses import dataclass
from typing import Any

import yaml

MAX_DEPTH = 50
MAX_VALUES = 50_000  # of a file
_MAX_PATHS = 10_000_000  # characters of all paths together, which long names in many levels make long

_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"[-+]?[0-9]{1,300}")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_]*")
_OTHER_LINE_BREAKS = re.compile("[\x85\u2028\u2029]")
_WIDTH = 1_000_000  # no line is wrapped: a changed word changes one line
_Parser: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(Exception):
    """A file that cannot be read. `line` starts at 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


@dataclass(frozen=True)
class Document:
    """The value of a file, and the line of each value in it by its path, such as `$.agents[0].conditions`."""

    value: Any
    lines: dict[str, int]


def read_yaml(text: str, first_line: int = 1) -> Document:
    """Raises YamlError. `first_line` is the line of the text in its file."""
    reader = _Reader(first_line)
    try:
        for event in yaml.parse(text, Loader=_Parser):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line if error.problem_mark else 0
        raise YamlError(first_line + line, f"Not valid YAML: {error.problem}.") from error
    except yaml.YAMLError as error:  # a character that YAML does not allow
        raise YamlError(first_line, "Not valid YAML: it contains a control character.") from error
    return Document(reader.value, {"$": first_line, **reader.lines})


def write_yaml(value: Any) -> str:
    """The text of a file, which `read_yaml` reads as the same value."""
    return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH))


@dataclass
class _Open:
    """A list or an object whose end has not been read. `key` is the one whose value comes next."""

    value: Any
    path: str
    key: str | None = None


class _Reader:
    """Builds a value from the events of the parser, without recursion."""

    def __init__(self, first_line: int) -> None:
        self.value: Any = None
        self.lines: dict[str, int] = {}
        self._first_line = first_line
        self._open: list[_Open] = []
        self._documents = 0
        self._path_length = 0

    def take(self, event: Any) -> None:
        line = self._first_line + event.start_mark.line
        if isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise YamlError(line, "A file contains one document only.")
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlError(line, "Anchors and aliases are not supported.")
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.NodeEvent):
            self._take_value(event, line)

    def _take_value(self, event: Any, line: int) -> None:
        parent = self._open[-1] if self._open else None
        if parent is not None and isinstance(parent.value, dict) and parent.key is None:
            self._take_key(parent, event, line)
            return
        if event.tag is not None and event.tag != "!":
            raise YamlError(line, "Tags are not supported.")
        path = self._path_of_next(parent)
        value = _scalar(event) if isinstance(event, yaml.ScalarEvent) else _empty(event)
        self.lines.setdefault(path, line)
        self._path_length += len(path)
        if self._path_length > _MAX_PATHS:
            raise YamlError(line, "The names of nested fields are too long.")
        if len(self.lines) > 2 * MAX_VALUES:
            raise YamlError(line, f"A file contains at most {MAX_VALUES:,} values.")
        if parent is None:
            self.value = value
        elif isinstance(parent.value, list):
            parent.value.append(value)
        else:
            parent.value[parent.key], parent.key = value, None
        if not isinstance(event, yaml.ScalarEvent):
            self._open.append(_Open(value, path))
            if len(self._open) > MAX_DEPTH:
                raise YamlError(line, f"Nested more than {MAX_DEPTH} levels deep.")

    def _take_key(self, parent: _Open, event: Any, line: int) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            raise YamlError(line, "The name of a field must be text.")
        if event.value in parent.value:
            raise YamlError(line, f"Duplicate field: {event.value[:100]}.")
        parent.key = event.value
        # Errors of our own checks have paths of the first form.
        self.lines[f"{parent.path}.{event.value}"] = line
        self.lines[_below(parent.path, event.value)] = line

    @staticmethod
    def _path_of_next(parent: _Open | None) -> str:
        if parent is None:
            return "$"
        return f"{parent.path}[{len(parent.value)}]" if parent.key is None else _below(parent.path, parent.key)


def _below(path: str, key: str) -> str:
    """The path of a field as in the errors of `jsonschema`."""
    if _NAME.fullmatch(key):
        return f"{path}.{key}"
    escaped = key.replace("\\", "\\\\").replace("'", r"\'")
    return f"{path}['{escaped}']"


def _empty(event: Any) -> Any:
    return {} if isinstance(event, yaml.MappingStartEvent) else []


def _scalar(event: Any) -> Any:
    text = event.value
    if not event.implicit[0]:  # in quotes, or a block of text
        return text
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, _data: Any) -> bool:
        """Equal parts are written twice: anchors are not supported."""
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    if _OTHER_LINE_BREAKS.search(text):  # which YAML would read as other characters
        style: str | None = '"'
    else:
        style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
# Texts that only YAML 1.2 takes for numbers need quotes too.
_DIGITS = list("-+.0123456789")
_Dumper.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(f"^(?:{_INTEGER.pattern})$"), _DIGITS)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(f"^(?:{_NUMBER.pattern})$"), _DIGITS)
