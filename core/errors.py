"""The error tree and its only renderer: one shape for every failure that a client sees.

    IcmpError
    ├── InvalidRequest          400  (details: one entry a problem)
    ├── Unauthorized            401
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
    ├── LLMUnavailable          503
    └── LLMTimeout              504

Any layer may raise them; only `routes` and the turn's runner turn them into answers, through `as_body`.
"""

from collections.abc import Mapping
from typing import Any, ClassVar


class IcmpError(Exception):
    """A failure that a client is told of.

    `message` and `remediation` are sentences for people and never contain an exception's text;
    `details` is a list of `{"path": "$.field", "message": ...}`; `headers` go onto the answer;
    `ids` (turn_id, conversation_id, ...) name what was stored all the same, and stand beside the shape's own members.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "SERVER_ERROR"
    remediation: str = "Try again; if it happens again, give the request_id to whoever runs this server."

    def __init__(
        self,
        message: str,
        *,
        details: list[dict[str, str]] | None = None,
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


class InvalidRequest(IcmpError):
    status, code = 400, "INVALID_REQUEST"
    remediation = "Correct what `details` names and send the request again."

    @classmethod
    def at(cls, path: str, problem: str) -> "InvalidRequest":
        """One problem at one place of the request, such as `$.user_id`."""
        return cls("The request is not valid.", details=[{"path": path, "message": problem}])


class Unauthorized(IcmpError):
    status, code = 401, "UNAUTHORIZED"
    remediation = "Send a valid key as `Authorization: Bearer <key>`."


class Forbidden(IcmpError):
    status, code = 403, "FORBIDDEN"
    remediation = "Use a credential that has this right."


class NotFound(IcmpError):
    status, code = 404, "NOT_FOUND"
    remediation = "Check the address and the ids in the request."


class MethodNotAllowed(IcmpError):
    status, code = 405, "METHOD_NOT_ALLOWED"
    remediation = "Use one of the methods that the `Allow` header lists."


class Conflict(IcmpError):
    status, code = 409, "CONFLICT"
    remediation = "Read the current state and decide again."


class PreconditionFailed(IcmpError):
    status, code = 412, "PRECONDITION_FAILED"
    remediation = "Somebody else changed this row: read it again, merge, and send its new ETag as `If-Match`."


class PayloadTooLarge(IcmpError):
    status, code = 413, "PAYLOAD_TOO_LARGE"
    remediation = "Send a smaller body."


class UnsupportedMediaType(IcmpError):
    status, code = 415, "UNSUPPORTED_MEDIA_TYPE"
    remediation = "Send JSON with `Content-Type: application/json`."


class RateLimited(IcmpError):
    status, code = 429, "RATE_LIMITED"
    remediation = "Wait as long as the `Retry-After` header says."


class ServerError(IcmpError):
    pass


class DatabaseUnavailable(IcmpError):
    status, code = 503, "DATABASE_UNAVAILABLE"
    remediation = "Try again shortly."

    def __init__(self, message: str = "The database does not answer.", **kwargs: Any) -> None:
        super().__init__(message, **{"headers": {"Retry-After": "2"}, **kwargs})


class LLMUnavailable(IcmpError):
    status, code = 503, "LLM_UNAVAILABLE"
    remediation = "Try again shortly; the message is kept."


class LLMTimeout(IcmpError):
    status, code = 504, "LLM_TIMEOUT"
    remediation = "Try again shortly; the message is kept."


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


_OF_OTHER_CODES: tuple[type[IcmpError], ...] = (DatabaseUnavailable, LLMUnavailable, LLMTimeout)
BY_CODE: dict[str, type[IcmpError]] = {kind.code: kind for kind in (*BY_STATUS.values(), *_OF_OTHER_CODES)}


def as_body(error: IcmpError, request_id: str | None) -> dict[str, Any]:
    """The one shape: error_code, message, details, remediation, request_id, and the ids of what was stored."""
    return {
        "error_code": error.code,
        "message": error.message,
        "details": error.details,
        "remediation": error.remediation,
        "request_id": request_id,
        **error.ids,
    }
