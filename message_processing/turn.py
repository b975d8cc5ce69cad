"""What travels through a turn: the turn itself, what a step found out, and the events that tell of it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from llm.types import Call
from message_processing.release import Release, Stage

if TYPE_CHECKING:
    from message_processing.steps.speculative import SpeculativeExtraction


def now() -> datetime:
    return datetime.now(UTC)


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
    current_stage: Stage  # where the conversation stands, or begins
    stage_before: UUID | None  # where the conversation stood; None at its start
    collected_before: dict[str, Any] = field(repr=False)
    stage: Stage | None = None  # the selected one
    confidence: float | None = None
    selection: dict[str, Any] = field(default_factory=dict)  # what the model named, and why the stage was chosen
    extracted_data: dict[str, Any] = field(default_factory=dict, repr=False)
    retrieval: dict[str, Any] = field(default_factory=dict, repr=False)  # how looking up went, see steps/retrieval.py
    retrieved_data: Any = None
    action_result: Any = None

    @property
    def chosen_stage(self) -> Stage:
        """The selected stage; before the selection, where the conversation stands."""
        return self.stage or self.current_stage

    @property
    def collected_data(self) -> dict[str, Any]:
        """Every field known by now: the conversation's, corrected by this message's."""
        return {**self.collected_before, **self.extracted_data}

    @property
    def missing_fields(self) -> list[str]:
        """What the stage requires, or its look-up needs, and nobody has said yet."""
        collected = self.collected_data
        needed = dict.fromkeys([*self.chosen_stage.required_fields, *self.retrieval.get("missing", [])])
        return [name for name in needed if name not in collected]

    def with_selection(self, output: dict[str, Any]) -> "Turn":
        stage = self.release.stage(output["stage_id"])
        return replace(self, stage=stage, confidence=output["confidence"], selection=output)

    def with_extraction(self, output: dict[str, Any]) -> "Turn":
        return replace(self, extracted_data=output["fields"])

    def with_retrieval(self, output: dict[str, Any]) -> "Turn":
        return replace(self, retrieval=output, retrieved_data=output["data"])

    def with_checkpoints(self, done: dict[str, dict[str, Any]]) -> "Turn":
        """With what finished steps put out, by their names."""
        turn = self
        turn = turn.with_selection(done["selection"]) if "selection" in done else turn
        turn = turn.with_extraction(done["extraction"]) if "extraction" in done else turn
        return turn.with_retrieval(done["retrieval"]) if "retrieval" in done else turn


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
    template_id: str | None
    template_version: int
    parsed: Any = None


class StepFailed(Exception):
    """The model gave no answer; `calls` are the attempts, `variables` those of the prompt, `timed_out` whether time
    was what ran out."""

    def __init__(self, calls: tuple[RecordedCall, ...], variables: tuple[dict[str, Any], ...], timed_out: bool) -> None:
        super().__init__("the model gave no answer")
        self.calls = calls
        self.variables = variables
        self.timed_out = timed_out

    @property
    def outcome(self) -> Outcome:
        """The failed step as the trace shows it."""
        reason = "The model did not answer in time." if self.timed_out else "The model gave no answer."
        return Outcome({}, reason, engine="model", variables=self.variables, calls=self.calls)


@dataclass(frozen=True)
class StepStarted:
    step: str
    at: datetime


@dataclass(frozen=True)
class StepFinished:
    """Committed as a checkpoint before the pipeline goes on; together with the next one's where that `is_followed` at
    once, since the work is done already."""

    step: str
    outcome: Outcome
    turn: Turn
    is_followed: bool = False
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class StepDropped:
    """A step that was worked out ahead for a stage in which the turn did not stay. Recorded, and never merged."""

    step: str
    ahead: "SpeculativeExtraction"
    turn: Turn


@dataclass(frozen=True)
class TurnFinished:
    """The last step's outcome, committed together with the reply and the whole turn."""

    outcome: Outcome
    turn: Turn
    reply: str
    at: datetime = field(default_factory=now)


@dataclass(frozen=True)
class MessageDelta:
    """The next piece of the reply, while the model still writes it."""

    text: str


@dataclass(frozen=True)
class MessageReset:
    """What has been shown of the reply is void: another attempt, or the fixed reply, follows."""


class Shown(Protocol):
    """Where a streamed answer goes while it is written."""

    @property
    def is_watched(self) -> bool: ...

    def add(self, text: str) -> None: ...

    def reset(self) -> None: ...


@dataclass(frozen=True)
class StepGivenUp:
    """The model gave no answer to a step, after every attempt. Recorded as failed; what follows is the fixed reply's
    steps, or the failure raised."""

    failure: StepFailed
    turn: Turn


Event = StepStarted | StepFinished | StepDropped | StepGivenUp | TurnFinished
