from typing import Any

from message_processing.variables import TemplateVariableProvider
from repositories import orders

MAX_ORDERS = 20


@TemplateVariableProvider.register_provider(
    "orders", example="- A-10433 of 2026-03-12: on its way; 2 x Tideline mug; 36.00 EUR", scope="turn"
)
def provide_orders(conn: Any, business_id: Any, user_id: Any, **kwargs: Any) -> str:
    """The customer's own orders, latest first, one per line: number, date, status, items, total and tracking."""
    rows = orders.list_orders_of_customer(conn, business_id, user_id, MAX_ORDERS)
    return "\n".join(f"- {_as_line(row)}" for row in rows)


def _as_line(row: dict[str, Any]) -> str:
    items = ", ".join(f"{item.get('quantity', 1)} x {item['product_name']}" for item in row["items"])
    total = f"{row['order_total']} {row['currency'] or ''}".strip() if row["order_total"] is not None else ""
    tracking = f"{row['shipping_carrier'] or 'tracking'} {row['tracking_number']}" if row["tracking_number"] else ""
    details = "; ".join(part for part in (row["status"], items, total, tracking) if part)
    return f"{row['order_number']} of {row['order_date'].date().isoformat()}: {details}"
