from collections.abc import Callable
from typing import Any

from message_processing.templates.history_budget import HistoryBudget
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("user_messages", example="Hello\nI ordered a lamp", scope="turn")
def provide_user_messages(
    conn: Any, history: Callable[..., list[dict[str, Any]]], budget: HistoryBudget, **kwargs: Any
) -> str:
    """The customer's own earlier messages in this conversation, oldest first, one per line."""
    return budget.latest([row["message_content"] for row in history() if row["sender_type"] == "user"])
