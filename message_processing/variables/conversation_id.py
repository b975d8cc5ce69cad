from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("conversation_id", example="0b6f...", scope="turn")
def provide_conversation_id(conn: Any, conversation_id: Any, **kwargs: Any) -> str | None:
    """The ID of the conversation."""
    return str(conversation_id) if conversation_id else None
