from collections.abc import Callable
from typing import Any

from message_processing.agents import person_available_at
from message_processing.local_time import current_time, timezone_of
from message_processing.release import Agent, Release
from message_processing.variables import TemplateVariableProvider
from message_processing.working_hours import DAYS


@TemplateVariableProvider.register_provider("agent_available_at", example="Monday, 2026-05-04, 09:00 (Europe/Berlin)")
def provide_agent_available_at(
    conn: Any, business_id: Any, user_id: Any, release: Release, agent: Callable[[], Agent | None], **kwargs: Any
) -> str | None:
    """When the human agent is back, or for an AI agent any human agent, in the customer's time zone; empty within
    working hours."""
    opening = person_available_at(release, agent(), current_time())
    if opening is None:
        return None
    local = opening.astimezone(timezone_of(conn, business_id, user_id, release))
    return f"{DAYS[local.weekday()].capitalize()}, {local:%Y-%m-%d}, {local:%H:%M} ({local.tzinfo})"
