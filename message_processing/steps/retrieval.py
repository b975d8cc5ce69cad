"""Data retrieval: looks up the business's own rows, or asks another system, as the stage declares.

It makes no model call and never fails a turn: a failed look-up is recorded and reported to the response prompt.
"""

import logging
from typing import Any
from urllib.parse import urlsplit

from message_processing.business_data import BusinessData
from message_processing.release import LookUp, Stage
from message_processing.step_outputs import MAX_ROWS
from message_processing.steps.article_search import (
    names_knowledge,
    search_articles,
    search_by_message,
    searches_articles,
)
from message_processing.steps.retrieval_outcomes import FAILED, NOT_FOUND, ask_customer, outcome_of
from message_processing.turn import Outcome, Turn

logger = logging.getLogger(__name__)


def calls_other_system(stage: Stage) -> bool:
    """Returns whether the stage's data retrieval sends a request."""
    return stage.data_retrieval.get("method") == "api_call"


def may_wait(stage: Stage) -> bool:
    """Returns whether the stage's data retrieval may wait for another system, such as the one for embeddings."""
    return calls_other_system(stage) or searches_articles(stage) or names_knowledge(stage)


def retrieve_data(turn: Turn, business_data: BusinessData, may_answer: bool = False) -> Outcome:
    """Runs the stage's data retrieval. The outcome's output is a `RetrievalOutput`.

    `may_answer` is whether the reply may be a passage of an article.
    """
    retrieval = turn.chosen_stage.data_retrieval
    method, config = retrieval.get("method", "none"), retrieval.get("config") or {}
    if searches_articles(turn.chosen_stage):
        return search_articles(turn, business_data, config, may_answer)
    if method == "none":
        return search_by_message(turn, business_data, may_answer)
    if method == "prompt_user":
        return ask_customer(turn, business_data, turn.missing_fields, config.get("prompt"))
    if method == "database_query":
        return _query(turn, business_data, config)
    if method == "api_call":
        return _call(turn, business_data, config)
    raise ValueError(f"unknown method {method}")


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
            return ask_customer(turn, business_data, list(missing), config.get("ask"), tuple(used))
        rows = business_data.look_up(turn, source, match, MAX_ROWS)
    except Exception as error:  # the customer gets an answer whatever the error
        logger.warning("look-up failed", extra={"error_code": type(error).__name__, "turn_id": str(turn.turn_id)})
        return outcome_of("failed", f"Searching {source} failed.", data=FAILED)
    by = ", ".join(f"{name} {value}" for name, value in match.items())
    searched = f"Searched {source}" + (f" for {by}" if by else "")
    if not rows:
        data = {**NOT_FOUND, "looked_for": match}
        say = business_data.render(turn, config["not_found"]).content if config.get("not_found") else None
        return outcome_of("not_found", f"{searched}: none found.", data=data, say=say, variables=tuple(used))
    return outcome_of(
        "found", f"{searched}: {len(rows)} found.", data=rows[0] if len(rows) == 1 else rows, variables=tuple(used)
    )


def _call(turn: Turn, business_data: BusinessData, config: LookUp) -> Outcome:
    called = f"Called {urlsplit(config['url']).netloc}"
    try:
        request = business_data.request(turn, config)
        used = request.variables
        if request.missing:
            missing = list(dict.fromkeys(written.rpartition(".")[2].strip() for written in request.missing))
            return ask_customer(turn, business_data, missing, config.get("ask"), used)
        result = business_data.call(turn, request)
    except Exception as error:  # the customer gets an answer whatever the error
        logger.warning("look-up failed", extra={"error_code": type(error).__name__, "turn_id": str(turn.turn_id)})
        return outcome_of("failed", f"{called}: failed.", data=FAILED)
    if result.status == "found":
        return outcome_of("found", f"{called}: found.", data=result.data, variables=used, call=result.record)
    if result.status == "not_found":
        say = business_data.render(turn, config["not_found"]).content if config.get("not_found") else None
        return outcome_of(
            "not_found", f"{called}: none found.", data=NOT_FOUND, say=say, variables=used, call=result.record
        )
    cause = result.record["cause"]
    return outcome_of("failed", f"{called}: failed ({cause}).", data=FAILED, variables=used, call=result.record)
