from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("previous_stage", example="Greeting", scope="turn")
def provide_previous_stage(conn: Any, release: Any, conversation: dict[str, Any], **kwargs: Any) -> str | None:
    """The name of the conversation's stage before this message; empty at its start."""
    before = release.stage(conversation.get("stage_id"))
    return before.stage_name if before else None
