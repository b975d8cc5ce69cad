"""Data retrieval: looks up the business's own rows, or asks another system, as the stage declares.

It makes no model call and never fails a turn: a failed look-up is recorded and reported to the response prompt.
"""

import logging
from typing import Any, Literal
from urllib.parse import urlsplit

from message_processing.business_data import BusinessData
from message_processing.release import LookUp, Stage
from message_processing.step_outputs import MAX_ROWS, CallRecord, RetrievalOutput
from message_processing.turn import Outcome, Turn

logger = logging.getLogger(__name__)

NOT_FOUND = "Nothing was found. Say so; do not make anything up."
FAILED = "The look-up failed. Say that it cannot be looked up right now; do not make anything up."


def calls_other_system(stage: Stage) -> bool:
    """Returns whether the stage's data retrieval sends a request."""
    return stage.data_retrieval.get("method") == "api_call"


def retrieve_data(turn: Turn, business_data: BusinessData) -> Outcome:
    """Runs the stage's data retrieval. The outcome's output is a `RetrievalOutput`."""
    retrieval = turn.chosen_stage.data_retrieval
    method, config = retrieval.get("method", "none"), retrieval.get("config") or {}
    if method == "prompt_user":
        return _ask_customer(turn, business_data, turn.missing_fields, config.get("prompt"))
    if method == "database_query":
        return _query(turn, business_data, config)
    if method == "api_call":
        return _call(turn, business_data, config)
    return _outcome("none", "This stage has no data retrieval.")


def _query(turn: Turn, business_data: BusinessData, config: LookUp) -> Outcome:
    source = config["source"]
    match: dict[str, str] = {}
    missing: dict[str, None] = {}
    used: list[dict[str, Any]] = []
    try:
        for name, text in config.get("match", {}).items():
            rendered = business_data.render(turn, text)
            match[name] = rendered.content.strip()
            used += rendered.variables
            # `{order_number}` and `{extracted.order_number}` name the same field.
            missing |= {written.rpartition(".")[2].strip(): None for written in rendered.missing}
            if not match[name]:
                missing |= {name: None} if not rendered.missing else {}
        if missing:
            return _ask_customer(turn, business_data, list(missing), config.get("ask"), tuple(used))
        rows = business_data.look_up(turn, source, match, MAX_ROWS)
    except Exception as error:  # the customer gets an answer whatever the error
        logger.warning("look-up failed", extra={"error_code": type(error).__name__, "turn_id": str(turn.turn_id)})
        return _outcome("failed", f"Searching {source} failed.", data={"failed": True, "note": FAILED})
    by = ", ".join(f"{name} {value}" for name, value in match.items())
    searched = f"Searched {source}" + (f" for {by}" if by else "")
    if not rows:
        data = {"found": False, "looked_for": match, "note": NOT_FOUND}
        say = business_data.render(turn, config["not_found"]).content if config.get("not_found") else None
        return _outcome("not_found", f"{searched}: none found.", data=data, say=say, variables=tuple(used))
    return _outcome(
        "found", f"{searched}: {len(rows)} found.", data=rows[0] if len(rows) == 1 else rows, variables=tuple(used)
    )


def _call(turn: Turn, business_data: BusinessData, config: LookUp) -> Outcome:
    called = f"Called {urlsplit(config['url']).netloc}"
    try:
        request = business_data.request(turn, config)
        used = request.variables
        if request.missing:
            missing = list(dict.fromkeys(written.rpartition(".")[2].strip() for written in request.missing))
            return _ask_customer(turn, business_data, missing, config.get("ask"), used)
        result = business_data.call(turn, request)
    except Exception as error:  # the customer gets an answer whatever the error
        logger.warning("look-up failed", extra={"error_code": type(error).__name__, "turn_id": str(turn.turn_id)})
        return _outcome("failed", f"{called}: failed.", data={"failed": True, "note": FAILED})
    if result.status == "found":
        return _outcome("found", f"{called}: found.", data=result.data, variables=used, call=result.record)
    if result.status == "not_found":
        say = business_data.render(turn, config["not_found"]).content if config.get("not_found") else None
        data = {"found": False, "note": NOT_FOUND}
        return _outcome("not_found", f"{called}: none found.", data=data, say=say, variables=used, call=result.record)
    cause = result.record["cause"]
    data = {"failed": True, "note": FAILED}
    return _outcome("failed", f"{called}: failed ({cause}).", data=data, variables=used, call=result.record)


def _ask_customer(
    turn: Turn,
    business_data: BusinessData,
    missing: list[str],
    text: str | None,
    variables: tuple[dict[str, Any], ...] = (),
) -> Outcome:
    if not missing:
        return _outcome("none", "No fields are missing.")
    say = business_data.render(turn, text).content if text else None
    data = {"ask_the_customer": say} if say else None
    return _outcome(
        "missing",
        f"Missing information: {', '.join(missing)}.",
        data=data,
        say=say,
        missing=missing,
        variables=variables,
    )


def _outcome(
    status: Literal["none", "found", "not_found", "missing", "failed"],
    decision: str,
    *,
    data: Any = None,
    say: str | None = None,
    missing: list[str] | None = None,
    variables: tuple[dict[str, Any], ...] = (),
    call: CallRecord | None = None,
) -> Outcome:
    output: RetrievalOutput = {"status": status, "data": data, "say": say, "missing": missing or []}
    if call is not None:
        output["call"] = call
    return Outcome(output, decision, variables=variables)
