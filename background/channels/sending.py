"""The background job that sends the messages of a conversation to its customer: one job for each conversation.

An attempt is recorded and committed before the request is made. If the process ends meanwhile, nobody knows whether the
message was sent. It is then `unknown`, and not sent again by itself, and the job goes on with the next message.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from background.channels.opening import Channels, Outcome
from background.channels.splitting import split_text
from background.jobs import Continue, Job, Kind, Retry
from channels.base import Capabilities, OutcomeUnknown, Outgoing, SendFailed, Sent
from channels.base import Kind as ChannelKind
from channels.payloads import is_storable_id
from core.errors import DatabaseUnavailable
from core.limited_log import LimitedLog
from core.storable import storable_text
from db import Connection, Database, Row
from repositories import channel_conversations, channel_sends
from repositories import channels as channel_rows

logger = logging.getLogger(__name__)
limited_log = LimitedLog(logger)

KIND = "send_channel_messages"  # also in add_channel_job_v1
_MAX_PARTS = 20  # per run of the job, so that others have their turn
_DELAYS = (2, 5, 15, 30, 60, 120, 300, 600, 1800)  # seconds before the next attempts; the last one repeats
_MIN_DELAY, _MAX_DELAY = 1.0, 3600.0  # seconds that a provider may ask for: never a loop without a pause
MAX_CODE, MAX_ERROR = 100, 1000  # characters that are stored of a provider's error
_SAVE_ATTEMPTS = 60  # to store the outcome of an attempt while the database is not available, one per second

Publish = Callable[[UUID, dict[str, Any]], None]


class ChannelSending:
    """Sends the messages of all businesses. `publish` tells the business's clients what became of them."""

    def __init__(self, database: Database, channels: Channels, publish: Publish) -> None:
        self._database, self._channels, self._publish = database, channels, publish

    def kinds(self) -> tuple[Kind, ...]:
        """The kind of these jobs, for the runner. Each message has its own deadline, so their attempts are not
        limited."""
        return (Kind(KIND, self._run, max_attempts=None, give_up=_continue),)

    def _run(self, job: Job) -> None:
        """Send the pending messages of the job's conversation in order."""
        conversation_id = UUID(job.payload["conversation_id"])
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            interrupted = channel_sends.settle_interrupted(conn, job.business_id, conversation_id)
        for row in interrupted:
            self.publish_change(job.business_id, conversation_id, row)
        for _ in range(_MAX_PARTS):
            with self._database.transaction() as conn:
                job.checkpoint(conn)
                target = channel_conversations.find_target(conn, job.business_id, conversation_id)
                part = channel_sends.next_pending(conn, job.business_id, conversation_id)
                if part is None or target is None:
                    return
                kind = self._channels.kind(target["kind"])
                part = _split(conn, job.business_id, part, kind)
                outcome: Outcome | None = _obstacle(target, part, kind)
                if outcome is None:
                    channel_sends.start_attempt(conn, job.business_id, part["send_id"])
            if outcome is None:
                assert kind is not None
                outcome = self._channels.send(target, kind, outgoing(target, part))
            delay = self._save(job, part, outcome)
            self.publish_change(job.business_id, conversation_id, part)
            if delay is not None:
                raise Retry(getattr(outcome, "code", None) or "send_failed", delay)
        raise Continue

    def publish_change(self, business_id: UUID, conversation_id: UUID, message: Row) -> None:
        """Tell the business's clients that the delivery of a message (message_id and seq) has changed."""
        self._publish(
            business_id,
            {
                "type": "message.changed",
                "conversation_id": str(conversation_id),
                "message_id": str(message["message_id"]),
                "seq": message["seq"],
            },
        )

    def _save(self, job: Job, part: Row, outcome: Outcome) -> float | None:
        """Store the outcome. Returns the seconds until the next attempt, or None if there is none."""
        for attempt in range(_SAVE_ATTEMPTS):
            try:
                with self._database.transaction() as conn:
                    job.check_lease(conn)  # also while stopping, so that nothing is sent again
                    return _record(conn, job.business_id, part, outcome)
            except DatabaseUnavailable:
                if attempt == _SAVE_ATTEMPTS - 1:
                    raise
                time.sleep(1)
        raise AssertionError


def outgoing(target: Row, part: Row) -> Outgoing:
    """A part of a message as a kind of channel sends it."""
    metadata: dict[str, Any] = part["metadata"]
    return Outgoing(
        send_id=part["send_id"],
        recipient_id=target["recipient_id"],
        text=part["content"],
        buttons=tuple(metadata.get("buttons", ())) if part["is_last"] else (),
        rated_message_id=part["message_id"] if _is_rated(target, part) else None,
        template=metadata.get("template"),
        thread=target["thread"],
        details=target["details"],
        sender_name=part["sender_name"],
        last_inbound_at=target["last_inbound_at"],
    )


def _is_rated(target: Row, part: Row) -> bool:
    """Whether the customer is asked to rate the message: an answer of the assistant, below its last part."""
    is_answer = part["turn_id"] is not None and part["sender_name"] is None
    return bool(target["settings"].get("ratings")) and is_answer and part["is_last"]


def _split(conn: Connection, business_id: UUID, part: Row, kind: ChannelKind | None) -> Row:
    """The part with its text, and whether it `is_last` of its message. Splits a message that is not split yet."""
    if part["content"] is not None:
        return {**part, "is_last": channel_sends.is_last(conn, business_id, part["message_id"], part["part"])}
    can = kind.capabilities if kind else Capabilities()
    texts = split_text(part["message_content"], can.max_text, counts_bytes=can.counts_bytes)
    channel_sends.split(conn, business_id, part["send_id"], texts)
    return {**part, "content": texts[0], "is_last": len(texts) == 1}


def _obstacle(target: Row, part: Row, kind: ChannelKind | None) -> SendFailed | None:
    """Why a part cannot be sent now; None if it can."""
    if kind is None:
        return SendFailed("This kind of channel is not installed.", code="kind_unknown", permanent=True)
    if not target["enabled"]:
        return SendFailed("The channel is disabled.", code="channel_disabled", permanent=True)
    if part["is_expired"]:
        return SendFailed("The message could not be sent for a day.", code="expired", permanent=True)
    window, last_inbound_at = (
        kind.window(target["settings"], part["sender_name"] is not None),
        target["last_inbound_at"],
    )
    is_open = window is None or (last_inbound_at is not None and datetime.now(UTC) < last_inbound_at + window)
    if not is_open and "template" not in part["metadata"]:
        message = "The customer has not written for too long. Only a template can be sent."
        return SendFailed(message, code="window_closed", permanent=True)
    return None


def _record(conn: Connection, business_id: UUID, part: Row, outcome: Outcome) -> float | None:
    """Returns the seconds until the next attempt, or None if there is none."""
    send_id, channel_id = part["send_id"], part["channel_id"]
    if isinstance(outcome, Sent):
        provider_id = outcome.provider_id if is_storable_id(outcome.provider_id) else None
        channel_sends.record_sent(conn, business_id, send_id, provider_id)
        channel_rows.record_sent(conn, business_id, channel_id)
        return None
    code, error = storable_text(outcome.code or "")[:MAX_CODE] or None, storable_text(outcome.message)[:MAX_ERROR]
    limited_log.warning("message not sent", str(channel_id), code or "", business_id=str(business_id), cause=code)
    channel_rows.record_error(conn, business_id, channel_id, error)
    if isinstance(outcome, OutcomeUnknown):
        channel_sends.record_unknown(conn, business_id, send_id, code, error)
        return None
    delay: float | None = None
    if not outcome.permanent:
        usual = _DELAYS[min(part["attempts"], len(_DELAYS) - 1)]
        delay = usual if outcome.retry_after is None else min(max(outcome.retry_after, _MIN_DELAY), _MAX_DELAY)
    is_retried = channel_sends.record_failure(conn, business_id, send_id, code, error, delay)
    return delay if is_retried else None


def _continue(conn: Connection, job: Job) -> None:
    """Several processes have died with this job, each while it sent a message. Go on with the next one."""
    conversation_id = UUID(job.payload["conversation_id"])
    channel_sends.settle_interrupted(conn, job.business_id, conversation_id)
    channel_sends.add_job(conn, job.business_id, conversation_id)
