"""Channels of a business: where its customers write."""

import json
import logging
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request

from auth import require_business_agent, require_business_api_key
from background.channels.sending import MAX_ERROR
from channels import kinds
from channels.base import Kind, Outgoing, SendFailed, Sent
from core.client_schemas import validation_errors
from core.context import current_context
from core.encryption import DecryptionFailed
from core.errors import Conflict, InvalidRequest
from core.ids import new_id
from core.storable import storable_text
from db import Row
from repositories import businesses, channel_sends
from repositories import channels as channel_rows
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit
from routes.pagination import page_response, read_text_page

logger = logging.getLogger(__name__)
blueprint = Blueprint("channels", __name__)

MAX_CHANNELS = 50  # per business


@blueprint.get("/channels/kinds")
@require_business_api_key
@returns(200, "channel_kinds")
def list_kinds() -> Response:
    """List the kinds of channels, with the settings and secrets that each needs."""
    return jsonify([_shown_kind(kind) for kind in kinds().values()])


@blueprint.post("/channels")
@require_business_api_key
@accepts("channels_create")
@returns(201, "channel_created", also=(409,))
def create_channel(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a channel. The response contains generated secrets, which are not shown again. A business has up to 50."""
    context, channel_id = current_context(), new_id()
    kind = kinds().get(body["kind"])
    if kind is None:
        raise InvalidRequest.at("$.kind", f"Must be one of: {', '.join(kinds())}.")
    settings, given = body.get("settings", {}), body.get("secrets", {})
    _check_settings(kind, settings)
    _check_secrets(kind, given)
    generated = {each.name: secrets.token_hex(32) for each in kind.secrets if each.generated and each.name not in given}
    if missing := [each.name for each in kind.secrets if each.required and each.name not in {**given, **generated}]:
        raise InvalidRequest.at("$.secrets", f"Missing: {', '.join(missing)}.")
    values = {
        "kind": kind.name,
        "name": body["name"],
        "settings": settings,
        "enabled": body.get("enabled", True),
        "pushes": kind.capabilities.pushes,
        "polls": kind.capabilities.polls,
    }
    encrypted = context.channels.encrypt(g.business_id, channel_id, {**given, **generated})
    with context.database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)  # so that two requests cannot exceed the limit
        if channel_rows.count_channels(conn, g.business_id) >= MAX_CHANNELS:
            raise Conflict(f"There are already {MAX_CHANNELS} channels.", remediation="Delete one that is not used.")
        channel_rows.insert_channel(conn, g.business_id, channel_id, values, encrypted)
        audit(conn, g.business_id, "create", "channel", channel_id, body)
    created = {"channel_id": channel_id, "webhook_url": _webhook_url(channel_id), "secrets": generated}
    return jsonify(created), 201


@blueprint.get("/channels")
@require_business_api_key
@accepts_query("page_query")
@returns(200, "channels")
def list_channels(query: dict[str, Any]) -> Response:
    """List channels in the order of their names, without their secrets."""
    after_name, limit = read_text_page(query)
    with current_context().database.transaction() as conn:
        rows = channel_rows.list_channels(conn, g.business_id, after_name, limit + 1)
    return page_response([_shown(row) for row in rows], limit, lambda row: str(row["name"]))


@blueprint.get("/channels/<channel_id>")
@require_business_api_key
@returns(200, "channel")
def read_channel(channel_id: UUID) -> Response:
    """Retrieve a channel without its secrets."""
    with current_context().database.transaction() as conn:
        return jsonify(_shown(channel_rows.get_channel(conn, g.business_id, channel_id)))


@blueprint.put("/channels/<channel_id>")
@require_business_api_key
@accepts("channels_update")
@returns(200, "channel", also=(409,))
def update_channel(channel_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a channel. A disabled channel receives and sends nothing.

    A new secret replaces the old one immediately, and messages that wait for their next attempt are sent."""
    context = current_context()
    with context.database.transaction() as conn:
        before = channel_rows.lock_channel(conn, g.business_id, channel_id)
        kind = kinds().get(before["kind"])
        if kind is None:
            raise Conflict("This kind of channel is not installed any more.", remediation="Delete the channel.")
        if "settings" in body:
            _check_settings(kind, body["settings"])
        if "secrets" in body:
            _check_secrets(kind, body["secrets"])
            known = _known_secrets(before)
            encrypted = context.channels.encrypt(g.business_id, channel_id, {**known, **body["secrets"]})
            channel_rows.reencrypt(conn, g.business_id, channel_id, encrypted)
        row = channel_rows.update_channel(conn, g.business_id, channel_id, {**before, **body})
        channel_sends.hurry(conn, g.business_id, channel_id)
        audit(conn, g.business_id, "update", "channel", channel_id, body)
    context.jobs.wake_up()
    return jsonify(_shown(row))


@blueprint.delete("/channels/<channel_id>")
@require_business_api_key
@returns(204)
def delete_channel(channel_id: UUID) -> tuple[str, int]:
    """Delete a channel. Its conversations stay; messages that wait to be sent are dropped."""
    with current_context().database.transaction() as conn:
        channel_rows.lock_channel(conn, g.business_id, channel_id)
        channel_rows.delete_channel(conn, g.business_id, channel_id)
        audit(conn, g.business_id, "delete", "channel", channel_id)
    return "", 204


@blueprint.post("/channels/<channel_id>/test")
@require_business_api_key
@accepts("channels_test")
@returns(200, "channel_tested", also=(409,))
def send_test(channel_id: UUID, body: dict[str, Any]) -> Response:
    """Send a test message now and once, outside of any conversation."""
    context = current_context()
    with context.database.transaction() as conn:
        channel = channel_rows.get_channel(conn, g.business_id, channel_id)
        audit(conn, g.business_id, "test", "channel", channel_id)
    kind = kinds().get(channel["kind"])
    if kind is None or not kind.capabilities.pushes:
        raise Conflict("Messages are not sent to this kind of channel.")
    message = Outgoing(new_id(), body["recipient_id"], body["text"], last_inbound_at=datetime.now(UTC))
    result: dict[str, Any] = {"status": "sent", "provider_id": None, "error_code": None, "error": None}
    outcome = context.channels.send(channel, kind, message, request.host_url.rstrip("/"))
    if isinstance(outcome, Sent):
        result["provider_id"] = outcome.provider_id
    else:
        status = "failed" if isinstance(outcome, SendFailed) else "unknown"
        reason = storable_text(outcome.message)[:MAX_ERROR]
        result |= {"status": status, "error_code": outcome.code, "error": reason}
    with context.database.transaction() as conn:
        if result["status"] == "sent":
            channel_rows.record_sent(conn, g.business_id, channel_id)
        else:
            channel_rows.record_error(conn, g.business_id, channel_id, result["error"])
    return jsonify(result)


@blueprint.post("/messages/<message_id>/resend")
@require_business_agent
@accepts("business_query", optional=True)
@returns(200, "message_delivery", also=(409,))
def resend_message(message_id: UUID, body: dict[str, Any]) -> Response:
    """Send a message to a customer of a channel again, if that has failed or its outcome is unknown.

    Of a long message, only these parts are sent again. Returns its delivery."""
    context = current_context()
    with context.database.transaction() as conn:
        message = channel_sends.send_again(conn, g.business_id, message_id)
        ids = g.business_id, message["conversation_id"]
        channel_sends.add_job(conn, *ids)
        audit(conn, g.business_id, "resend", "message", message_id)
        delivery = channel_sends.get_delivery(conn, *ids, message["seq"])
    context.jobs.wake_up()
    return jsonify(delivery)


def _check_settings(kind: Kind, settings: dict[str, Any]) -> None:
    """Raises InvalidRequest with the first problem."""
    for error in validation_errors(json.loads(json.dumps(kind.settings_schema)), settings):
        raise InvalidRequest.at(f"$.settings{error.json_path.removeprefix('$')}", error.message[:300])


def _check_secrets(kind: Kind, given: Mapping[str, str]) -> None:
    """Raises InvalidRequest for unknown secrets and for one that cannot be valid."""
    known = {each.name: each for each in kind.secrets}
    for name, value in given.items():
        if name not in known:
            raise InvalidRequest.at(f"$.secrets.{name}", f"This kind of channel has: {', '.join(known) or 'none'}.")
        pattern = known[name].pattern
        if pattern is not None and not re.fullmatch(pattern, value):
            raise InvalidRequest.at(f"$.secrets.{name}", f"Must match {pattern}.")


def _known_secrets(row: Row) -> dict[str, str]:
    """The secrets of a channel, none if they cannot be decrypted any more."""
    try:
        return current_context().channels.secrets(row)
    except DecryptionFailed:
        return {}


def _shown(row: Row) -> dict[str, Any]:
    names = ("channel_id", "business_id", "kind", "name", "settings", "enabled", "created_at", "updated_at")
    return {
        **{name: row[name] for name in names},
        "secrets_set": sorted(_known_secrets(row)),
        "webhook_url": _webhook_url(row["channel_id"]),
        "status": {
            "state": _state(row),
            **{name: row[name] for name in ("last_error", "last_error_at", "last_inbound_at", "last_sent_at")},
            "pending": row["pending"],
        },
    }


def _state(row: Row) -> str:
    if not row["enabled"]:
        return "disabled"
    worked_at = max(filter(None, (row["last_inbound_at"], row["last_sent_at"])), default=None)
    if row["last_error_at"] and (worked_at is None or worked_at < row["last_error_at"]):
        return "error"
    return "ok" if worked_at else "unused"


def _shown_kind(kind: Kind) -> dict[str, Any]:
    can = kind.capabilities
    names = ("name", "title", "description", "generated", "required")
    return {
        "name": kind.name,
        "title": kind.title,
        "settings_schema": kind.settings_schema,
        "secrets": [{name: getattr(each, name) for name in names} for each in kind.secrets],
        "capabilities": {
            **{name: getattr(can, name) for name in ("buttons", "images", "typing", "receipts")},
            "window_hours": can.window.total_seconds() / 3600 if can.window else None,
            **{name: getattr(can, name) for name in ("max_text", "pushes", "polls")},
        },
    }


def _webhook_url(channel_id: UUID) -> str:
    return current_context().channels.webhook_url(channel_id, request.host_url.rstrip("/"))
