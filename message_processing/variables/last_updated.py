from typing import Any

from message_processing.local_time import timezone_of
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("last_updated", example="2026-05-01T10:00:00+00:00", scope="turn")
def provide_last_updated(
    conn: Any, business_id: Any, user_id: Any, release: Any, conversation: dict[str, Any], **kwargs: Any
) -> str | None:
    """The time of the latest message in the conversation, including the current one, in ISO 8601 format."""
    moment = conversation.get("last_updated")
    return moment.astimezone(timezone_of(conn, business_id, user_id, release)).isoformat() if moment else None
