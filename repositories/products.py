"""The table `products`: products and services."""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from core.search import prefix_query
from db import Connection, Jsonb, Row
from repositories.page import Page, fetch_page


def insert_product(conn: Connection, business_id: UUID, values: dict[str, Any]) -> UUID:
    """Create a product and return its ID. Raises Conflict if the sku is taken."""
    row = conn.execute(
        """
        INSERT INTO products (business_id, product_name, description, price, currency, kind, sku, metadata)
        VALUES (%(business_id)s, %(product_name)s, %(description)s, %(price)s, %(currency)s, %(kind)s, %(sku)s,
                %(metadata)s)
        RETURNING product_id
        """,
        _parameters(business_id, values),
    ).fetchone()
    assert row is not None
    return UUID(str(row["product_id"]))


def list_products(
    conn: Connection, business_id: UUID, page: Page, kind: str | None = None, words: str | None = None
) -> list[Row]:
    """The business's products and services, or only those of a `kind` ("product" or "service"). `words` finds those
    whose names contain words that start like these, and the one with this SKU."""
    return fetch_page(
        conn,
        """
        SELECT * FROM products
        WHERE business_id = %(business_id)s AND (%(kind)s::text IS NULL OR kind = %(kind)s)
          AND (%(words)s::text IS NULL OR product_id = ANY (ARRAY(
              SELECT named.product_id FROM products named
              WHERE named.business_id = %(business_id)s AND numnode(to_tsquery('simple', %(prefixes)s)) > 0
                AND product_words(named.business_id, named.product_name)
                    @@ (to_tsquery('simple', %(prefixes)s) && quote_literal(%(business_id)s::text)::tsquery)
              UNION
              SELECT known.product_id FROM products known
              WHERE known.business_id = %(business_id)s AND known.sku = %(words)s)))
          AND (%(is_newest_first)s OR (created_at, product_id) > (%(after_time)s, %(after_id)s))
          AND (NOT %(is_newest_first)s OR (created_at, product_id) < (%(after_time)s, %(after_id)s))
        ORDER BY
            CASE WHEN NOT %(is_newest_first)s THEN created_at END,
            CASE WHEN NOT %(is_newest_first)s THEN product_id END,
            CASE WHEN %(is_newest_first)s THEN created_at END DESC,
            CASE WHEN %(is_newest_first)s THEN product_id END DESC
        LIMIT %(limit)s
        """,
        {
            **page.parameters,
            "business_id": business_id,
            "kind": kind,
            "words": words,
            "prefixes": prefix_query(words or ""),
        },
    )


def get_product(conn: Connection, business_id: UUID, product_id: UUID) -> Row:
    """One product. Raises NotFound."""
    row = conn.execute(
        "SELECT * FROM products WHERE business_id = %(business_id)s AND product_id = %(product_id)s",
        {"business_id": business_id, "product_id": product_id},
    ).fetchone()
    if row is None:
        raise NotFound("Product not found.")
    return row


def find_by_sku(conn: Connection, business_id: UUID, sku: str) -> Row | None:
    """The product with this SKU, locked; None if there is none."""
    row = conn.execute(
        "SELECT product_id FROM products WHERE business_id = %(business_id)s AND sku = %(sku)s FOR NO KEY UPDATE",
        {"business_id": business_id, "sku": sku},
    ).fetchone()
    return get_product(conn, business_id, row["product_id"]) if row else None


def lock_product(conn: Connection, business_id: UUID, product_id: UUID) -> Row:
    """Like `get_product`, and locks the row."""
    conn.execute(
        "SELECT FROM products WHERE business_id = %(business_id)s AND product_id = %(product_id)s FOR NO KEY UPDATE",
        {"business_id": business_id, "product_id": product_id},
    )
    return get_product(conn, business_id, product_id)


def check_items(
    conn: Connection, business_id: UUID, items: list[dict[str, Any]], known_items: list[dict[str, Any]] | None = None
) -> None:
    """Raises NotFound unless the business has the products that the items of an order name. Those of `known_items` are
    not checked, because they may have been deleted since."""
    if find_missing(conn, business_id, {"order": (items, known_items or [])}):
        raise NotFound("Product not found.")


def find_missing(
    conn: Connection, business_id: UUID, items: dict[str, tuple[list[dict[str, Any]], list[dict[str, Any]]]]
) -> list[str]:
    """The orders, by name, whose items name products that the business does not have, as for `check_items`. `items`
    contains the items and the known items of each order."""
    named = {name: _product_ids(new) - _product_ids(known) for name, (new, known) in items.items()}
    rows = conn.execute(
        "SELECT product_id FROM products WHERE business_id = %(business_id)s AND product_id = ANY(%(product_ids)s)",
        {"business_id": business_id, "product_ids": list(set().union(*named.values()))},
    ).fetchall()
    found = {row["product_id"] for row in rows}
    return [name for name, product_ids in named.items() if product_ids - found]


def _product_ids(items: list[dict[str, Any]]) -> set[UUID]:
    return {UUID(item["product_id"]) for item in items if item.get("product_id")}


def update_product(conn: Connection, business_id: UUID, product_id: UUID, values: dict[str, Any]) -> Row:
    """Change an existing product. `values` holds all its columns; returns the changed row."""
    row = conn.execute(
        """
        UPDATE products SET product_name = %(product_name)s, description = %(description)s, price = %(price)s,
            currency = %(currency)s, kind = %(kind)s, sku = %(sku)s, metadata = %(metadata)s,
            updated_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND product_id = %(product_id)s
        RETURNING *
        """,
        {**_parameters(business_id, values), "product_id": product_id},
    ).fetchone()
    assert row is not None
    return row


def delete_product(conn: Connection, business_id: UUID, product_id: UUID) -> None:
    """Delete a product."""
    conn.execute(
        "DELETE FROM products WHERE business_id = %(business_id)s AND product_id = %(product_id)s",
        {"business_id": business_id, "product_id": product_id},
    )


def match_products(conn: Connection, business_id: UUID, match: dict[str, str], limit: int) -> list[Row]:
    """The products that match the values in `match`, ignoring case. `match` may contain product_name and sku.

    Returns product_name, description, price, currency, kind and sku.
    """
    return conn.execute(
        """
        SELECT product_name, description, price, currency, kind, sku FROM products
        WHERE business_id = %(business_id)s
          AND (%(product_name)s::text IS NULL OR lower(product_name) = lower(%(product_name)s))
          AND (%(sku)s::text IS NULL OR lower(sku) = lower(%(sku)s))
        ORDER BY created_at, product_id LIMIT %(limit)s
        """,
        {"product_name": None, "sku": None, **match, "business_id": business_id, "limit": limit},
    ).fetchall()


def list_prices(conn: Connection, business_id: UUID, kind: str, limit: int) -> list[Row]:
    """The products or the services with their prices: product_name, description, price and currency."""
    return conn.execute(
        """
        SELECT product_name, description, price, currency FROM products
        WHERE business_id = %(business_id)s AND kind = %(kind)s
        ORDER BY created_at, product_id LIMIT %(limit)s
        """,
        {"business_id": business_id, "kind": kind, "limit": limit},
    ).fetchall()


def _parameters(business_id: UUID, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": None,
        "price": None,
        "currency": None,
        "kind": "product",
        "sku": None,
        **values,
        "business_id": business_id,
        "metadata": Jsonb(values.get("metadata") or {}),
    }
