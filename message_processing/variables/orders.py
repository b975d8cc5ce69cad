from typing import Any

from message_processing.variables import TemplateVariableProvider
from repositories import orders

MOST_ORDERS = 20


@TemplateVariableProvider.register_provider(
    "orders", example="- A-10433 of 2026-03-12: on its way; 2 x Tideline mug; 36.00 EUR", holds="turn"
)
def provide_orders(conn: Any, business_id: Any, user_id: Any, **kwargs: Any) -> str:
    """The customer's own orders, the latest first, a line each: number, date, state, items, total and tracking."""
    rows = orders.list_orders_of_customer(conn, business_id, user_id, MOST_ORDERS)
    return "\n".join(f"- {_as_line(row)}" for row in rows)


def _as_line(row: dict[str, Any]) -> str:
    items = ", ".join(f"{item.get('quantity', 1)} x {item['product_name']}" for item in row["items"])
    total = f"{row['order_total']} {row['currency'] or ''}".strip() if row["order_total"] is not None else ""
    sent = f"{row['shipping_carrier'] or 'tracking'} {row['tracking_number']}" if row["tracking_number"] else ""
    told = "; ".join(part for part in (row["status"], items, total, sent) if part)
    return f"{row['order_number']} of {row['order_date'].date().isoformat()}: {told}"
