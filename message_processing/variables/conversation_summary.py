from typing import Any

from message_processing.templates.transcript import as_summary
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider(
    "conversation_summary", aliases=("summary",), example="The customer asks about order A-10433.", scope="turn"
)
def provide_conversation_summary(conn: Any, conversation: dict[str, Any], **kwargs: Any) -> str | None:
    """The summary of the conversation so far."""
    return as_summary(conversation.get("conversation_summary"))
