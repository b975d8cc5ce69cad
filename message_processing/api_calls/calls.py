"""Runs calls to other systems. No database connection is held while a call waits."""

import logging
import time
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from core.encryption import Cipher, DecryptionFailed, Encrypted
from core.limited_log import LimitedLog
from core.outgoing.client import OutgoingClient, OutgoingResponse
from core.outgoing.failures import CallFailed
from core.storable import storable_text
from db import Database
from message_processing.api_calls.config import secrets_of
from message_processing.api_calls.masking import Mask
from message_processing.api_calls.request import ApiRequest
from message_processing.api_calls.response import map_value, parse_json
from message_processing.step_outputs import CallRecord
from repositories import secrets

limited_log = LimitedLog(logging.getLogger(__name__))

_NOT_FOUND = (404, 410)


@dataclass(frozen=True)
class CallResult:
    """The result of a call, without secrets. `record` is what the trace shows of it, `body` the JSON or text that the
    server sent."""

    status: Literal["found", "not_found", "failed"]
    data: Any
    record: CallRecord
    body: Any = None

    @property
    def is_accepted(self) -> bool:
        """Whether the server has accepted the request, whatever its response contains."""
        status, cause = self.record["status"], self.record["cause"]
        return status is not None and 200 <= status < 300 and cause in (None, "invalid_response")


class ApiCalls:
    """Runs the calls of all businesses."""

    def __init__(self, database: Database, cipher: Cipher, client: OutgoingClient) -> None:
        self._database, self._cipher, self._client = database, cipher, client

    def run(self, business_id: UUID, request: ApiRequest, seconds: float) -> CallResult:
        """Sends the request and maps the response, within `seconds`. Raises DatabaseUnavailable."""
        record: CallRecord = {"request": request.shown, "status": None, "duration_ms": 0, "size": None, "cause": None}
        started_at = time.monotonic()
        body: Any = None
        try:
            values = self._read_secrets(business_id, secrets_of(request.config))
            mask = Mask(values)
            started_at = time.monotonic()
            response = self._client.send(str(business_id), request.with_secrets(values), seconds)
            record |= {"status": response.status, "size": len(response.body)}
            record["duration_ms"] = _milliseconds_since(started_at)
            body, is_json = _read_body(response, mask)
            if response.status in _NOT_FOUND:
                return CallResult("not_found", None, record, body)
            if not 200 <= response.status < 300:
                record["cause"] = f"status_{response.status}"
                return CallResult("failed", None, record, body)
            if not is_json:
                raise CallFailed("invalid_response", "The response is not JSON, or is nested too deeply.")
            data = map_value(body, request.config)
            return CallResult("found" if data is not None else "not_found", data, record, body)
        except CallFailed as failure:
            record |= {"cause": failure.cause, "message": failure.message}
            record["duration_ms"] = record["duration_ms"] or _milliseconds_since(started_at)
            fields = {"error_code": "API_CALL_FAILED", "cause": failure.cause, "business_id": str(business_id)}
            limited_log.warning("call to another system failed", failure.cause, str(business_id), **fields)
            return CallResult("failed", None, record, body)

    def _read_secrets(self, business_id: UUID, used: set[str]) -> dict[str, str]:
        """Returns all secrets of the business, because a response may contain others than the used ones.

        Raises CallFailed if one of the used ones cannot be read.
        """
        with self._database.statement() as conn:
            rows = secrets.read_values(conn, business_id)
            if used & {row["name"] for row in rows}:
                secrets.record_use(conn, business_id, sorted(used))
        values: dict[str, str] = {}
        for row in rows:
            encrypted = Encrypted(row["key_id"], bytes(row["encrypted_value"]))
            try:
                values[row["name"]] = self._cipher.decrypt(encrypted, business_id, row["secret_id"])
            except DecryptionFailed as error:
                if row["name"] in used:
                    message = f"The secret {row['name']} cannot be decrypted. Enter its value again."
                    raise CallFailed("secret_unreadable", message) from error
        if missing := sorted(used - values.keys()):
            raise CallFailed("secret_missing", f"There is no secret named {missing[0]}.")
        return values


def _read_body(response: OutgoingResponse, mask: Mask) -> tuple[Any, bool]:
    """Returns the body without secrets, and whether it is JSON rather than any text."""
    try:
        return mask.value(parse_json(response.body)), True
    except ValueError:
        return mask.text(storable_text(response.body.decode(errors="replace"))), False


def _milliseconds_since(started_at: float) -> int:
    return round((time.monotonic() - started_at) * 1000)
