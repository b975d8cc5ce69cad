from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("previous_stage", example="Greeting", holds="turn")
def provide_previous_stage(conn: Any, release: Any, conversation: dict[str, Any], **kwargs: Any) -> str | None:
    """The name of the stage in which the conversation stood before this message; nothing at its start."""
    before = release.stage(conversation.get("stage_id"))
    return before.stage_name if before else None
