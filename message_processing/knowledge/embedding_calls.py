"""Records the requests for embeddings of businesses, because they cost money."""

import logging
from dataclasses import asdict
from typing import Any
from uuid import UUID

from core.errors import IcmpError
from db import Database
from llm.prices import cost_usd
from llm.types import EmbeddingCall
from message_processing.budgets import periods_of
from message_processing.local_time import current_time, timezone_of_settings
from repositories import budgets, businesses, llm_calls

logger = logging.getLogger(__name__)

STEP = "embedding"
_NOTHING: dict[str, Any] = dict.fromkeys(
    (
        "turn_id",
        "conversation_id",
        "template_id",
        "template_version",
        "response",
        "parsed",
        "first_token_ms",
        "error",
    )
)


def record_embedding(database: Database, business_id: UUID, call: EmbeddingCall) -> None:
    """Stores an answered request, and counts its cost. If that fails, the answer is used nevertheless."""
    try:
        with database.statement() as conn:
            settings = businesses.get_business(conn, business_id)["settings"]
            cost = cost_usd(call.model, call.usage, settings.get("prices"))
            row = {
                **_NOTHING,
                **asdict(call.usage),
                "step": STEP,
                "step_attempt": 1,
                "model": call.model,
                "request": {"model": call.model, "texts": call.texts},
                "cost_usd": cost,
                "latency_ms": call.latency_ms,
                "attempt": 1,
                "status": "completed",
                "created_at": call.created_at,
            }
            llm_calls.insert_calls(conn, business_id, [row])
            if "budget" in settings:
                periods = periods_of(current_time().astimezone(timezone_of_settings(settings)))
                is_unpriced = cost is None and call.usage.prompt_tokens is not None
                budgets.add_cost(conn, business_id, periods, cost or 0, is_unpriced)
    except IcmpError:
        logger.warning("embedding not recorded", extra={"business_id": str(business_id)}, exc_info=True)
