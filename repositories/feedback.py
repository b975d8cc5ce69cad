"""The tables `message_feedback` and `conversation_ratings`: what customers and staff think of answers."""

from typing import Any, Literal
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row
from repositories.page import Page, fetch_page

Source = Literal["customer", "staff"]
Resolution = Literal["article", "stage", "marked_good", "dismissed"]
FILTERS = ("rating", "source", "open", "example")


def lock_reply(conn: Connection, business_id: UUID, message_id: UUID) -> Row:
    """The reply of a turn with this ID: message_id, turn_id, conversation_id and seq. Its turn is locked, so that it
    cannot be deleted meanwhile. Raises NotFound."""
    row = conn.execute(
        """
        SELECT m.message_id, m.turn_id, m.conversation_id, m.seq FROM messages m
        JOIN turns t ON t.business_id = m.business_id AND t.turn_id = m.turn_id
        WHERE m.business_id = %(business_id)s AND m.message_id = %(message_id)s AND m.sender_type = 'assistant'
        FOR KEY SHARE OF t
        """,
        {"business_id": business_id, "message_id": message_id},
    ).fetchone()
    if row is None:
        raise NotFound("Answer not found.", remediation="Only answers of the assistant can be rated.")
    return row


def find_reply_of_turn(conn: Connection, business_id: UUID, turn_id: UUID) -> Row | None:
    """The reply of a turn: message_id, conversation_id and seq. None if it has none."""
    return conn.execute(
        """
        SELECT message_id, conversation_id, seq FROM messages
        WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s AND sender_type = 'assistant'
        """,
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchone()


def rate(conn: Connection, business_id: UUID, reply: Row, source: Source, values: dict[str, Any]) -> None:
    """Rate an answer, instead of the earlier rating of the same source. `reply` is that of `lock_reply`; `values` may
    contain author_id, comment, correct_answer and is_example besides the rating.

    A bad answer enters the queue, again if the rating has changed. It leaves the queue if staff find it good.
    """
    conn.execute(
        """
        INSERT INTO message_feedback AS f (business_id, turn_id, source, message_id, author_id, rating, comment,
                                           correct_answer, is_example)
        VALUES (%(business_id)s, %(turn_id)s, %(source)s, %(message_id)s, %(author_id)s, %(rating)s, %(comment)s,
                %(correct_answer)s, %(is_example)s)
        ON CONFLICT (business_id, turn_id, source) DO UPDATE SET
            author_id = EXCLUDED.author_id, rating = EXCLUDED.rating, comment = EXCLUDED.comment,
            correct_answer = EXCLUDED.correct_answer, is_example = EXCLUDED.is_example,
            resolved_at = NULL, resolution = NULL, article_id = NULL
        WHERE (f.rating, f.comment, f.correct_answer, f.is_example)
            IS DISTINCT FROM (EXCLUDED.rating, EXCLUDED.comment, EXCLUDED.correct_answer, EXCLUDED.is_example)
        """,
        {
            "author_id": None,
            "comment": None,
            "correct_answer": None,
            "is_example": False,
            **values,
            "business_id": business_id,
            "turn_id": reply["turn_id"],
            "message_id": reply["message_id"],
            "source": source,
        },
    )
    if source == "staff" and values["rating"] == "good":
        resolve(conn, business_id, reply["turn_id"], "marked_good")


def list_of_turn(conn: Connection, business_id: UUID, turn_id: UUID) -> list[dict[str, Any]]:
    """The ratings of a turn's answer, as the API shows them."""
    row = conn.execute(
        "SELECT message_feedback_v1(%(business_id)s, %(turn_id)s) AS feedback",
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchone()
    assert row is not None
    feedback: list[dict[str, Any]] = row["feedback"]
    return feedback


def resolve(
    conn: Connection, business_id: UUID, turn_id: UUID, resolution: Resolution, article_id: UUID | None = None
) -> bool:
    """Take a bad answer out of the queue. Returns whether it was in it."""
    resolved = conn.execute(
        """
        UPDATE message_feedback
        SET resolved_at = clock_timestamp(), resolution = %(resolution)s, article_id = %(article_id)s
        WHERE business_id = %(business_id)s AND turn_id = %(turn_id)s AND rating = 'bad' AND resolved_at IS NULL
        """,
        {"business_id": business_id, "turn_id": turn_id, "resolution": resolution, "article_id": article_id},
    )
    return resolved.rowcount > 0


def list_answers(conn: Connection, business_id: UUID, page: Page, filters: dict[str, Any]) -> list[Row]:
    """The rated answers with their questions, the latest rated ones first. `filters` may contain rating, source, open
    (a bad answer that nobody has dealt with) and example. An answer with two ratings that fit is listed once."""
    return fetch_page(
        conn,
        """
        SELECT f.business_id, f.turn_id, f.message_id, t.conversation_id, f.created_at,
               question.message_content AS question, answer.message_content AS answer, t.stage_id, s.stage_name,
               display_name(u.first_name, u.last_name, u.email, u.external_id) AS customer_name, u.is_test,
               message_feedback_v1(f.business_id, f.turn_id) AS feedback
        FROM message_feedback f
        JOIN turns t ON t.business_id = f.business_id AND t.turn_id = f.turn_id
        JOIN messages question
            ON question.business_id = f.business_id AND question.turn_id = f.turn_id AND question.sender_type = 'user'
        JOIN messages answer
            ON answer.business_id = f.business_id AND answer.turn_id = f.turn_id AND answer.sender_type = 'assistant'
        JOIN conversations c ON c.business_id = f.business_id AND c.conversation_id = t.conversation_id
        JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        LEFT JOIN stages s ON s.business_id = f.business_id AND s.stage_id = t.stage_id
        WHERE f.business_id = %(business_id)s
          AND (f.created_at, f.turn_id) < (%(after_time)s, %(after_id)s)
          AND (%(rating)s::text IS NULL OR f.rating = %(rating)s)
          AND (%(source)s::text IS NULL OR f.source = %(source)s)
          AND (%(open)s::boolean IS NOT TRUE OR f.rating = 'bad' AND f.resolved_at IS NULL)
          AND (%(open)s::boolean IS NOT FALSE OR NOT (f.rating = 'bad' AND f.resolved_at IS NULL))
          AND (%(example)s::boolean IS NOT TRUE OR f.is_example)
          AND (%(example)s::boolean IS NOT FALSE OR NOT f.is_example)
          AND NOT EXISTS (
              SELECT FROM message_feedback other
              WHERE other.business_id = f.business_id AND other.turn_id = f.turn_id AND other.source <> f.source
                AND (other.created_at, other.source) > (f.created_at, f.source)
                AND (%(rating)s::text IS NULL OR other.rating = %(rating)s)
                AND (%(source)s::text IS NULL OR other.source = %(source)s)
                AND (%(open)s::boolean IS NOT TRUE OR other.rating = 'bad' AND other.resolved_at IS NULL)
                AND (%(open)s::boolean IS NOT FALSE OR NOT (other.rating = 'bad' AND other.resolved_at IS NULL))
                AND (%(example)s::boolean IS NOT TRUE OR other.is_example)
                AND (%(example)s::boolean IS NOT FALSE OR NOT other.is_example))
        ORDER BY f.created_at DESC, f.turn_id DESC LIMIT %(limit)s
        """,
        {**dict.fromkeys(FILTERS), **filters, **page.parameters, "business_id": business_id},
    )


def find_rated(conn: Connection, business_id: UUID, turn_id: UUID) -> Row:
    """The question (`message_content`) of a turn whose answer is rated. Raises NotFound."""
    row = conn.execute(
        """
        SELECT m.message_content FROM messages m
        WHERE m.business_id = %(business_id)s AND m.turn_id = %(turn_id)s AND m.sender_type = 'user'
          AND EXISTS (SELECT FROM message_feedback f
                      WHERE f.business_id = %(business_id)s AND f.turn_id = %(turn_id)s)
        """,
        {"business_id": business_id, "turn_id": turn_id},
    ).fetchone()
    if row is None:
        raise NotFound("Feedback not found.")
    return row


def list_examples(conn: Connection, business_id: UUID, limit: int, max_characters: int) -> list[Row]:
    """The latest examples for prompts: question, and answer, which is the correct answer if staff have written one.
    Longer texts are cut off."""
    return conn.execute(
        """
        SELECT left(question.message_content, %(max_characters)s) AS question,
               left(COALESCE(f.correct_answer, answer.message_content), %(max_characters)s) AS answer
        FROM message_feedback f
        JOIN messages question
            ON question.business_id = f.business_id AND question.turn_id = f.turn_id AND question.sender_type = 'user'
        JOIN messages answer
            ON answer.business_id = f.business_id AND answer.turn_id = f.turn_id AND answer.sender_type = 'assistant'
        WHERE f.business_id = %(business_id)s AND f.is_example
        ORDER BY f.created_at DESC, f.turn_id DESC LIMIT %(limit)s
        """,
        {"business_id": business_id, "limit": limit, "max_characters": max_characters},
    ).fetchall()


def rate_conversation(
    conn: Connection, business_id: UUID, conversation_id: UUID, rating: int, comment: str | None
) -> Row:
    """Rate an existing conversation, instead of its earlier rating. Returns the rating."""
    row = conn.execute(
        """
        INSERT INTO conversation_ratings (business_id, conversation_id, rating, comment)
        VALUES (%(business_id)s, %(conversation_id)s, %(rating)s, %(comment)s)
        ON CONFLICT (business_id, conversation_id) DO UPDATE SET rating = EXCLUDED.rating, comment = EXCLUDED.comment
        RETURNING rating, comment, created_at
        """,
        {"business_id": business_id, "conversation_id": conversation_id, "rating": rating, "comment": comment},
    ).fetchone()
    assert row is not None
    return row


def find_conversation_rating(conn: Connection, business_id: UUID, conversation_id: UUID) -> Row | None:
    """The rating of a conversation: rating, comment and created_at. None if there is none."""
    return conn.execute(
        """
        SELECT rating, comment, created_at FROM conversation_ratings
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        {"business_id": business_id, "conversation_id": conversation_id},
    ).fetchone()
