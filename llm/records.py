"""The record of one request to a model."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from llm.failures import RequestFailed
from llm.normaliser import Normaliser
from llm.prices import Price, cost_usd
from llm.types import Call


def recorded_call(
    body: dict[str, Any],
    response: Normaliser,
    failure: RequestFailed | None,
    attempt: int,
    created_at: datetime,
    started_at: float,
    prices: Mapping[str, Price] | None = None,
) -> Call:
    """Returns the record of a request that has just ended. `started_at` is in the units of time.monotonic(). `prices`
    are those of the business."""
    seconds = time.monotonic() - started_at
    first_token_at = response.first_token_at
    return Call(
        model=body["model"],
        request=body,
        response=response.raw or None,
        usage=response.usage,
        cost_usd=cost_usd(body["model"], response.usage, prices),
        latency_ms=round(seconds * 1000),
        first_token_ms=round((first_token_at - started_at) * 1000) if first_token_at else None,
        attempt=attempt,
        status="failed" if failure else "completed",
        error=failure.error if failure else None,
        created_at=created_at,
    )
