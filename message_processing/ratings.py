"""Ratings of customers of channels, and what clients are told about ratings."""

from typing import Any, Literal
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row
from message_processing.accept import live_release
from message_processing.release import ReleaseCache
from repositories import channel_conversations, feedback

Rating = Literal["good", "bad"]


def masked_texts(conn: Connection, business_id: UUID, cache: ReleaseCache, body: dict[str, Any]) -> dict[str, Any]:
    """The `comment` and `correct_answer` of a body as they are stored: masked as the business wants; None if they are
    empty."""
    texts = {name: body.get(name) or None for name in ("comment", "correct_answer")}
    if not any(texts.values()):
        return texts
    masked: dict[str, Any] = live_release(conn, business_id, cache).masking.members(texts)
    return masked


def rate_from_channel(
    conn: Connection, channel: Row, recipient_id: str, message_id: UUID, rating: Rating, comment: str | None = None
) -> Row:
    """Rate an answer for the customer with this address in a channel. `channel` has business_id and channel_id. Returns
    the answer (see `feedback.lock_reply`). Raises NotFound if it is not one of theirs."""
    reply = feedback.lock_reply(conn, channel["business_id"], message_id)
    check_recipient(conn, channel, reply["conversation_id"], recipient_id)
    feedback.rate(conn, channel["business_id"], reply, "customer", {"rating": rating, "comment": comment})
    return reply


def check_recipient(conn: Connection, channel: Row, conversation_id: UUID, recipient_id: str) -> None:
    """Raises NotFound if no customer with this address has written in the conversation through the channel."""
    ids = channel["business_id"], conversation_id, channel["channel_id"]
    if not channel_conversations.is_of_recipient(conn, *ids, recipient_id):
        raise NotFound("Answer not found.")


def rating_frame(reply: Row) -> dict[str, Any]:
    """The live update that a reply (conversation_id, message_id and seq) has another rating."""
    names = ("conversation_id", "message_id")
    return {"type": "message.changed", **{name: str(reply[name]) for name in names}, "seq": reply["seq"]}
