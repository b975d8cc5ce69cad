from collections.abc import Callable
from typing import Any

from message_processing.release import Agent
from message_processing.variables import TemplateVariableProvider


@TemplateVariableProvider.register_provider("handed_over_to", example="Support team")
def provide_handed_over_to(conn: Any, agent: Callable[[], Agent | None], **kwargs: Any) -> str | None:
    """The name of the human agent who takes over after the reply, because the current stage is assigned to them; empty
    if the assistant continues."""
    responsible = agent()
    return responsible["agent_name"] if responsible and responsible["agent_type"] == "human" else None
