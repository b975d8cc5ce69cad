from collections.abc import Callable
from typing import Any

from message_processing.release import Agent
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("agent_instructions", example="Be brief. Offer gift wrapping.")
def provide_agent_instructions(conn: Any, agent: Callable[[], Agent | None], **kwargs: Any) -> str | None:
    """The instructions of the agent who is responsible for the current stage."""
    responsible = agent()
    return responsible.get("instructions") if responsible else None
