from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("start_time", example="2026-05-01T10:00:00+00:00", holds="turn")
def provide_start_time(conn: Any, conversation: dict[str, Any], **kwargs: Any) -> str | None:
    """When the conversation began, in ISO 8601."""
    moment = conversation.get("start_time")
    return moment.isoformat() if moment else None
