"""The table `import_changes`: what an import has changed, and how that is undone."""

from typing import Any
from uuid import UUID

from db import Connection, JsonRows, Row
from repositories.bulk_rows import BulkResult

_ID = {"orders": "order_id", "products": "product_id", "users": "user_id"}


def add_changes(conn: Connection, business_id: UUID, import_id: UUID, resource: str, result: BulkResult) -> None:
    """Record what a batch of rows has changed. The customers of orders come first, because they are undone last."""
    if result.customers is not None:
        add_changes(conn, business_id, import_id, "users", result.customers)
    created: list[dict[str, Any]] = [{"name": name, "row_id": row_id} for name, row_id in result.created.items()]
    updated: list[dict[str, Any]] = [
        {"name": name, "row_id": before[_ID[resource]], "before": before}
        for name, (before, _) in result.updated.items()
    ]
    if created or updated:
        statement = _ADD[resource]
        rows = JsonRows([*created, *updated])
        conn.execute(statement, {"business_id": business_id, "import_id": import_id, "rows": rows})


_ADD = {
    "products": """
        INSERT INTO import_changes (business_id, import_id, resource, row_id, name, before, digest)
        SELECT %(business_id)s, %(import_id)s, 'products', p.product_id, given.name, given.before, product_digest_v1(p)
        FROM jsonb_to_recordset(%(rows)s) AS given (name TEXT, row_id UUID, before JSONB)
        JOIN products p ON p.business_id = %(business_id)s AND p.product_id = given.row_id
    """,
    "orders": """
        INSERT INTO import_changes (business_id, import_id, resource, row_id, name, user_id, before, digest)
        SELECT %(business_id)s, %(import_id)s, 'orders', o.order_id, given.name, o.user_id, given.before,
               order_digest_v1(o)
        FROM jsonb_to_recordset(%(rows)s) AS given (name TEXT, row_id UUID, before JSONB)
        JOIN orders o ON o.business_id = %(business_id)s AND o.order_id = given.row_id
    """,
    "users": """
        INSERT INTO import_changes (business_id, import_id, resource, row_id, name, user_id, before, digest)
        SELECT %(business_id)s, %(import_id)s, 'users', u.user_id, given.name, u.user_id, given.before,
               user_digest_v1(u)
        FROM jsonb_to_recordset(%(rows)s) AS given (name TEXT, row_id UUID, before JSONB)
        JOIN users u ON u.business_id = %(business_id)s AND u.user_id = given.row_id
    """,
}


def next_changes(conn: Connection, business_id: UUID, import_id: UUID, limit: int) -> list[Row]:
    """The latest changes that are neither undone nor kept: number and resource. At most one per row."""
    return conn.execute(
        """
        SELECT max(latest.number) AS number, latest.resource
        FROM (
            SELECT number, resource, row_id FROM import_changes
            WHERE business_id = %(business_id)s AND import_id = %(import_id)s AND NOT kept
            ORDER BY number DESC LIMIT %(limit)s) AS latest
        GROUP BY latest.row_id, latest.resource
        """,
        {"business_id": business_id, "import_id": import_id, "limit": limit},
    ).fetchall()


def lock_customers(conn: Connection, business_id: UUID, import_id: UUID, numbers: list[int]) -> None:
    """Lock the customers that the changes are about, before their orders."""
    conn.execute(
        """
        SELECT FROM users u
        WHERE u.business_id = %(business_id)s AND u.user_id IN (
            SELECT c.user_id FROM import_changes c
            WHERE c.business_id = %(business_id)s AND c.import_id = %(import_id)s AND c.number = ANY (%(numbers)s))
        ORDER BY u.user_id FOR UPDATE
        """,
        {"business_id": business_id, "import_id": import_id, "numbers": numbers},
    )


def undo(conn: Connection, business_id: UUID, import_id: UUID, resource: str, numbers: list[int]) -> set[int]:
    """Delete the rows that the changes have created, and restore those that they have updated. Returns the numbers of
    the changes that were undone: rows that were changed since are kept, and new customers who have been used.

    Raises UniqueViolation if another customer has an email that would be restored."""
    parameters = {"business_id": business_id, "import_id": import_id, "numbers": numbers}
    undone: set[int] = set()
    for statement in (_DELETE[resource], _RESTORE[resource]):
        undone |= {row["number"] for row in conn.execute(statement, parameters).fetchall()}
    return undone


_DELETE = {
    "products": """
        DELETE FROM products p USING import_changes c
        WHERE c.business_id = %(business_id)s AND c.import_id = %(import_id)s AND c.number = ANY (%(numbers)s)
          AND c.before IS NULL
          AND p.business_id = %(business_id)s AND p.product_id = c.row_id AND product_digest_v1(p) = c.digest
        RETURNING c.number
    """,
    "orders": """
        DELETE FROM orders o USING import_changes c
        WHERE c.business_id = %(business_id)s AND c.import_id = %(import_id)s AND c.number = ANY (%(numbers)s)
          AND c.before IS NULL
          AND o.business_id = %(business_id)s AND o.order_id = c.row_id AND order_digest_v1(o) = c.digest
        RETURNING c.number
    """,
    "users": """
        DELETE FROM users u USING import_changes c
        WHERE c.business_id = %(business_id)s AND c.import_id = %(import_id)s AND c.number = ANY (%(numbers)s)
          AND c.before IS NULL
          AND u.business_id = %(business_id)s AND u.user_id = c.row_id AND user_digest_v1(u) = c.digest
          AND NOT EXISTS (
              SELECT FROM conversations v WHERE v.business_id = %(business_id)s AND v.user_id = c.row_id)
          AND NOT EXISTS (SELECT FROM orders o WHERE o.business_id = %(business_id)s AND o.user_id = c.row_id)
          AND NOT EXISTS (SELECT FROM events e WHERE e.business_id = %(business_id)s AND e.user_id = c.row_id)
        RETURNING c.number
    """,
}
_RESTORE = {
    "products": """
        UPDATE products p SET product_name = b.product_name, description = b.description, price = b.price,
            currency = b.currency, kind = b.kind, metadata = b.metadata, updated_at = clock_timestamp()
        FROM import_changes c CROSS JOIN LATERAL jsonb_to_record(c.before) AS b (product_name TEXT, description TEXT,
            price NUMERIC(14, 2), currency TEXT, kind TEXT, metadata JSONB)
        WHERE c.business_id = %(business_id)s AND c.import_id = %(import_id)s AND c.number = ANY (%(numbers)s)
          AND c.before IS NOT NULL
          AND p.business_id = %(business_id)s AND p.product_id = c.row_id AND product_digest_v1(p) = c.digest
        RETURNING c.number
    """,
    "orders": """
        UPDATE orders o SET status = b.status, items = b.items, order_total = b.order_total, currency = b.currency,
            shipping_address = b.shipping_address, billing_address = b.billing_address,
            payment_method = b.payment_method, tracking_number = b.tracking_number,
            shipping_carrier = b.shipping_carrier, order_date = b.order_date, updated_at = clock_timestamp()
        FROM import_changes c CROSS JOIN LATERAL jsonb_to_record(c.before) AS b (status TEXT, items JSONB,
            order_total NUMERIC(14, 2), currency TEXT, shipping_address TEXT, billing_address TEXT, payment_method TEXT,
            tracking_number TEXT, shipping_carrier TEXT, order_date TIMESTAMPTZ)
        WHERE c.business_id = %(business_id)s AND c.import_id = %(import_id)s AND c.number = ANY (%(numbers)s)
          AND c.before IS NOT NULL
          AND o.business_id = %(business_id)s AND o.order_id = c.row_id AND order_digest_v1(o) = c.digest
        RETURNING c.number
    """,
    "users": """
        UPDATE users u SET first_name = b.first_name, last_name = b.last_name, email = b.email, phone = b.phone,
            language = b.language, timezone = b.timezone, metadata = b.metadata, updated_at = clock_timestamp()
        FROM import_changes c CROSS JOIN LATERAL jsonb_to_record(c.before) AS b (first_name TEXT, last_name TEXT,
            email TEXT, phone TEXT, language TEXT, timezone TEXT, metadata JSONB)
        WHERE c.business_id = %(business_id)s AND c.import_id = %(import_id)s AND c.number = ANY (%(numbers)s)
          AND c.before IS NOT NULL
          AND u.business_id = %(business_id)s AND u.user_id = c.row_id AND user_digest_v1(u) = c.digest
        RETURNING c.number
    """,
}


def end_changes(conn: Connection, business_id: UUID, import_id: UUID, undone: list[int], kept: list[int]) -> None:
    """Delete the changes that were undone, and mark those that were kept. Counts both."""
    parameters = {"business_id": business_id, "import_id": import_id, "undone": undone, "kept": kept}
    conn.execute(
        """
        DELETE FROM import_changes
        WHERE business_id = %(business_id)s AND import_id = %(import_id)s AND number = ANY (%(undone)s)
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE import_changes SET kept = true
        WHERE business_id = %(business_id)s AND import_id = %(import_id)s AND number = ANY (%(kept)s)
        """,
        parameters,
    )
    conn.execute(
        """
        UPDATE imports SET undone = undone + cardinality(%(undone)s::bigint[]),
            kept = kept + cardinality(%(kept)s::bigint[])
        WHERE business_id = %(business_id)s AND import_id = %(import_id)s
        """,
        parameters,
    )


def list_kept(conn: Connection, business_id: UUID, import_id: UUID, limit: int) -> list[Row]:
    """The first rows that the undo has kept: resource, row_id and name."""
    return conn.execute(
        """
        SELECT resource, row_id, name FROM import_changes
        WHERE business_id = %(business_id)s AND import_id = %(import_id)s AND kept
        ORDER BY number LIMIT %(limit)s
        """,
        {"business_id": business_id, "import_id": import_id, "limit": limit},
    ).fetchall()


def delete_earlier(conn: Connection, business_id: UUID, import_id: UUID, limit: int) -> int:
    """Delete up to `limit` changes of earlier imports of the same resource, if this one has changed anything. Returns
    how many."""
    deleted = conn.execute(
        """
        DELETE FROM import_changes
        WHERE business_id = %(business_id)s AND (import_id, number) IN (
            SELECT c.import_id, c.number FROM imports last
            JOIN imports earlier ON earlier.business_id = %(business_id)s AND earlier.resource = last.resource
                AND (earlier.created_at, earlier.import_id) < (last.created_at, last.import_id)
            JOIN import_changes c ON c.business_id = %(business_id)s AND c.import_id = earlier.import_id
            WHERE last.business_id = %(business_id)s AND last.import_id = %(import_id)s
              AND NOT last.dry_run AND last.created + last.updated > 0
            LIMIT %(limit)s)
        """,
        {"business_id": business_id, "import_id": import_id, "limit": limit},
    )
    return int(deleted.rowcount)


def delete_expired(conn: Connection, business_id: UUID, days: int, limit: int) -> int:
    """Delete up to `limit` of the business's changes that were made more than `days` days ago. Returns how many."""
    deleted = conn.execute(
        """
        DELETE FROM import_changes
        WHERE business_id = %(business_id)s AND (import_id, number) IN (
            SELECT import_id, number FROM import_changes
            WHERE business_id = %(business_id)s AND created_at < clock_timestamp() - make_interval(days => %(days)s)
            ORDER BY created_at LIMIT %(limit)s)
        """,
        {"business_id": business_id, "days": days, "limit": limit},
    )
    return int(deleted.rowcount)
