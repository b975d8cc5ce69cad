from typing import Any

from message_processing.customer import find_customer
from message_processing.variables import TemplateVariableProvider

FIELDS = ("first_name", "last_name", "email", "phone", "language", "timezone", "external_id", "metadata")


@TemplateVariableProvider.register_provider("user", fields=FIELDS, example="Ada", scope="turn")
def provide_user(conn: Any, business_id: Any, user_id: Any, **kwargs: Any) -> dict[str, Any] | None:
    """The customer's profile. Write a field after a dot: `{user.first_name}`."""
    user = find_customer(conn, business_id, user_id)
    return {name: user[name] for name in FIELDS} if user else None
