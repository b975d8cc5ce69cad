from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("agent_stages", example="Greeting, Order help")
def provide_agent_stages(conn: Any, release: Any, stage: Any, current_stage: Any, **kwargs: Any) -> str | None:
    """The names of the stages that have the same agent as the current one."""
    current = stage or current_stage
    if current is None or current.agent_id is None:
        return None
    return ", ".join(each.stage_name for each in release.active_stages if each.agent_id == current.agent_id)
