"""What is wrong with the files of a design, with file and line."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from core.errors import InvalidRequest

MAX_PROBLEMS = 100


@dataclass(frozen=True)
class Place:
    """A part of a file: `lines` are the line numbers of all values of the file by path. `prefix` is the path of the
    part, which the paths of errors follow."""

    file: str
    lines: Mapping[str, int] = field(default_factory=dict)
    prefix: str = "$"

    def line(self, path: str = "$") -> int:
        """The line of a value, or of the closest value around it."""
        whole = self.prefix + path.removeprefix("$")
        while whole and whole not in self.lines:
            whole = whole[: max(whole.rfind("."), whole.rfind("["), 0)]
        return self.lines.get(whole, 1)

    def part(self, path: str) -> "Place":
        """A part of this part, such as `$[2]`."""
        return Place(self.file, self.lines, self.prefix + path.removeprefix("$"))


class Problems:
    """Collects all problems, so that they are reported together."""

    def __init__(self) -> None:
        self._found: list[dict[str, Any]] = []

    def add(self, place: Place, message: str, path: str = "$") -> None:
        """Note a problem with the value at this path."""
        self._found.append({"path": path, "message": message, "file": place.file, "line": place.line(path)})

    def add_all(self, place: Place, details: Iterable[Mapping[str, str]]) -> None:
        """Note the details of an InvalidRequest."""
        for each in details:
            self.add(place, each["message"], each["path"])

    @contextmanager
    def collected(self, place: Place) -> Iterator[None]:
        """Note the InvalidRequest that a check of the API raises, instead of passing it on."""
        try:
            yield
        except InvalidRequest as error:
            details = error.details or [{"path": "$", "message": error.message}]
            self.add_all(place, details)

    def refuse(self) -> None:
        """Raises InvalidRequest if there are problems."""
        if self._found:
            found = sorted(self._found, key=lambda each: (each["file"], each["line"]))
            raise InvalidRequest("The design is invalid. Nothing was changed.", details=found[:MAX_PROBLEMS])
