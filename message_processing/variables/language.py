from typing import Any

from message_processing.variables import TemplateVariableProvider
from repositories import users


@TemplateVariableProvider.register_provider("language", example="en", holds="turn")
def provide_language(conn: Any, user_id: Any, **kwargs: Any) -> str | None:
    """The customer's language, as the business has recorded it."""
    user = users.find_person(conn, user_id)
    return user["language"] if user else None
