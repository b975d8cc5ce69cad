"""The recorded outcomes of look-ups and actions, which count in a replay as long as the step would do the same."""

from typing import Any, cast

from message_processing.actions.outcomes import decision_of
from message_processing.actions.results import REPORTED
from message_processing.release import Stage
from message_processing.replay.recorded import RecordedTurn
from message_processing.replay.values import RecordedValues
from message_processing.step_outputs import ActionResult, ActionsOutput
from message_processing.steps.article_search import names_knowledge
from message_processing.turn import Outcome, Turn


def retrieved(recorded: RecordedTurn, turn: Turn, outcome: Outcome, values: RecordedValues) -> Outcome:
    """Returns the recorded outcome of the look-up if it is the same look-up with the same values, otherwise `outcome`,
    that of today's data. Calls to other systems have none."""
    step, before = recorded.steps.get("retrieval"), recorded.before("retrieval")
    is_same = step is not None and _look_up(turn.chosen_stage) == _look_up(before.chosen_stage)
    if step is not None and is_same and list(outcome.variables) == step.variables:
        return Outcome(step.output, step.decision, variables=outcome.variables)
    if outcome.output.get("call"):
        values.not_recorded["retrieved_data"] = None
    elif outcome.output["status"] not in ("none", "missing"):
        values.note_computed("retrieved_data")
    elif outcome.output.get("passages") is not None:
        values.note_computed("knowledge")
    return outcome


def acted(recorded: RecordedTurn, turn: Turn, outcome: Outcome, values: RecordedValues) -> Outcome:
    """Returns the recorded outcome of the actions if they are the same with the same values. Otherwise those that
    change data or call another system count as not carried out, because what would become of them is not known."""
    step, before = recorded.steps.get("actions"), recorded.before("actions")
    if step is not None and _inputs(turn) == _inputs(before):
        return Outcome(step.output, step.decision, variables=outcome.variables)
    output = cast(ActionsOutput, outcome.output)
    results = [_not_carried_out(each) for each in output["results"]]
    if results != output["results"]:
        values.not_recorded["action_result"] = None
    return Outcome({**output, "results": results}, decision_of(results), variables=outcome.variables)


def _look_up(stage: Stage) -> tuple[Any, ...]:
    """What decides what a stage looks up: without data retrieval, whether its response needs articles."""
    has_none = stage.data_retrieval.get("method", "none") == "none"
    return stage.stage_id, stage.data_retrieval, has_none and names_knowledge(stage)


def _inputs(turn: Turn) -> tuple[Any, ...]:
    stage, answer = turn.chosen_stage, turn.selection.get("answer") if turn.selection else None
    return stage.stage_id, stage.actions, answer, turn.collected_data, turn.retrieved_data, turn.release.variables


def _not_carried_out(result: ActionResult) -> ActionResult:
    if result["do"] not in REPORTED or result["status"] not in ("done", "failed"):
        return result
    kept = cast(ActionResult, {name: result[name] for name in ("index", "do", "values", "name") if name in result})
    return {**kept, "status": "skipped", "cause": "not_recorded"}
