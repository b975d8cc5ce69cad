from collections.abc import Callable
from typing import Any

from message_processing.templates.history_budget import HistoryBudget
from message_processing.templates.transcript import as_summary
from message_processing.variables import TemplateVariableProvider

LATEST_MESSAGES = 10


@TemplateVariableProvider.register_provider("context", example="Customer: Hello", scope="turn")
def provide_context(
    conn: Any,
    history: Callable[..., list[dict[str, Any]]],
    budget: HistoryBudget,
    conversation: dict[str, Any],
    **kwargs: Any,
) -> str:
    """The summary of the conversation, followed by its latest messages."""
    summary = budget.beginning(as_summary(conversation.get("conversation_summary")) or "")
    return "\n\n".join(part for part in (summary, budget.transcript(history(LATEST_MESSAGES))) if part)
