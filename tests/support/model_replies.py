"""The answers that a test can make the fake model give."""

import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Status:
    """An HTTP error. A `body` that is not a string is sent as JSON."""

    code: int
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Hang:
    """No answer for a number of seconds, or until the event is set or the server closes. Then the connection drops."""

    until: float | threading.Event


@dataclass(frozen=True)
class Gated:
    """The answer `text`, held back by a gate. An Event opens it permanently, a Semaphore once per release.

    A stream waits at the gate before every word except the first, any other answer once.
    """

    text: str
    gate: threading.Event | threading.Semaphore


@dataclass(frozen=True)
class CutStream:
    """The first `after` words of the answer `text`. Then the response ends correctly (`well_formed`), or the connection
    drops. Without streaming, the body is incomplete."""

    after: int
    text: str = "one two three four five"
    well_formed: bool = False


@dataclass(frozen=True)
class Drip:
    """One byte every few milliseconds without end, in the headers or in the body."""

    where: str = "body"


@dataclass(frozen=True)
class NotJson:
    """A body that is not a completion, sent unchanged."""

    text: str = "<html>Bad gateway</html>"
    content_type: str = "application/json"


@dataclass(frozen=True)
class Empty:
    """A completion without content."""


@dataclass(frozen=True)
class Truncated:
    """The answer `text`, cut off by the token limit: finish_reason `length`."""

    text: str


@dataclass(frozen=True)
class Raw:
    """A response whose status, headers and body are sent unchanged. The body is sent in these chunks."""

    chunks: tuple[bytes, ...]
    headers: dict[str, str] = field(default_factory=dict)
    code: int = 200


@dataclass(frozen=True)
class Refuse:
    """Status 400, because the model does not support the parameter."""

    parameter: str


Reply = str | Status | Hang | Gated | CutStream | Drip | NotJson | Empty | Truncated | Raw | Refuse
