"""What follows directly from what happened."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dev.bench.simulator.world import Conversation, Stage, Turn


def first_release(conversation: Conversation) -> UUID | None:
    """The release of the first turn that has one."""
    in_order = sorted(conversation.turns, key=lambda each: each.seq)
    return next((turn.release.release_id for turn in in_order if turn.release is not None), None)


def message_times(conversation: Conversation) -> Iterator[datetime]:
    """When somebody wrote, in no order."""
    for turn in conversation.turns:
        yield turn.created_at
        if turn.has_reply and turn.completed_at is not None:
            yield turn.completed_at
    yield from (message.created_at for message in conversation.staff_messages if not message.is_note)


def first_token_at(turn: Turn) -> datetime:
    """When the customer saw the start of the reply. A reply that no model has written appears as a whole."""
    assert turn.completed_at is not None
    written = [
        call.created_at + timedelta(milliseconds=call.first_token_ms)
        for call in turn.calls
        if call.step == "response" and call.first_token_ms is not None
    ]
    return min(written[-1], turn.completed_at) if written and turn.engine == "model" else turn.completed_at


def answered_stage(turn: Turn) -> Stage | None:
    """The stage of a turn that was answered."""
    return turn.stage if turn.status == "completed" else None


def output_of(turn: Turn, name: str) -> dict[str, Any]:
    """The output of the step's result that counts."""
    results = [step.output for step in turn.steps if step.name == name and not step.is_failed and not step.is_discarded]
    return results[-1] if results else {}
