from typing import Any

from message_processing.variables import TemplateVariableProvider
from repositories import products

MAX_PRODUCTS = 100


@TemplateVariableProvider.register_provider(
    "products", example="- Tideline mug: 18.00 EUR. Stoneware, 350 ml.", scope="turn"
)
def provide_products(conn: Any, business_id: Any, **kwargs: Any) -> str:
    """The products of the business, one per line: name, price and description."""
    return as_price_list(products.list_prices(conn, business_id, "product", MAX_PRODUCTS))


def as_price_list(rows: list[dict[str, Any]]) -> str:
    """Returns one line per product."""
    lines = []
    for row in rows:
        price = f"{row['price']} {row['currency'] or ''}".strip() if row["price"] is not None else ""
        details = ". ".join(part for part in (price, (row["description"] or "").strip()) if part)
        lines.append(f"- {row['product_name']}: {details}".rstrip(": "))
    return "\n".join(lines)
