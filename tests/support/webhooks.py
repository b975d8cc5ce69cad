"""Receivers of webhooks, and a clock that tests can advance."""

import json
from collections import defaultdict
from typing import Any
from uuid import UUID

from standardwebhooks import Webhook

from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.web_server import Answer, WebServer, http

EVENTS = (
    "conversation.started",
    "conversation.handed_over",
    "conversation.completed",
    "message.created",
    "turn.failed",
    "action.done",
    "order.updated",
    "anomaly.found",
)


class Receiver(WebServer):
    """A receiver of webhooks. `secret` is that of the webhook, once it is created."""

    def __init__(self, *answers: Answer, **options: Any) -> None:
        super().__init__(*(answers or (http(b"", "204 No Content"),)), **options)
        self.secret = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def events(self) -> list[dict[str, Any]]:
        """The events of all requests so far, with their `id`. Each signature was valid."""
        return [verified(request, self.secret) for request in list(self.requests)]

    def by_conversation(self) -> dict[str, list[dict[str, Any]]]:
        """The events of each conversation in the order of arrival. One that arrived again counts once."""
        found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        for event in self.events():
            if "conversation_id" in event["data"]:
                found[event["data"]["conversation_id"]].setdefault(event["id"], event)
        return {conversation: list(events.values()) for conversation, events in found.items()}


def verified(request: bytes, secret: str) -> dict[str, Any]:
    """The event in a request. Raises WebhookVerificationError if its signature is not valid."""
    head, _, body = request.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    event: dict[str, Any] = Webhook(secret).verify(body, headers)
    assert json.loads(body) == event
    return {**event, "id": headers["webhook-id"]}


def add_webhook(shop: Shop, receiver: Receiver, events: tuple[str, ...] = EVENTS) -> str:
    """Create a webhook for a receiver; returns its ID."""
    created = made(shop.post("/webhooks", {"url": receiver.url, "events": list(events)}))
    receiver.secret = created["secret"]
    return str(created["webhook_id"])


def advance_clock(sql: Connection, business_id: str, seconds: float) -> None:
    """Let time pass for the deliveries of a business: all its times move into the past."""
    parameters = {"business_id": UUID(business_id), "seconds": seconds}
    sql.execute(
        """
        UPDATE webhook_deliveries SET created_at = created_at - make_interval(secs => %(seconds)s),
            deadline = deadline - make_interval(secs => %(seconds)s),
            last_attempt_at = last_attempt_at - make_interval(secs => %(seconds)s),
            next_attempt_at = next_attempt_at - make_interval(secs => %(seconds)s)
        WHERE business_id = %(business_id)s
        """,
        parameters,
    )
    sql.execute(
        """
        UPDATE webhooks SET failing_since = failing_since - make_interval(secs => %(seconds)s)
        WHERE business_id = %(business_id)s
        """,
        parameters,
    )
    sql.execute(
        """
        UPDATE jobs SET run_at = run_at - make_interval(secs => %(seconds)s) WHERE business_id = %(business_id)s
        """,
        parameters,
    )


def pending(sql: Connection, business_id: str) -> int:
    """The number of deliveries that have not ended."""
    rows = sql.execute(
        "SELECT FROM webhook_deliveries WHERE business_id = %(business_id)s AND status = 'pending'",
        {"business_id": UUID(business_id)},
    ).fetchall()
    return len(rows)
