"""Outgoing webhooks of a business, and their deliveries."""

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key
from background.webhooks.delivery import DISABLED, add_job, event_of
from background.webhooks.signing import event_body, new_secret
from core.context import current_context
from core.errors import Conflict, InvalidRequest
from core.ids import new_id
from core.outgoing.failures import CallFailed
from core.outgoing.urls import parse_url
from db import Row
from repositories import businesses, webhook_deliveries, webhooks
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, changed_fields
from routes.pagination import creation_cursor, page_response, read_page

blueprint = Blueprint("webhooks", __name__)

MAX_WEBHOOKS = 20  # per business


@blueprint.post("/webhooks")
@require_business_api_key
@accepts("webhooks_create")
@returns(201, "webhook_created", also=(409,))
def create_webhook(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a webhook. The response contains its signing secret, which is not shown again. A business has up to 20."""
    _check_url(body)
    webhook_id, secret = new_id(), new_secret()
    encrypted = current_context().cipher.encrypt(secret, g.business_id, webhook_id)
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)  # so that two requests cannot exceed the limit
        if webhooks.count_webhooks(conn, g.business_id) >= MAX_WEBHOOKS:
            raise Conflict(f"There are already {MAX_WEBHOOKS} webhooks.", remediation="Delete one that is not used.")
        webhooks.insert_webhook(conn, g.business_id, webhook_id, body, encrypted)
        audit(conn, g.business_id, "create", "webhook", webhook_id, body)
    return jsonify({"webhook_id": webhook_id, "secret": secret}), 201


@blueprint.get("/webhooks")
@require_business_api_key
@accepts_query("page_query")
@returns(200, "webhooks")
def list_webhooks(query: dict[str, Any]) -> Response:
    """List webhooks, oldest first."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = webhooks.list_webhooks(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "webhook_id"))


@blueprint.get("/webhooks/<webhook_id>")
@require_business_api_key
@returns(200, "webhook")
def read_webhook(webhook_id: UUID) -> Response:
    """Retrieve a webhook."""
    with current_context().database.transaction() as conn:
        return jsonify(webhooks.get_webhook(conn, g.business_id, webhook_id))


@blueprint.put("/webhooks/<webhook_id>")
@require_business_api_key
@accepts("webhooks_update")
@returns(200, "webhook")
def update_webhook(webhook_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a webhook. While it is disabled, its events are not stored.

    Disabling it ends its pending deliveries."""
    with current_context().database.transaction() as conn:
        before = webhooks.lock_webhook(conn, g.business_id, webhook_id)
        _check_url(body)
        changed = webhooks.update_webhook(conn, g.business_id, webhook_id, {**before, **body})
        if before["enabled"] and not changed["enabled"]:
            webhook_deliveries.end_pending(conn, g.business_id, webhook_id, DISABLED)
        audit(conn, g.business_id, "update", "webhook", webhook_id, changed_fields(before, changed))
    return jsonify(changed)


@blueprint.delete("/webhooks/<webhook_id>")
@require_business_api_key
@returns(204)
def delete_webhook(webhook_id: UUID) -> tuple[str, int]:
    """Delete a webhook with its deliveries."""
    with current_context().database.transaction() as conn:
        webhooks.lock_webhook(conn, g.business_id, webhook_id)
        webhooks.delete_webhook(conn, g.business_id, webhook_id)
        audit(conn, g.business_id, "delete", "webhook", webhook_id)
    return "", 204


@blueprint.post("/webhooks/<webhook_id>/test")
@require_business_api_key
@accepts("business_query", optional=True)
@returns(200, "webhook_delivery")
def send_test(webhook_id: UUID, body: dict[str, Any]) -> Response:
    """Send a test event (`webhook.test`) now and once, also to a disabled webhook. Returns its delivery."""
    context = current_context()
    with context.database.transaction() as conn:
        webhooks.get_webhook(conn, g.business_id, webhook_id)
        target = webhooks.read_target(conn, g.business_id, webhook_id)
    assert target is not None
    event = {"event_id": new_id(), "type": "webhook.test", "created_at": datetime.now(UTC)}
    event["data"] = {"webhook_id": str(webhook_id)}
    attempt = context.webhook_sender.send(g.business_id, target, event)
    with context.database.transaction() as conn:
        webhooks.lock_webhook(conn, g.business_id, webhook_id)  # it may have been deleted meanwhile
        delivery_id = webhook_deliveries.insert_test(conn, g.business_id, webhook_id, event, attempt)
        audit(conn, g.business_id, "test", "webhook", webhook_id)
        return jsonify(_delivery(webhook_deliveries.get_delivery(conn, g.business_id, webhook_id, delivery_id)))


@blueprint.get("/webhooks/<webhook_id>/deliveries")
@require_business_api_key
@accepts_query("webhook_deliveries_list")
@returns(200, "webhook_deliveries")
def list_deliveries(webhook_id: UUID, query: dict[str, Any]) -> Response:
    """List the deliveries of a webhook, which are kept for `WEBHOOK_RETENTION_DAYS`."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        webhooks.get_webhook(conn, g.business_id, webhook_id)
        list_rows = (
            webhook_deliveries.list_latest_deliveries if page.is_newest_first else webhook_deliveries.list_deliveries
        )
        rows = list_rows(conn, g.business_id, webhook_id, page, query.get("status"))
    return page_response(rows, page.limit, creation_cursor("created_at", "delivery_id"))


@blueprint.get("/webhooks/<webhook_id>/deliveries/<delivery_id>")
@require_business_api_key
@returns(200, "webhook_delivery_detail")
def read_delivery(webhook_id: UUID, delivery_id: UUID) -> Response:
    """Retrieve a delivery with the body that is sent."""
    with current_context().database.transaction() as conn:
        row = webhook_deliveries.get_delivery(conn, g.business_id, webhook_id, delivery_id)
    return jsonify({**_delivery(row), "payload": json.loads(event_body(event_of(row)))})


@blueprint.post("/webhooks/<webhook_id>/deliveries/<delivery_id>/resend")
@require_business_api_key
@accepts("business_query", optional=True)
@returns(202, "webhook_delivery", also=(409,))
def resend(webhook_id: UUID, delivery_id: UUID, body: dict[str, Any]) -> tuple[Response, int]:
    """Send an event again, with the same `webhook-id`. A delivery that waits for its next attempt is sent now."""
    context = current_context()
    with context.database.transaction() as conn:
        if not webhooks.lock_webhook(conn, g.business_id, webhook_id)["enabled"]:
            raise Conflict("The webhook is disabled.", remediation="Enable it first.")
        row = webhook_deliveries.get_delivery(conn, g.business_id, webhook_id, delivery_id)
        webhook_deliveries.renew(conn, g.business_id, delivery_id)
        add_job(conn, g.business_id, webhook_id, row["subject"])
        audit(conn, g.business_id, "resend", "webhook_delivery", delivery_id)
        row = webhook_deliveries.get_delivery(conn, g.business_id, webhook_id, delivery_id)
    context.jobs.wake_up()
    return jsonify(_delivery(row)), 202


def _check_url(body: dict[str, Any]) -> None:
    """Raises InvalidRequest if the URL cannot be used. Whether its address is public is checked for each request."""
    if "url" in body:
        try:
            parse_url(body["url"])
        except CallFailed as failure:
            raise InvalidRequest.at("$.url", failure.message) from failure


def _delivery(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in ("subject", "data", "event_created_at")}
