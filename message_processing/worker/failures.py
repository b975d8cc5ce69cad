"""Errors for clients of turns that have failed."""

import math

from core.errors import IcmpError, LLMTimeout, LLMUnavailable
from message_processing.turn import StepFailed


def model_error(failure: StepFailed) -> IcmpError:
    """The error when the model gave no answer and the stage has no fixed reply."""
    kind = LLMTimeout if failure.timed_out else LLMUnavailable
    wait = {"Retry-After": str(math.ceil(failure.retry_after))} if failure.retry_after else None
    return kind("The language model did not respond.", **({"headers": wait} if wait else {}))
