"""Recorded turns, as replays read them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row


def get_message(conn: Connection, business_id: UUID, turn_id: UUID) -> Row:
    """The metadata of a turn's message, and the turn's stage_before, which may have been deleted. Raises NotFound."""
    row = conn.execute(
        """
        SELECT m.metadata, t.stage_before FROM turns t
        JOIN messages m ON m.business_id = t.business_id AND m.turn_id = t.turn_id AND m.sender_type = 'user'
        WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s
        """,
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchone()
    if row is None:
        raise NotFound("Turn not found.")
    return row


def find_previous_turn(conn: Connection, business_id: UUID, conversation_id: UUID, seq: int) -> Row | None:
    """The last answered turn of the conversation before a seq: turn_id and release_id."""
    return conn.execute(
        """
        SELECT turn_id, release_id FROM turns
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s AND seq < %(seq)s
          AND status = 'completed'
        ORDER BY seq DESC LIMIT 1
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "seq": seq},
    ).fetchone()


def find_latest_release(conn: Connection, business_id: UUID, moment: datetime) -> UUID | None:
    """The latest release at that time, whose settings and profile were in effect also in pinned conversations."""
    row = conn.execute(
        """
        SELECT release_id FROM releases
        WHERE business_id = %(business_id)s AND NOT is_draft AND check_status IS NULL AND created_at <= %(moment)s
        ORDER BY number DESC LIMIT 1
        """,
        {"business_id": business_id, "moment": moment},
    ).fetchone()
    return row["release_id"] if row else None


def lock_customer(conn: Connection, business_id: UUID, turn_id: UUID) -> bool:
    """Whether the turn still exists. If so, its customer is not erased before the transaction ends."""
    row = conn.execute(
        """
        SELECT FROM turns t
        JOIN conversations c ON c.business_id = t.business_id AND c.conversation_id = t.conversation_id
        JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        WHERE t.business_id = %(business_id)s AND t.turn_id = %(turn_id)s
        FOR SHARE OF u
        """,
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchone()
    return row is not None


def find_turns(conn: Connection, business_id: UUID, filters: dict[str, Any]) -> list[UUID]:
    """The `last` answered turns that have a trace, newest first. `filters` may contain rating, stage_id, channel,
    from_time, to_time, and same_as, the ID of a replay. Copies of conversations are left out."""
    rows = conn.execute(
        """
        SELECT t.turn_id FROM turns t
        JOIN conversations c ON c.business_id = t.business_id AND c.conversation_id = t.conversation_id
        WHERE t.business_id = %(business_id)s AND t.status = 'completed' AND NOT c.is_copy
          AND (%(stage_id)s::uuid IS NULL OR t.stage_id = %(stage_id)s)
          AND (%(channel)s::text IS NULL OR c.channel = %(channel)s)
          AND (%(from_time)s::timestamptz IS NULL OR t.turn_id >= lowest_uuidv7(%(from_time)s))
          AND (%(to_time)s::timestamptz IS NULL OR t.turn_id < lowest_uuidv7(%(to_time)s))
          AND (%(rating)s::text IS NULL OR EXISTS (
              SELECT FROM message_feedback f
              WHERE f.business_id = t.business_id AND f.turn_id = t.turn_id AND f.rating = %(rating)s))
          AND (%(same_as)s::uuid IS NULL OR EXISTS (
              SELECT FROM replay_results r
              WHERE r.business_id = t.business_id AND r.replay_id = %(same_as)s AND r.turn_id = t.turn_id))
          AND EXISTS (
              SELECT FROM turn_steps s
              WHERE s.business_id = t.business_id AND s.turn_id = t.turn_id AND s.step = 'response'
                AND s.status = 'completed' AND NOT s.discarded)
        ORDER BY t.turn_id DESC LIMIT %(last)s
        """,
        {
            **dict.fromkeys(("rating", "stage_id", "channel", "from_time", "to_time", "same_as")),
            **filters,
            "business_id": business_id,
        },
    ).fetchall()
    return [row["turn_id"] for row in rows]


def list_calls(conn: Connection, business_id: UUID, turn_ids: list[UUID]) -> list[Row]:
    """The calls of the steps of turns that counted: turn_id, template_id, model and the numbers of tokens."""
    return conn.execute(
        """
        SELECT l.turn_id, l.template_id, l.model, l.prompt_tokens, l.completion_tokens, l.cached_tokens,
               l.reasoning_tokens
        FROM turn_steps s
        JOIN llm_calls l ON l.business_id = s.business_id AND l.turn_id = s.turn_id AND l.step = s.step
            AND l.step_attempt = s.attempt
        WHERE s.business_id = %(business_id)s AND s.turn_id = ANY(%(turn_ids)s) AND s.status = 'completed'
          AND NOT s.discarded AND l.status = 'completed'
        """,
        {"business_id": business_id, "turn_ids": turn_ids},
    ).fetchall()
