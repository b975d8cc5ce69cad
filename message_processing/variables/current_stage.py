from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("current_stage", example="Greeting", scope="turn")
def provide_current_stage(conn: Any, current_stage: Any, **kwargs: Any) -> str | None:
    """The name of the conversation's stage before stage selection."""
    return current_stage.stage_name if current_stage else None
