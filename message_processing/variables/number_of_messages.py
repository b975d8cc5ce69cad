from typing import Any

from message_processing.variables import TemplateVariableProvider
from repositories import messages


@TemplateVariableProvider.register_provider("N", example="12", scope="turn")
def provide_number_of_messages(conn: Any, business_id: Any, conversation_id: Any, seq: int, **kwargs: Any) -> int:
    """The number of messages in the conversation so far."""
    return messages.count_messages(conn, business_id, conversation_id, before_seq=seq)
