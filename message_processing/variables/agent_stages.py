from collections.abc import Callable
from typing import Any

from message_processing.release import Agent, Release
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("agent_stages", example="Greeting, Order help")
def provide_agent_stages(conn: Any, release: Release, agent: Callable[[], Agent | None], **kwargs: Any) -> str | None:
    """The names of the stages that list the agent who is responsible for the current one."""
    responsible = agent()
    if responsible is None:
        return None
    listing = (
        stage.stage_name
        for stage in release.active_stages
        if any(each["agent_id"] == responsible["agent_id"] for each in stage.agents)
    )
    return ", ".join(listing)
