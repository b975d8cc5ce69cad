"""Why a call to another system failed."""

from typing import Literal

FailureCause = Literal[
    "invalid_url",
    "invalid_request",
    "address_refused",
    "dns",
    "connection",
    "tls",
    "timeout",
    "circuit_open",
    "redirect",
    "too_large",
    "invalid_response",
    "secret_missing",
    "secret_unreadable",
]


class CallFailed(Exception):
    """There is no usable response. The message is a sentence without values of the request or the response."""

    def __init__(self, cause: FailureCause, message: str) -> None:
        super().__init__(message)
        self.cause = cause
        self.message = message
        self.may_have_arrived = False  # whether the server may have received the request
