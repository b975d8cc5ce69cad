"""Which of a stage's agents is responsible, and when a person is available.

The first agent whose conditions hold is responsible. If there is none, it is the one who is available first among those
who are only outside their working hours, otherwise the last one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from message_processing.customer import find_customer
from message_processing.languages import find_match
from message_processing.local_time import business_timezone
from message_processing.release import Agent, Release, Stage
from message_processing.reply_language import customer_language
from message_processing.templates.lazy_connection import LazyConnection
from message_processing.working_hours import next_opening


@dataclass(frozen=True)
class AgentChoice:
    """The responsible agent and why. It is obvious if the stage has no other and the agent is available."""

    agent: Agent
    reason: str
    is_obvious: bool = False


def choose_agent(
    release: Release, stage: Stage, moment: datetime, find_language: Callable[[], str | None]
) -> AgentChoice:
    """Returns the responsible agent of a stage with agents.

    `find_language` returns the customer's language, None if it is unknown. It is only called if a condition needs it.
    """
    listed = [(release.agents[each["agent_id"]], each["conditions"]) for each in stage.agents]
    if len(listed) == 1:
        agent = listed[0][0]
        opening = opening_of(release, agent, moment)
        if opening is None:
            return AgentChoice(agent, "the only agent of the stage", is_obvious=True)
        return AgentChoice(agent, f"outside working hours until {_shown(release, opening)}")
    needs_language = any("language" in conditions for _, conditions in listed)
    language = find_language() if needs_language else None
    passed_over: list[str] = []
    closed: list[tuple[datetime, Agent]] = []
    for agent, conditions in listed:
        speaks = "language" not in conditions or speaks_language(agent, language)
        opening = opening_of(release, agent, moment) if "hours" in conditions else None
        if speaks and opening is None:
            return AgentChoice(agent, _why(agent, conditions, language, passed_over))
        if speaks and opening:
            closed.append((opening, agent))
        passed_over.append(f'"{agent["agent_name"]}" ' + _obstacle(speaks, language))
    if closed:
        opening, agent = min(closed, key=lambda each: each[0])
        why = f"none matches, and this one is back first, at {_shown(release, opening)}"
        return AgentChoice(agent, _with(why, passed_over))
    return AgentChoice(listed[-1][0], _with("none matches, so the last one is responsible", passed_over))


def opening_of(release: Release, agent: Agent, moment: datetime) -> datetime | None:
    """Returns when the agent's next working hours start; None within working hours, and for an agent without any.

    A human agent without working hours works while the business is open.
    """
    hours = agent.get("working_hours")
    if hours is None and agent["agent_type"] == "human":
        hours = release.settings.get("business_hours")
    return next_opening(hours, business_timezone(release), moment)


def person_available_at(release: Release, agent: Agent | None, moment: datetime) -> datetime | None:
    """Returns when a person is available again: the human agent, otherwise the first human agent of the business.

    Returns None if a person is available now, or if the business has no human agents.
    """
    is_human = agent is not None and agent["agent_type"] == "human"
    people = [agent] if is_human and agent else [a for a in release.agents.values() if a["agent_type"] == "human"]
    openings = [opening_of(release, each, moment) for each in people]
    later = [each for each in openings if each is not None]
    return min(later) if later and len(later) == len(openings) else None


def speaks_language(agent: Agent, language: str | None) -> bool:
    """Returns whether the agent speaks a language. An agent without languages speaks any.

    `de` and `de-AT` match each other, `pt-PT` and `pt-BR` do not.
    """
    spoken = agent.get("languages") or []
    return not spoken or (language is not None and find_match(language, spoken) is not None)


def language_for_agents(
    conn: LazyConnection,
    business_id: UUID,
    user_id: UUID | None,
    release: Release,
    message_content: str,
    conversation: Mapping[str, Any],
    **_: Any,
) -> str | None:
    """Returns the language that the business has entered for the customer, otherwise that of the customer's messages.
    The arguments are those of providers."""
    user = find_customer(conn, business_id, user_id)
    return user["language"] if user and user["language"] else customer_language(release, message_content, conversation)


def _why(agent: Agent, conditions: Sequence[str], language: str | None, passed_over: list[str]) -> str:
    reasons = []
    if "language" in conditions:
        reasons.append(f"speaks {language}" if agent.get("languages") else "speaks any language")
    if "hours" in conditions:
        reasons.append("is within working hours")
    return _with(" and ".join(reasons) or "has no conditions", passed_over)


def _obstacle(speaks: bool, language: str | None) -> str:
    if speaks:
        return "is outside working hours"
    return f"does not speak {language}" if language else "needs a known language"


def _with(reason: str, passed_over: list[str]) -> str:
    return f"{reason} ({', '.join(passed_over)})" if passed_over else reason


def _shown(release: Release, moment: datetime) -> str:
    return f"{moment.astimezone(business_timezone(release)):%Y-%m-%d %H:%M}"
