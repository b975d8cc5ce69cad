from typing import Any

from message_processing.customer import find_customer
from message_processing.variables import TemplateVariableProvider

FIELDS = {
    "first_name": "The customer's first name.",
    "last_name": "The customer's last name.",
    "email": "The customer's email address.",
    "phone": "The customer's telephone number.",
    "language": "The customer's language, such as `de`.",
    "timezone": "The customer's time zone, such as `Europe/Berlin`.",
    "external_id": "The customer's ID in your shop or CRM.",
    "metadata": "Further facts about the customer, as JSON.",
}


@TemplateVariableProvider.register_provider("user", fields=FIELDS, example="Ada", scope="turn")
def provide_user(conn: Any, business_id: Any, user_id: Any, **kwargs: Any) -> dict[str, Any] | None:
    """The customer's profile. Write a field after a dot: `{user.first_name}`."""
    user = find_customer(conn, business_id, user_id)
    return {name: user[name] for name in FIELDS} if user else None
