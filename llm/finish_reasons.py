"""What a `finish_reason` means. Servers invent them freely; what is not known here counts as a complete answer."""

import re

_TOO_LONG = {"length", "max_tokens", "max_output_tokens", "model_length", "model_context_window_exceeded"}
_REFUSED = re.compile("content_?filter|safety|sensitive|refus|prohibited|blocklist|recitation|toxic|guardrail|moderat")
_FAILED = re.compile("error|abort|cancel|time_?out|fail|insufficient|malformed|exceeded|interrupt|incomplete")


def normal_reason(reason: str) -> str:
    """Returns the reason in lower case, `length` for each way to say that the answer was cut off."""
    reason = reason.strip().lower()
    return "length" if reason in _TOO_LONG else reason


def is_refusal(reason: str | None) -> bool:
    """Returns whether a filter of the server, or the model itself, ended the answer."""
    return bool(_REFUSED.search(reason or ""))


def is_failure(reason: str | None) -> bool:
    """Returns whether the server failed to complete the answer."""
    return bool(_FAILED.search(reason or "")) and not is_refusal(reason)
