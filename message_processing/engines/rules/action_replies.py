"""What a reply without a model says about the actions of the turn. It never claims more than was done."""

from message_processing.actions.results import REPORTED
from message_processing.engines.rules.texts import (
    ACTION_DECLINED,
    ACTION_DONE,
    ACTION_FAILED,
    ACTION_PARTLY_FAILED,
    ASK_YES_OR_NO,
    NOTHING_DONE,
)
from message_processing.languages import recognise
from message_processing.reply_language import text_language
from message_processing.step_outputs import ActionResult
from message_processing.turn import Outcome, Turn


def ask_customer(turn: Turn, engine: str) -> Outcome:
    """Replies with the question of the action that waits. What was done or has failed before it is said first."""
    assert turn.actions is not None
    question = turn.actions["question"]
    language = _language_of(question, turn)
    results = _reported(turn)
    is_done, has_failed = (any(each["status"] == status for each in results) for status in ("done", "failed"))
    said = [ACTION_DONE] if is_done and not has_failed else []
    said += [ACTION_PARTLY_FAILED if is_done else ACTION_FAILED] if has_failed else []
    said += [ASK_YES_OR_NO] if turn.actions.get("asked_again") else []
    reply = " ".join([*(text[language] for text in said), question])
    return Outcome(
        {"reply": reply, "source": "question of an action"}, "Asked the customer to confirm an action.", engine
    )


def failure_reply(turn: Turn) -> str | None:
    """Returns the reply if an action has failed."""
    results = _reported(turn)
    if not any(result["status"] == "failed" for result in results):
        return None
    is_partly = any(result["status"] == "done" for result in results)
    return (ACTION_PARTLY_FAILED if is_partly else ACTION_FAILED)[_language(turn)]


def missing_fields(turn: Turn) -> list[str]:
    """Returns the fields for which the actions wait, if none was done."""
    results = [] if is_done(turn) else _reported(turn)
    return list(dict.fromkeys(name for result in results for name in result.get("missing", [])))


def not_done_reply(turn: Turn) -> str | None:
    """Returns the reply if the stage has actions but none was done: its own text could claim the opposite."""
    results = _reported(turn)
    if not results or is_done(turn):
        return None
    is_declined = any(result["cause"] == "declined" for result in results)
    return (ACTION_DECLINED if is_declined else NOTHING_DONE)[_language(turn)]


def is_left_to_person(turn: Turn) -> bool:
    """Returns whether an action was skipped because a person handles the conversation after this turn."""
    return any(result["cause"] == "held" for result in _reported(turn))


def is_done(turn: Turn) -> bool:
    """Returns whether something was done that the reply reports."""
    return any(result["status"] == "done" for result in _reported(turn))


def done_reply(turn: Turn) -> str:
    """Returns the reply for a stage without a text of its own."""
    return ACTION_DONE[_language(turn)]


def _reported(turn: Turn) -> list[ActionResult]:
    results = turn.actions["results"] if turn.actions else []
    return [result for result in results if result["do"] in REPORTED]


def _language(turn: Turn) -> str:
    """Returns the language of the question that the customer has answered, because "no" has none of its own."""
    return _language_of(turn.pending["question"], turn) if turn.pending else turn.text_language


def _language_of(question: str, turn: Turn) -> str:
    found = recognise(question, [turn.language])
    return text_language(turn.release, found.language if found else turn.language)
