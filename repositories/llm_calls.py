"""The table `llm_calls`: every request to a model with its response, tokens and cost."""

from datetime import datetime
from typing import Any
from uuid import UUID

from core.errors import NotFound
from core.ids import lowest_id
from db import Connection, Jsonb, Row
from repositories.page import Page


def insert_calls(conn: Connection, business_id: UUID, calls: list[dict[str, Any]]) -> None:
    """Store calls. Each dict holds the columns of the table."""
    for call in calls:
        conn.execute(
            """
            INSERT INTO llm_calls (turn_id, business_id, conversation_id, template_id, template_version, step,
                step_attempt, model, request, response, parsed, prompt_tokens, completion_tokens, cached_tokens,
                reasoning_tokens, cost_usd, latency_ms, first_token_ms, attempt, status, error, created_at)
            VALUES (%(turn_id)s, %(business_id)s, %(conversation_id)s, %(template_id)s, %(template_version)s,
                %(step)s, %(step_attempt)s, %(model)s, %(request)s, %(response)s, %(parsed)s,
                %(prompt_tokens)s, %(completion_tokens)s, %(cached_tokens)s, %(reasoning_tokens)s, %(cost_usd)s,
                %(latency_ms)s, %(first_token_ms)s, %(attempt)s, %(status)s, %(error)s, %(created_at)s)
            """,
            {
                **call,
                "business_id": business_id,
                "request": Jsonb(call["request"]),
                "parsed": None if call["parsed"] is None else Jsonb(call["parsed"]),
            },
        )


def list_calls(conn: Connection, business_id: UUID, page: Page, filters: dict[str, Any]) -> list[Row]:
    """The business's calls without request, response and parsed, which `get_call` includes.

    `filters` may contain turn_id, conversation_id, template_id, step and status. The order is that of the IDs, which
    start with the time at which the call was stored.
    """
    return conn.execute(
        """
        SELECT call_id, turn_id, conversation_id, template_id, template_version, step, step_attempt, model,
               prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens, cost_usd, latency_ms,
               first_token_ms, attempt, status, error, created_at
        FROM llm_calls
        WHERE business_id = %(business_id)s
          AND (%(turn_id)s::uuid IS NULL OR turn_id = %(turn_id)s)
          AND (%(conversation_id)s::uuid IS NULL OR conversation_id = %(conversation_id)s)
          AND (%(template_id)s::uuid IS NULL OR template_id = %(template_id)s)
          AND (%(step)s::text IS NULL OR step = %(step)s)
          AND (%(status)s::text IS NULL OR status = %(status)s)
          AND call_id > %(after_id)s
        ORDER BY call_id LIMIT %(limit)s
        """,
        _list_parameters(business_id, page, filters),
    ).fetchall()


def list_latest_calls(conn: Connection, business_id: UUID, page: Page, filters: dict[str, Any]) -> list[Row]:
    """Like `list_calls`, newest first."""
    return conn.execute(
        """
        SELECT call_id, turn_id, conversation_id, template_id, template_version, step, step_attempt, model,
               prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens, cost_usd, latency_ms,
               first_token_ms, attempt, status, error, created_at
        FROM llm_calls
        WHERE business_id = %(business_id)s
          AND (%(turn_id)s::uuid IS NULL OR turn_id = %(turn_id)s)
          AND (%(conversation_id)s::uuid IS NULL OR conversation_id = %(conversation_id)s)
          AND (%(template_id)s::uuid IS NULL OR template_id = %(template_id)s)
          AND (%(step)s::text IS NULL OR step = %(step)s)
          AND (%(status)s::text IS NULL OR status = %(status)s)
          AND call_id < %(after_id)s
        ORDER BY call_id DESC LIMIT %(limit)s
        """,
        _list_parameters(business_id, page, filters),
    ).fetchall()


def _list_parameters(business_id: UUID, page: Page, filters: dict[str, Any]) -> dict[str, Any]:
    return {
        **dict.fromkeys(("turn_id", "conversation_id", "template_id", "step", "status")),
        **filters,
        **page.parameters,
        "business_id": business_id,
    }


def get_call(conn: Connection, business_id: UUID, call_id: UUID) -> Row:
    """One call with all columns. Raises NotFound."""
    row = conn.execute(
        "SELECT * FROM llm_calls WHERE business_id = %(business_id)s AND call_id = %(call_id)s",
        {"business_id": business_id, "call_id": call_id},
    ).fetchone()
    if row is None:
        raise NotFound("LLM call not found.")
    return row


def list_ended_since(conn: Connection, business_id: UUID, since: datetime, limit: int) -> list[Row]:
    """The business's last calls for answers that were stored since a time, newest first: their answer's turn_id, step,
    step_attempt and attempt, their error, and when they ended."""
    return conn.execute(
        """
        SELECT turn_id, step, step_attempt, attempt, error,
               created_at + latency_ms * interval '1 millisecond' AS ended_at
        FROM llm_calls
        WHERE business_id = %(business_id)s AND call_id >= %(first_id)s
          AND step NOT IN ('embedding', 'test', 'replay', 'simulation')
        ORDER BY call_id DESC LIMIT %(limit)s
        """,
        {"business_id": business_id, "first_id": lowest_id(since), "limit": limit},
    ).fetchall()


def list_calls_of_turn(conn: Connection, business_id: UUID, turn_id: UUID) -> list[Row]:
    """The calls of a turn with all columns, in the order in which they were made."""
    return conn.execute(
        """
        SELECT * FROM llm_calls WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s
        ORDER BY created_at, call_id
        """,
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchall()
