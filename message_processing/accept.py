"""Accepts a message: customer, conversation, message and turn are committed together before a model is called."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID, uuid4

from core.errors import Conflict, NotFound, RateLimited
from core.idempotency import key_conflict, request_hash
from db import Connection, Database, Row
from message_processing.release import DEFAULT_IDLE_MINUTES, Release, ReleaseCache
from message_processing.reply_language import language_values
from repositories import acceptance, businesses, conversations, releases, takeovers, turns, users
from repositories.turns import ClaimedTurn

MAX_UNFINISHED_TURNS = 50  # per conversation


@dataclass(frozen=True)
class Accepted:
    """A stored message and the turn that answers it."""

    turn_id: UUID
    business_id: UUID
    conversation_id: UUID
    message_id: UUID
    session_id: str
    seq: int
    # "running" if it was claimed at once, "accepted" if it waits for an earlier turn, "held" if a person handles the
    # conversation or the business has paused it
    status: str
    handled_by: str = "ai"
    answer: dict[str, Any] | None = None  # of a completed turn
    is_new: bool = False  # the process that accepted it has to run it
    claimed: ClaimedTurn | None = None  # if it was claimed at once

    @property
    def ids(self) -> dict[str, str]:
        return {
            "conversation_id": str(self.conversation_id),
            "message_id": str(self.message_id),
            "turn_id": str(self.turn_id),
            "session_id": self.session_id,
        }

    @property
    def log_fields(self) -> dict[str, str]:
        """The IDs that log lines about this turn contain."""
        return {"turn_id": str(self.turn_id), "business_id": str(self.business_id)}


def live_release(conn: Connection, business_id: UUID, cache: ReleaseCache) -> Release:
    """The business's live release, from the cache if a turn has used it before."""
    business = businesses.get_business(conn, business_id)
    release_id = business["live_release_id"]
    release = _cached(conn, business_id, release_id, cache)
    cache.note_live(business_id, release)
    return release


def release_of(conn: Connection, claimed: ClaimedTurn, cache: ReleaseCache) -> Release:
    """The release with which a turn is answered. In a conversation that is pinned to one, it has the settings and the
    profile of the live release."""
    release = _cached(conn, claimed["business_id"], claimed["release_id"], cache)
    live_release_id = claimed.get("live_release_id")
    if live_release_id is None:
        return release
    return release.with_settings_of(_cached(conn, claimed["business_id"], live_release_id, cache))


def _cached(conn: Connection, business_id: UUID, release_id: UUID, cache: ReleaseCache) -> Release:
    return cache.get(release_id, lambda: releases.get_snapshot(conn, business_id, release_id))


def accept_message(
    database: Database,
    cache: ReleaseCache,
    owner: UUID,
    business_id: UUID,
    body: dict[str, Any],
    idempotency_key: str | None = None,
) -> Accepted:
    """Store the message of a valid request body, and its turn, which the process `owner` runs.

    An idempotency key that was used before returns the turn that it started; a failed turn is run again. The key does
    not depend on `stream`, and a rejected request does not use it up. Raises NotFound for an unknown customer or
    conversation and for a business without stages, Conflict for a closed conversation and for a key that was used with
    another body, and RateLimited if too many turns of the conversation are unfinished.
    """
    values: dict[str, Any] = {
        "owner": owner,
        "idempotency_key": idempotency_key,
        "max_unfinished": MAX_UNFINISHED_TURNS,
    }
    accepted: Accepted | None = None
    with suppress(acceptance.KeyTaken):
        accepted = _accept_in_open(database, cache, business_id, body, values)
    while accepted is None:
        with suppress(acceptance.KeyTaken), database.transaction() as conn:
            known = turns.find_by_key(conn, business_id, idempotency_key) if idempotency_key else None
            release = live_release(conn, business_id, cache)
            masked = _masked(release, body)
            if known is None:
                accepted = _accept_new(conn, release, business_id, masked, values)
            elif known["request_hash"] == request_hash(masked):
                accepted = _accept_again(conn, business_id, known["turn_id"], owner)
            else:
                raise key_conflict()
    return accepted


def accept_retry(database: Database, owner: UUID, business_id: UUID, turn_id: UUID) -> Accepted:
    """Accept a failed turn again, at its own seq: it continues after its last saved step. Any other turn is returned
    unchanged. Raises NotFound, and Conflict if the conversation is closed."""
    with database.transaction() as conn:
        return _accept_again(conn, business_id, turn_id, owner)


def _accept_in_open(
    database: Database, cache: ReleaseCache, business_id: UUID, body: dict[str, Any], values: dict[str, Any]
) -> Accepted | None:
    """Accept a message that continues a customer's open conversation, as most do, in one statement. It assumes that the
    release in the cache is still live. Returns None and writes nothing if that is not the case."""
    release = cache.last_live(business_id)
    if release is None or release.default_stage is None:
        return None
    body = _masked(release, body)
    values = {**values, **_message_values(release, body, values["idempotency_key"])}
    with database.statement() as conn:
        row = acceptance.accept_in_open(conn, business_id, values, body, release.release_id, idle_time(release))
    return accepted_of(business_id, row, body["message"]) if row else None


def _masked(release: Release, body: dict[str, Any]) -> dict[str, Any]:
    """The request as it may be stored. The customer's addresses and IDs are kept."""
    masking = release.masking
    if not masking.is_on:
        return body
    masked = {**body, "message": masking.text(body["message"])}
    if "user" in body:
        texts = {name: value for name, value in body["user"].items() if name in ("first_name", "last_name", "metadata")}
        masked["user"] = {**body["user"], **masking.members(texts)}
    return masked


def _message_values(release: Release, body: dict[str, Any], idempotency_key: str | None) -> dict[str, Any]:
    """The values of a masked request. The hash is that of the masked request too: a card number could be guessed from
    its hash."""
    return {
        "message": body["message"],
        "request_hash": request_hash(body) if idempotency_key else None,
        **language_values(release, body["message"]),
    }


def _accept_new(
    conn: Connection, release: Release, business_id: UUID, body: dict[str, Any], values: dict[str, Any]
) -> Accepted:
    if release.default_stage is None:
        raise NotFound("No stages found for this business", remediation="Create a stage with POST /stages.")
    user_id = _lock_customer(conn, business_id, body)
    conversation_id = _lock_conversation(conn, business_id, user_id, body, release)
    values = {**values, **_message_values(release, body, values["idempotency_key"]), "user_id": user_id}
    row = acceptance.accept_in(conn, business_id, conversation_id, values, release.release_id)
    if row is None:
        raise RateLimited(
            "Too many messages are waiting for replies in this conversation.", headers={"Retry-After": "5"}
        )
    return accepted_of(business_id, row, body["message"])


def accepted_of(business_id: UUID, row: Row, message: str) -> Accepted:
    """The message and turn of a row of `acceptance`."""
    names = ("turn_id", "conversation_id", "message_id", "session_id", "seq", "status", "handled_by")
    claimed = {**row, "business_id": business_id, "message_content": message}
    return Accepted(
        **{name: row[name] for name in names},
        business_id=business_id,
        is_new=row["status"] != "held",
        claimed=cast(ClaimedTurn, claimed) if row["status"] == "running" else None,
    )


def _accept_again(conn: Connection, business_id: UUID, turn_id: UUID, owner: UUID) -> Accepted:
    progress = turns.get_progress(conn, business_id, turn_id)
    is_accepted = False
    if progress["status"] == "failed":
        conversation = conversations.lock_conversation(conn, business_id, progress["conversation_id"])
        if conversation["status"] in ("completed", "error"):
            raise Conflict("The conversation is closed.")
        is_answered_by_ai = takeovers.is_ai_active(conn, business_id, progress["conversation_id"])
        status = "accepted" if is_answered_by_ai else "held"
        is_accepted = turns.accept_again(conn, business_id, turn_id, owner, status)
        progress = turns.get_progress(conn, business_id, turn_id)
    return Accepted(
        **{
            name: progress[name]
            for name in (
                "turn_id",
                "business_id",
                "conversation_id",
                "message_id",
                "session_id",
                "seq",
                "status",
                "handled_by",
                "answer",
            )
        },
        is_new=is_accepted and progress["status"] == "accepted",
    )


def _lock_customer(conn: Connection, business_id: UUID, body: dict[str, Any]) -> UUID:
    """The customer's ID. Locks the row, so that of two simultaneous messages the second finds the conversation that the
    first has started."""
    if "user" in body:
        return users.find_or_insert_customer(conn, business_id, body["user"])
    user_id = UUID(body["user_id"])
    sender = users.lock_sender(conn, business_id, user_id)
    if sender is None:
        # A user of several businesses in the older system is now a customer of each, with that ID as external_id.
        adopted = users.find_by_external_id(conn, business_id, str(user_id))
        sender = users.lock_sender(conn, business_id, adopted) if adopted else None
    if sender is None:
        raise NotFound("User not found.", remediation="Create the customer with POST /users, or send `user`.")
    if sender["is_unassigned"]:
        users.assign_to_business(conn, business_id, sender["user_id"])
    return UUID(str(sender["user_id"]))


def _lock_conversation(
    conn: Connection, business_id: UUID, user_id: UUID, body: dict[str, Any], release: Release
) -> UUID:
    """The conversation that the message continues, locked, or a new one."""
    if "conversation_id" in body:
        conversation = conversations.lock_conversation(conn, business_id, UUID(body["conversation_id"]))
        if conversation["user_id"] != user_id:
            raise NotFound("Conversation not found.")
        if conversation["status"] in ("completed", "error"):
            raise Conflict(
                "The conversation is closed.", remediation="Omit `conversation_id` to start a new conversation."
            )
        return UUID(str(conversation["conversation_id"]))
    found = conversations.lock_latest_open(conn, business_id, user_id, body.get("session_id"), idle_time(release))
    return found or conversations.insert_conversation(
        conn, business_id, user_id, body.get("session_id") or str(uuid4())
    )


def idle_time(release: Release) -> timedelta:
    """How long after its last message a conversation is continued."""
    return timedelta(minutes=release.settings.get("idle_minutes", DEFAULT_IDLE_MINUTES))
