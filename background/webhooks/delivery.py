"""The background job that delivers events: one job for each webhook and subject, a conversation or an order."""

import logging
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from background import jobs
from background.jobs import Continue, Job, Kind, Retry
from background.webhooks.sender import CIRCUIT_OPEN, GONE, WebhookSender
from core.limited_log import LimitedLog
from db import Connection, Database, Row
from repositories import audit_log, webhook_deliveries, webhooks
from repositories.webhook_deliveries import Attempt

logger = logging.getLogger(__name__)
limited_log = LimitedLog(logger)


KIND = "deliver_webhook"  # also in add_outbox_event_v1
MAX_FAILING_DAYS = 3  # until a webhook that always fails is disabled
DISABLED = "webhook_disabled"  # the error of deliveries that ended because of that
_MAX_EVENTS = 20  # per run of the job, so that others have their turn
_DELAYS = (5, 30, 120, 300, 600, 1800, 3600, 7200, 14_400)  # seconds before the next attempts; the last one repeats
_CIRCUIT_DELAY = 10.0  # seconds until the next look at a server that is not called because others found it down


class WebhookDelivery:
    """Delivers the events of all businesses."""

    def __init__(self, database: Database, sender: WebhookSender) -> None:
        self._database, self._sender = database, sender

    def kinds(self) -> tuple[Kind, ...]:
        """The kind of these jobs, for the runner. Each delivery has its own deadline, so their attempts are not
        limited."""
        return (Kind(KIND, self._run, max_attempts=None, give_up=_skip_first),)

    def _run(self, job: Job) -> None:
        """Send the pending events of the job's webhook and subject in order."""
        webhook_id, subject = UUID(job.payload["webhook_id"]), job.payload["subject"]
        for _ in range(_MAX_EVENTS):
            with self._database.transaction() as conn:
                job.checkpoint(conn)
                target = webhooks.read_target(conn, job.business_id, webhook_id)
                if target is not None and not target["enabled"]:  # events may have been stored at the same time
                    webhook_deliveries.end_pending(conn, job.business_id, webhook_id, DISABLED)
                delivery = webhook_deliveries.next_delivery(conn, job.business_id, webhook_id, subject)
            if target is None or delivery is None:
                return
            attempt = self._sender.send(job.business_id, target, event_of(delivery))
            with self._database.transaction() as conn:
                job.check_lease(conn)  # also while stopping, so that the event is not sent again
                seconds = record(conn, job.business_id, webhook_id, delivery, attempt)
            if seconds is not None:
                raise Retry(attempt["error"] or "", seconds)
        raise Continue


def _skip_first(conn: Connection, job: Job) -> None:
    """Give up the event with which several processes have died, and go on with the next one."""
    webhook_id, subject = UUID(job.payload["webhook_id"]), job.payload["subject"]
    delivery = webhook_deliveries.next_delivery(conn, job.business_id, webhook_id, subject)
    if delivery is not None:
        attempt: Attempt = {"response_status": None, "error": "process_died", "duration_ms": 0}
        webhook_deliveries.record_failure(conn, job.business_id, delivery["delivery_id"], attempt, None, counts=True)
        add_job(conn, job.business_id, webhook_id, subject)


def add_job(conn: Connection, business_id: UUID, webhook_id: UUID, subject: str) -> None:
    """Let the pending deliveries of a subject be sent now. The key is that of `add_outbox_event_v1`."""
    payload = {"webhook_id": str(webhook_id), "subject": subject}
    jobs.add(conn, KIND, business_id, payload, unique_key=f"{webhook_id} {subject}", run_at=datetime.now(UTC))


def event_of(delivery: Row) -> dict[str, Any]:
    """The event of a delivery, as `WebhookSender.send` needs it."""
    return {
        **{name: delivery[name] for name in ("event_id", "type", "data")},
        "created_at": delivery["event_created_at"],
    }


def record(conn: Connection, business_id: UUID, webhook_id: UUID, delivery: Row, attempt: Attempt) -> float | None:
    """Save the result of an attempt. Returns the seconds until the next one, or None if there is none.

    Webhooks are locked before their deliveries, here and in the routes.
    """
    if attempt["error"] is None:
        webhooks.record_success(conn, business_id, webhook_id)
        webhook_deliveries.record_success(conn, business_id, delivery["delivery_id"], attempt)
        return None
    limited_log.warning("webhook failed", str(webhook_id), business_id=str(business_id), cause=attempt["error"])
    is_gone = attempt["response_status"] == GONE
    is_disabled = webhooks.record_failure(conn, business_id, webhook_id, is_gone, MAX_FAILING_DAYS) is not None
    was_sent = attempt["error"] != CIRCUIT_OPEN
    seconds = _DELAYS[min(delivery["attempts"], len(_DELAYS) - 1)] if was_sent else _CIRCUIT_DELAY
    next_seconds = webhook_deliveries.record_failure(
        conn, business_id, delivery["delivery_id"], attempt, seconds, counts=was_sent
    )
    if is_disabled:
        _disable(conn, business_id, webhook_id)
        return None
    return next_seconds


def _disable(conn: Connection, business_id: UUID, webhook_id: UUID) -> None:
    webhook_deliveries.end_pending(conn, business_id, webhook_id, DISABLED)
    entry: dict[str, Any] = {"actor_type": "system", "actor_id": None, "action": "disable", "resource": "webhook"}
    audit_log.insert_entry(
        conn, business_id, {**entry, "resource_id": webhook_id, "fields": ["enabled"], "request_id": None}
    )
    logger.warning("webhook disabled", extra={"business_id": str(business_id)})
