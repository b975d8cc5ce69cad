"""The conversation's summary, renewed when the conversation has grown enough and its customer has the reply. (SPEC 7.9)

A summary holds everything up to the message `summarised_through`; the next one is made of it and of the messages that
came since, so that neither a killed process nor a long pause leaves a gap, and no message is summarised twice.
"""

from dataclasses import dataclass, replace
from typing import Any

from jsonschema import Draft202012Validator

from message_processing.engines.prompting import Ask
from message_processing.steps.lenient_json import read_json
from message_processing.templates.transcript import as_summary, as_transcript
from message_processing.turn import RecordedCall, StepFailed, Turn

DEFAULT_MESSAGES = 20  # further ones, after which the summary is renewed
MOST_MESSAGES = 100  # in one prompt; more are summarised by the next turns
MOST_CHARACTERS = 12_000
_SENTENCES = {"type": "array", "items": {"type": "string"}}
SCHEMA = {
    "type": "object",
    "properties": {
        "overview": {"type": "string"},
        "key_points": _SENTENCES,
        "decisions": _SENTENCES,
        "pending_items": _SENTENCES,
        "next_steps": _SENTENCES,
        "sentiment": {"type": "string", "enum": ["positive", "neutral", "negative"]},
        "confidence_score": {"type": "number"},
    },
    "required": [
        "overview",
        "key_points",
        "decisions",
        "pending_items",
        "next_steps",
        "sentiment",
        "confidence_score",
    ],
    "additionalProperties": False,
}
_VALIDATOR = Draft202012Validator({**SCHEMA, "required": ["overview"]})


def is_due(turn: Turn, tried_at: int | None) -> bool:
    """Whether the conversation, with this turn's reply, has outgrown its summary. A model that was asked after the turn
    with the seq `tried_at` and gave none is asked again only after as much again: each time is paid for."""
    wanted = turn.release.settings.get("summary_messages", DEFAULT_MESSAGES)
    grown = turn.seq + 1 - max(turn.conversation["summarised_through"], (tried_at or -1) + 1)
    return bool(wanted) and grown >= wanted


@dataclass(frozen=True)
class Renewal:
    """A renewed summary (None: the model gave none), the seq that it reaches to, and the calls that it took."""

    summary: dict[str, Any] | None
    through: int
    calls: tuple[RecordedCall, ...]


def summarise(turn: Turn, ask: Ask, rows: list[dict[str, Any]]) -> Renewal:
    """Ask for the summary of the conversation that a finished turn belongs to.

    `rows` are the messages since the last summary, oldest first: as many as fit are summarised, and at least one.
    """
    rows = _fitting(rows)
    given = {
        "conversation_history": as_transcript(rows),
        "conversation_summary": as_summary(turn.conversation["conversation_summary"]),
    }
    through = rows[-1]["seq"]
    try:
        reply = ask(replace(turn, message=""), turn.release.summary, schema=SCHEMA, given=given)
    except StepFailed as failure:
        return Renewal(None, through, failure.calls)
    summary = read_json(reply.text)
    is_good = isinstance(summary, dict) and _VALIDATOR.is_valid(summary)
    calls = (*reply.calls[:-1], replace(reply.calls[-1], parsed=summary if is_good else None))
    return Renewal(summary if is_good else None, through, calls)


def _fitting(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    room = MOST_CHARACTERS
    for count, row in enumerate(rows):
        room -= len(row["message_content"])
        if room < 0:
            return rows[: max(count, 1)]
    return rows
