from typing import Any

from message_processing.transcript import latest_that_fit
from message_processing.variables import TemplateVariableProvider
from repositories import messages

MOST_MESSAGES = 200


@TemplateVariableProvider.register_provider("user_messages", example="Hello\nI ordered a lamp", holds="turn")
def provide_user_messages(conn: Any, business_id: Any, conversation_id: Any, seq: int, **kwargs: Any) -> str:
    """The customer's own earlier messages in this conversation, oldest first, a line each."""
    rows = messages.history(conn, business_id, conversation_id, before_seq=seq, limit=MOST_MESSAGES)
    return latest_that_fit([row["message_content"] for row in rows if row["sender_type"] == "user"])
