"""The outcomes of data retrieval."""

from typing import Any, Literal

from message_processing.business_data import BusinessData
from message_processing.step_outputs import CallRecord, FoundPassage, RetrievalOutput
from message_processing.turn import Outcome, Turn

# `{retrieved_data}` contains data only: what to say about it is in the template.
NOT_FOUND = {"found": False}
FAILED = {"failed": True}


def ask_customer(
    turn: Turn,
    business_data: BusinessData,
    missing: list[str],
    text: str | None,
    variables: tuple[dict[str, Any], ...] = (),
) -> Outcome:
    """Returns the outcome of a look-up that needs fields from the customer. `text` is the stage's question."""
    if not missing:
        return outcome_of("none", "No fields are missing.")
    say = business_data.render(turn, text).content if text else None
    data = {"ask_the_customer": say} if say else None
    return outcome_of(
        "missing",
        f"Missing information: {', '.join(missing)}.",
        data=data,
        say=say,
        missing=missing,
        variables=variables,
    )


def outcome_of(
    status: Literal["none", "found", "not_found", "missing", "failed"],
    decision: str,
    *,
    data: Any = None,
    say: str | None = None,
    missing: list[str] | None = None,
    variables: tuple[dict[str, Any], ...] = (),
    call: CallRecord | None = None,
    passages: list[FoundPassage] | None = None,
    is_answer: bool = False,
) -> Outcome:
    """Returns the outcome of data retrieval, whose output is a `RetrievalOutput`."""
    output: RetrievalOutput = {"status": status, "data": data, "say": say, "missing": missing or []}
    if call is not None:
        output["call"] = call
    if passages is not None:
        output["passages"] = passages
    if is_answer:
        output["is_answer"] = True
    return Outcome(output, decision, variables=variables)
