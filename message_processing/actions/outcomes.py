"""The outcome of the step `actions`, before and after its changes are made."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from message_processing.step_outputs import ActionResult, ActionsOutput
from message_processing.turn import Outcome

_MESSAGES = {
    "not_found": "There is no such row of the customer any more.",
    "conflict": "Another row already has this value.",
    "invalid_value": "The value is not valid.",
}


def decision_of(results: list[ActionResult]) -> str:
    """Returns what became of the actions in one sentence."""
    return "; ".join(_described(result) for result in results) + "."


def settled(outcome: Outcome, applied: Mapping[str, Any]) -> Outcome:
    """Returns the outcome after `repositories.actions.apply_actions`, which may have found that a change could not be
    made, that nothing may be changed any more, or that the step was saved before."""
    output = cast(ActionsOutput, outcome.output)
    match applied["result"]:
        case "stored":
            output = applied["output"]
        case "held" | "late" as cause:
            results = [_not_done(result, cause) for result in output["results"]]
            output = {"stage_id": output["stage_id"], "results": results}
        case _:
            output = _with_failures(outcome, output, applied["failures"])
    return replace(outcome, output=output, decision=decision_of(output["results"]))


def _with_failures(outcome: Outcome, output: ActionsOutput, failures: list[dict[str, Any]]) -> ActionsOutput:
    """After a failure because of which a person takes over, the later actions were not carried out."""
    causes = {failure["index"]: failure["cause"] for failure in failures}
    rows = outcome.changes.rows if outcome.changes else []
    handing_over = {row["index"] for row in rows if row.get("on_failure") == "hand_over"}.intersection(causes)
    results: list[ActionResult] = []
    has_ended = False
    for result in output["results"]:
        index = result["index"]
        if has_ended:
            results.append(_not_done(result, "earlier_failed"))
        elif index in handing_over:
            results.append({**_failed(result, causes[index]), "hand_over": True})
            has_ended = True
        else:
            results.append(_failed(result, causes.get(index)))
    return {"stage_id": output["stage_id"], "results": results} if has_ended else {**output, "results": results}


def _described(result: ActionResult) -> str:
    cause = f" ({result['cause']})" if result["cause"] else ""
    return f"{result.get('name') or result['do']}: {result['status']}{cause}"


def _not_done(result: ActionResult, cause: str) -> ActionResult:
    """A call that was sent stays done; nothing else was."""
    if result["status"] not in ("done", "waiting") or (result["do"] == "api_call" and result["status"] == "done"):
        return result
    return {**result, "status": "skipped", "cause": cause}


def _failed(result: ActionResult, cause: str | None) -> ActionResult:
    if cause is None:
        return result
    return {**result, "status": "failed", "cause": cause, "message": _MESSAGES[cause]}
