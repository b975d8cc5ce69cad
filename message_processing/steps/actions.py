"""Actions: does what the stage declares, such as changing the customer's order.

Changes of the business's own rows are only prepared here. The worker makes them in the transaction that saves the
checkpoint, so that they happen once per turn. Calls to other systems are sent at once; they carry an idempotency key.
"""

import logging
from typing import Any

from core.client_schemas import CannotValidate, validation_errors
from core.errors import DatabaseUnavailable
from message_processing.actions.definition import (
    Action,
    PendingAction,
    changed_fields,
    required_fields,
    used_fields,
)
from message_processing.actions.outcomes import decision_of
from message_processing.actions.preparing import Prepared, prepare, render_question
from message_processing.business_data import BusinessData
from message_processing.handover import handover_reason, trouble_of
from message_processing.step_outputs import ActionResult, ActionsOutput
from message_processing.steps.confirmation import MAX_QUESTIONS, has_changed
from message_processing.templates.braces import normalise
from message_processing.turn import Changes, Outcome, Turn

logger = logging.getLogger(__name__)

# Actions that are not repeated with the same values. Repeating the others changes nothing.
_NOT_REPEATED = ("api_call", "create_event")


def run_actions(turn: Turn, business_data: BusinessData) -> Outcome:
    """Runs the stage's actions in order. The outcome's output is an `ActionsOutput`.

    After an action that waits for the customer, and after one that has failed and hands over, the others are skipped.
    """
    return _Run(turn, business_data).outcome()


class _Run:
    def __init__(self, turn: Turn, data: BusinessData) -> None:
        self._turn, self._data = turn, data
        self._actions = turn.chosen_stage.actions
        self._results: list[ActionResult] = []
        self._rows: list[dict[str, Any]] = []
        self._variables: dict[str, Any] = {}
        self._waiting: PendingAction | None = None
        self._has_called = False
        self._is_continued = False  # the customer has confirmed an action of an earlier turn

    def outcome(self) -> Outcome:
        start, skip_cause = self._continue_pending()
        for index, action in enumerate(self._actions):
            if index < start:
                continue
            result = _result(index, action, "skipped", skip_cause) if skip_cause else self._run_safely(index, action)
            self._results.append(result)
            if result["status"] == "waiting":
                skip_cause = "waiting"
            elif result["status"] == "failed" and result.get("hand_over"):
                skip_cause = "earlier_failed"
        output: ActionsOutput = {
            "stage_id": self._turn.chosen_stage.stage_id,
            "results": self._results,
        }
        if self._waiting is not None:
            output["question"] = self._waiting["question"]
            output["asked_again"] = self._waiting["times_asked"] > 1
        is_urgent = self._rows or self._waiting or self._has_called or self._turn.pending
        return Outcome(
            output,
            decision_of(self._results),
            variables=tuple({"name": name, "value": value} for name, value in self._variables.items()),
            changes=Changes(self._rows, self._waiting) if is_urgent else None,
        )

    def _continue_pending(self) -> tuple[int, str | None]:
        """Handles the customer's answer. Returns the index to continue at, and why the actions from there are skipped;
        None if they run."""
        pending, selection = self._turn.pending, self._turn.selection
        answer = selection.get("answer") if selection else None
        if pending is None or answer is None or pending["stage_id"] != self._turn.chosen_stage.stage_id:
            return 0, None
        if has_changed(pending, self._turn):  # then it asks about the new values
            return 0, None
        index = pending["action_index"]
        if answer == "yes":
            self._is_continued = True
            return index, None
        if answer == "neither" and pending["times_asked"] < MAX_QUESTIONS:
            prepared = prepare(pending["action"], index, self._turn, self._data, pending["given"])
            self._results.append(_result(index, pending["action"], "waiting", values=prepared.values))
            self._waiting = {**pending, "times_asked": pending["times_asked"] + 1}
            return index + 1, "waiting"
        cause = "declined" if answer == "no" else "unconfirmed"
        return index, cause

    def _run_safely(self, index: int, action: Action) -> ActionResult:
        try:
            return self._run(index, action)
        except DatabaseUnavailable:  # the turn runs again
            raise
        except Exception as error:  # the customer gets an answer whatever the error
            ids = {"error_code": type(error).__name__, "turn_id": str(self._turn.turn_id)}
            logger.warning("action failed", extra=ids)
            return _failed(index, action, {}, "error", "The action failed.")

    def _run(self, index: int, action: Action) -> ActionResult:
        is_confirmed = self._is_confirmed(index)
        cause, missing = (None, []) if is_confirmed else self._reason_to_skip(action)
        cause = cause or self._reason_not_to_act(action)
        if cause:
            earlier = self._done_before_takeover(index, action) if cause == "unchanged" else None
            return earlier or _skipped(index, action, {}, cause, missing)
        turn = self._turn.with_actions({"stage_id": self._turn.chosen_stage.stage_id, "results": self._results})
        given = self._turn.pending["given"] if is_confirmed and self._turn.pending else {}
        prepared = prepare(action, index, turn, self._data, given)
        self._variables |= prepared.given
        if prepared.missing:
            return _skipped(index, action, prepared.values, "missing_fields", prepared.missing)
        if prepared.failure:
            return _failed(index, action, prepared.values, *prepared.failure)
        if prepared.is_done:
            return _result(index, action, "done", values=prepared.values)
        if action["do"] in _NOT_REPEATED and (repeated := self._repeated(index, action, prepared)):
            return repeated
        if "confirm" in action and not is_confirmed:
            return self._ask(index, action, turn, prepared)
        return self._do(index, action, prepared)

    def _is_confirmed(self, index: int) -> bool:
        pending, selection = self._turn.pending, self._turn.selection
        if pending is None or selection is None or selection.get("answer") != "yes":
            return False
        return pending["action_index"] == index and not has_changed(pending, self._turn)

    def _reason_to_skip(self, action: Action) -> tuple[str | None, list[str]]:
        """Returns why the stage's declaration does not apply to this message, and the fields that are missing."""
        turn, schema = self._turn, self._turn.chosen_stage.extraction_schema
        if turn.selection is not None and turn.selection.get("unclear"):
            return "unclear", []
        collected = {normalise(name) for name in self._collected()}
        missing = sorted(required_fields(action, schema, turn.release.variables) - collected)
        if missing:
            return "missing_fields", missing
        used = used_fields(action, schema, turn.release.variables)
        has_entered = (
            self._is_continued
            or not turn.is_in_stable_stage
            or turn.chosen_stage.stage_id != turn.current_stage.stage_id
        )
        if used and not has_entered and used.isdisjoint(map(normalise, turn.extracted_data)):
            return "unchanged", []
        return (None if self._is_condition_met(action) else "condition"), []

    def _is_condition_met(self, action: Action) -> bool:
        condition = action.get("when", {}).get("if")
        if condition is None:
            return True
        try:
            return not validation_errors(condition, self._collected())
        except CannotValidate:
            return False

    def _collected(self) -> dict[str, Any]:
        output: ActionsOutput = {"stage_id": "", "results": self._results}
        return self._turn.with_actions(output).collected_data

    def _reason_not_to_act(self, action: Action) -> str | None:
        """Returns why nothing may be changed. A test customer's own rows may; a copy of a real customer has none."""
        state = self._data.turn_state(self._turn)
        if not state["is_active"]:
            return "held"
        if state["is_late"]:
            return "late"
        if state["is_test"] and self._turn.session_id.startswith("copy-"):
            return "copy"
        return "test_customer" if state["is_test"] and action["do"] == "api_call" else None

    def _repeated(self, index: int, action: Action, prepared: Prepared) -> ActionResult | None:
        """Returns the result of an action that was done before with the same values: in this turn, if it runs again
        after a person has held it, or when it last ran in this stage."""
        for row in self._data.earlier_results(self._turn):
            for earlier in row["results"]:
                if (earlier["index"], earlier["do"]) != (index, action["do"]) or earlier["status"] != "done":
                    continue
                if _comparable(earlier["values"]) != _comparable(prepared.values):
                    return None
                if row["turn_id"] == self._turn.turn_id:
                    repeated: ActionResult = earlier
                    return repeated
                return _skipped(index, action, prepared.values, "already_done", [])
        return None

    def _done_before_takeover(self, index: int, action: Action) -> ActionResult | None:
        """Returns the result of an action that this turn did before a person took over: the reply reports it, unless
        the person has changed the values since."""
        if not self._turn.is_handed_back:
            return None
        if changed_fields(action) and not prepare(action, index, self._turn, self._data, {}).is_done:
            return None
        for row in self._data.earlier_results(self._turn):
            for earlier in row["results"] if row["turn_id"] == self._turn.turn_id else ():
                if (earlier["index"], earlier["do"], earlier["status"]) == (index, action["do"], "done"):
                    result: ActionResult = earlier
                    return result
        return None

    def _ask(self, index: int, action: Action, turn: Turn, prepared: Prepared) -> ActionResult:
        if handover_reason(turn, trouble_of(turn), needs_person=False):  # then the assistant does not read the answer
            return _skipped(index, action, prepared.values, "held", [])
        question, used, missing = render_question(action.get("confirm", ""), turn, self._data, prepared.given)
        self._variables |= used
        if missing:
            return _skipped(index, action, prepared.values, "missing_fields", missing)
        self._waiting = {
            "stage_id": turn.chosen_stage.stage_id,
            "action_index": index,
            "action": action,
            "given": {**prepared.given, **used},
            "question": question,
            "times_asked": 1,
        }
        return _result(index, action, "waiting", values=prepared.values)

    def _do(self, index: int, action: Action, prepared: Prepared) -> ActionResult:
        if prepared.request is None:
            if prepared.change:
                on_failure = action.get("on_failure", "continue")
                self._rows.append({"index": index, "on_failure": on_failure, **prepared.change})
            result = _result(index, action, "done", values=prepared.values)
            return {**result, "hand_over": True} if action["do"] == "hand_over" else result
        self._has_called = True
        called = self._data.call(self._turn, prepared.request)
        record, is_done = called.record, called.is_accepted
        cause = None if is_done else record["cause"] or f"status_{record['status']}"
        result = (
            _result(index, action, "done", values=prepared.values)
            if cause is None
            else _failed(index, action, prepared.values, cause, record.get("message", "The other system refused it."))
        )
        result["call"] = record
        if is_done and called.data is not None:
            result["data"] = called.data
        return result


def _comparable(values: dict[str, Any]) -> dict[str, Any]:
    """Returns the values without the idempotency key of a call, which contains the turn's ID."""
    if "headers" not in values:
        return values
    return {**values, "headers": {name: text for name, text in values["headers"].items() if name != "Idempotency-Key"}}


def _result(
    index: int, action: Action, status: Any, cause: str | None = None, values: dict[str, Any] | None = None
) -> ActionResult:
    result: ActionResult = {
        "index": index,
        "do": action["do"],
        "status": status,
        "cause": cause,
        "values": values or {},
    }
    return {**result, "name": action["name"]} if "name" in action else result


def _skipped(index: int, action: Action, values: dict[str, Any], cause: str, missing: list[str]) -> ActionResult:
    result = _result(index, action, "skipped", cause, values)
    return {**result, "missing": missing} if missing else result


def _failed(index: int, action: Action, values: dict[str, Any], cause: str, message: str) -> ActionResult:
    result: ActionResult = {**_result(index, action, "failed", cause, values), "message": message}
    return {**result, "hand_over": True} if action.get("on_failure") == "hand_over" else result
