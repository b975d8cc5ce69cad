"""Templates of a business, and the platform's `default_*` templates, which everyone can read and operators can
change."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import requested_business, require_any_key, require_any_viewer
from core.context import current_context
from core.errors import Conflict, Forbidden, InvalidRequest, NotFound
from db import Connection, Row
from message_processing.templates.names import list_variables
from repositories import business_variables, businesses, releases, templates
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, author, changed_fields
from routes.etags import check_if_match, with_etag
from routes.model import check_template_models
from routes.pagination import creation_cursor, page_response, read_page, read_sequence_page
from security.credentials import authenticate

blueprint = Blueprint("templates", __name__)

_CURSOR = creation_cursor("created_at", "template_id")


@blueprint.post("/templates")
@require_any_key
@accepts("templates_create", max_kb=2048)
@returns(201, "template_created")
def create_template(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a template. Operators who specify no business create a default template."""
    _check_type(g.business_id, body["template_type"])
    with current_context().database.transaction() as conn:
        _lock(conn, g.business_id)
        check_template_models(conn, g.business_id, {}, body.get("model_settings", {}))
        template_id = templates.insert_template(conn, g.business_id, {"content": "", **body})
        audit(conn, g.business_id, "create", "template", template_id, body)
        _publish(conn, g.business_id, body["template_type"])
        own = _own_names(conn, g.business_id)
    names, unknown = list_variables(body.get("content", ""), body.get("system_prompt") or "", own)
    return jsonify({"template_id": template_id, "variables": names, "unknown_variables": unknown}), 201


@blueprint.get("/templates")
@require_any_viewer
@accepts_query("templates_list")
@returns(200, "templates")
def list_templates(query: dict[str, Any]) -> Response:
    """List templates of the business, or the platform's for a `default_*` type or without a business."""
    template_type = query.get("template_type")
    is_default = (template_type or "").startswith("default_")
    return _listed(None if is_default else g.business_id, query, template_type)


@blueprint.get("/templates/default-templates")
@require_any_viewer
@accepts_query("page_query")
@returns(200, "templates")
def list_default_templates(query: dict[str, Any]) -> Response:
    """List the platform's default templates."""
    return _listed(None, query, None)


@blueprint.get("/templates/by-type/<template_type>")
@require_any_viewer
@accepts_query("page_query")
@returns(200, "templates")
def list_templates_by_type(template_type: str, query: dict[str, Any]) -> Response:
    """List templates of a type. `default_*` types are the platform's."""
    return _listed(None if template_type.startswith("default_") else g.business_id, query, template_type)


@blueprint.get("/templates/by-business/<business_id>")
@require_any_viewer
@accepts_query("page_query")
@returns(200, "templates")
def list_templates_by_business(business_id: UUID, query: dict[str, Any]) -> Response:
    """List templates of a business."""
    return _listed(business_id, query, None)


@blueprint.get("/templates/<template_id>")
@require_any_viewer
@returns(200, "template")
def read_template(template_id: UUID) -> Response:
    """Retrieve a template with the variables it uses."""
    with current_context().database.transaction() as conn:
        return with_etag(_shown(conn, g.business_id, templates.get_template(conn, g.business_id, template_id)))


@blueprint.put("/templates/<template_id>")
@require_any_key
@accepts("templates_update", max_kb=2048)
@returns(200, "template", also=(409, 412))
def update_template(template_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a template. The previous content is kept as a version."""
    return _changed(template_id, lambda _conn, _row: body)


@blueprint.delete("/templates/<template_id>")
@require_any_key
@returns(204, also=(409, 412))
def delete_template(template_id: UUID) -> tuple[str, int]:
    """Delete a template that no stage uses."""
    with current_context().database.transaction() as conn:
        row = _writable(conn, template_id)
        templates.delete_template(conn, row["business_id"], template_id)
        audit(conn, row["business_id"], "delete", "template", template_id)
        _publish(conn, row["business_id"], row["template_type"])
    return "", 204


@blueprint.post("/templates/<template_id>/apply-default")
@require_any_key
@accepts("templates_apply_default", optional=True)
@returns(200, "template", also=(409, 412))
def apply_default(template_id: UUID, body: dict[str, Any]) -> Response:
    """Replace the content and system prompt of a template with those of the platform's default."""

    def change(conn: Connection, row: Row) -> dict[str, Any]:
        default = templates.get_current_default(conn, row["template_type"])
        return {"content": default["content"], "system_prompt": default["system_prompt"]}

    return _changed(template_id, change)


@blueprint.get("/templates/<template_id>/versions")
@require_any_viewer
@accepts_query("page_query")
@returns(200, "template_versions")
def list_template_versions(template_id: UUID, query: dict[str, Any]) -> Response:
    """List the last 100 versions of a template, the current one last."""
    after_version, limit = read_sequence_page(query)
    with current_context().database.transaction() as conn:
        templates.get_template(conn, g.business_id, template_id)
        rows = templates.list_versions(conn, g.business_id, template_id, after_version, limit + 1)
    return page_response(rows, limit, lambda row: str(row["version"]))


@blueprint.post("/templates/<template_id>/restore")
@require_any_key
@accepts("templates_restore")
@returns(200, "template", also=(409, 412))
def restore_template(template_id: UUID, body: dict[str, Any]) -> Response:
    """Restore an earlier version of a template, as a new version."""

    def change(conn: Connection, row: Row) -> dict[str, Any]:
        rows = templates.list_versions(conn, g.business_id, template_id, body["version"] - 1, 1)
        if not rows or rows[0]["version"] != body["version"]:
            raise NotFound("Version not found.")
        return {name: rows[0][name] for name in ("template_name", "content", "system_prompt", "model_settings")}

    return _changed(template_id, change)


def _listed(business_id: UUID | None, query: dict[str, Any], template_type: str | None) -> Response:
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = templates.list_templates(conn, business_id, page, template_type)
        own = _own_names(conn, business_id)
    return page_response([_with_variables(row, own) for row in rows], page.limit, _CURSOR)


def _changed(template_id: UUID, change: Any) -> Response:
    """Apply the fields that `change(conn, row)` returns, as the next version of the template."""
    with current_context().database.transaction() as conn:
        row = _writable(conn, template_id)
        changes = change(conn, row)
        if changes.get("template_type", row["template_type"]) != row["template_type"]:
            _check_type(row["business_id"], changes["template_type"])
            if templates.list_stages_using(conn, row["business_id"], template_id):
                raise Conflict("The type of a template used by stages cannot be changed.")
        check_template_models(
            conn, row["business_id"], row["model_settings"], changes.get("model_settings", row["model_settings"])
        )
        changed = templates.update_template(conn, row["business_id"], template_id, {**row, **changes})
        audit(conn, row["business_id"], "update", "template", template_id, changed_fields(row, changed))
        _publish(conn, row["business_id"], row["template_type"])
        return with_etag(_shown(conn, row["business_id"], changed))


def _writable(conn: Connection, template_id: UUID) -> Row:
    """The locked template. Raises Forbidden unless the caller can change it, PreconditionFailed if the caller has seen
    an older version."""
    row = templates.get_template(conn, g.business_id, template_id)
    if row["business_id"] is None and (not authenticate().is_operator or requested_business() is not None):
        raise Forbidden(
            "This requires operator access.",
            remediation="Create a template of your own instead of changing the platform's default.",
        )
    _lock(conn, row["business_id"])
    row = templates.lock_template(conn, g.business_id, template_id)
    check_if_match(row)
    return row


def _lock(conn: Connection, business_id: UUID | None) -> None:
    if business_id is not None:
        businesses.lock_business(conn, business_id)


def _publish(conn: Connection, business_id: UUID | None, template_type: str) -> None:
    """Publish a release of every business affected by the change. Default templates are used for empty templates."""
    if business_id is not None:
        releases.publish_edit(conn, business_id, author())
        return
    for each in templates.list_businesses_using_default(conn, template_type):
        businesses.lock_business(conn, each)
        releases.publish_edit(conn, each, author())


def _check_type(business_id: UUID | None, template_type: str) -> None:
    if (business_id is None) != template_type.startswith("default_"):
        raise InvalidRequest.at(
            "$.template_type",
            "Specify a business or one of the `default_*` types."
            if business_id is None
            else "The `default_*` types are reserved for the platform.",
        )


def _own_names(conn: Connection, business_id: UUID | None) -> list[str]:
    return [row["name"] for row in business_variables.list_variables(conn, business_id)] if business_id else []


def _shown(conn: Connection, business_id: UUID | None, row: Row) -> dict[str, Any]:
    return _with_variables(row, _own_names(conn, business_id))


def _with_variables(row: Row, own: list[str]) -> dict[str, Any]:
    names, unknown = list_variables(row["content"], row["system_prompt"] or "", own)
    return {**row, "variables": names, "unknown_variables": unknown}
