from collections.abc import Callable
from typing import Any

from message_processing.templates.history_budget import HistoryBudget
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider(
    "conversation_history", example="Customer: Hello\nAssistant: Hi, how can I help?", scope="turn"
)
def provide_conversation_history(
    conn: Any, history: Callable[..., list[dict[str, Any]]], budget: HistoryBudget, **kwargs: Any
) -> str:
    """The conversation before the current message. If it is too long, the oldest messages are left out."""
    return budget.transcript(history())
