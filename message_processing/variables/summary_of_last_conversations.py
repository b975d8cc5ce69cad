from typing import Any

from message_processing.templates.history_budget import HistoryBudget
from message_processing.templates.transcript import as_summary
from message_processing.variables import TemplateVariableProvider
from repositories import conversations


@TemplateVariableProvider.register_provider(
    "summary_of_last_conversations", example="2026-04-02: Returned a lamp", scope="turn"
)
def provide_summary_of_last_conversations(
    conn: Any, budget: HistoryBudget, business_id: Any, user_id: Any, conversation_id: Any, **kwargs: Any
) -> str:
    """The summaries of the customer's earlier conversations with this business, latest first."""
    rows = conversations.latest_summaries(conn, business_id, user_id, other_than=conversation_id)
    lines = [f"{row['start_time']:%Y-%m-%d}: {as_summary(row['conversation_summary'])}" for row in rows]
    return budget.beginning("\n".join(lines))
