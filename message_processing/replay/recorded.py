"""A turn as it was recorded: what it started with, and what each step did."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast
from uuid import UUID, uuid4

from core.errors import Conflict
from db import Connection, Row
from message_processing.actions.definition import PendingAction
from message_processing.agents import AgentChoice
from message_processing.release import Release, ReleaseCache, Stage
from message_processing.replay.written_order import in_written_order, objects_in
from message_processing.templates.braces import normalise, placeholders
from message_processing.turn import Checkpoints, Turn
from message_processing.worker.rows import turn_of
from repositories import conversations, llm_calls, releases, replayed_turns, turn_steps, turns
from repositories.turns import ClaimedTurn

_STEPS = ("selection", "extraction", "retrieval", "actions", "response")


@dataclass(frozen=True)
class RecordedStep:
    """A step whose result counted, with its calls."""

    step: str
    engine: str | None
    output: dict[str, Any]
    decision: str
    variables: list[dict[str, Any]]
    calls: list[Row]


@dataclass(frozen=True)
class RecordedValue:
    """The value of a variable, and for a history the number of tokens to which it was limited."""

    value: Any
    history_tokens: int | None


@dataclass(frozen=True)
class RecordedTurn:
    """An answered turn.

    `has_lost_summary` is whether the summary that the conversation had at that time has been replaced.
    """

    row: Row
    claimed: ClaimedTurn
    release: Release
    release_number: int
    steps: dict[str, RecordedStep]
    pending: PendingAction | None
    has_lost_summary: bool

    @property
    def moment(self) -> datetime:
        """When the turn ran."""
        moment: datetime = self.row["started_at"] or self.row["created_at"]
        return moment

    @property
    def outputs(self) -> Checkpoints:
        """The output of each step, by its name."""
        return {name: step.output for name, step in self.steps.items()}

    @cached_property
    def values(self) -> dict[str, dict[str, RecordedValue]]:
        """The values of variables by step and normalised name; None if a fallback was used instead."""
        return {name: self._values_of(step) for name, step in self.steps.items()}

    def agent_of(self, stage: Stage, release: Release) -> AgentChoice | None:
        """Returns the responsible agent if the stage of a release is the recorded one, with the same agents."""
        agent = self.before("response").agent
        if agent is None or not self.has_same_agents("response", stage, release):
            return None
        return AgentChoice(agent, self.outputs["selection"]["agent"]["reason"])

    def has_same_agents(self, step: str, stage: Stage, release: Release) -> bool:
        """Returns whether the stage of a release is that of the turn before a step, with the same agents."""
        before = self.before(step).chosen_stage
        if (before.stage_id, before.agents) != (stage.stage_id, stage.agents):
            return False
        ids = [each["agent_id"] for each in stage.agents]
        return all(release.agents[each] == self.release.agents[each] for each in ids)

    def turn_with(self, release: Release, deadline: float) -> Turn:
        """Returns the turn as it was before its first step, with a release. Raises ServerError if the release has no
        active stage."""
        pending = self.pending
        if pending is not None:  # as when a turn is claimed
            stage = release.active_stage(pending["stage_id"])
            if stage is None or stage.actions[pending["action_index"] :][:1] != [pending["action"]]:
                pending = None
        return turn_of(self.claimed, release, deadline, pending)

    def before(self, step: str) -> Turn:
        """Returns the recorded turn as it was before a step."""
        earlier = _STEPS[: _STEPS.index(step)]
        outputs = {name: output for name, output in self.outputs.items() if name in earlier}
        return self.turn_with(self.release, deadline=0.0).with_checkpoints(outputs)

    def _values_of(self, step: RecordedStep) -> dict[str, RecordedValue]:
        stage = self.before(step.step).chosen_stage
        template = {"selection": stage.selection, "extraction": stage.extraction, "response": stage.response}.get(
            step.step
        )
        texts = (template.content, template.system_prompt) if template else ()
        fallbacks = {(each.name, each.fallback) for text in texts for each in placeholders(text)}
        values: dict[str, RecordedValue] = {}
        for each in step.variables:
            name, value = normalise(each["name"]), each["value"]
            is_fallback = isinstance(value, str) and (name, value) in fallbacks
            tokens = each["history"]["max_tokens"] if "history" in each else None
            values[name] = RecordedValue(None if is_fallback else value, tokens)
        return values


def load_turn(conn: Connection, business_id: UUID, turn_id: UUID, cache: ReleaseCache) -> RecordedTurn:
    """Returns a recorded turn. Raises NotFound, and Conflict if it was not answered or its trace has been deleted."""
    row = turns.get_turn(conn, business_id, turn_id)
    if row["status"] != "completed":
        raise Conflict("Only answered turns can be replayed.", remediation="Choose a turn with the status `completed`.")
    steps = _steps_of(conn, business_id, turn_id)
    if not {"selection", "extraction", "response"} <= steps.keys():
        raise Conflict(
            "The trace of this turn has been deleted, so it cannot be replayed.",
            remediation="Choose a newer turn, or keep traces longer (`settings.retention`).",
        )
    conversation = conversations.get_conversation(conn, business_id, row["conversation_id"])
    has_lost_summary = conversation["summarised_through"] > row["seq"]
    release = _release(conn, business_id, row["release_id"], cache)
    latest_id = replayed_turns.find_latest_release(conn, business_id, row["started_at"] or row["created_at"])
    if latest_id not in (None, row["release_id"]):  # of a conversation that was pinned to a release
        release = release.with_settings_of(_release(conn, business_id, latest_id, cache))
    message = replayed_turns.get_message(conn, business_id, turn_id)
    claimed = cast(
        ClaimedTurn,
        {
            **conversation,
            **row,
            "business_id": business_id,
            "message_id": uuid4(),
            "message_content": row["message"],
            "metadata": message["metadata"],
            "stage_before": message["stage_before"],  # also if it has been deleted since
            "conversation_summary": None if has_lost_summary else conversation["conversation_summary"],
            "collected": conversations.collected_fields(conn, business_id, row["conversation_id"], row["seq"]),
            "summary_tried_at": None,
            "last_trouble": None,
        },
    )
    pending = None
    if "answer" in steps["selection"].output:
        previous = replayed_turns.find_previous_turn(conn, business_id, row["conversation_id"], row["seq"])
        asking = _steps_of(conn, business_id, previous["turn_id"]).get("actions") if previous else None
        if previous and asking:
            asked_by = _release(conn, business_id, previous["release_id"], cache)
            pending = _pending(asking, asked_by, is_early=steps["selection"].engine is None)
    number = releases.get_release(conn, business_id, row["release_id"])["number"]
    return RecordedTurn(row, claimed, release, number, steps, pending, has_lost_summary)


def _steps_of(conn: Connection, business_id: UUID, turn_id: UUID) -> dict[str, RecordedStep]:
    calls = llm_calls.list_calls_of_turn(conn, business_id, turn_id)
    sent = [message["content"] for call in calls for message in call["request"].get("messages", [])]
    written = objects_in(text for text in sent if isinstance(text, str))
    return {
        row["step"]: RecordedStep(
            row["step"],
            row["engine"],
            in_written_order(row["output"], written),
            row["decision"],
            in_written_order(row["variables"], written),
            [call for call in calls if (call["step"], call["step_attempt"]) == (row["step"], row["attempt"])],
        )
        for row in turn_steps.list_steps(conn, business_id, turn_id)
        if row["status"] == "completed" and not row["discarded"]
    }


def _release(conn: Connection, business_id: UUID, release_id: UUID, cache: ReleaseCache) -> Release:
    return cache.get(release_id, lambda: releases.get_snapshot(conn, business_id, release_id))


def _pending(step: RecordedStep, release: Release, *, is_early: bool) -> PendingAction | None:
    """The action about which the previous turn has asked the customer."""
    waiting = next((result for result in step.output["results"] if result["status"] == "waiting"), None)
    stage = release.stage(step.output["stage_id"])
    if waiting is None or stage is None or "question" not in step.output:
        return None
    return {
        "stage_id": stage.stage_id,
        "action_index": waiting["index"],
        "action": stage.actions[waiting["index"]],
        "given": {each["name"]: each["value"] for each in step.variables},
        "question": step.output["question"],
        "times_asked": 2 if step.output.get("asked_again") else 1,
        "is_early": is_early,
    }
