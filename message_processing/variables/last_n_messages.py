from collections.abc import Callable
from typing import Any

from message_processing.templates.history_budget import HistoryBudget
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider(
    "last_N_messages",
    pattern=r"last_(?P<count>\d+)_messages",
    example="Customer: Hello\nAssistant: Hi, how can I help?",
    scope="turn",
)
def provide_last_messages(
    conn: Any, history: Callable[..., list[dict[str, Any]]], budget: HistoryBudget, count: str = "10", **kwargs: Any
) -> str:
    """The latest N messages before the current one, oldest first: `{last_10_messages}`, or any other N up to 200. If
    they are too long, the oldest are left out."""
    return budget.transcript(history(int(count)))
