"""The events of a turn: those that the pipeline yields, and those that subscribers receive."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core.errors import IcmpError
from message_processing.turn import Outcome, StepFailed, Turn


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class StepStarted:
    """With `waits`, the pipeline is about to wait for a model or another system: the worker saves the finished steps
    first."""

    step: str
    started_at: datetime
    waits: bool = False


@dataclass(frozen=True)
class StepFinished:
    """The outcome is saved as a checkpoint before the next call to a model."""

    step: str
    outcome: Outcome
    turn: Turn
    started_at: datetime
    finished_at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class StepGivenUp:
    """The model gave no answer after all attempts. The stage's fixed reply follows, or the turn fails; after a
    speculative response, the model is asked again."""

    step: str
    failure: StepFailed
    turn: Turn
    started_at: datetime


@dataclass(frozen=True)
class TurnFinished:
    """The outcome of the last step, saved together with the reply and the end of the turn. `failure` is why the stage's
    fixed reply was sent instead of an answer of the model."""

    outcome: Outcome
    turn: Turn
    reply: str
    started_at: datetime  # of the last step
    finished_at: datetime = field(default_factory=now)
    failure: StepFailed | None = None


PipelineEvent = StepStarted | StepFinished | StepGivenUp | TurnFinished


@dataclass(frozen=True)
class MessageDelta:
    """The next piece of the reply while the model writes it."""

    text: str


@dataclass(frozen=True)
class MessageReset:
    """Discard the pieces sent so far: another attempt or the fixed reply follows."""


@dataclass(frozen=True)
class Answered:
    """The turn is completed. `body` is the response as stored."""

    body: dict[str, Any]


@dataclass(frozen=True)
class Held:
    """A person handles the conversation, or the business has paused it. `body` has no response."""

    body: dict[str, Any]


@dataclass(frozen=True)
class Failed:
    """The turn could not be answered. The message is kept; the error contains its IDs."""

    error: IcmpError


@dataclass(frozen=True)
class TakenOver:
    """Another process runs the turn now; its result will be in the database."""


TurnResult = Answered | Held | Failed
TurnEvent = StepStarted | StepFinished | MessageDelta | MessageReset | TurnResult | TakenOver
