from collections.abc import Callable
from typing import Any

from message_processing.release import Agent
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("agent_name", example="Sales")
def provide_agent_name(conn: Any, agent: Callable[[], Agent | None], **kwargs: Any) -> str | None:
    """The name of the agent who is responsible for the current stage."""
    responsible = agent()
    return responsible["agent_name"] if responsible else None
