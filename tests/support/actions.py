"""The address example: a stage that changes the address of the customer's order, after the customer has confirmed it."""

from typing import Any

ADDRESS_SCHEMA = {
    "type": "object",
    "properties": {
        "order_number": {"type": "string", "pattern": "^[A-Z]-\\d{4,6}$"},
        "shipping_address": {"type": "string", "pattern": "^[A-Z][a-z]+ Street \\d{1,3}, [A-Z][a-z]+$"},
    },
    "required": ["order_number", "shipping_address"],
}
QUESTION = "Shall I change the address of order {order_number} to {shipping_address}?"
CHANGE_ADDRESS: dict[str, Any] = {
    "do": "update_order",
    "when": {"fields": ["shipping_address"]},
    "with": {"order_number": "{order_number}", "shipping_address": "{shipping_address}"},
    "confirm": QUESTION,
    "on_failure": "continue",
}
WRITABLE = {"orders": ["shipping_address"], "customer": ["phone"]}
