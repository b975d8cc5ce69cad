from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("start_time", example="2026-05-01T10:00:00+00:00", scope="turn")
def provide_start_time(conn: Any, conversation: dict[str, Any], **kwargs: Any) -> str | None:
    """The start time of the conversation, in ISO 8601 format."""
    moment = conversation.get("start_time")
    return moment.isoformat() if moment else None
