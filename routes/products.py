"""Products and services of a business."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify

from auth import require_business_api_key, require_business_viewer
from core.context import current_context
from repositories import products, upserts
from routes.decorators import accepts, accepts_query, returns
from routes.editing import audit, changed_fields
from routes.pagination import creation_cursor, page_response, read_page
from routes.upserts import check_name, upsert_response

blueprint = Blueprint("products", __name__)


@blueprint.post("/products")
@require_business_api_key
@accepts("products_create")
@returns(201, "product_created", also=(409,))
def create_product(body: dict[str, Any]) -> tuple[Response, int]:
    """Create a product."""
    with current_context().database.transaction() as conn:
        product_id = products.insert_product(conn, g.business_id, body)
        audit(conn, g.business_id, "create", "product", product_id, body)
    return jsonify({"product_id": product_id}), 201


@blueprint.get("/products")
@require_business_viewer
@accepts_query("products_list")
@returns(200, "products")
def list_products(query: dict[str, Any]) -> Response:
    """List products. `q` searches their names and SKUs."""
    page = read_page(query)
    with current_context().database.transaction() as conn:
        rows = products.list_products(conn, g.business_id, page, query.get("kind"), query.get("q"))
    return page_response(rows, page.limit, creation_cursor("created_at", "product_id"))


@blueprint.get("/products/<product_id>")
@require_business_viewer
@returns(200, "product")
def read_product(product_id: UUID) -> Response:
    """Retrieve a product."""
    with current_context().database.transaction() as conn:
        return jsonify(products.get_product(conn, g.business_id, product_id))


@blueprint.put("/products/<product_id>")
@require_business_api_key
@accepts("products_update")
@returns(200, "product", also=(409,))
def update_product(product_id: UUID, body: dict[str, Any]) -> Response:
    """Update the given fields of a product."""
    with current_context().database.transaction() as conn:
        row = products.lock_product(conn, g.business_id, product_id)
        changed = products.update_product(conn, g.business_id, product_id, {**row, **body})
        audit(conn, g.business_id, "update", "product", product_id, changed_fields(row, changed))
    return jsonify(changed)


@blueprint.put("/products/by-sku/<path:sku>")
@require_business_api_key
@accepts("products_upsert")
@returns(200, "product", also=(409,))
@returns(201, "product")
def upsert_product(sku: str, body: dict[str, Any]) -> tuple[Response, int]:
    """Create the product with this SKU, or update the given fields of it."""
    check_name("sku", sku, 100)
    with current_context().database.transaction() as conn:
        before, row = upserts.upsert_product(conn, g.business_id, sku, body)
        return upsert_response(conn, "product", body, before, row)


@blueprint.delete("/products/<product_id>")
@require_business_api_key
@returns(204)
def delete_product(product_id: UUID) -> tuple[str, int]:
    """Delete a product."""
    with current_context().database.transaction() as conn:
        products.lock_product(conn, g.business_id, product_id)
        products.delete_product(conn, g.business_id, product_id)
        audit(conn, g.business_id, "delete", "product", product_id)
    return "", 204
