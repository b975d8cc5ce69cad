"""Creates or updates the row that a business names by its own number, SKU or ID.

Each function returns the row as it was before, None if it is new, and as it is now. `values` holds the fields to set.
Of two simultaneous calls for the same name, the second waits and updates what the first has created.
"""

from typing import Any
from uuid import UUID

from core.errors import Conflict
from db import Connection, Row
from repositories import orders, products, users

Upserted = tuple[Row | None, Row]


def upsert_order(conn: Connection, business_id: UUID, order_number: str, values: dict[str, Any]) -> Upserted:
    """`values` names the customer with `user_id`, or describes them with `user`.

    Raises NotFound for an unknown customer or product, and Conflict if the order belongs to another customer.
    """
    _lock_name(conn, business_id, "order", order_number)
    user_id = _customer(conn, business_id, values)
    before = orders.find_by_number(conn, business_id, order_number)
    if before is None:
        products.check_items(conn, business_id, values.get("items", []))
        order_id = orders.insert_order(conn, business_id, {**values, "user_id": user_id, "order_number": order_number})
        return None, orders.get_order(conn, business_id, order_id)
    if before["user_id"] != user_id:
        raise Conflict("The order belongs to another customer.")
    products.check_items(conn, business_id, values.get("items", []), before["items"])
    return before, orders.update_order(conn, business_id, before["order_id"], {**before, **values})


def upsert_product(conn: Connection, business_id: UUID, sku: str, values: dict[str, Any]) -> Upserted:
    """`values` contains the `product_name`."""
    _lock_name(conn, business_id, "product", sku)
    before = products.find_by_sku(conn, business_id, sku)
    if before is None:
        product_id = products.insert_product(conn, business_id, {**values, "sku": sku})
        return None, products.get_product(conn, business_id, product_id)
    return before, products.update_product(conn, business_id, before["product_id"], {**before, **values})


def upsert_customer(conn: Connection, business_id: UUID, external_id: str, values: dict[str, Any]) -> Upserted:
    """Raises Conflict if another customer has the email."""
    _lock_name(conn, business_id, "user", external_id)
    user_id = users.find_by_external_id(conn, business_id, external_id)
    if user_id is None:
        user_id = users.insert_user(conn, business_id, {**values, "external_id": external_id})
        return None, users.get_user(conn, business_id, user_id)
    before = users.lock_user(conn, business_id, user_id)
    return before, users.update_user(conn, business_id, user_id, {**before, **values})


def _customer(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    if "user" in values:
        return users.find_or_insert_customer(conn, business_id, values["user"])
    user_id = UUID(values["user_id"])
    users.get_user(conn, business_id, user_id)
    return user_id


def _lock_name(conn: Connection, business_id: UUID, kind: str, name: str) -> None:
    """Until the transaction ends, no other one creates or updates a row of this name."""
    conn.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended(concat_ws(':', %(kind)s, %(business_id)s, %(name)s), 0))",
        {"kind": kind, "business_id": business_id, "name": name},
    )
