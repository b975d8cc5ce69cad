from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("session_id", example="s-17", scope="turn")
def provide_session_id(conn: Any, conversation: dict[str, Any], **kwargs: Any) -> str | None:
    """The ID of the customer's session, from the channel."""
    return conversation.get("session_id")
