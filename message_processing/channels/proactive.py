"""Messages that a business writes as its assistant, without a message of the customer before. In the customer's quiet
hours they wait until these end."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from background import jobs
from background.jobs import Job, Kind
from core.errors import Conflict, NotFound
from db import Connection, Database, Row
from message_processing.business_settings import QuietHours
from message_processing.local_time import current_time, timezone_of
from message_processing.release import Release
from message_processing.working_hours import DAYS, Interval, next_opening
from repositories import conversations, messages, scheduled_messages, takeovers

_KIND = "scheduled_message"


def quiet_until(quiet: QuietHours | None, zone: tzinfo, moment: datetime) -> datetime | None:
    """When the quiet hours end, in UTC; None if it is not a quiet time."""
    if quiet is None or quiet["start"] == quiet["end"]:
        return None
    others: list[Interval] = [{"day": day, "start": quiet["end"], "end": quiet["start"]} for day in DAYS]
    return next_opening(others, zone, moment)


def post_or_schedule(
    conn: Connection, business_id: UUID, release: Release, conversation: Row, values: dict[str, Any]
) -> tuple[Row | None, Row | None]:
    """Post a message in a conversation that the caller has locked, or schedule it. Returns the message, or otherwise
    what is scheduled.

    `values`: message_content, metadata, idempotency_key and request_hash. Raises Conflict if the assistant does not
    handle the conversation.
    """
    conversation_id = conversation["conversation_id"]
    if conversation["status"] == "completed":
        raise Conflict("The conversation is closed.")
    if not takeovers.is_ai_active(conn, business_id, conversation_id):
        raise Conflict(
            "The assistant does not handle this conversation, or is paused.",
            remediation="Release or resume the conversation, or write as a person.",
        )
    zone = timezone_of(conn, business_id, conversation["user_id"], release)
    scheduled_for = quiet_until(release.settings.get("quiet_hours"), zone, current_time())
    if scheduled_for is None:
        return _post(conn, business_id, conversation_id, values), None
    values = {**values, "conversation_id": conversation_id, "scheduled_for": scheduled_for}
    scheduled = scheduled_messages.insert_scheduled(conn, business_id, values)
    payload = {"scheduled_message_id": str(scheduled["scheduled_message_id"])}
    queue = f"{_KIND} {conversation_id}"  # they stay in order
    jobs.add(conn, _KIND, business_id, payload, run_at=scheduled_for, queue_key=queue)
    return None, scheduled


class ScheduledMessages:
    """Posts the messages when quiet hours end. `publish` tells the business's clients about them."""

    def __init__(self, database: Database, publish: Callable[[UUID, dict[str, Any]], None]) -> None:
        self._database, self._publish = database, publish

    def kinds(self) -> tuple[Kind, ...]:
        """The kind of these jobs, for the runner."""
        return (Kind(_KIND, self._run),)

    def _run(self, job: Job) -> None:
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            message = _post_scheduled(conn, job.business_id, UUID(job.payload["scheduled_message_id"]))
        if message is not None:
            names = ("conversation_id", "message_id", "seq", "sender_type")
            frame = {"type": "message.created", **{name: message[name] for name in names}}
            self._publish(job.business_id, frame)


def _post_scheduled(conn: Connection, business_id: UUID, scheduled_message_id: UUID) -> Row | None:
    """Returns the message. None if it was deleted, or the assistant no longer handles the conversation."""
    waiting = scheduled_messages.find_waiting(conn, business_id, scheduled_message_id)
    if waiting is None:
        return None
    conversation_id = waiting["conversation_id"]
    try:
        conversation = conversations.lock_conversation(conn, business_id, conversation_id)
    except NotFound:
        return None
    if conversation["status"] == "completed" or not takeovers.is_ai_active(conn, business_id, conversation_id):
        scheduled_messages.end_waiting(conn, business_id, scheduled_message_id, "dropped")
        return None
    values = {**waiting, "idempotency_key": None, "request_hash": None}
    seq = conversation["last_seq"] + 1
    if not scheduled_messages.end_waiting(conn, business_id, scheduled_message_id, "posted", seq):
        return None  # it was cancelled meanwhile
    return _post(conn, business_id, conversation_id, values)


def _post(conn: Connection, business_id: UUID, conversation_id: UUID, values: dict[str, Any]) -> Row:
    message = {
        **values,
        "conversation_id": conversation_id,
        "seq": conversations.allocate_seq(conn, business_id, conversation_id),
        "sender_type": "assistant",
        "sender_user_id": None,
    }
    return messages.insert_message(conn, business_id, message)
