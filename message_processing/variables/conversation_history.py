from collections.abc import Callable
from typing import Any

from message_processing.templates.transcript import as_transcript
from message_processing.variables import TemplateVariableProvider

MAX_TOKENS = 3_000  # unless the template's model settings have history_tokens
CHARACTERS_PER_TOKEN = 4  # approximately, for most models


@TemplateVariableProvider.register_provider(
    "conversation_history", example="Customer: Hello\nAssistant: Hi, how can I help?", scope="turn"
)
def provide_conversation_history(
    conn: Any, history: Callable[..., list[dict[str, Any]]], history_tokens: int | None = None, **kwargs: Any
) -> str:
    """The conversation before the current message. If it is too long, the oldest messages are left out."""
    return as_transcript(history(), max_characters=(history_tokens or MAX_TOKENS) * CHARACTERS_PER_TOKEN)
