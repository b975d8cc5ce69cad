from typing import Any

from message_processing.transcript import as_transcript
from message_processing.variables import TemplateVariableProvider
from repositories import messages

MOST_MESSAGES = 200
MOST_CHARACTERS = 12_000  # about 3,000 tokens


@TemplateVariableProvider.register_provider(
    "conversation_history", example="Customer: Hello\nAssistant: Hi, how can I help?", holds="turn"
)
def provide_conversation_history(conn: Any, business_id: Any, conversation_id: Any, seq: int, **kwargs: Any) -> str:
    """The conversation up to, not including, the current message: its latest part, as much as fits a prompt."""
    rows = messages.history(conn, business_id, conversation_id, before_seq=seq, limit=MOST_MESSAGES)
    return as_transcript(rows, most_characters=MOST_CHARACTERS)
