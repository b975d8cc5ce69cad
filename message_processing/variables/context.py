from typing import Any

from message_processing.transcript import as_summary, as_transcript
from message_processing.variables import TemplateVariableProvider
from repositories import messages

LATEST_MESSAGES = 10


@TemplateVariableProvider.register_provider("context", example="Customer: Hello", holds="turn")
def provide_context(
    conn: Any, business_id: Any, conversation_id: Any, seq: int, conversation: dict[str, Any], **kwargs: Any
) -> str:
    """The summary of the conversation and its latest messages."""
    summary = as_summary(conversation.get("conversation_summary"))
    rows = messages.history(conn, business_id, conversation_id, before_seq=seq, limit=LATEST_MESSAGES)
    return "\n\n".join(part for part in (summary, as_transcript(rows)) if part)
