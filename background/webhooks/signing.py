"""Signing secrets, and the signed requests for events."""

import base64
import json
import secrets
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from standardwebhooks import Webhook

from core.outgoing.client import OutgoingRequest

_SECRET_BYTES = 32
_PREFIX = "whsec_"


def new_secret() -> str:
    """A new signing secret, as receivers enter it in their library."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_request(url: str, secret: str, event: dict[str, Any], now: datetime) -> OutgoingRequest:
    """The request that delivers an event (event_id, type, data and created_at) with a signature of the time `now`."""
    body = event_body(event)
    now = now.astimezone(UTC)
    event_id = str(event["event_id"])
    headers = {
        "content-type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(event_id, now, body),
    }
    return OutgoingRequest("POST", url, headers, body.encode(), follows_redirects=False)


def event_body(event: dict[str, Any]) -> str:
    """The JSON text of an event, which is the same in each attempt."""
    payload = {"type": event["type"], "timestamp": event["created_at"], "data": event["data"]}
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"), default=_to_json)


def _to_json(value: object) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
        case Decimal():
            return float(value)
    raise TypeError(type(value).__name__)
