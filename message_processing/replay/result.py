"""The result of a replay: the recorded answer and the new one, side by side."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from db import Row
from message_processing.release import Release, Stage
from message_processing.replay.recorded import RecordedStep, RecordedTurn
from message_processing.turn import Outcome, RecordedCall
from message_processing.worker.rows import call_row

STEP = "replay"  # of model calls


@dataclass
class Replayed:
    """What has become of a replay so far. `error` is why there is no reply.

    `computed_now` are the names of variables and results that were not recorded, so that today's data was used;
    `not_recorded` those that could not be known.
    """

    conversation_id: UUID
    steps: dict[str, Outcome] = field(default_factory=dict)
    calls: list[RecordedCall] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    stage: Stage | None = None
    reply: str | None = None
    error: str | None = None
    duration_ms: int = 0
    computed_now: list[str] = field(default_factory=list)
    not_recorded: list[str] = field(default_factory=list)

    def add(self, step: str, outcome: Outcome) -> None:
        """Adds the outcome of a step."""
        self.steps[step] = outcome
        self.calls += outcome.calls

    @property
    def call_rows(self) -> list[dict[str, Any]]:
        """The calls as `llm_calls` stores them: not as calls of the turn, but deleted with its conversation."""
        ids = {"turn_id": None, "conversation_id": self.conversation_id, "step": STEP, "step_attempt": 1}
        return [{**call_row(call), **ids} for call in self.calls]


def compare(recorded: RecordedTurn, replayed: Replayed, release: Release, release_number: int | None) -> dict[str, Any]:
    """Returns the body of `POST /turns/{turn_id}/replay`. `release_number` is None for a draft."""
    selection, stage = recorded.outputs["selection"], replayed.stage
    before = {
        "release_id": str(recorded.release.release_id),
        "release_number": recorded.release_number,
        "stage_name": selection["stage_name"],
        "fields": recorded.outputs["extraction"]["fields"],
        "reply": recorded.outputs["response"]["reply"],
        "error": None,
        **_totals([call for step in recorded.steps.values() for call in step.calls]),
        "duration_ms": _milliseconds(recorded.row),
        "steps": [_step(step.step, step, step.calls) for step in recorded.steps.values()],
    }
    after = {
        "release_id": None if release_number is None else str(release.release_id),
        "release_number": release_number,
        "stage_name": stage.stage_name if stage else None,
        "fields": replayed.fields,
        "reply": replayed.reply,
        "error": replayed.error,
        **_totals(replayed.call_rows),
        "duration_ms": replayed.duration_ms,
        "steps": [
            _step(name, outcome, [call_row(call) for call in outcome.calls]) for name, outcome in replayed.steps.items()
        ],
    }
    differences = {
        "stage": stage is None or selection["stage_id"] != stage.stage_id,
        "fields": before["fields"] != after["fields"],
        "reply": before["reply"] != after["reply"],
    }
    return {
        "before": before,
        "after": after,
        "differences": [name for name, differs in differences.items() if differs],
        "computed_now": replayed.computed_now,
        "not_recorded": replayed.not_recorded,
    }


def _totals(calls: list[Any]) -> dict[str, Any]:
    cost = cost_of(calls)
    return {"tokens": tokens_of(calls), "cost_usd": None if cost is None else float(cost)}


def tokens_of(calls: list[Any]) -> int:
    """Returns the tokens of calls, as far as they are known."""
    return sum((call["prompt_tokens"] or 0) + (call["completion_tokens"] or 0) for call in calls)


def cost_of(calls: list[Any]) -> Decimal | None:
    """Returns the cost of calls, None if the price of a model is unknown."""
    costs = [call["cost_usd"] for call in calls if call["prompt_tokens"] is not None]
    return None if None in costs else sum(costs, Decimal(0))


def _step(name: str, step: RecordedStep | Outcome, calls: list[Any]) -> dict[str, Any]:
    """What the comparison shows of a step. Without a model, the answer is the reply."""
    last = calls[-1] if calls else None
    return {
        "step": name,
        "decision": step.decision,
        "prompt": last["request"].get("messages") if last else None,
        "answer": last["response"] if last else step.output.get("reply"),
    }


def _milliseconds(turn: Row) -> int:
    seconds: float = (turn["completed_at"] - (turn["started_at"] or turn["created_at"])).total_seconds()
    return round(seconds * 1000)
