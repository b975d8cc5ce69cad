"""Inserts a customer's message together with the turn that answers it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from db import Connection, Jsonb, Row

# Inserts the message and turn into the conversation in the CTE `target`. The turn has the seq of its message. The next
# seq is reserved for the reply, so that history is always in order.
_INSERT = """
),
conversation AS (
    UPDATE conversations c SET last_seq = last_seq + 2, last_updated = clock_timestamp()
    FROM target
    WHERE c.business_id = %(business_id)s AND c.conversation_id = target.conversation_id
      AND %(max_unfinished)s > (SELECT count(*) FROM turns t
                                WHERE t.business_id = c.business_id AND t.conversation_id = c.conversation_id
                                  AND t.status IN ('accepted', 'running'))
          -- The snapshot does not contain turns that were accepted while this statement waited for the conversation's
          -- lock; the growth of last_seq counts them.
          + (c.last_seq - (SELECT s.last_seq FROM conversations s
                            WHERE s.business_id = c.business_id AND s.conversation_id = c.conversation_id)) / 2
    RETURNING c.conversation_id, c.session_id, c.handled_by, c.last_seq - 1 AS seq, target.user_id AS sender_user_id,
        CASE WHEN c.handled_by = 'human' OR c.status = 'paused' THEN 'held' ELSE 'accepted' END AS status),
turn AS (
    INSERT INTO turns (business_id, conversation_id, seq, lease_owner, status, idempotency_key, request_hash)
    SELECT %(business_id)s, conversation_id, seq, %(owner)s, status, %(idempotency_key)s, %(request_hash)s
    FROM conversation
    ON CONFLICT (business_id, idempotency_key) DO NOTHING
    RETURNING turn_id),
message AS (
    INSERT INTO messages (business_id, conversation_id, seq, turn_id, message_content, sender_type, sender_user_id)
    SELECT %(business_id)s, conversation_id, seq, turn_id, %(message)s, 'user', sender_user_id
    FROM conversation, turn
    RETURNING message_id)
SELECT turn_id, conversation_id, message_id, session_id, seq, status, handled_by
FROM conversation, turn, message
"""
_IN_CONVERSATION = """
WITH target AS (SELECT %(conversation_id)s::uuid AS conversation_id, %(user_id)s::uuid AS user_id
"""
_ACCEPT_IN = _IN_CONVERSATION + _INSERT


# The customer is locked before the conversation, as everywhere.
_CUSTOMER = """
WITH customer AS (
    SELECT user_id FROM users WHERE business_id = %(business_id)s AND
"""
_TARGET = """
),
target AS (
    SELECT c.conversation_id, c.user_id FROM customer JOIN conversations c USING (user_id)
    WHERE c.business_id = %(business_id)s
      AND EXISTS (SELECT 1 FROM businesses b
                  WHERE b.business_id = c.business_id AND b.live_release_id = %(release_id)s)
      AND NOT EXISTS (SELECT 1 FROM turns t
                      WHERE t.business_id = c.business_id AND t.idempotency_key = %(idempotency_key)s)
      AND
"""
_BY_ID = "user_id = %(user_id)s FOR KEY SHARE"
# The customer in a request's `user` object, unless the object changes their data. In JSON, 1 and 1.0 are equal. The
# lock is that of `users.find_or_insert_customer`, so the later of two requests sees the changes of the other.
_BY_UNCHANGED_DATA = """
    external_id = %(user)s ->> 'external_id'
    AND COALESCE(%(user)s ->> 'first_name', first_name) IS NOT DISTINCT FROM first_name
    AND COALESCE(%(user)s ->> 'last_name', last_name) IS NOT DISTINCT FROM last_name
    AND COALESCE(%(user)s ->> 'email', email) IS NOT DISTINCT FROM email
    AND COALESCE(%(user)s ->> 'phone', phone) IS NOT DISTINCT FROM phone
    AND COALESCE(%(user)s ->> 'language', language) IS NOT DISTINCT FROM language
    AND COALESCE(%(user)s ->> 'timezone', timezone) IS NOT DISTINCT FROM timezone
    AND metadata || COALESCE(%(user)s -> 'metadata', '{}') = metadata
    FOR NO KEY UPDATE
"""
# The conversation that `conversations.lock_latest_open` would find.
_LATEST_OPEN = """
    (%(session_id)s::text IS NULL OR c.session_id = %(session_id)s)
    AND (c.status = 'active' AND (c.handled_by = 'human' OR c.last_updated > now() - %(idle)s) OR c.status = 'paused')
    ORDER BY c.last_updated DESC LIMIT 1
    FOR NO KEY UPDATE OF c
"""
# The conversation that the request names, unless it is closed.
_NAMED_OPEN = """
    c.conversation_id = %(conversation_id)s AND c.status NOT IN ('completed', 'error')
    FOR NO KEY UPDATE OF c
"""
# By whether the request describes its customer in `user`, and whether it names the conversation.
_ACCEPT_IN_OPEN = {
    (False, False): _CUSTOMER + _BY_ID + _TARGET + _LATEST_OPEN + _INSERT,
    (False, True): _CUSTOMER + _BY_ID + _TARGET + _NAMED_OPEN + _INSERT,
    (True, False): _CUSTOMER + _BY_UNCHANGED_DATA + _TARGET + _LATEST_OPEN + _INSERT,
    (True, True): _CUSTOMER + _BY_UNCHANGED_DATA + _TARGET + _NAMED_OPEN + _INSERT,
}


def accept_in_open(
    conn: Connection, business_id: UUID, values: dict[str, Any], body: dict[str, Any], release_id: UUID, idle: timedelta
) -> Row | None:
    """Accept a message that continues the open conversation named in the request body, or the customer's latest one
    (`conversations.lock_latest_open`), in one statement. Most messages need nothing else.

    Returns None and inserts nothing if there is no such conversation, if the customer is unknown or the body changes
    their data, if the release is not the live one, if the idempotency key is taken, or if too many turns are
    unfinished. The caller then finds out which with separate statements. `values` and the returned row are those of
    `accept_in`, except that `values` has no `user_id`.
    """
    statement = _ACCEPT_IN_OPEN["user" in body, "conversation_id" in body]
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
    """Accept a message in this conversation, which the caller has locked. The turn is `held` if a person handles the
    conversation or the business has paused it.

    Returns turn_id, conversation_id, message_id, session_id, seq, status and handled_by.

    Returns None if `max_unfinished` turns are unfinished, or if a turn committed in the meantime has the idempotency
    key; the conversation's last_seq may have increased nevertheless. `values`: user_id, message, owner,
    idempotency_key, request_hash, max_unfinished.
    """
    parameters = {**values, "business_id": business_id, "conversation_id": conversation_id}
    return conn.execute(_ACCEPT_IN, parameters).fetchone()
