from typing import Any

from message_processing.customer import find_customer
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("user_name", example="Ada Lovelace", scope="turn")
def provide_user_name(conn: Any, business_id: Any, user_id: Any, **kwargs: Any) -> str | None:
    """The customer's full name."""
    user = find_customer(conn, business_id, user_id)
    return " ".join(part for part in (user["first_name"], user["last_name"]) if part) if user else None
