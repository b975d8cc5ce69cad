from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("session_id", example="s-17", holds="turn")
def provide_session_id(conn: Any, conversation: dict[str, Any], **kwargs: Any) -> str | None:
    """The id of the customer's session, as the channel gave it."""
    return conversation.get("session_id")
