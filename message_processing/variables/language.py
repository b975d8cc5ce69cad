from typing import Any

from message_processing.customer import find_customer
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("language", example="en", scope="turn")
def provide_language(conn: Any, business_id: Any, user_id: Any, **kwargs: Any) -> str | None:
    """The customer's language, if the business has entered it."""
    user = find_customer(conn, business_id, user_id)
    return user["language"] if user else None
