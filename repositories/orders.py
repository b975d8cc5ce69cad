"""The table `orders`: orders of a business's customers."""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Jsonb, Row
from repositories import users
from repositories.page import Page, fetch_page


def insert_order(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Create an order and return its ID. Raises Conflict if the order_number is taken."""
    row = conn.execute(
        """
        INSERT INTO orders (business_id, user_id, order_number, status, items, order_total, currency, shipping_address,
            billing_address, payment_method, tracking_number, shipping_carrier, order_date)
        VALUES (%(business_id)s, %(user_id)s, %(order_number)s, %(status)s, %(items)s, %(order_total)s, %(currency)s,
            %(shipping_address)s, %(billing_address)s, %(payment_method)s, %(tracking_number)s, %(shipping_carrier)s,
            COALESCE(%(order_date)s, clock_timestamp()))
        RETURNING order_id
        """,
        _parameters(business_id, values),
    ).fetchone()
    assert row is not None
    return UUID(str(row["order_id"]))


def list_orders(conn: Connection, business_id: UUID, page: Page, filters: dict[str, Any]) -> list[Row]:
    """The business's orders with `customer_name`. `filters` may contain user_id, status and order_number."""
    rows = fetch_page(
        conn,
        """
        SELECT * FROM orders
        WHERE business_id = %(business_id)s
          AND (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s)
          AND (%(status)s::text IS NULL OR status = %(status)s)
          AND (%(order_number)s::text IS NULL OR order_number = %(order_number)s)
          AND (%(is_newest_first)s OR (created_at, order_id) > (%(after_time)s, %(after_id)s))
          AND (NOT %(is_newest_first)s OR (created_at, order_id) < (%(after_time)s, %(after_id)s))
        ORDER BY
            CASE WHEN NOT %(is_newest_first)s THEN created_at END,
            CASE WHEN NOT %(is_newest_first)s THEN order_id END,
            CASE WHEN %(is_newest_first)s THEN created_at END DESC,
            CASE WHEN %(is_newest_first)s THEN order_id END DESC
        LIMIT %(limit)s
        """,
        {
            "user_id": None,
            "status": None,
            "order_number": None,
            **filters,
            **page.parameters,
            "business_id": business_id,
        },
    )
    # Each customer once, however many orders of theirs are on the page.
    names = users.customer_names(conn, business_id, {row["user_id"] for row in rows})
    return [{**row, "customer_name": names.get(row["user_id"])} for row in rows]


def get_order(conn: Connection, business_id: UUID, order_id: UUID) -> Row:
    """One order. Raises NotFound."""
    row = conn.execute(
        "SELECT * FROM orders WHERE business_id = %(business_id)s AND order_id = %(order_id)s",
        {"business_id": business_id, "order_id": order_id},
    ).fetchone()
    if row is None:
        raise NotFound("Order not found.")
    return row


def find_by_number(conn: Connection, business_id: UUID, order_number: str) -> Row | None:
    """The order with this number, locked; None if there is none."""
    row = conn.execute(
        """
        SELECT order_id FROM orders WHERE business_id = %(business_id)s AND order_number = %(order_number)s
        FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "order_number": order_number},
    ).fetchone()
    return get_order(conn, business_id, row["order_id"]) if row else None


def lock_order(conn: Connection, business_id: UUID, order_id: UUID) -> Row:
    """Like `get_order`, and locks the row."""
    conn.execute(
        "SELECT FROM orders WHERE business_id = %(business_id)s AND order_id = %(order_id)s FOR NO KEY UPDATE",
        {"business_id": business_id, "order_id": order_id},
    )
    return get_order(conn, business_id, order_id)


def update_order(conn: Connection, business_id: UUID, order_id: UUID, values: dict[str, Any]) -> Row:
    """Change an existing order. `values` holds all its columns; returns the changed row."""
    row = conn.execute(
        """
        UPDATE orders SET order_number = %(order_number)s, status = %(status)s, items = %(items)s,
            order_total = %(order_total)s, currency = %(currency)s, shipping_address = %(shipping_address)s,
            billing_address = %(billing_address)s, payment_method = %(payment_method)s,
            tracking_number = %(tracking_number)s, shipping_carrier = %(shipping_carrier)s,
            order_date = %(order_date)s, updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND order_id = %(order_id)s
        RETURNING *
        """,
        {**_parameters(business_id, values), "order_id": order_id},
    ).fetchone()
    assert row is not None
    return row


def delete_order(conn: Connection, business_id: UUID, order_id: UUID) -> None:
    """Delete an order."""
    conn.execute(
        "DELETE FROM orders WHERE business_id = %(business_id)s AND order_id = %(order_id)s",
        {"business_id": business_id, "order_id": order_id},
    )


def list_orders_of_customer(conn: Connection, business_id: UUID, user_id: UUID | None, limit: int) -> list[Row]:
    """The customer's latest orders, newest first, with the columns that prompts show. A test customer for copies also
    has the orders of the original."""
    return conn.execute(
        """
        SELECT order_number, status, items, order_total, currency, shipping_address, tracking_number, shipping_carrier,
               order_date
        FROM orders
        WHERE business_id = %(business_id)s
          AND user_id IN (%(user_id)s, (
              SELECT u.copy_of FROM users u
              WHERE u.user_id = %(user_id)s AND u.business_id = %(business_id)s AND u.is_test))
        ORDER BY order_date DESC, order_id LIMIT %(limit)s
        """,
        {"business_id": business_id, "user_id": user_id, "limit": limit},
    ).fetchall()


def find_own_order(conn: Connection, business_id: UUID, user_id: UUID, order_number: str) -> Row | None:
    """The customer's order with this number, ignoring case if no number is the same."""
    return conn.execute(
        """
        SELECT order_id, order_number, status, shipping_address, billing_address, payment_method, tracking_number,
               shipping_carrier
        FROM orders
        WHERE business_id = %(business_id)s AND user_id = %(user_id)s AND lower(order_number) = lower(%(order_number)s)
        ORDER BY order_number = %(order_number)s DESC, order_id LIMIT 1
        """,
        {"business_id": business_id, "user_id": user_id, "order_number": order_number},
    ).fetchone()


def match_orders(conn: Connection, business_id: UUID, user_id: UUID, match: dict[str, str], limit: int) -> list[Row]:
    """The customer's orders that match the values in `match`, ignoring case, newest first.

    `match` may contain order_number, status and tracking_number. The orders and the columns are those of
    `list_orders_of_customer`.
    """
    return conn.execute(
        """
        SELECT order_number, status, items, order_total, currency, shipping_address, tracking_number, shipping_carrier,
               order_date
        FROM orders
        WHERE business_id = %(business_id)s
          AND user_id IN (%(user_id)s, (
              SELECT u.copy_of FROM users u
              WHERE u.user_id = %(user_id)s AND u.business_id = %(business_id)s AND u.is_test))
          AND (%(order_number)s::text IS NULL OR lower(order_number) = lower(%(order_number)s))
          AND (%(status)s::text IS NULL OR lower(status) = lower(%(status)s))
          AND (%(tracking_number)s::text IS NULL OR lower(tracking_number) = lower(%(tracking_number)s))
        ORDER BY order_date DESC, order_id LIMIT %(limit)s
        """,
        {
            "order_number": None,
            "status": None,
            "tracking_number": None,
            **match,
            "business_id": business_id,
            "user_id": user_id,
            "limit": limit,
        },
    ).fetchall()


def _parameters(business_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    names = (
        "order_total",
        "currency",
        "shipping_address",
        "billing_address",
        "payment_method",
        "tracking_number",
        "shipping_carrier",
        "order_date",
    )
    return {
        **dict.fromkeys(names),
        "status": "placed",
        **values,
        "business_id": business_id,
        "items": Jsonb(values.get("items") or []),
    }
