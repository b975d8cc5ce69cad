from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("stage", aliases=("intent",), example="Order help")
def provide_stage(conn: Any, stage: Any, current_stage: Any, **kwargs: Any) -> str | None:
    """The name of the selected stage."""
    current = stage or current_stage
    return current.stage_name if current else None
