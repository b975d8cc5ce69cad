from collections.abc import Callable
from typing import Any

from message_processing.templates.transcript import as_transcript
from message_processing.variables import TemplateVariableProvider

MOST_TOKENS = 3_000  # where the template's model settings do not say history_tokens
CHARACTERS_A_TOKEN = 4  # about what most models take


@TemplateVariableProvider.register_provider(
    "conversation_history", example="Customer: Hello\nAssistant: Hi, how can I help?", holds="turn"
)
def provide_conversation_history(
    conn: Any, history: Callable[..., list[dict[str, Any]]], history_tokens: int | None = None, **kwargs: Any
) -> str:
    """The conversation up to, not including, the current message: its latest part, as much as fits a prompt."""
    return as_transcript(history(), most_characters=(history_tokens or MOST_TOKENS) * CHARACTERS_A_TOKEN)
