"""A customer's message with the turn that answers it, written together."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from db import Connection, Jsonb, Row
from repositories.conversations import LATEST_OPEN, NAMED_OPEN
from repositories.users import TELLS_NOTHING_NEW

# The customer first, as everywhere: who deletes one has their row before their conversations.
_WRITER = """
WITH writer AS (
    SELECT user_id FROM users WHERE business_id = %(business_id)s AND
"""
_FOUND = """
),
found AS (
    SELECT c.conversation_id, c.user_id FROM writer JOIN conversations c USING (user_id)
    WHERE c.business_id = %(business_id)s
      AND EXISTS (SELECT 1 FROM businesses b
                  WHERE b.business_id = c.business_id AND b.live_release_id = %(release_id)s)
      AND NOT EXISTS (SELECT 1 FROM turns t
                      WHERE t.business_id = c.business_id AND t.idempotency_key = %(idempotency_key)s)
      AND
"""
_HELD = """
WITH found AS (SELECT %(conversation_id)s::uuid AS conversation_id, %(user_id)s::uuid AS user_id
"""
# The turn's number is its message's; the next one is kept for the reply, so that history is always in order.
_WRITE = """
),
conversation AS (
    UPDATE conversations c SET last_seq = last_seq + 2, last_updated = clock_timestamp()
    FROM found
    WHERE c.business_id = %(business_id)s AND c.conversation_id = found.conversation_id
      -- The snapshot does not contain the turns that were accepted while this statement waited for the conversation's
      -- lock; the growth of last_seq counts them.
      AND %(most_waiting)s > (SELECT count(*) FROM turns t
                              WHERE t.conversation_id = c.conversation_id AND t.status IN ('accepted', 'running'))
          + (c.last_seq - (SELECT s.last_seq FROM conversations s WHERE s.conversation_id = c.conversation_id)) / 2
    RETURNING c.conversation_id, c.session_id, c.handled_by, c.last_seq - 1 AS seq, found.user_id AS writer_id,
        CASE WHEN c.handled_by = 'human' OR c.status = 'paused' THEN 'held' ELSE 'accepted' END AS status),
turn AS (
    INSERT INTO turns (business_id, conversation_id, seq, lease_owner, status, idempotency_key, request_hash)
    SELECT %(business_id)s, conversation_id, seq, %(owner)s, status, %(idempotency_key)s, %(request_hash)s
    FROM conversation
    ON CONFLICT (business_id, idempotency_key) DO NOTHING
    RETURNING turn_id),
message AS (
    INSERT INTO messages (business_id, conversation_id, seq, turn_id, message_content, sender_type, sender_user_id)
    SELECT %(business_id)s, conversation_id, seq, turn_id, %(message)s, 'user', writer_id
    FROM conversation, turn
    RETURNING message_id)
SELECT turn_id, conversation_id, message_id, session_id, seq, status, handled_by
FROM conversation, turn, message
"""
# By how the request names its writer, and whether it names the conversation.
_ACCEPT_IN_OPEN = {
    (named_by, in_named): _WRITER + writer + _FOUND + which + _WRITE
    for named_by, writer in {"user_id": "user_id = %(user_id)s FOR KEY SHARE", "user": TELLS_NOTHING_NEW}.items()
    for in_named, which in {True: NAMED_OPEN, False: LATEST_OPEN}.items()
}
_ACCEPT_IN = _HELD + _WRITE


def accept_in_open(
    conn: Connection, business_id: UUID, values: dict[str, Any], body: dict[str, Any], release_id: UUID, idle: timedelta
) -> Row | None:
    """A message that goes on with the open conversation that the request's body names, or with its customer's latest
    (`LATEST_OPEN`), in one statement, which is all that most messages need.

    None, and no message, where there is none, where the writer is no customer of the business or the body tells
    something new of them, the release is not the live one, the idempotency key is taken, or too many turns wait: the
    long way tells which. `values` and the row are those of `accept_in`, but for the `user_id`; numbers may be taken as
    there.
    """
    statement = _ACCEPT_IN_OPEN["user" if "user" in body else "user_id", "conversation_id" in body]
    parameters = {
        **values,
        **{name: body.get(name) for name in ("user_id", "conversation_id", "session_id")},
        "user": Jsonb(body.get("user")),
        "business_id": business_id,
        "release_id": release_id,
        "idle": idle,
    }
    return conn.execute(statement, parameters).fetchone()


def accept_in(conn: Connection, business_id: UUID, conversation_id: UUID, values: dict[str, Any]) -> Row | None:
    """A message in this conversation, which the caller holds; the turn is `held` where a person has it, or the business
    has stopped the AI in it. Returns turn_id, conversation_id, message_id, session_id, seq, status, handled_by.

    None where `most_waiting` turns are unfinished, or where another turn, committed meanwhile, has the idempotency key:
    numbers may be taken all the same. `values`: user_id, message, owner, idempotency_key, request_hash, most_waiting.
    """
    parameters = {**values, "business_id": business_id, "conversation_id": conversation_id}
    return conn.execute(_ACCEPT_IN, parameters).fetchone()
