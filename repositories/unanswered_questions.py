"""The table `unanswered_questions`: turns that found no close passage in the articles."""

from datetime import datetime
from typing import Any
from uuid import UUID

from db import Connection, Row
from repositories.page import Page, fetch_page

MAX_TURNS = 10_000  # of which `count_unmatched` reads the messages


def insert_question(conn: Connection, business_id: UUID, turn_id: UUID) -> None:
    """Record that a turn found no close passage. Its message is the question."""
    conn.execute(
        """
        INSERT INTO unanswered_questions (business_id, turn_id, question_hash)
        SELECT m.business_id, m.turn_id,
               md5(btrim(regexp_replace(lower(m.message_content), '[[:space:][:punct:]]+', ' ', 'g')))
        FROM messages m
        WHERE m.business_id = %(business_id)s AND m.turn_id = %(turn_id)s AND m.sender_type = 'user'
        ON CONFLICT DO NOTHING
        """,
        {"business_id": business_id, "turn_id": turn_id},
    )


def list_questions(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The open questions, newest first. One that was asked several times is listed once, with how often (`times`)."""
    return fetch_page(
        conn,
        """
        SELECT q.business_id, q.turn_id, t.conversation_id, m.message_content AS question, q.created_at,
               (SELECT count(*) FROM unanswered_questions same
                WHERE same.business_id = q.business_id AND same.question_hash = q.question_hash
                  AND same.resolved_at IS NULL) AS times
        FROM unanswered_questions q
        JOIN turns t ON t.business_id = q.business_id AND t.turn_id = q.turn_id
        JOIN messages m ON m.business_id = q.business_id AND m.turn_id = q.turn_id AND m.sender_type = 'user'
        WHERE q.business_id = %(business_id)s AND q.resolved_at IS NULL
          AND (q.created_at, q.turn_id) < (%(after_time)s, %(after_id)s)
          AND NOT EXISTS (
              SELECT FROM unanswered_questions later
              WHERE later.business_id = q.business_id AND later.question_hash = q.question_hash
                AND later.resolved_at IS NULL AND (later.created_at, later.turn_id) > (q.created_at, q.turn_id))
        ORDER BY q.created_at DESC, q.turn_id DESC LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    )


def resolve_question(conn: Connection, business_id: UUID, turn_id: UUID, article_id: UUID | None) -> bool:
    """Close the question of a turn, and the same question of others. `article_id` is the article that answers it; None
    if it is dismissed. Returns whether the turn has an open question."""
    resolved = conn.execute(
        """
        UPDATE unanswered_questions q SET resolved_at = clock_timestamp(), article_id = %(article_id)s
        FROM unanswered_questions chosen
        WHERE chosen.business_id = %(business_id)s AND chosen.turn_id = %(turn_id)s AND chosen.resolved_at IS NULL
          AND q.business_id = chosen.business_id AND q.question_hash = chosen.question_hash AND q.resolved_at IS NULL
        """,
        {"business_id": business_id, "turn_id": turn_id, "article_id": article_id},
    )
    return resolved.rowcount > 0


def count_questions(
    conn: Connection, business_id: UUID, start: datetime, end: datetime, filters: dict[str, Any], limit: int
) -> list[Row]:
    """The open questions of a period, the most frequent first: question, times, last_asked_at, and the latest turn_id
    with its conversation_id. Not those of test customers. `filters` may contain channel and language."""
    return conn.execute(
        """
        WITH counted AS (
            SELECT q.question_hash, count(*)::integer AS times, max(q.created_at) AS last_asked_at,
                   (array_agg(q.turn_id ORDER BY q.created_at DESC, q.turn_id))[1] AS turn_id
            FROM unanswered_questions q
            JOIN turns t ON t.business_id = q.business_id AND t.turn_id = q.turn_id
            JOIN conversations c ON c.business_id = t.business_id AND c.conversation_id = t.conversation_id
            JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
            WHERE q.business_id = %(business_id)s AND q.resolved_at IS NULL
              AND q.created_at >= %(start)s AND q.created_at < %(end)s AND NOT u.is_test
              AND (%(channel)s::text IS NULL OR c.channel = %(channel)s)
              AND (%(language)s::text IS NULL OR c.language = %(language)s)
            GROUP BY q.question_hash
            ORDER BY times DESC, last_asked_at DESC LIMIT %(limit)s)
        SELECT left(m.message_content, 500) AS question, l.times, l.last_asked_at, l.turn_id, m.conversation_id
        FROM counted l
        JOIN messages m ON m.business_id = %(business_id)s AND m.turn_id = l.turn_id AND m.sender_type = 'user'
        ORDER BY l.times DESC, l.last_asked_at DESC
        """,
        _parameters(business_id, start, end, filters, limit),
    ).fetchall()


def count_unmatched(
    conn: Connection, business_id: UUID, start: datetime, end: datetime, filters: dict[str, Any], limit: int
) -> list[Row]:
    """Like `count_questions`, the messages for which no stage was close enough. Only of the latest answered turns."""
    return conn.execute(
        """
        WITH latest AS (
            SELECT t.turn_id, t.conversation_id, t.confidence FROM turns t
            WHERE t.business_id = %(business_id)s AND t.status = 'completed'
              AND t.turn_id >= lowest_uuidv7(%(start)s) AND t.turn_id < lowest_uuidv7(%(end)s)
            ORDER BY t.turn_id DESC LIMIT %(max_turns)s),
        unmatched AS (
            SELECT t.turn_id, left(m.message_content, 500) AS question, m.conversation_id,
                   md5(btrim(regexp_replace(lower(m.message_content), '[[:space:][:punct:]]+', ' ', 'g'))) AS hash
            FROM latest t
            JOIN turn_steps s ON s.business_id = %(business_id)s AND s.turn_id = t.turn_id AND s.step = 'selection'
                AND s.place = 0 AND s.turn_id >= lowest_uuidv7(%(start)s) AND s.turn_id < lowest_uuidv7(%(end)s)
            JOIN messages m ON m.business_id = %(business_id)s AND m.turn_id = t.turn_id AND m.sender_type = 'user'
            JOIN conversations c ON c.business_id = %(business_id)s AND c.conversation_id = t.conversation_id
            JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
            WHERE t.confidence IS NULL AND NOT u.is_test AND NOT c.is_copy
              AND (s.output @> '{"unclear": true}' OR s.output -> 'named_stages' = '[]'
                   OR jsonb_typeof(s.output -> 'stated_confidence') = 'number')
              AND (%(channel)s::text IS NULL OR c.channel = %(channel)s)
              AND (%(language)s::text IS NULL OR c.language = %(language)s)
              AND NOT EXISTS (
                  SELECT FROM unanswered_questions q
                  WHERE q.business_id = %(business_id)s AND q.turn_id = t.turn_id)
              AND NOT EXISTS (
                  SELECT FROM turn_steps r
                  WHERE r.business_id = %(business_id)s AND r.turn_id = t.turn_id AND r.step = 'retrieval'
                    AND r.place = 0 AND r.output @> '{"is_answer": true}'))
        SELECT (array_agg(l.question ORDER BY l.turn_id DESC))[1] AS question, count(*)::integer AS times,
               max(uuidv7_time_v1(l.turn_id)) AS last_asked_at,
               (array_agg(l.turn_id ORDER BY l.turn_id DESC))[1] AS turn_id,
               (array_agg(l.conversation_id ORDER BY l.turn_id DESC))[1] AS conversation_id
        FROM unmatched l
        GROUP BY l.hash
        ORDER BY times DESC, last_asked_at DESC LIMIT %(limit)s
        """,
        {**_parameters(business_id, start, end, filters, limit), "max_turns": MAX_TURNS},
    ).fetchall()


def _parameters(
    business_id: UUID, start: datetime, end: datetime, filters: dict[str, Any], limit: int
) -> dict[str, Any]:
    return {
        "business_id": business_id,
        "start": start,
        "end": end,
        "channel": filters.get("channel"),
        "language": filters.get("language"),
        "limit": limit,
    }
