from typing import Any

from message_processing.transcript import as_transcript
from message_processing.variables import TemplateVariableProvider
from repositories import messages

MOST_MESSAGES = 200


@TemplateVariableProvider.register_provider(
    "last_N_messages",
    pattern=r"last_(?P<count>\d+)_messages",
    example="Customer: Hello\nAssistant: Hi, how can I help?",
    holds="turn",
)
def provide_last_messages(
    conn: Any, business_id: Any, conversation_id: Any, seq: int, count: str = "10", **kwargs: Any
) -> str:
    """The latest N messages before the current one, oldest first: `{last_10_messages}`, or any other N up to 200."""
    rows = messages.history(conn, business_id, conversation_id, before_seq=seq, limit=min(int(count), MOST_MESSAGES))
    return as_transcript(rows)
