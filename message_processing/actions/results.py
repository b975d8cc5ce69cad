"""What became of the actions of a turn."""

from typing import Any, Literal

from message_processing.step_outputs import ActionResult, ActionsOutput

# Actions whose outcome a reply reports. The others cannot fail, or do not concern the customer.
REPORTED = ("update_order", "update_customer", "api_call", "create_event")


def set_fields(output: ActionsOutput | None) -> dict[str, Any]:
    """Returns the fields that actions have set."""
    done = [result for result in (output["results"] if output else []) if result["status"] == "done"]
    return {name: value for result in done if result["do"] == "set_field" for name, value in result["values"].items()}


def completes(output: ActionsOutput | None) -> bool:
    """Returns whether the conversation is completed after the reply."""
    return _is_any_done(output, "complete")


def hand_over_reason(output: ActionsOutput | None) -> Literal["action", "action_failed"] | None:
    """Returns why a person takes over because of the actions; None if nobody does."""
    if output and any(result["status"] == "failed" and result.get("hand_over") for result in output["results"]):
        return "action_failed"
    return "action" if _is_any_done(output, "hand_over") else None


def _is_any_done(output: ActionsOutput | None, do: str) -> bool:
    results = output["results"] if output else []
    return any(result["do"] == do and result["status"] == "done" for result in results)


def shown_results(output: ActionsOutput) -> list[dict[str, Any]] | None:
    """Returns `{action_result}`: the results without internals. None if there are none."""
    return [_shown(result) for result in output["results"]] or None


def _shown(result: ActionResult) -> dict[str, Any]:
    shown: dict[str, Any] = {"action": result.get("name") or result["do"], "status": result["status"]}
    if result["cause"]:
        shown["cause"] = result["cause"]
    if result["values"] and result["do"] != "api_call":
        shown["values"] = result["values"]
    if (
        "message" in result and result["do"] != "api_call"
    ):  # that one is for the business: it names secrets and settings
        shown["message"] = result["message"]
    if "data" in result:
        shown["data"] = result["data"]
    if result["status"] == "failed" and result.get("hand_over"):
        shown["note"] = "A person will take care of it."
    return shown
