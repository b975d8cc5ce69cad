"""Accepts a message of a customer of a channel: customer, conversation, message and turn are committed together."""

import hashlib
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import UUID

from channels.base import Attachment, Inbound
from channels.http import MAX_FILE_BYTES
from channels.payloads import is_storable_id
from core.errors import InvalidRequest, NotFound, RateLimited
from core.ids import new_id
from core.masking import Masking
from core.storable import storable_text, storable_value
from db import Connection, Database, Row
from message_processing.accept import MAX_UNFINISHED_TURNS, Accepted, accepted_of, idle_time, live_release
from message_processing.release import Release, ReleaseCache
from message_processing.reply_language import language_values
from repositories import acceptance, channel_conversations, channel_messages, conversations, messages

MAX_TEXT = 20_000  # characters of a message, as in POST /messages; the rest is cut off

_MAX_KEY = 200  # characters of an idempotency key; longer ones are hashed
_MAX_ID = 200
_MAX_NAME = 200
_MAX_REFERENCE = 4_000
_OPTIONAL = {"language": 35, "email": 254, "phone": 50}  # what is left out if it is longer than this


def message_key(channel_id: UUID, message_id: str) -> str:
    """The idempotency key of a provider's message."""
    key = f"{channel_id}:{storable_text(message_id)}"
    return key if len(key) <= _MAX_KEY else f"{channel_id}:sha256:{hashlib.sha256(key.encode()).hexdigest()}"


def customer_id(channel_id: UUID, sender_id: str) -> str:
    """The external_id of a customer of a channel."""
    name = f"{channel_id}:{storable_text(sender_id)}"
    return name if len(name) <= _MAX_ID else f"{channel_id}:sha256:{hashlib.sha256(name.encode()).hexdigest()}"


def accept_inbound(
    database: Database,
    cache: ReleaseCache,
    owner: UUID,
    channel: Row,
    inbound: Inbound,
    external_id: str | None = None,
) -> Accepted | None:
    """Store a message of a customer, and its turn, which the process `owner` runs. `channel` has business_id,
    channel_id and kind. With `external_id`, the business has identified the customer itself.

    Returns None if the message was accepted before, or is not to be answered. Raises InvalidRequest if the message
    cannot be stored, NotFound if the business has no stages, and RateLimited if too many turns of the conversation are
    unfinished.
    """
    inbound = _storable(inbound)
    key = message_key(channel["channel_id"], inbound.message_id)
    with suppress(acceptance.KeyTaken), database.transaction() as conn:
        if channel_messages.is_known(conn, channel["business_id"], key):
            return None
        return _accept(conn, cache, owner, channel, inbound, key, external_id)
    return None  # another process has accepted it at the same time


def _storable(inbound: Inbound) -> Inbound:
    """The message with values that the database can store. Raises InvalidRequest if an ID would have to be changed,
    because a reply would then go to somebody else, or if the details are not JSON."""
    if not is_storable_id(inbound.sender_id):
        raise InvalidRequest("The ID of the sender cannot be stored.")
    if inbound.thread is not None and not is_storable_id(inbound.thread):
        raise InvalidRequest("The ID of the thread cannot be stored.")
    try:
        details = storable_value(dict(inbound.details))
    except ValueError as error:
        raise InvalidRequest("The details of the message cannot be stored.") from error
    optional: dict[str, Any] = {
        name: value if value and len(value) <= limit and storable_text(value) == value else None
        for name, limit in _OPTIONAL.items()
        for value in [getattr(inbound, name)]
    }
    return replace(inbound, details=details, **optional)


def _accept(
    conn: Connection,
    cache: ReleaseCache,
    owner: UUID,
    channel: Row,
    inbound: Inbound,
    key: str,
    external_id: str | None,
) -> Accepted | None:
    business_id, channel_id = channel["business_id"], channel["channel_id"]
    release = live_release(conn, business_id, cache)
    if release.default_stage is None:
        raise NotFound("No stages found for this business", remediation="Create a stage with POST /stages.")
    inbound = _masked(release.masking, inbound)
    known_id = (
        None if external_id else channel_conversations.lock_customer(conn, business_id, channel_id, inbound.sender_id)
    )
    customer = {"external_id": external_id or customer_id(channel_id, inbound.sender_id), **_person(inbound)}
    user_id = known_id or channel_messages.find_or_insert_customer(conn, business_id, customer)
    conversation_id = _lock_conversation(conn, channel, user_id, inbound, release)
    channel_conversations.link(
        conn,
        business_id,
        conversation_id,
        channel_id,
        inbound.sender_id,
        inbound.thread,
        inbound.details,
        inbound.sent_at,
    )
    attachments = [_attachment_row(place, each) for place, each in enumerate(inbound.attachments, start=1)]
    text = storable_text(inbound.text).strip()[:MAX_TEXT]
    values: dict[str, Any] = {
        "message": "\n".join([*([text] if text else []), *map(_label, attachments)]) or "[unknown]",
        "metadata": _metadata(bool(text), attachments),
        **language_values(release, text),
        "user_id": user_id,
        "owner": owner,
        "idempotency_key": key,
        "request_hash": None,
        "max_unfinished": MAX_UNFINISHED_TURNS,
    }
    if not inbound.answer:
        seq = _store_unanswered(conn, business_id, conversation_id, values)
        channel_messages.insert_attachments(conn, business_id, conversation_id, seq, attachments)
        return None
    row = acceptance.accept_in(conn, business_id, conversation_id, values, release.release_id)
    if row is None:
        raise RateLimited(
            "Too many messages are waiting for replies in this conversation.", headers={"Retry-After": "5"}
        )
    channel_messages.insert_attachments(conn, business_id, conversation_id, row["seq"], attachments)
    return accepted_of(business_id, row, values["message"])


def _masked(masking: Masking, inbound: Inbound) -> Inbound:
    """The message as it may be stored. IDs and addresses, which replies need, are kept."""
    if not masking.is_on:
        return inbound
    subject = masking.members({name: value for name, value in inbound.details.items() if name == "subject"})
    return replace(
        inbound,
        text=masking.text(inbound.text),
        sender_name=masking.text(inbound.sender_name) if inbound.sender_name else None,
        details={**inbound.details, **subject},
        attachments=tuple(
            replace(each, name=masking.text(each.name) if each.name else None) for each in inbound.attachments
        ),
    )


def _lock_conversation(conn: Connection, channel: Row, user_id: UUID, inbound: Inbound, release: Release) -> UUID:
    """The conversation that the message continues, locked, or a new one."""
    business_id, channel_id = channel["business_id"], channel["channel_id"]
    session_id = str(channel_id)
    if inbound.thread is not None:
        found = channel_conversations.lock_open_in_thread(conn, business_id, channel_id, user_id, inbound.thread)
        session_id = customer_id(channel_id, inbound.thread)
    else:
        found = conversations.lock_latest_open(conn, business_id, user_id, session_id, idle_time(release))
    return found or conversations.insert_conversation(conn, business_id, user_id, session_id, channel["kind"])


def _store_unanswered(conn: Connection, business_id: UUID, conversation_id: UUID, values: dict[str, Any]) -> int:
    """Store a message without a turn. Returns its seq."""
    seq = conversations.allocate_seq(conn, business_id, conversation_id)
    message = {
        "conversation_id": conversation_id,
        "seq": seq,
        "message_content": values["message"],
        "metadata": {**values["metadata"], "is_automatic": True},
        "sender_type": "user",
        "sender_user_id": values["user_id"],
        "idempotency_key": values["idempotency_key"],
        "request_hash": None,
    }
    messages.insert_message(conn, business_id, message)
    return seq


def _person(inbound: Inbound) -> dict[str, Any]:
    first_name, _, last_name = storable_text(inbound.sender_name or "").strip().partition(" ")
    return {
        "first_name": first_name[:_MAX_NAME] or None,
        "last_name": last_name.strip()[:_MAX_NAME] or None,
        "email": inbound.email,
        "phone": inbound.phone,
        "language": inbound.language,
    }


def _attachment_row(place: int, attachment: Attachment) -> dict[str, Any]:
    content = attachment.content
    is_kept = content is not None and attachment.kind == "image" and len(content) <= MAX_FILE_BYTES
    return {
        "attachment_id": new_id(),
        "place": place,
        "kind": attachment.kind,
        "media_type": storable_text(attachment.media_type or "")[:_MAX_NAME] or None,
        "name": storable_text(attachment.name or "")[:_MAX_NAME] or None,
        "reference": storable_text(attachment.reference or "")[:_MAX_REFERENCE] or None,
        "content": content if is_kept else None,
    }


def _label(attachment: dict[str, Any]) -> str:
    """The text in place of an attachment, which staff and prompts see."""
    return f"[{attachment['kind']}: {attachment['name']}]" if attachment["name"] else f"[{attachment['kind']}]"


def _metadata(has_text: bool, attachments: list[dict[str, Any]]) -> dict[str, Any]:
    if not attachments:
        return {}
    names = ("kind", "media_type", "name")
    described = [
        {"attachment_id": str(each["attachment_id"]), **{name: each[name] for name in names}} for each in attachments
    ]
    return {"has_text": has_text, "attachments": described}
