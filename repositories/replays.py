"""Recorded turns, as replays read them."""

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
