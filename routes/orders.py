"""Orders of a business's customers."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from core.validation import read_time
from repositories import orders, products, upserts, users
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, changed_fields
from routes.pagination import creation_cursor, page_response, read_page
from routes.upserts import check_name, upsert_response

blueprint = Blueprint("orders", __name__)


@blueprint.post("/orders")
@require_business_api_key
@accepts("orders_create")
@returns(201, "order_created", also=(404, 409))
def create_order(body: dict[str, Any]) -> tuple[Response, int]:
    """Create an order."""
    with current_context().database.transaction() as conn:
        users.get_user(conn, g.business_id, UUID(body["user_id"]))
        products.check_items(conn, g.business_id, body.get("items", []))
        order_id = orders.insert_order(conn, g.business_id, _with_order_date(body))
        audit(conn, g.business_id, "create", "order", order_id, body)
    return jsonify({"order_id": order_id}), 201


@blueprint.get("/orders")
@require_business_viewer
@accepts_query("orders_list")
@returns(200, "orders")
def list_orders(query: dict[str, Any]) -> Response:
    """List orders."""
    page = read_page(query)
    filters = {name: value for name, value in query.items() if name in ("user_id", "status", "order_number")}
    with current_context().database.transaction() as conn:
        rows = orders.list_orders(conn, g.business_id, page, filters)
    return page_response(rows, page.limit, creation_cursor("created_at", "order_id"))


@blueprint.get("/orders/<order_id>")
@require_business_viewer
@returns(200, "order")
def read_order(order_id: UUID) -> Response:
    """Retrieve an order."""
    with current_context().database.transaction() as conn:
        return jsonify(orders.get_order(conn, g.business_id, order_id))


@blueprint.put("/orders/<order_id>")
@require_business_api_key
@accepts("orders_update")
@returns(200, "order", also=(409,))
def update_order(order_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of an order."""
    with current_context().database.transaction() as conn:
        row = orders.lock_order(conn, g.business_id, order_id)
        products.check_items(conn, g.business_id, body.get("items", []), row["items"])
        changed = orders.update_order(conn, g.business_id, order_id, {**row, **_with_order_date(body)})
        audit(conn, g.business_id, "update", "order", order_id, changed_fields(row, changed))
    return jsonify(changed)


@blueprint.put("/orders/by-number/<path:order_number>")
@require_business_api_key
@accepts("orders_upsert")
@returns(200, "order", also=(404, 409))
@returns(201, "order")
def upsert_order(order_number: str, body: dict[str, Any]) -> tuple[Response, int]:
    """Create the order with this number, or update the given fields of it.

    The customer is named by `user_id`, or by `user` with your own ID, and is then created if unknown. An order of
    another customer is not changed."""
    check_name("order_number", order_number, 100)
    with current_context().database.transaction() as conn:
        before, row = upserts.upsert_order(conn, g.business_id, order_number, _with_order_date(body))
        return upsert_response(conn, "order", body, before, row)


@blueprint.delete("/orders/<order_id>")
@require_business_api_key
@returns(204)
def delete_order(order_id: UUID) -> tuple[str, int]:
    """Delete an order."""
    with current_context().database.transaction() as conn:
        orders.lock_order(conn, g.business_id, order_id)
        orders.delete_order(conn, g.business_id, order_id)
        audit(conn, g.business_id, "delete", "order", order_id)
    return "", 204


def _with_order_date(body: dict[str, Any]) -> dict[str, Any]:
    """The body with its order_date parsed. Raises InvalidRequest if the date is out of range."""
    if "order_date" not in body:
        return body
    return {**body, "order_date": read_time(body["order_date"], "$.order_date")}
