"""Inbound hooks: URLs to which other systems send changed orders, products or customers."""

import secrets
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request
from werkzeug.exceptions import RequestEntityTooLarge

from auth import public, require_business_api_key
from background.hooks import signatures
from background.hooks.deliveries import process_delivery, record_unreadable
from background.hooks.mapping import check_mapping
from background.notifications import check_text
from core.context import current_context
from core.encryption import DecryptionFailed, Encrypted
from core.errors import Conflict, InvalidRequest, PayloadTooLarge, Unauthorized
from core.ids import new_id
from core.storable import storable_text
from core.validation import parse_json
from db import Row
from repositories import businesses, hook_deliveries, hooks
from routes.decorators import accepts, accepts_query, reads_body, returns
from routes.editing import audit
from routes.limits import rate_limit
from routes.pagination import creation_cursor, page_response, read_page, read_text_page

blueprint = Blueprint("hooks", __name__)

MAX_HOOKS = 50  # per business
_MAX_SENDER_ID = 200  # characters
_FORM = "application/x-www-form-urlencoded"


@blueprint.post("/hooks")
@require_business_api_key
@accepts("hooks_create")
@returns(201, "hook_created", also=(409,))
def create_hook(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a hook. The response contains its secret, which is not shown again. A business has at most 50."""
    hook_id = new_id()
    secret = body.get("secret") or secrets.token_urlsafe(32)
    values = {"notify": None, "delivery_header": None, "is_enabled": True, **body}
    _check(values)
    encrypted = current_context().cipher.encrypt(secret, g.business_id, hook_id)
    with current_context().database.transaction() as conn:
        businesses.lock_business(conn, g.business_id)  # so that two requests cannot exceed the limit
        if hooks.count_hooks(conn, g.business_id) >= MAX_HOOKS:
            raise Conflict(f"There are already {MAX_HOOKS} hooks.", remediation="Delete one that is not used.")
        hooks.insert_hook(conn, g.business_id, hook_id, values, encrypted)
        audit(conn, g.business_id, "create", "hook", hook_id, body)
    return jsonify({"hook_id": hook_id, "url": _url(hook_id), "secret": secret}), 201


@blueprint.get("/hooks")
@require_business_api_key
@accepts_query("page_query")
@returns(200, "hooks")
def list_hooks(query: dict[str, Any]) -> Response:
    """List hooks in the order of their names, without their secrets."""
    after_name, limit = read_text_page(query)
    with current_context().database.transaction() as conn:
        rows = hooks.list_hooks(conn, g.business_id, after_name, limit + 1)
    return page_response([_shown(row) for row in rows], limit, lambda row: str(row["name"]))


@blueprint.get("/hooks/<hook_id>")
@require_business_api_key
@returns(200, "hook")
def read_hook(hook_id: UUID) -> Response:
    """Retrieve a hook without its secret."""
    with current_context().database.transaction() as conn:
        return jsonify(_shown(hooks.get_hook(conn, g.business_id, hook_id)))


@blueprint.put("/hooks/<hook_id>")
@require_business_api_key
@accepts("hooks_update")
@returns(200, "hook", also=(409,))
def update_hook(hook_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a hook. A new secret replaces the old one immediately."""
    encrypted = current_context().cipher.encrypt(body["secret"], g.business_id, hook_id) if "secret" in body else None
    with current_context().database.transaction() as conn:
        values = {**hooks.lock_hook(conn, g.business_id, hook_id), **body}
        _check(values)
        if encrypted:
            hooks.replace_secret(conn, g.business_id, hook_id, encrypted)
        row = hooks.update_hook(conn, g.business_id, hook_id, values)
        audit(conn, g.business_id, "update", "hook", hook_id, body)
    return jsonify(_shown(row))


@blueprint.delete("/hooks/<hook_id>")
@require_business_api_key
@returns(204)
def delete_hook(hook_id: UUID) -> tuple[str, int]:
    """Delete a hook with its deliveries. What is sent to its URL is rejected from then on."""
    with current_context().database.transaction() as conn:
        hooks.lock_hook(conn, g.business_id, hook_id)
        hooks.delete_hook(conn, g.business_id, hook_id)
        audit(conn, g.business_id, "delete", "hook", hook_id)
    return "", 204


@blueprint.get("/hooks/<hook_id>/deliveries")
@require_business_api_key
@accepts_query("page_query")
@returns(200, "hook_deliveries")
def list_deliveries(hook_id: UUID, query: dict[str, Any]) -> Response:
    """List what a hook has received in the last 30 days, newest first."""
    page = read_page({**query, "order": "newest"})
    with current_context().database.transaction() as conn:
        hooks.get_hook(conn, g.business_id, hook_id)
        rows = hook_deliveries.list_deliveries(conn, g.business_id, hook_id, page)
    return page_response(rows, page.limit, creation_cursor("received_at", "delivery_id"))


@blueprint.post("/hooks/<hook_id>")
@public
@rate_limit("hooks")
@reads_body("hook_body")
@returns(200, "hook_result", also=(401, 409))
def receive_delivery(hook_id: UUID) -> Response:
    """Create or update the row that another system describes. The body is signed with the hook's secret.

    A form is ignored: WooCommerce sends one to find out whether the URL works."""
    database = current_context().database
    if request.mimetype == _FORM:
        return jsonify({"delivery_id": None, "result": "ignored"})
    raw = _read_body()
    with database.statement() as conn:
        hook = hooks.find_hook(conn, hook_id)
    if hook is None or not _is_signed(hook, raw):
        # The same for a hook that does not exist, so that nobody can find out which ones do.
        raise Unauthorized(
            "The hook does not exist or is disabled, or the signature is wrong.",
            remediation="Sign the body with the secret of the hook (HMAC-SHA256). Its owner sees what is wrong.",
        )
    sender_id = request.headers.get(hook["delivery_header"]) if hook["delivery_header"] else None
    sender_id = storable_text(sender_id)[:_MAX_SENDER_ID] if sender_id else None
    try:
        body = parse_json(raw, "request body")
    except InvalidRequest as error:
        record_unreadable(database, hook, sender_id, error)
        raise
    return jsonify(process_delivery(database, hook, sender_id, body))


def _check(values: dict[str, Any]) -> None:
    """Raises InvalidRequest if the fields of a hook do not fit together."""
    check_mapping(values["resource"], values["mapping"])
    if values["notify"]:
        if values["resource"] != "orders":
            raise InvalidRequest.at("$.notify", "Only customers of changed orders can be notified.")
        check_text(values["notify"]["text"], "$.notify.text")


def _read_body() -> bytes:
    try:
        return request.get_data()
    except RequestEntityTooLarge as error:
        raise PayloadTooLarge("The request body is too large.") from error


def _is_signed(hook: Row, raw: bytes) -> bool:
    """Whether the body is signed with the hook's secret. If not, records why."""
    encrypted = Encrypted(hook["key_id"], bytes(hook["encrypted_secret"]))
    header = hook["signature_header"]
    signature = request.headers.get(header)
    try:
        secret = current_context().cipher.decrypt(encrypted, hook["business_id"], hook["hook_id"])
    except DecryptionFailed:
        problem = "The secret of the hook cannot be decrypted. Set it again."
    else:
        if signature is None:
            problem = f"The header {header} with the signature is missing."
        elif signatures.is_valid(secret, raw, signature, hook["signature_encoding"]):
            return True
        else:
            problem = f"The signature in the header {header} is wrong."
    with current_context().database.transaction() as conn:
        hook_deliveries.insert_rejected(conn, hook["business_id"], hook["hook_id"], problem)
    return False


def _shown(row: Row) -> Row:
    return {**row, "url": _url(row["hook_id"])}


def _url(hook_id: UUID) -> str:
    base = current_context().config.public_url
    return f"{base}/api/v1/hooks/{hook_id}" if base else f"{request.host_url}api/v1/hooks/{hook_id}"
