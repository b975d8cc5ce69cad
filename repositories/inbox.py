"""Lists of conversations as the inbox shows them: with the customer, the assignee, tags and the last message.

`list_conversations` finds a page, `describe` reads what is shown of it. The driver inserts filters and order into the
statement, so the planner removes what is not set: conditions of the form `NOT false`, CASEs with a false condition, and
outer joins on NULL. It then reads the index of a filter, or the index of the order, whichever costs less.
"""

from typing import Any, Literal
from uuid import UUID

from core.errors import NotFound
from core.search import MIN_PREFIX
from db import Connection, Row
from repositories.page import Page

Order = Literal["oldest", "newest", "latest", "waiting"]
MAX_COUNT = 1000
MAX_UNREAD = 100
_VALUES = ("user_id", "status", "stage_id", "handled_by", "is_test", "tag", "words")
_SWITCHES = ("mine", "unassigned", "waiting", "needs_person", "snoozed")


def list_conversations(
    conn: Connection,
    business_id: UUID,
    page: Page,
    order: Order,
    filters: dict[str, Any],
    *,
    viewer_id: UUID | None = None,
    only_not_waiting: bool = False,
) -> list[Row]:
    """A page of the business's conversations: conversation_id, and the columns that the list may be ordered by.

    `oldest` and `newest` order by start_time, `latest` by last_updated, newest first, and `waiting` only contains
    conversations whose customers wait, those that wait longest first.

    `filters` may contain user_id, status, stage_id, handled_by, is_test, tag, words (of messages or of the customer's
    name, in the syntax of `websearch_to_tsquery`; plain words also find names that start with them), and as True: mine
    (assigned to `viewer_id`), unassigned (handled by a person, but nobody is assigned), waiting, needs_person and
    snoozed. With one of these five, closed conversations are left out unless there is a status, and snoozed ones unless
    there is `snoozed`.
    """
    is_inbox = any(filters.get(name) for name in _SWITCHES)
    return conn.execute(
        """
        SELECT c.conversation_id, c.start_time, c.last_updated, c.waiting_since
        FROM conversations c
        LEFT JOIN users u ON u.user_id = c.user_id AND u.business_id = %(business_id)s
        LEFT JOIN conversation_tags t
            ON t.business_id = %(business_id)s AND t.conversation_id = c.conversation_id AND t.tag = %(tag)s
        LEFT JOIN (
            SELECT m.conversation_id FROM messages m
            WHERE m.business_id = %(business_id)s AND numnode(websearch_to_tsquery('simple', %(words)s)) > 0
              AND message_words(m.business_id, m.message_content)
                  @@ (websearch_to_tsquery('simple', %(words)s) && quote_literal(%(business_id)s::text)::tsquery)
            UNION
            SELECT theirs.conversation_id FROM users customer
            JOIN conversations theirs ON theirs.business_id = %(business_id)s AND theirs.user_id = customer.user_id
            WHERE customer.business_id = %(business_id)s AND numnode(websearch_to_tsquery('simple', %(words)s)) > 0
              AND user_words(customer.business_id, customer.first_name, customer.last_name)
                  @@ (CASE WHEN numnode(to_tsquery('simple', %(prefixes)s)) > 0 THEN to_tsquery('simple', %(prefixes)s)
                           ELSE websearch_to_tsquery('simple', %(words)s) END
                      && quote_literal(%(business_id)s::text)::tsquery)
        ) AS found ON found.conversation_id = c.conversation_id
        WHERE c.business_id = %(business_id)s
          AND (%(user_id)s::uuid IS NULL OR c.user_id = %(user_id)s)
          AND (%(status)s::text IS NULL OR c.status = %(status)s)
          AND (%(stage_id)s::uuid IS NULL OR c.stage_id = %(stage_id)s)
          AND (%(handled_by)s::text IS NULL OR c.handled_by = %(handled_by)s)
          AND (%(is_test)s::boolean IS NOT TRUE OR u.is_test)
          AND (%(is_test)s::boolean IS NOT FALSE OR u.is_test IS NOT TRUE)
          AND (%(tag)s::text IS NULL OR t.tag IS NOT NULL)
          AND (%(words)s::text IS NULL OR found.conversation_id IS NOT NULL)
          AND (NOT %(mine)s OR c.assignee_id = %(viewer_id)s::uuid)
          AND (NOT %(unassigned)s OR c.assignee_id IS NULL AND c.handled_by = 'human')
          AND (NOT %(waiting)s OR c.waiting_since IS NOT NULL)
          AND (NOT %(needs_person)s OR c.needs_person_reason IS NOT NULL)
          AND (NOT %(snoozed)s OR c.snoozed_until > now())
          AND (NOT %(only_open)s OR c.status IN ('active', 'paused'))
          AND (NOT %(only_not_snoozed)s OR c.snoozed_until IS NULL OR c.snoozed_until <= now())
          AND (NOT %(only_not_waiting)s OR c.waiting_since IS NULL)
          AND (%(order)s <> 'oldest' OR (c.start_time, c.conversation_id) > (%(after_time)s, %(after_id)s))
          AND (%(order)s <> 'newest' OR (c.start_time, c.conversation_id) < (%(after_time)s, %(after_id)s))
          AND (%(order)s <> 'waiting' OR c.waiting_since IS NOT NULL
               AND (c.waiting_since, c.conversation_id) > (%(after_time)s, %(after_id)s))
          -- Of last_updated only the day is indexed. The first condition is that of the index (docs/indexes.md).
          AND (%(order)s <> 'latest' OR c.handled_by IN ('ai', 'human')
               AND c.last_day <= (%(after_time)s::timestamptz AT TIME ZONE 'UTC')::date
               AND (c.last_updated, c.conversation_id) < (%(after_time)s, %(after_id)s))
        ORDER BY
            CASE WHEN %(order)s = 'oldest' THEN c.start_time END,
            CASE WHEN %(order)s = 'newest' THEN c.start_time END DESC,
            CASE WHEN %(order)s = 'waiting' THEN c.waiting_since END,
            CASE WHEN %(order)s = 'latest' THEN c.last_day END DESC,
            CASE WHEN %(order)s = 'latest' THEN c.last_updated END DESC,
            CASE WHEN %(order)s IN ('oldest', 'waiting') THEN c.conversation_id END,
            CASE WHEN %(order)s IN ('newest', 'latest') THEN c.conversation_id END DESC
        LIMIT %(limit)s
        """,
        {
            **{name: filters.get(name) for name in _VALUES},
            **{name: bool(filters.get(name)) for name in _SWITCHES},
            # Not twice, because the planner would take two conditions for more selective than one.
            "waiting": bool(filters.get("waiting")) and order != "waiting",
            **page.parameters,
            "prefixes": _prefixes(filters.get("words") or ""),
            "business_id": business_id,
            "order": order,
            "viewer_id": viewer_id,
            "only_open": is_inbox and "status" not in filters,
            "only_not_snoozed": is_inbox and not filters.get("snoozed"),
            "only_not_waiting": only_not_waiting,
        },
    ).fetchall()


def _prefixes(words: str) -> str | None:
    """The query for names that start with the words. None if the text is not just words of MIN_PREFIX letters."""
    parts = words.split()
    is_plain = parts and all(part.isalpha() and len(part) >= MIN_PREFIX and part.lower() != "or" for part in parts)
    return " & ".join(f"{part}:*" for part in parts) if is_plain else None


def describe(conn: Connection, business_id: UUID, conversation_ids: list[UUID], viewer_id: UUID | None) -> list[Row]:
    """The conversations in this order, as the API returns them, for the signed-in user `viewer_id` (None for keys)."""
    rows = conn.execute(
        """
        SELECT c.conversation_id, c.business_id, c.user_id,
               display_name(u.first_name, u.last_name, u.email, u.external_id) AS customer_name, u.is_test,
               c.agent_id, c.stage_id, c.session_id, c.channel, c.language, c.status, c.handled_by, c.assignee_id,
               display_name(a.first_name, a.last_name, a.email, NULL) AS assignee_name, c.waiting_since,
               c.needs_person_reason IS NOT NULL AS needs_person, c.needs_person_reason,
               CASE WHEN c.snoozed_until > now() THEN c.snoozed_until END AS snoozed_until,
               ARRAY(
                   SELECT tag.tag FROM conversation_tags tag
                   WHERE tag.business_id = %(business_id)s AND tag.conversation_id = c.conversation_id
                   ORDER BY tag.tag) AS tags,
               (SELECT count(*) FROM (  -- in order, so that the index is read and not the table
                   SELECT FROM messages m
                   WHERE m.business_id = %(business_id)s AND m.conversation_id = c.conversation_id
                     AND m.seq > COALESCE(r.read_seq, 0) AND m.sender_type = 'user' AND v.user_id IS NOT NULL
                   ORDER BY m.seq DESC LIMIT %(max_unread)s) AS new) AS unread,
               last.seq AS message_seq, last.sender_type AS message_sender_type,
               last.sender_user_id AS message_sender_user_id,
               CASE WHEN last.sender_type = 'agent' THEN display_name(s.first_name, s.last_name, s.email, NULL) END
                   AS message_sender_name,
               last.text AS message_text, last.created_at AS message_created_at, last.turn_id AS message_turn_id,
               turn.engine AS message_engine,
               turn_failure_v1(%(business_id)s, turn.turn_id, turn.decision, turn.error) AS message_failure,
               CASE WHEN last.sender_type <> 'user'
                    THEN message_delivery_v1(%(business_id)s, c.conversation_id, last.seq) ->> 'status' END
                   AS message_delivery_status,
               c.last_seq, c.start_time, c.last_updated
        FROM unnest(%(conversation_ids)s::uuid[]) WITH ORDINALITY AS listed (conversation_id, place)
        JOIN conversations c ON c.business_id = %(business_id)s AND c.conversation_id = listed.conversation_id
        JOIN users u ON u.user_id = c.user_id AND (u.business_id = %(business_id)s OR u.business_id IS NULL)
        LEFT JOIN users a ON a.user_id = c.assignee_id AND (a.business_id = %(business_id)s OR a.business_id IS NULL)
        LEFT JOIN business_members v ON v.business_id = %(business_id)s AND v.user_id = %(viewer_id)s
        LEFT JOIN conversation_reads r
            ON r.business_id = %(business_id)s AND r.conversation_id = c.conversation_id AND r.user_id = v.user_id
        LEFT JOIN LATERAL (
            SELECT m.seq, m.sender_type, m.sender_user_id, left(m.message_content, 200) AS text, m.created_at, m.turn_id
            FROM messages m
            WHERE m.business_id = %(business_id)s AND m.conversation_id = c.conversation_id AND m.sender_type <> 'note'
            ORDER BY m.seq DESC LIMIT 1) AS last ON true
        LEFT JOIN users s
            ON s.user_id = last.sender_user_id AND (s.business_id = %(business_id)s OR s.business_id IS NULL)
        LEFT JOIN turns turn ON turn.business_id = %(business_id)s AND turn.turn_id = last.turn_id
        ORDER BY listed.place
        """,
        {
            "business_id": business_id,
            "conversation_ids": conversation_ids,
            "viewer_id": viewer_id,
            "max_unread": MAX_UNREAD,
        },
    ).fetchall()
    return [_with_last_message(row) for row in rows]


def describe_one(conn: Connection, business_id: UUID, conversation_id: UUID, viewer_id: UUID | None) -> Row:
    """One conversation, like `describe`. Raises NotFound."""
    rows = describe(conn, business_id, [conversation_id], viewer_id)
    if not rows:
        raise NotFound("Conversation not found.")
    return rows[0]


def _with_last_message(row: Row) -> Row:
    """The row with the columns `message_...` as the object `last_message`, None if there is no message."""
    message = {name.removeprefix("message_"): row[name] for name in row if name.startswith("message_")}
    rest = {name: value for name, value in row.items() if not name.startswith("message_")}
    return {**rest, "last_message": message if message["seq"] is not None else None}


def count_conversations(conn: Connection, business_id: UUID, viewer_id: UUID | None, max_count: int = MAX_COUNT) -> Row:
    """How many conversations the inbox's filters find, each counted up to `max_count`: mine, unassigned, waiting,
    needs_person, snoozed, and unread: those of `mine` with messages that `viewer_id` has not read."""
    row = conn.execute(
        """
        WITH mine AS MATERIALIZED (
            SELECT c.conversation_id FROM conversations c
            WHERE c.business_id = %(business_id)s AND c.assignee_id = %(viewer_id)s::uuid
              AND c.status IN ('active', 'paused') AND (c.snoozed_until IS NULL OR c.snoozed_until <= now())
            LIMIT %(limit)s)
        SELECT
            (SELECT count(*) FROM mine) AS mine,
            (SELECT count(*) FROM (
                SELECT FROM conversations c
                WHERE c.business_id = %(business_id)s AND c.assignee_id IS NULL AND c.handled_by = 'human'
                  AND c.status IN ('active', 'paused') AND (c.snoozed_until IS NULL OR c.snoozed_until <= now())
                LIMIT %(limit)s) AS found) AS unassigned,
            (SELECT count(*) FROM (
                SELECT FROM conversations c
                WHERE c.business_id = %(business_id)s AND c.waiting_since IS NOT NULL
                  AND c.status IN ('active', 'paused') AND (c.snoozed_until IS NULL OR c.snoozed_until <= now())
                LIMIT %(limit)s) AS found) AS waiting,
            (SELECT count(*) FROM (
                SELECT FROM conversations c
                WHERE c.business_id = %(business_id)s AND c.needs_person_reason IS NOT NULL
                  AND c.status IN ('active', 'paused') AND (c.snoozed_until IS NULL OR c.snoozed_until <= now())
                LIMIT %(limit)s) AS found) AS needs_person,
            (SELECT count(*) FROM (
                SELECT FROM conversations c
                WHERE c.business_id = %(business_id)s AND c.snoozed_until > now() AND c.status IN ('active', 'paused')
                LIMIT %(limit)s) AS found) AS snoozed,
            (SELECT count(*) FROM mine
             LEFT JOIN conversation_reads r
                 ON r.business_id = %(business_id)s AND r.conversation_id = mine.conversation_id
                AND r.user_id = %(viewer_id)s::uuid
             CROSS JOIN LATERAL (
                 SELECT FROM messages m
                 WHERE m.business_id = %(business_id)s AND m.conversation_id = mine.conversation_id
                   AND m.seq > COALESCE(r.read_seq, 0) AND m.sender_type = 'user'
                 ORDER BY m.seq DESC LIMIT 1) AS new) AS unread
        """,
        {"business_id": business_id, "viewer_id": viewer_id, "limit": max_count},
    ).fetchone()
    assert row is not None
    return row
