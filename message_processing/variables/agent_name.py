from typing import Any

from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("agent_name", example="Sales")
def provide_agent_name(conn: Any, release: Any, stage: Any, current_stage: Any, **kwargs: Any) -> str | None:
    """The name of the agent of the current stage."""
    agent = release.agent_of(stage or current_stage) if stage or current_stage else None
    return agent["agent_name"] if agent else None
