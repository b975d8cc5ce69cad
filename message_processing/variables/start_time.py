from typing import Any

from message_processing.local_time import timezone_of
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("start_time", example="2026-05-01T10:00:00+00:00", scope="turn")
def provide_start_time(
    conn: Any, business_id: Any, user_id: Any, release: Any, conversation: dict[str, Any], **kwargs: Any
) -> str | None:
    """The start time of the conversation in the customer's time zone, in ISO 8601 format."""
    moment = conversation.get("start_time")
    return moment.astimezone(timezone_of(conn, business_id, user_id, release)).isoformat() if moment else None
