"""The errors of an HTTP request to a model server. `wire` raises only these, so the other modules do not depend on the
HTTP library."""

from collections.abc import Mapping


class HttpError(Exception):
    """Base class."""


class RequestTimedOut(HttpError):
    """The request took too long."""


class ConnectionFailed(HttpError):
    """There is no response, or only a part of it. `__cause__` is the error of the HTTP library."""


class ErrorStatus(HttpError):
    """The response has an error status. Header names are in lower case; `content` may be cut off."""

    def __init__(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        super().__init__(str(status))
        self.status = status
        self.headers = headers
        self.content = content
