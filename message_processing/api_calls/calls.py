"""Runs calls to other systems. No database connection is held while a call waits."""

import logging
import time
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from core.encryption import Cipher
from core.limited_log import LimitedLog
from core.outgoing.client import OutgoingClient, OutgoingResponse
from core.outgoing.failures import CallFailed
from core.storable import storable_text
from db import Database
from message_processing.api_calls.config import secrets_of
from message_processing.api_calls.masking import Mask
from message_processing.api_calls.request import ApiRequest
from message_processing.api_calls.response import map_value, parse_json
from message_processing.secret_values import read_secrets
from message_processing.step_outputs import CallRecord

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
            values = read_secrets(self._database, self._cipher, business_id, secrets_of(request.config))
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


def _read_body(response: OutgoingResponse, mask: Mask) -> tuple[Any, bool]:
    """Returns the body without secrets, and whether it is JSON rather than any text."""
    try:
        return mask.value(parse_json(response.body)), True
    except ValueError:
        return mask.text(storable_text(response.body.decode(errors="replace"))), False


def _milliseconds_since(started_at: float) -> int:
    return round((time.monotonic() - started_at) * 1000)
