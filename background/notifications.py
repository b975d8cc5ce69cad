"""Messages to customers about changes of their orders: posted once, as the assistant, in their latest open
conversation. While a person handles that conversation, or the assistant is paused, the change is not told at all."""

import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from background import jobs
from background.jobs import Job, Kind
from core.errors import InvalidRequest
from db import Connection, Database, Row
from repositories import conversations, messages, order_notifications, takeovers

_KIND = "order_notifications"
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
PLACEHOLDERS = (
    "order_number",
    "status",
    "tracking_number",
    "shipping_carrier",
    "shipping_address",
    "order_total",
    "currency",
)
_MAX_LENGTH = 4000  # of a message


def check_text(text: str, path: str) -> None:
    """Raises InvalidRequest if a text has an unknown placeholder."""
    unknown = [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise InvalidRequest.at(path, f"Unknown placeholder {{{unknown[0][:50]}}}. Use: {names}.")


def notify_customers(
    conn: Connection, business_id: UUID, notify: dict[str, str], changes: Iterable[tuple[Row, Row]]
) -> None:
    """Let the customers of changed orders know, after the caller's transaction. `changes` are rows before and after the
    change. `notify` is {field, text}: other changes are not told, and neither is that the field is empty now."""
    field = notify["field"]
    rows = [
        {"order_id": row["order_id"], "field": field, "message": _render(notify["text"], row)}
        for before, row in changes
        if before[field] != row[field] and row[field]
    ]
    if rows:
        ids = order_notifications.insert_notifications(conn, business_id, rows)
        payload = {"notification_ids": [str(each) for each in ids]}
        jobs.add(conn, _KIND, business_id, payload, queue_key=_KIND)  # in order, also in a conversation


class Notifier:
    """Posts the messages. `publish` tells the business's clients about them."""

    def __init__(self, database: Database, publish: Callable[[UUID, dict[str, Any]], None]) -> None:
        self._database = database
        self._publish = publish

    def kinds(self) -> tuple[Kind, ...]:
        """The kind of these jobs, for the runner."""
        return (Kind(_KIND, self._run),)

    def _run(self, job: Job) -> None:
        for notification_id in job.payload["notification_ids"]:
            with self._database.transaction() as conn:
                job.checkpoint(conn)
                message = _post(conn, job.business_id, UUID(notification_id))
            if message is not None:
                names = ("conversation_id", "message_id", "seq", "sender_type")
                frame = {"type": "message.created", **{name: message[name] for name in names}}
                self._publish(job.business_id, frame)


def _post(conn: Connection, business_id: UUID, notification_id: UUID) -> Row | None:
    """Returns the message. None if it was posted before, or is not to be posted."""
    waiting = order_notifications.find_waiting(conn, business_id, notification_id)
    if waiting is None:
        return None
    conversation_id = conversations.lock_latest(conn, business_id, waiting["user_id"])
    if conversation_id is None or not takeovers.is_ai_active(conn, business_id, conversation_id):
        order_notifications.set_status(conn, business_id, notification_id, "skipped")
        return None
    order_notifications.set_status(conn, business_id, notification_id, "sent")
    return messages.insert_message(
        conn,
        business_id,
        {
            "conversation_id": conversation_id,
            "seq": conversations.allocate_seq(conn, business_id, conversation_id),
            "message_content": waiting["message"],
            "sender_type": "assistant",
            "sender_user_id": None,
            "idempotency_key": None,
            "request_hash": None,
        },
    )


def _render(text: str, row: Row) -> str:
    def value(match: re.Match[str]) -> str:
        found = row.get(match[1])
        return "" if found is None else str(found)

    return _PLACEHOLDER.sub(value, text)[:_MAX_LENGTH]
