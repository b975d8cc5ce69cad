"""Creates or updates many products with few statements."""

from uuid import UUID

from db import Connection, JsonRows
from repositories.bulk_rows import BulkResult, Values, lock_names


def upsert_products(conn: Connection, business_id: UUID, values: Values) -> BulkResult:
    """Like `upserts.upsert_product`, for many SKUs."""
    lock_names(conn, business_id, "product", values)
    rows = conn.execute(
        """
        SELECT * FROM products WHERE business_id = %(business_id)s AND sku = ANY (%(names)s)
        ORDER BY sku FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "names": list(values)},
    ).fetchall()
    before = {row["sku"]: row for row in rows}
    created = conn.execute(
        """
        INSERT INTO products (business_id, product_name, description, price, currency, kind, sku, metadata)
        SELECT %(business_id)s, product_name, description, price, currency, COALESCE(kind, 'product'), sku,
               COALESCE(metadata, '{}')
        FROM jsonb_to_recordset(%(rows)s) AS given (product_name TEXT, description TEXT, price NUMERIC(14, 2),
            currency TEXT, kind TEXT, sku TEXT, metadata JSONB)
        RETURNING product_id, sku
        """,
        {
            "business_id": business_id,
            "rows": JsonRows({**given, "sku": name} for name, given in values.items() if name not in before),
        },
    ).fetchall()
    updated = conn.execute(
        """
        UPDATE products p SET product_name = g.product_name, description = g.description, price = g.price,
            currency = g.currency, kind = g.kind, metadata = g.metadata, updated_at = clock_timestamp()
        FROM jsonb_to_recordset(%(rows)s) AS g (product_name TEXT, description TEXT, price NUMERIC(14, 2),
            currency TEXT, kind TEXT, sku TEXT, metadata JSONB)
        WHERE p.business_id = %(business_id)s AND p.sku = g.sku
          AND (p.product_name, p.description, p.price, p.currency, p.kind, p.metadata)
              IS DISTINCT FROM (g.product_name, g.description, g.price, g.currency, g.kind, g.metadata)
        RETURNING p.*
        """,
        {
            "business_id": business_id,
            "rows": JsonRows({**row, **values[name]} for name, row in before.items()),
        },
    ).fetchall()
    return BulkResult(
        {row["sku"]: row["product_id"] for row in created},
        {row["sku"]: (before[row["sku"]], row) for row in updated},
    )
