"""Searches the articles during data retrieval: because the stage's look-up says so, because its response contains
`{knowledge}`, or, without a model, for a passage that answers the message."""

import logging
import re
from typing import Any

from message_processing.business_data import BusinessData
from message_processing.knowledge.prompt_text import as_prompt_text
from message_processing.knowledge.search import DEFAULT_LIMIT, MIN_SCORE_FOR_REPLY
from message_processing.release import LookUp, Stage
from message_processing.step_outputs import FoundPassage
from message_processing.steps.retrieval_outcomes import FAILED, NOT_FOUND, ask_customer, outcome_of
from message_processing.templates.names import names_in
from message_processing.turn import Outcome, Turn

logger = logging.getLogger(__name__)

_WHOLE_MESSAGE = "{user_message}"
_MIN_WORDS = 3  # of a message without a question mark that counts as a question


def searches_articles(stage: Stage) -> bool:
    """Returns whether the stage's data retrieval searches the articles."""
    config = stage.data_retrieval.get("config") or {}
    return stage.data_retrieval.get("method") == "database_query" and config.get("source") == "knowledge"


def names_knowledge(stage: Stage) -> bool:
    """Returns whether the response of the stage contains `{knowledge}`."""
    replies = stage.fixed_reply or "", *stage.fixed_reply_translations.values()
    return "knowledge" in names_in(stage.response.content, stage.response.system_prompt, *replies)


def search_articles(turn: Turn, business_data: BusinessData, config: LookUp, may_answer: bool) -> Outcome:
    """Runs a look-up whose source is `knowledge`."""
    used: tuple[dict[str, Any], ...] = ()
    try:
        rendered = business_data.render(turn, str(config.get("query") or _WHOLE_MESSAGE))
        used = rendered.variables
        if rendered.missing:
            missing = list(dict.fromkeys(written.rpartition(".")[2].strip() for written in rendered.missing))
            return ask_customer(turn, business_data, missing, config.get("ask"), used)
        question, limit = rendered.content.strip(), config.get("limit", DEFAULT_LIMIT)
        found = _find(turn, business_data, question, limit, may_answer)
    except Exception as error:  # the customer gets an answer whatever the error
        _log_failure(turn, error)
        return outcome_of("failed", "Searching the articles failed.", data=FAILED)
    close = [each for each in found if each["is_close"]]
    is_answer = may_answer and _may_answer(turn, found)
    if close:
        data, decision = as_prompt_text(close), _found(close, is_answer)
        return outcome_of("found", decision, data=data, variables=used, passages=found, is_answer=is_answer)
    say = business_data.render(turn, config["not_found"]).content if config.get("not_found") else None
    return outcome_of("not_found", _none_close(found), data=NOT_FOUND, say=say, variables=used, passages=found)


def search_by_message(turn: Turn, business_data: BusinessData, may_answer: bool) -> Outcome:
    """Searches the articles for a stage without a look-up, if the response needs them or may be one of them."""
    nothing = "This stage has no data retrieval."
    is_named = names_knowledge(turn.chosen_stage)
    if not is_named and not may_answer:
        return outcome_of("none", nothing)
    try:
        found = _find(turn, business_data, turn.message, DEFAULT_LIMIT, may_answer)
    except Exception as error:  # likewise
        _log_failure(turn, error)
        return outcome_of("none", f"{nothing} Searching the articles failed.")
    close = [each for each in found if each["is_close"]]
    is_answer = may_answer and _may_answer(turn, found)
    if not (is_named or is_answer or _is_unclear(turn)):  # the stage's own reply is sent
        return outcome_of("none", nothing)
    decision = _found(close, is_answer) if close else _none_close(found)
    return outcome_of("none", decision, passages=found, is_answer=is_answer)


def is_unanswered(turn: Turn) -> bool:
    """Returns whether the message is a question that no article answers, although they were searched."""
    if turn.passages is None or any(each["is_close"] for each in turn.passages):
        return False
    return "?" in turn.message or "¿" in turn.message or len(re.findall(r"\w+", turn.message)) >= _MIN_WORDS


def _find(turn: Turn, business_data: BusinessData, question: str, limit: int, may_answer: bool) -> list[FoundPassage]:
    """Returns the best passages. Without a model to decide whether they answer the question, fewer count as close."""
    found = business_data.find_passages(turn, question, limit)
    return [{**each, "is_close": each["score"] >= MIN_SCORE_FOR_REPLY} for each in found] if may_answer else found


def _may_answer(turn: Turn, found: list[FoundPassage]) -> bool:
    """Returns whether the best passage is the reply: not where the stage does something itself."""
    if not found or not found[0]["is_close"] or turn.pending:
        return False
    return _is_unclear(turn) or not (turn.chosen_stage.actions or turn.missing_fields)


def _is_unclear(turn: Turn) -> bool:
    return turn.selection is not None and turn.selection.get("unclear", False)


def _found(close: list[FoundPassage], is_answer: bool) -> str:
    count = "1 close passage" if len(close) == 1 else f"{len(close)} close passages"
    title, score = close[0]["title"], round(close[0]["score"] * 100)
    ending = " It is the reply." if is_answer else ""
    return f'Searched the articles: {count}, the best in "{title}" ({score}%).{ending}'


def _none_close(found: list[FoundPassage]) -> str:
    if not found:
        return "Searched the articles: none found."
    return f'Searched the articles: no close passage. The best is in "{found[0]["title"]}" ({found[0]["score"]:.0%}).'


def _log_failure(turn: Turn, error: Exception) -> None:
    logger.warning("article search failed", extra={"error_code": type(error).__name__, "turn_id": str(turn.turn_id)})
