from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider(
    "user_message",
    aliases=("message", "customer_message", "message_content"),
    example="Where is my order?",
    scope="turn",
)
def provide_user_message(conn: Any, message_content: str, **kwargs: Any) -> str:
    """The customer's current message, as written."""
    return message_content
