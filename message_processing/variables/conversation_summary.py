from typing import Any

from message_processing.templates.history_budget import HistoryBudget
from message_processing.templates.transcript import as_summary
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider(
    "conversation_summary", aliases=("summary",), example="The customer asks about order A-10433.", scope="turn"
)
def provide_conversation_summary(
    conn: Any, budget: HistoryBudget, conversation: dict[str, Any], **kwargs: Any
) -> str | None:
    """The summary of the conversation so far."""
    summary = as_summary(conversation.get("conversation_summary"))
    return summary and budget.beginning(summary)
