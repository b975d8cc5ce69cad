"""Sends an event to a webhook once."""

import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from background.webhooks.signing import signed_request
from core.encryption import Cipher, DecryptionFailed, Encrypted
from core.outgoing.client import OutgoingClient
from core.outgoing.failures import CallFailed
from db import Row
from repositories.webhook_deliveries import Attempt

GONE = 410  # a receiver's answer that it does not want any more events
CIRCUIT_OPEN = "circuit_open"


class WebhookSender:
    """Sends events of all businesses. No database connection is held while it waits."""

    def __init__(self, cipher: Cipher, client: OutgoingClient) -> None:
        self._cipher, self._client = cipher, client

    def send(self, business_id: UUID, target: Row, event: dict[str, Any]) -> Attempt:
        """Send an event (event_id, type, data and created_at) to a webhook, as `webhooks.read_target` returns it.

        The `error` of the result is None, `status_` and the response's status, or the cause of a `CallFailed`."""
        started_at = time.monotonic()
        status, error = None, None
        try:
            request = signed_request(target["url"], self._secret(business_id, target), event, datetime.now(UTC))
            status = self._client.send(str(business_id), request).status
            if not 200 <= status < 300:
                error = f"status_{status}"
        except CallFailed as failure:
            error = failure.cause
        duration_ms = round((time.monotonic() - started_at) * 1000)
        return {"response_status": status, "error": error, "duration_ms": duration_ms}

    def _secret(self, business_id: UUID, target: Row) -> str:
        encrypted = Encrypted(target["key_id"], bytes(target["encrypted_secret"]))
        try:
            return self._cipher.decrypt(encrypted, business_id, target["webhook_id"])
        except DecryptionFailed as error:
            raise CallFailed("secret_unreadable", "The signing secret cannot be decrypted.") from error
