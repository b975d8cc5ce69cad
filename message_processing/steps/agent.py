"""The choice of the agent, which is part of the stage selection."""

from collections.abc import Callable
from dataclasses import replace

from message_processing.business_data import BusinessData
from message_processing.step_outputs import AgentOutput
from message_processing.turn import Outcome, Turn


def select_stage_and_agent(
    turn: Turn, *, select_stage: Callable[[Turn], Outcome], business_data: BusinessData
) -> Outcome:
    """Selects the stage, then its responsible agent. The outcome names the agent, if the stage has one, and why; the
    decision only if it is not obvious."""
    outcome = select_stage(turn)
    stage = turn.release.stage(outcome.output["stage_id"])
    if stage is None or not stage.agents:
        return outcome
    choice = business_data.choose_agent(replace(turn, stage=stage))
    agent: AgentOutput = {
        "agent_id": choice.agent["agent_id"],
        "agent_name": choice.agent["agent_name"],
        "reason": choice.reason,
    }
    explanation = "" if choice.is_obvious else f' Agent "{choice.agent["agent_name"]}": {choice.reason}.'
    return replace(outcome, output={**outcome.output, "agent": agent}, decision=f"{outcome.decision}{explanation}")
