"""Updates the summary of a conversation that has grown enough, after its customer has received the reply.

A summary covers all messages up to `summarised_through`. The next one is written from it and the messages since then,
so a killed process or a long pause leaves no gap, and no message is summarised twice.
"""

from dataclasses import dataclass, replace
from typing import Any

from jsonschema import Draft202012Validator

from message_processing.engines.prompting import PromptRunner
from message_processing.steps.lenient_json import read_json, unwrap
from message_processing.templates.history_budget import DEFAULT_TOKENS, HistoryBudget, estimate_tokens
from message_processing.templates.transcript import as_summary, transcript_lines
from message_processing.turn import RecordedCall, StepFailed, Turn

DEFAULT_MESSAGES = 20  # new messages after which the summary is updated
MAX_MESSAGES = 100  # per prompt; the next turns summarise the rest
_MIN_TOKENS = 100  # of the only message, if the model accepts no longer prompt
_SENTENCES = {"type": "array", "items": {"type": "string"}}
SCHEMA: dict[str, Any] = {
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


def is_due(turn: Turn) -> bool:
    """Returns whether the conversation, including this turn's reply, has enough new messages for a new summary.

    A turn after which the model failed to write one counts like a summary, because each attempt costs money.
    """
    tried_at = turn.conversation["summary_tried_at"]
    interval = turn.release.settings.get("summary_messages", DEFAULT_MESSAGES)
    new_messages = turn.seq + 1 - max(turn.conversation["summarised_through"], -1 if tried_at is None else tried_at + 1)
    return bool(interval) and new_messages >= interval


@dataclass(frozen=True)
class SummaryUpdate:
    """A new summary (None if the model gave no valid one), the seq of its last message, and the model calls made."""

    summary: dict[str, Any] | None
    through: int
    calls: tuple[RecordedCall, ...]


def summarise(turn: Turn, prompts: PromptRunner, rows: list[dict[str, Any]]) -> SummaryUpdate:
    """Asks the model for the summary of the conversation that a finished turn belongs to.

    `rows` are the messages since the last summary, oldest first. As many as fit are summarised, at least one.
    """
    through = 0

    def given(history_share: float) -> dict[str, Any]:
        nonlocal through
        max_tokens = int(DEFAULT_TOKENS * history_share)
        fitting = _fitting(rows, max_tokens)
        through = fitting[-1]["seq"]
        return {
            "conversation_history": HistoryBudget(max(max_tokens, _MIN_TOKENS)).transcript(fitting),
            "conversation_summary": as_summary(turn.conversation["conversation_summary"]),
        }

    try:
        reply = prompts.run(replace(turn, message=""), turn.release.summary, schema=SCHEMA, given=given)
    except StepFailed as failure:
        return SummaryUpdate(None, through, failure.calls)
    summary = unwrap(read_json(reply.text), SCHEMA["properties"])
    is_valid = isinstance(summary, dict) and _VALIDATOR.is_valid(summary)
    calls = (*reply.calls[:-1], replace(reply.calls[-1], parsed=summary if is_valid else None))
    return SummaryUpdate(summary if is_valid else None, through, calls)


def _fitting(rows: list[dict[str, Any]], max_tokens: int) -> list[dict[str, Any]]:
    """Returns the first rows that fit into one prompt, at least one."""
    tokens_left = max_tokens
    for count, line in enumerate(transcript_lines(rows)):
        tokens_left -= estimate_tokens(f"{line}\n")
        if tokens_left < 0:
            return rows[: max(count, 1)]
    return rows
