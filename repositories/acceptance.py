"""Stores a customer's message together with the turn that answers it (`migrations/49_pinned_conversations.sql`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from psycopg2.errors import UniqueViolation

from db import Connection, Jsonb, Row


class KeyTaken(Exception):
    """A turn committed meanwhile has the idempotency key."""


def accept_in_open(
    conn: Connection, business_id: UUID, values: dict[str, Any], body: dict[str, Any], release_id: UUID, idle: timedelta
) -> Row | None:
    """Accept a message that continues the open conversation named in the request body, or the customer's latest one.
    Most messages need nothing else.

    Returns None and stores nothing if there is no such conversation, if the customer is unknown or the body changes
    their data, if the release is not the live one, if the idempotency key is taken, or if too many turns are
    unfinished. The caller then finds out which with separate statements. A pinned conversation is answered with its own
    release. `values` and the returned row are those of
    `accept_in`, except that `values` has no `user_id`. Raises KeyTaken.
    """
    parameters = {
        **values,
        **{name: body.get(name) for name in ("user_id", "conversation_id", "session_id")},
        "user": Jsonb(body["user"]) if "user" in body else None,
        "business_id": business_id,
        "release_id": release_id,
        "idle": idle,
    }
    with _noticing_taken_key():
        return conn.execute(
            """
            SELECT * FROM accept_message_v4(p_business_id => %(business_id)s, p_user_id => %(user_id)s,
                p_user => %(user)s, p_conversation_id => %(conversation_id)s, p_session_id => %(session_id)s,
                p_idle => %(idle)s, p_message => %(message)s, p_owner => %(owner)s, p_release_id => %(release_id)s,
                p_idempotency_key => %(idempotency_key)s, p_request_hash => %(request_hash)s,
                p_max_unfinished => %(max_unfinished)s, p_language => %(language)s,
                p_guessed_language => %(guessed_language)s)
            """,
            parameters,
        ).fetchone()


def accept_in(
    conn: Connection, business_id: UUID, conversation_id: UUID, values: dict[str, Any], release_id: UUID
) -> Row | None:
    """Accept a message in this conversation, which the caller has locked. The turn is `held` if a person handles the
    conversation or the business has paused it, `running` if it may start now, and otherwise `accepted`.

    Returns turn_id, conversation_id, message_id, session_id, seq, status, handled_by, and the columns of
    `turns.ClaimedTurn`, which matter only if the turn is running. Returns None if `max_unfinished` turns are
    unfinished. `values`: user_id, message, owner, idempotency_key, request_hash, max_unfinished, the language of the
    message (`language` if it is certain, otherwise `guessed_language`), and optionally its metadata. Raises KeyTaken.
    """
    ids = {"business_id": business_id, "conversation_id": conversation_id, "release_id": release_id}
    parameters = {**values, **ids, "metadata": Jsonb(values.get("metadata", {}))}
    with _noticing_taken_key():
        return conn.execute(
            """
            SELECT * FROM store_message_v4(p_business_id => %(business_id)s, p_conversation_id => %(conversation_id)s,
                p_user_id => %(user_id)s, p_message => %(message)s, p_owner => %(owner)s,
                p_release_id => %(release_id)s, p_idempotency_key => %(idempotency_key)s,
                p_request_hash => %(request_hash)s, p_max_unfinished => %(max_unfinished)s, p_language => %(language)s,
                p_guessed_language => %(guessed_language)s, p_metadata => %(metadata)s)
            """,
            parameters,
        ).fetchone()


@contextmanager
def _noticing_taken_key() -> Iterator[None]:
    try:
        yield
    except UniqueViolation as error:
        if error.diag.constraint_name == "turns_idempotency_key":
            raise KeyTaken from error
        raise
