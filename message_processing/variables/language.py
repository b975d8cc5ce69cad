from typing import Any

from message_processing.variables import TemplateVariableProvider
from repositories import users


@TemplateVariableProvider.register_provider("language", example="en", scope="turn")
def provide_language(conn: Any, business_id: Any, user_id: Any, **kwargs: Any) -> str | None:
    """The customer's language, if the business has entered it."""
    user = users.find_sender(conn, business_id, user_id)
    return user["language"] if user else None
