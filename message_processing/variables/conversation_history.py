from typing import Any

from message_processing.transcript import as_transcript
from message_processing.variables import TemplateVariableProvider
from repositories import messages

MOST_MESSAGES = 200
MOST_TOKENS = 3_000  # where the template's model settings do not say history_tokens
CHARACTERS_A_TOKEN = 4  # about what most models take


@TemplateVariableProvider.register_provider(
    "conversation_history", example="Customer: Hello\nAssistant: Hi, how can I help?", holds="turn"
)
def provide_conversation_history(
    conn: Any, business_id: Any, conversation_id: Any, seq: int, history_tokens: int | None = None, **kwargs: Any
) -> str:
    """The conversation up to, not including, the current message: its latest part, as much as fits a prompt."""
    rows = messages.history(conn, business_id, conversation_id, before_seq=seq, limit=MOST_MESSAGES)
    return as_transcript(rows, most_characters=(history_tokens or MOST_TOKENS) * CHARACTERS_A_TOKEN)
