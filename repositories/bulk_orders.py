"""Creates or updates many orders with few statements."""

from uuid import UUID

from db import Connection, JsonRows, Row
from repositories.bulk_customers import find_or_insert_customers
from repositories.bulk_rows import BulkResult, Values, lock_names
from repositories.products import find_missing
from repositories.users import MAX_METADATA_BYTES


def upsert_orders(conn: Connection, business_id: UUID, values: Values) -> BulkResult:
    """Like `upserts.upsert_order`, for many order numbers. If some have problems, returns only those: the caller undoes
    what was done, and tries again without them. Raises UniqueViolation if a customer has the email of another one."""
    lock_names(conn, business_id, "order", values)
    problems: dict[str, str] = {}
    customers, done = _customers(conn, business_id, values, problems)
    before = _lock_orders(conn, business_id, list(values))
    for name, user_id in customers.items():
        if name in before and before[name]["user_id"] != user_id:
            problems[name] = "The order belongs to another customer."
    items = {name: (given.get("items", []), before.get(name, {}).get("items", [])) for name, given in values.items()}
    problems |= dict.fromkeys(find_missing(conn, business_id, items), "Product not found.")
    if problems:
        return BulkResult(problems=problems)
    created = conn.execute(
        """
        INSERT INTO orders (business_id, user_id, order_number, status, items, order_total, currency, shipping_address,
            billing_address, payment_method, tracking_number, shipping_carrier, order_date)
        SELECT %(business_id)s, user_id, order_number, COALESCE(status, 'placed'), COALESCE(items, '[]'), order_total,
               currency, shipping_address, billing_address, payment_method, tracking_number, shipping_carrier,
               COALESCE(order_date, clock_timestamp())
        FROM jsonb_to_recordset(%(rows)s) AS given (user_id UUID, order_number TEXT, status TEXT, items JSONB,
            order_total NUMERIC(14, 2), currency TEXT, shipping_address TEXT, billing_address TEXT, payment_method TEXT,
            tracking_number TEXT, shipping_carrier TEXT, order_date TIMESTAMPTZ)
        RETURNING order_id, order_number
        """,
        {
            "business_id": business_id,
            "rows": JsonRows(
                {**given, "user_id": customers[name], "order_number": name}
                for name, given in values.items()
                if name not in before
            ),
        },
    ).fetchall()
    updated = conn.execute(
        """
        UPDATE orders o SET status = g.status, items = g.items, order_total = g.order_total, currency = g.currency,
            shipping_address = g.shipping_address, billing_address = g.billing_address,
            payment_method = g.payment_method, tracking_number = g.tracking_number,
            shipping_carrier = g.shipping_carrier, order_date = g.order_date, updated_at = clock_timestamp()
        FROM jsonb_to_recordset(%(rows)s) AS g (order_number TEXT, status TEXT, items JSONB,
            order_total NUMERIC(14, 2), currency TEXT, shipping_address TEXT, billing_address TEXT, payment_method TEXT,
            tracking_number TEXT, shipping_carrier TEXT, order_date TIMESTAMPTZ)
        WHERE o.business_id = %(business_id)s AND o.order_number = g.order_number
          AND (o.status, o.items, o.order_total, o.currency, o.shipping_address, o.billing_address, o.payment_method,
               o.tracking_number, o.shipping_carrier, o.order_date)
              IS DISTINCT FROM (g.status, g.items, g.order_total, g.currency, g.shipping_address, g.billing_address,
                  g.payment_method, g.tracking_number, g.shipping_carrier, g.order_date)
        RETURNING o.*
        """,
        {
            "business_id": business_id,
            "rows": JsonRows({**before[name], **given} for name, given in values.items() if name in before),
        },
    ).fetchall()
    return BulkResult(
        {row["order_number"]: row["order_id"] for row in created},
        {row["order_number"]: (before[row["order_number"]], row) for row in updated},
        customers=done,
    )


def _customers(
    conn: Connection, business_id: UUID, values: Values, problems: dict[str, str]
) -> tuple[dict[str, UUID], BulkResult]:
    """The customer of each order, and what was done to them. Orders without one get a problem."""
    users = {name: given["user"] for name, given in values.items() if "user" in given}
    by_external_id, done = find_or_insert_customers(conn, business_id, users.values()) if users else ({}, BulkResult())
    customers: dict[str, UUID] = {}
    for name, user in users.items():
        customers[name], is_small = by_external_id[user["external_id"]]
        if not is_small and user.get("metadata"):
            problems[name] = f"A customer has at most {MAX_METADATA_BYTES // 1024} KB of metadata."
    named = {name: UUID(given["user_id"]) for name, given in values.items() if "user_id" in given}
    known = _known_customers(conn, business_id, list(named.values())) if named else set()
    for name, user_id in named.items():
        customers[name] = user_id
        if user_id not in known:
            problems[name] = "User not found."
    return customers, done


def _known_customers(conn: Connection, business_id: UUID, user_ids: list[UUID]) -> set[UUID]:
    rows = conn.execute(
        "SELECT user_id FROM users WHERE business_id = %(business_id)s AND user_id = ANY (%(user_ids)s)",
        {"business_id": business_id, "user_ids": user_ids},
    ).fetchall()
    return {row["user_id"] for row in rows}


def _lock_orders(conn: Connection, business_id: UUID, names: list[str]) -> dict[str, Row]:
    rows = conn.execute(
        """
        SELECT * FROM orders WHERE business_id = %(business_id)s AND order_number = ANY (%(names)s)
        ORDER BY order_number FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "names": names},
    ).fetchall()
    return {row["order_number"]: row for row in rows}
