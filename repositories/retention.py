"""Deletes what businesses no longer keep, a small number of rows at a time."""

from datetime import datetime
from uuid import UUID

from db import Connection


def find_conversations(conn: Connection, business_id: UUID, before: datetime, limit: int) -> list[UUID]:
    """Lock up to `limit` of the business's conversations whose last message is older, and return their IDs.

    Conversations that are being changed, or whose turns are unfinished, are left out.
    """
    rows = conn.execute(
        """
        SELECT c.conversation_id AS id FROM conversations c
        WHERE c.business_id = %(business_id)s AND c.handled_by IN ('ai', 'human')
          AND c.last_day <= (%(before)s::timestamptz AT TIME ZONE 'UTC')::date AND c.last_updated < %(before)s
          AND NOT EXISTS (
              SELECT FROM turns t
              WHERE t.business_id = %(business_id)s AND t.conversation_id = c.conversation_id AND t.status = 'running')
          AND NOT EXISTS (
              SELECT FROM turns t
              WHERE t.business_id = %(business_id)s AND t.conversation_id = c.conversation_id AND t.status = 'accepted')
        ORDER BY c.last_day LIMIT %(limit)s FOR UPDATE OF c SKIP LOCKED
        """,
        {"business_id": business_id, "before": before, "limit": limit},
    ).fetchall()
    return [row["id"] for row in rows]


def delete_conversations(conn: Connection, business_id: UUID, ids: list[UUID]) -> None:
    """Delete conversations with everything that belongs to them."""
    # Calls that were adopted from the older system may have no turn, so no foreign key leads to them.
    conn.execute(
        "DELETE FROM llm_calls WHERE business_id = %(business_id)s AND conversation_id = ANY(%(ids)s)",
        {"business_id": business_id, "ids": ids},
    )
    conn.execute(
        "DELETE FROM conversations WHERE business_id = %(business_id)s AND conversation_id = ANY(%(ids)s)",
        {"business_id": business_id, "ids": ids},
    )


def find_traces(conn: Connection, business_id: UUID, before: datetime, limit: int) -> list[UUID]:
    """The IDs of up to `limit` of the business's turns that were accepted earlier and still have steps."""
    rows = conn.execute(
        """
        SELECT DISTINCT s.turn_id AS id FROM turn_steps s
        WHERE s.business_id = %(business_id)s AND s.turn_id < lowest_uuidv7(%(before)s)
        ORDER BY s.turn_id LIMIT %(limit)s
        """,
        {"business_id": business_id, "before": before, "limit": limit},
    ).fetchall()
    return [row["id"] for row in rows]


def delete_traces(conn: Connection, business_id: UUID, ids: list[UUID]) -> None:
    """Delete the steps of turns."""
    conn.execute(
        "DELETE FROM turn_steps WHERE business_id = %(business_id)s AND turn_id = ANY(%(ids)s)",
        {"business_id": business_id, "ids": ids},
    )


def find_calls(conn: Connection, business_id: UUID, before: datetime, limit: int) -> list[UUID]:
    """The IDs of up to `limit` of the business's earlier calls that still have prompts and answers, in order."""
    rows = conn.execute(
        """
        SELECT l.call_id AS id FROM llm_calls l
        WHERE l.business_id = %(business_id)s AND l.call_id < lowest_uuidv7(%(before)s)
          AND l.call_id > COALESCE(
              (SELECT r.last_call_id FROM retention_progress r WHERE r.business_id = %(business_id)s),
              '00000000-0000-0000-0000-000000000000')
        ORDER BY l.call_id LIMIT %(limit)s
        """,
        {"business_id": business_id, "before": before, "limit": limit},
    ).fetchall()
    return [row["id"] for row in rows]


def clear_calls(conn: Connection, business_id: UUID, ids: list[UUID]) -> None:
    """Delete the prompts and answers of calls that `find_calls` has returned, and keep their figures."""
    conn.execute(
        """
        UPDATE llm_calls SET request = '{}', response = NULL, parsed = NULL
        WHERE business_id = %(business_id)s AND call_id = ANY(%(ids)s)
        """,
        {"business_id": business_id, "ids": ids},
    )
    conn.execute(
        """
        INSERT INTO retention_progress (business_id, last_call_id) VALUES (%(business_id)s, %(last_call_id)s)
        ON CONFLICT (business_id) DO UPDATE SET last_call_id = excluded.last_call_id
        """,
        {"business_id": business_id, "last_call_id": ids[-1]},
    )


def find_rated_answers(conn: Connection, business_id: UUID, before: datetime, limit: int) -> list[UUID]:
    """The IDs of up to `limit` of the business's turns with ratings that are older."""
    rows = conn.execute(
        """
        SELECT DISTINCT f.turn_id AS id FROM (
            SELECT turn_id FROM message_feedback
            WHERE business_id = %(business_id)s AND created_at < %(before)s
            ORDER BY created_at LIMIT %(limit)s) AS f
        """,
        {"business_id": business_id, "before": before, "limit": limit},
    ).fetchall()
    return [row["id"] for row in rows]


def delete_ratings_of_answers(conn: Connection, business_id: UUID, ids: list[UUID]) -> None:
    """Delete the ratings of turns."""
    conn.execute(
        "DELETE FROM message_feedback WHERE business_id = %(business_id)s AND turn_id = ANY(%(ids)s)",
        {"business_id": business_id, "ids": ids},
    )


def find_rated_conversations(conn: Connection, business_id: UUID, before: datetime, limit: int) -> list[UUID]:
    """The IDs of up to `limit` of the business's conversations with ratings that are older."""
    rows = conn.execute(
        """
        SELECT conversation_id AS id FROM conversation_ratings
        WHERE business_id = %(business_id)s AND created_at < %(before)s LIMIT %(limit)s
        """,
        {"business_id": business_id, "before": before, "limit": limit},
    ).fetchall()
    return [row["id"] for row in rows]


def delete_ratings_of_conversations(conn: Connection, business_id: UUID, ids: list[UUID]) -> None:
    """Delete the ratings of conversations."""
    conn.execute(
        "DELETE FROM conversation_ratings WHERE business_id = %(business_id)s AND conversation_id = ANY(%(ids)s)",
        {"business_id": business_id, "ids": ids},
    )
