"""How requests of a provider, and requests to one, fail."""


class Forged(Exception):
    """The signature is missing or wrong, or the request is too old. The text says what is wrong, for the owner."""


class SendFailed(Exception):
    """The message was certainly not sent. The text is for staff and contains nothing that the customer wrote."""

    def __init__(
        self, message: str, *, code: str | None = None, permanent: bool = False, retry_after: float | None = None
    ) -> None:
        """`permanent`: another attempt would fail too. `retry_after`: in seconds; None: the usual delays."""
        super().__init__(message)
        self.message, self.code = message, code
        self.permanent, self.retry_after = permanent, retry_after


class OutcomeUnknown(Exception):
    """The message may have been sent, so it is not sent again by itself. The text is for staff."""

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message, self.code = message, code
