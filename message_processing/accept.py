"""Accepting a message: customer, conversation, message and turn, committed together before any model is asked."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from db import Connection, Database, Row
from errors import Conflict, NotFound
from message_processing.release import DEFAULT_IDLE_MINUTES, Release, ReleaseCache
from repositories import businesses, conversations, messages, releases, turns, users


@dataclass(frozen=True)
class Accepted:
    """A message that is stored, and the turn that will answer it."""

    turn_id: UUID
    business_id: UUID
    conversation_id: UUID
    message_id: UUID
    session_id: str
    is_held: bool  # a person has the conversation, or the business has stopped the AI in it
    handled_by: str

    @property
    def ids(self) -> dict[str, str]:
        return {
            "conversation_id": str(self.conversation_id),
            "message_id": str(self.message_id),
            "turn_id": str(self.turn_id),
            "session_id": self.session_id,
        }


def live_release(conn: Connection, business_id: UUID, cache: ReleaseCache) -> Release:
    """The business's live release, out of memory where a turn has used it before."""
    business = businesses.get_business(conn, business_id)
    release_id = business["live_release_id"]
    return cache.get(release_id, lambda: releases.get_snapshot(conn, business_id, release_id))


def accept_message(
    database: Database, cache: ReleaseCache, owner: UUID, business_id: UUID, body: dict[str, Any]
) -> Accepted:
    """Store the message of a valid body and the turn that `owner` (a process) is to run.

    Raises NotFound for a customer or conversation that is not the business's and for a business without stages,
    Conflict for a conversation that is completed.
    """
    with database.transaction() as conn:
        release = live_release(conn, business_id, cache)
        if release.default_stage is None:
            raise NotFound("No stages found for this business", remediation="Create a stage: POST /stages.")
        user_id = _hold_customer(conn, business_id, body)
        conversation = _hold_conversation(conn, business_id, user_id, body, release)
        conversation_id = conversation["conversation_id"]
        # The turn's number is its message's; the next one is kept for the reply, so that history is always in order.
        seq = conversations.take_numbers(conn, business_id, conversation_id, 2)
        is_held = conversation["handled_by"] == "human" or conversation["status"] == "paused"
        turn_id = turns.insert_turn(conn, business_id, conversation_id, seq, owner, "held" if is_held else "accepted")
        message = messages.insert_message(
            conn,
            business_id,
            {
                "conversation_id": conversation_id,
                "seq": seq,
                "turn_id": turn_id,
                "message_content": body["message"],
                "sender_type": "user",
                "sender_user_id": user_id,
            },
        )
    return Accepted(
        turn_id,
        business_id,
        conversation_id,
        message["message_id"],
        conversation["session_id"],
        is_held,
        conversation["handled_by"],
    )


def _hold_customer(conn: Connection, business_id: UUID, body: dict[str, Any]) -> UUID:
    """The writer's id, their row locked: of two messages at once, one finds the conversation that the other started."""
    if "user" in body:
        return users.find_or_insert_customer(conn, business_id, body["user"])
    writer = users.lock_writer(conn, business_id, UUID(body["user_id"]))
    if writer is None:
        raise NotFound("There is no such user.", remediation="Create the customer: POST /users, or send `user`.")
    if writer["is_unclaimed"]:
        users.claim_user(conn, business_id, writer["user_id"])
    return UUID(str(writer["user_id"]))


def _hold_conversation(
    conn: Connection, business_id: UUID, user_id: UUID, body: dict[str, Any], release: Release
) -> Row:
    """The conversation that the message goes on with, or a new one, locked."""
    if "conversation_id" in body:
        conversation = conversations.lock_conversation(conn, business_id, UUID(body["conversation_id"]))
        if conversation["user_id"] != user_id:
            raise NotFound("There is no such conversation.")
        if conversation["status"] in ("completed", "error"):
            raise Conflict("The conversation is closed.", remediation="Leave `conversation_id` out to start a new one.")
        return conversation
    idle = timedelta(minutes=release.settings.get("idle_minutes", DEFAULT_IDLE_MINUTES))
    found = conversations.find_latest_open(conn, business_id, user_id, body.get("session_id"), idle)
    if found is None:
        found = conversations.insert_conversation(conn, business_id, user_id, body.get("session_id") or str(uuid4()))
    return conversations.lock_conversation(conn, business_id, found)
