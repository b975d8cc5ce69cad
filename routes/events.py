"""Events reported by a business's servers or its customers' browsers, and schemas for their properties."""

import logging
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request

from auth import for_messages, optional_business_api_key, require_business_api_key, require_business_viewer
from core.client_schemas import MAX_PROBLEMS, check_client_schema, problems_with
from core.context import current_context
from core.errors import InvalidRequest, NotFound, RateLimited
from core.ids import new_id
from core.validation import read_time
from message_processing.accept import live_release
from repositories import events, users
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, changed_fields
from routes.limits import rate_limit
from routes.pagination import creation_cursor, page_response, read_filters, read_page

blueprint = Blueprint("events", __name__)
logger = logging.getLogger("icmp")

_MAX_FUTURE = timedelta(days=1)


@blueprint.post("/events")
@optional_business_api_key
@for_messages
@rate_limit("events")
@accepts("events_create", max_kb=64)
@returns(201, "event_created")
def create_event(body: dict[str, Any]) -> tuple[Response, int]:
    """Report an event. With a key it is marked as verified; without one, the response is always the same."""
    values = {name: value for name, value in body.items() if name != "business_id"} | {"verified": g.verified}
    if "event_timestamp" in values:
        values["event_timestamp"] = _event_time(values["event_timestamp"])
    values["event_id"] = UUID(body["event_id"]) if "event_id" in body else new_id()
    try:
        _store(g.business_id, values, len(request.get_data(cache=True)))
    except (NotFound, InvalidRequest, RateLimited):
        if g.verified:
            raise
        # Without a key, the response must not reveal whether the business or one of its resources exists.
        logger.info("unverified event discarded", extra={"business_id": g.business_id})
    return jsonify({"event_id": values["event_id"], "verified": g.verified}), 201


@blueprint.get("/events")
@require_business_viewer
@accepts_query("events_list")
@returns(200, "events")
def list_events(query: dict[str, Any]) -> Response:
    """List events."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = events.list_events(conn, g.business_id, page, read_filters(query), query.get("offset", 0))
    return page_response(rows, page.limit, creation_cursor("created_at", "event_id"))


@blueprint.post("/event-property-schemas")
@require_business_api_key
@accepts("event_property_schemas_create", max_kb=128)
@returns(201, "event_property_schema_created", also=(409,))
def create_event_property_schema(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a schema for the custom properties of an event type."""
    check_client_schema(body["property_schema"], "$.property_schema")
    with current_context().database.transaction() as conn:
        schema_id = events.insert_property_schema(conn, g.business_id, body)
        audit(conn, g.business_id, "create", "event_property_schema", schema_id, body)
    return jsonify({"schema_id": schema_id}), 201


@blueprint.get("/event-property-schemas")
@require_business_viewer
@accepts_query("page_query")
@returns(200, "event_property_schemas")
def list_event_property_schemas(query: dict[str, Any]) -> Response:
    """List schemas. There is at most one per event type."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = events.list_property_schemas(conn, g.business_id, page)
    return page_response(rows, page.limit, creation_cursor("created_at", "schema_id"))


@blueprint.get("/event-property-schemas/<schema_id>")
@require_business_viewer
@returns(200, "event_property_schema")
def read_event_property_schema(schema_id: UUID) -> Response:
    """Retrieve a schema."""
    with current_context().database.transaction() as conn:
        return jsonify(events.get_property_schema(conn, g.business_id, schema_id))


@blueprint.put("/event-property-schemas/<schema_id>")
@require_business_api_key
@accepts("event_property_schemas_update", max_kb=128)
@returns(200, "event_property_schema")
def update_event_property_schema(schema_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a schema. Existing events are not validated again."""
    if "property_schema" in body:
        check_client_schema(body["property_schema"], "$.property_schema")
    with current_context().database.transaction() as conn:
        row = events.lock_property_schema(conn, g.business_id, schema_id)
        changed = events.update_property_schema(conn, g.business_id, schema_id, {**row, **body})
        audit(conn, g.business_id, "update", "event_property_schema", schema_id, changed_fields(row, changed))
    return jsonify(changed)


@blueprint.delete("/event-property-schemas/<schema_id>")
@require_business_api_key
@returns(204)
def delete_event_property_schema(schema_id: UUID) -> tuple[str, int]:
    """Delete a schema. Events of its type are then no longer validated."""
    with current_context().database.transaction() as conn:
        events.lock_property_schema(conn, g.business_id, schema_id)
        events.delete_property_schema(conn, g.business_id, schema_id)
        audit(conn, g.business_id, "delete", "event_property_schema", schema_id)
    return "", 204


def _store(business_id: UUID, values: dict[str, Any], size: int) -> None:
    """Store an event, unless its id is known. Raises InvalidRequest if its properties do not match the schema, NotFound
    if it refers to a resource of another business, RateLimited if today's quota in bytes is used up."""
    database, quota = current_context().database, current_context().config.event_quota_mb * 1024 * 1024
    with database.transaction() as conn:
        if events.has_event(conn, business_id, values["event_id"], values["verified"]):
            return
        masking = live_release(conn, business_id, current_context().releases).masking
        schema = events.find_property_schema(conn, business_id, values["event_type"])
    # Between the transactions: a validation that takes long must not occupy a connection.
    properties = values.get("custom_event_properties", {})
    problems = problems_with(schema, properties, "$.custom_event_properties") if schema else []
    if problems:
        raise InvalidRequest("The event's properties do not match their schema.", details=problems[:MAX_PROBLEMS])
    with database.transaction() as conn:
        if values.get("user_id"):
            users.check_belongs_to_business(conn, business_id, UUID(values["user_id"]))
        if not events.add_usage(conn, business_id, values["verified"], size, quota):
            raise RateLimited(
                "The events of today use up the business's quota.",
                headers={"Retry-After": str(_seconds_until_tomorrow())},
            )
        texts = {name: values[name] for name in ("message_text", "custom_event_properties") if name in values}
        events.insert_event(conn, business_id, {**values, **masking.members(texts)})


def _seconds_until_tomorrow() -> int:
    now = datetime.now(UTC)
    return 1 + int((datetime.combine(now.date() + timedelta(days=1), time(), UTC) - now).total_seconds())


def _event_time(text: str) -> datetime:
    timestamp = read_time(text, "$.event_timestamp")
    if timestamp > datetime.now(UTC) + _MAX_FUTURE:
        raise InvalidRequest.at("$.event_timestamp", "Must be at most 24 hours in the future.")
    return timestamp
