"""What travels through a turn: the turn itself, what a step found out, and the events that tell of it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from message_processing.release import Release, Stage
from openai_helper import Call


@dataclass(frozen=True)
class Turn:
    """One customer message and what is known about it so far. Each step returns a richer one; none is changed."""

    turn_id: UUID
    business_id: UUID
    conversation_id: UUID
    user_id: UUID
    message_id: UUID
    seq: int
    message: str
    session_id: str
    release: Release = field(repr=False)
    deadline: float  # of time.monotonic()
    conversation: dict[str, Any] = field(repr=False)  # its row when the turn began: summary, start_time, last_updated
    standing_stage: Stage  # where the conversation stands, or begins
    stage_before: UUID | None  # where the conversation stood; None at its start
    collected_before: dict[str, Any] = field(repr=False)
    stage: Stage | None = None  # the selected one
    confidence: float | None = None
    selection: dict[str, Any] = field(default_factory=dict)  # what the model named, and why the stage was chosen
    extracted_data: dict[str, Any] = field(default_factory=dict, repr=False)
    retrieved_data: Any = None
    action_result: Any = None

    @property
    def chosen_stage(self) -> Stage:
        """The selected stage; before the selection, where the conversation stands."""
        return self.stage or self.standing_stage

    @property
    def collected_data(self) -> dict[str, Any]:
        """Every field known by now: the conversation's, corrected by this message's."""
        return {**self.collected_before, **self.extracted_data}

    @property
    def missing_fields(self) -> list[str]:
        collected = self.collected_data
        return [name for name in self.chosen_stage.required_fields if name not in collected]

    def with_selection(self, output: dict[str, Any]) -> "Turn":
        stage = self.release.stage(output["stage_id"])
        return replace(self, stage=stage, confidence=output["confidence"], selection=output)

    def with_extraction(self, output: dict[str, Any]) -> "Turn":
        return replace(self, extracted_data=output["fields"])


@dataclass(frozen=True)
class Outcome:
    """What a step found out: `output` is its checkpoint (plain JSON), `decision` the reason in a sentence."""

    output: dict[str, Any]
    decision: str
    engine: str | None = None  # None: nobody was asked
    variables: tuple[dict[str, Any], ...] = ()  # {name, value} of each variable in the prompt, as rendered
    calls: tuple["RecordedCall", ...] = ()


@dataclass(frozen=True)
class RecordedCall:
    """One request to a model, with the template that asked and what was read out of the answer."""

    call: Call
    template_id: str
    template_version: int
    parsed: Any = None


@dataclass(frozen=True)
class StepStarted:
    step: str
    at: datetime


@dataclass(frozen=True)
class StepFinished:
    """Committed as a checkpoint before the pipeline goes on."""

    step: str
    outcome: Outcome
    turn: Turn


@dataclass(frozen=True)
class TurnFinished:
    """The last step's outcome, committed together with the reply and the whole turn."""

    outcome: Outcome
    turn: Turn
    reply: str


@dataclass(frozen=True)
class MessageDelta:
    """The next piece of the reply, while the model still writes it."""

    text: str


@dataclass(frozen=True)
class MessageReset:
    """What has been shown of the reply is void: another attempt, or the fixed reply, follows."""


Event = StepStarted | StepFinished | TurnFinished
