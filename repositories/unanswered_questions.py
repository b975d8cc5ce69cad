"""The table `unanswered_questions`: turns that found no close passage in the articles."""

from uuid import UUID

from db import Connection, Row
from repositories.page import Page, fetch_page


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
