"""The errors that clients see, and their JSON representation.

    IcmpError
    ├── InvalidRequest          400  (details: one entry per problem)
    ├── Unauthorized            401
    │   └── CodeRequired        401
    ├── Forbidden               403
    ├── NotFound                404
    ├── MethodNotAllowed        405
    ├── Conflict                409
    ├── PreconditionFailed      412
    ├── PayloadTooLarge         413
    ├── UnsupportedMediaType    415
    ├── RateLimited             429  (Retry-After)
    ├── ServerError             500
    ├── DatabaseUnavailable     503  (Retry-After)
    ├── LLMUnavailable          503  (Retry-After)
    └── LLMTimeout              504  (Retry-After)

Any layer may raise them. Only `routes` and the worker turn them into responses, with `as_body`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Self


class IcmpError(Exception):
    """Base class of all errors that are reported to clients.

    `message` and `remediation` are sentences for people and never contain the text of another exception.
    `details` is a list of `{"path": "$.field", "message": ...}`, for the files of a design also with `file` and `line`.
    `headers` are added to the response.
    `ids` (turn_id, conversation_id, ...) are the ids of what was stored despite the error; they are added to the body.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "SERVER_ERROR"
    remediation: str = "Try again. If the error persists, contact the operator of this server with the request_id."

    def __init__(
        self,
        message: str,
        *,
        details: list[Any] | None = None,
        remediation: str | None = None,
        headers: Mapping[str, str] | None = None,
        ids: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = details or []
        self.headers = dict(headers or {})
        self.ids = dict(ids or {})
        if remediation:
            self.remediation = remediation

    def with_ids(self, ids: Mapping[str, Any]) -> Self:
        """This error with the IDs of the rows that were stored despite it."""
        self.ids = dict(ids)
        return self


class InvalidRequest(IcmpError):
    """The request is malformed or fails validation."""

    status, code = 400, "INVALID_REQUEST"
    remediation = "Correct the problems listed in `details` and send the request again."

    @classmethod
    def at(cls, path: str, problem: str) -> "InvalidRequest":
        """A single problem with one field, such as `$.user_id`."""
        return cls("The request is invalid.", details=[{"path": path, "message": problem}])


class Unauthorized(IcmpError):
    """There is no valid credential."""

    status, code = 401, "UNAUTHORIZED"
    remediation = "Send the key as `Authorization: Bearer <key>`."


class CodeRequired(Unauthorized):
    """The password is correct, but the account also needs a code, or the code is wrong."""

    code = "CODE_REQUIRED"
    remediation = "Send the request again with `code`."


class Forbidden(IcmpError):
    """The credential is valid but lacks the permission."""

    status, code = 403, "FORBIDDEN"
    remediation = "Use a credential that has this permission."


class NotFound(IcmpError):
    """The resource does not exist or belongs to another business."""

    status, code = 404, "NOT_FOUND"
    remediation = "Check the URL and the ids in the request."


class MethodNotAllowed(IcmpError):
    """The URL does not support the method."""

    status, code = 405, "METHOD_NOT_ALLOWED"
    remediation = "Use one of the methods listed in the `Allow` header."


class Conflict(IcmpError):
    """The request conflicts with the current state of the resource."""

    status, code = 409, "CONFLICT"
    remediation = "Fetch the current state and try again."


class PreconditionFailed(IcmpError):
    """`If-Match` names an outdated version."""

    status, code = 412, "PRECONDITION_FAILED"
    remediation = "Fetch the resource again, merge the changes, and send its new ETag as `If-Match`."


class PayloadTooLarge(IcmpError):
    """The request body exceeds the size limit."""

    status, code = 413, "PAYLOAD_TOO_LARGE"
    remediation = "Send a smaller body."


class UnsupportedMediaType(IcmpError):
    """The request body is not JSON."""

    status, code = 415, "UNSUPPORTED_MEDIA_TYPE"
    remediation = "Send JSON with `Content-Type: application/json`."


class RateLimited(IcmpError):
    """Too many requests, or too many messages waiting in one conversation."""

    status, code = 429, "RATE_LIMITED"
    remediation = "Wait for the number of seconds in the `Retry-After` header."


class ServerError(IcmpError):
    """An unexpected error."""


class DatabaseUnavailable(IcmpError):
    """The database is unreachable, or no connection became free in time."""

    status, code = 503, "DATABASE_UNAVAILABLE"
    remediation = "Try again in a few seconds."

    def __init__(self, message: str = "The database is unavailable.", **kwargs: Any) -> None:
        super().__init__(message, **{"headers": {"Retry-After": "2"}, **kwargs})


class LLMUnavailable(IcmpError):
    """The language model failed and the stage has no fixed reply."""

    status, code = 503, "LLM_UNAVAILABLE"
    remediation = "Try again in a few seconds. The message is stored."

    def __init__(self, message: str, **kwargs: Any) -> None:
        super().__init__(message, **{"headers": {"Retry-After": "5"}, **kwargs})


class LLMTimeout(IcmpError):
    """The language model did not respond in time and the stage has no fixed reply."""

    status, code = 504, "LLM_TIMEOUT"
    remediation = "Try again in a few seconds. The message is stored."

    def __init__(self, message: str, **kwargs: Any) -> None:
        super().__init__(message, **{"headers": {"Retry-After": "5"}, **kwargs})


BY_STATUS: dict[int, type[IcmpError]] = {
    kind.status: kind
    for kind in (
        InvalidRequest,
        Unauthorized,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        Conflict,
        PreconditionFailed,
        PayloadTooLarge,
        UnsupportedMediaType,
        RateLimited,
        ServerError,
    )
}
_SPECIFIC: tuple[type[IcmpError], ...] = (CodeRequired, DatabaseUnavailable, LLMUnavailable, LLMTimeout)
BY_CODE: dict[str, type[IcmpError]] = {kind.code: kind for kind in (*BY_STATUS.values(), *_SPECIFIC)}


def as_body(error: IcmpError, request_id: str | None) -> dict[str, Any]:
    """The JSON body of an error: error_code, message, details, remediation, request_id, and the ids of what was
    stored."""
    return {
        "error_code": error.code,
        "message": error.message,
        "details": error.details,
        "remediation": error.remediation,
        "request_id": request_id,
        **error.ids,
    }
