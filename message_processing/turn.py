"""The turn that the pipeline passes from step to step, and what the steps return."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict
from uuid import UUID

from llm.types import Call
from message_processing.actions.definition import PendingAction
from message_processing.actions.results import set_fields, shown_results
from message_processing.release import Agent, Release, Stage
from message_processing.reply_language import customer_language, reply_language, text_language
from message_processing.step_outputs import (
    ActionsOutput,
    ExtractionOutput,
    FoundPassage,
    RetrievalOutput,
    SelectionOutput,
)

_STATUS = re.compile(r"(\d{3}) ")  # at the start of a cause


class ConversationState(TypedDict):
    """The conversation's row when the turn started."""

    conversation_summary: dict[str, Any] | None
    summarised_through: int
    summary_tried_at: int | None
    start_time: Any
    last_updated: Any
    session_id: str
    stage_id: UUID | None
    last_trouble: str | None  # of the previous turn: low_confidence, lookup_failed or unclear
    language: str | None  # of the customer's messages


@dataclass(frozen=True)
class Turn:
    """One customer message and what is known about it so far. Immutable: each step returns a copy with its result."""

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
    conversation: ConversationState = field(repr=False)
    current_stage: Stage  # the conversation's stage, or the default stage at its start
    stage_before: UUID | None  # the conversation's stage; None at its start
    collected_before: dict[str, Any] = field(repr=False)
    attachments: tuple[dict[str, Any], ...] = ()  # of the message: attachment_id, kind, media_type and name of each
    has_text: bool = True  # whether the message contains more than attachments
    images: tuple[str, ...] = field(default=(), repr=False)  # of the message, for the model, as `data:` URLs
    pending: PendingAction | None = None  # the action about which the assistant has just asked the customer
    is_handed_back: bool = False  # a person has released the conversation and asked for an answer to this message
    stage: Stage | None = None  # the selected stage
    confidence: float | None = None
    selection: SelectionOutput | None = None
    extracted_data: dict[str, Any] = field(default_factory=dict, repr=False)
    retrieval: RetrievalOutput | None = field(default=None, repr=False)
    retrieved_data: Any = None
    actions: ActionsOutput | None = field(default=None, repr=False)
    action_result: Any = None

    @property
    def chosen_stage(self) -> Stage:
        """The selected stage, or the current stage before the selection."""
        return self.stage or self.current_stage

    @property
    def agent(self) -> Agent | None:
        """The responsible agent of the stage, otherwise its first one if none is chosen yet."""
        choice = self.selection.get("agent") if self.selection else None
        return self.release.agents[choice["agent_id"]] if choice else self.release.first_agent_of(self.chosen_stage)

    @property
    def language(self) -> str:
        """The tag of the language for the reply."""
        language = customer_language(self.release, self.message, self.conversation)
        return reply_language(self.release, language)

    @property
    def text_language(self) -> str:
        """The language of shipped texts in the reply."""
        return text_language(self.release, self.language)

    @property
    def is_in_stable_stage(self) -> bool:
        """Whether the previous turn of the conversation was in the current stage too."""
        return self.stage_before is not None and str(self.stage_before) == self.current_stage.stage_id

    @property
    def collected_data(self) -> dict[str, Any]:
        """All fields known by now: those of the conversation, updated with those of this message."""
        return {**self.collected_before, **self.new_fields}

    @property
    def passages(self) -> list[FoundPassage] | None:
        """The passages of articles that were found for this message; None if they were not searched."""
        return self.retrieval.get("passages") if self.retrieval else None

    @property
    def new_fields(self) -> dict[str, Any]:
        """The fields that this turn adds to the conversation: from the message, and set by actions."""
        return {**self.extracted_data, **set_fields(self.actions)}

    @property
    def missing_fields(self) -> list[str]:
        """Fields that the stage or its look-up requires and that are still unknown."""
        collected = self.collected_data
        needed_by_look_up = self.retrieval["missing"] if self.retrieval else []
        needed = dict.fromkeys([*self.chosen_stage.required_fields, *needed_by_look_up])
        return [name for name in needed if name not in collected]

    def with_selection(self, output: SelectionOutput) -> "Turn":
        """The turn in the selected stage."""
        stage = self.release.stage(output["stage_id"])
        return replace(self, stage=stage, confidence=output["confidence"], selection=output)

    def with_extraction(self, output: ExtractionOutput) -> "Turn":
        """The turn with the extracted fields."""
        return replace(self, extracted_data=output["fields"])

    def with_retrieval(self, output: RetrievalOutput) -> "Turn":
        """The turn with the retrieved data."""
        return replace(self, retrieval=output, retrieved_data=output["data"])

    def with_actions(self, output: ActionsOutput) -> "Turn":
        """The turn with the results of the stage's actions."""
        return replace(self, actions=output, action_result=shown_results(output))

    def with_checkpoints(self, checkpoints: "Checkpoints") -> "Turn":
        """The turn after the steps that have a checkpoint."""
        turn = self
        turn = turn.with_selection(checkpoints["selection"]) if "selection" in checkpoints else turn
        turn = turn.with_extraction(checkpoints["extraction"]) if "extraction" in checkpoints else turn
        turn = turn.with_retrieval(checkpoints["retrieval"]) if "retrieval" in checkpoints else turn
        return turn.with_actions(checkpoints["actions"]) if "actions" in checkpoints else turn


Checkpoints = dict[str, Any]
"""The output of each saved step, by the step's name: see `step_outputs`."""


@dataclass(frozen=True)
class RecordedCall:
    """One request to a model, with the template it was rendered from and what was parsed from the answer."""

    call: Call
    template_id: str | None
    template_version: int
    parsed: Any = None


@dataclass(frozen=True)
class Changes:
    """What must be written together with the checkpoint of the actions: changes of rows, as `repositories.actions`
    takes them, and the action that waits from now on."""

    rows: list[dict[str, Any]]
    pending: PendingAction | None


@dataclass(frozen=True)
class Outcome:
    """The result of a step. `output` is its checkpoint (plain JSON), `decision` the reason in one sentence."""

    output: Mapping[str, Any]  # see `step_outputs`; empty for a failed step
    decision: str
    engine: str | None = None  # None: neither a model nor rules were used
    variables: tuple[dict[str, Any], ...] = ()  # {name, value} of each variable in the rendered prompt
    calls: tuple[RecordedCall, ...] = ()
    changes: Changes | None = None  # of actions; None: nothing that must be saved before the reply

    @property
    def is_costly(self) -> bool:
        """Whether the step should not be repeated: a model, rules or another system were called."""
        return self.engine is not None or "call" in self.output


class StepFailed(Exception):
    """The model gave no answer after all attempts.

    `calls` are the attempts, `variables` those of the prompt; `timed_out` is whether time ran out. `cause` is the error
    of the last attempt, and `retry_after` for how many seconds the server asked to wait. The pipeline adds the name of
    the `step`.
    """

    def __init__(
        self,
        calls: tuple[RecordedCall, ...],
        variables: tuple[dict[str, Any], ...],
        timed_out: bool,
        cause: str = "",
        retry_after: float = 0.0,
    ) -> None:
        super().__init__("the model gave no answer")
        self.calls = calls
        self.variables = variables
        self.timed_out = timed_out
        self.cause = cause
        self.retry_after = retry_after
        self.step = ""

    @property
    def record(self) -> dict[str, Any]:
        """What the turn says about it: the step, the cause, and the status of the server's response if it sent one."""
        status = _STATUS.match(self.cause)
        return {"step": self.step, "cause": self.cause} | ({"status_code": int(status[1])} if status else {})

    @property
    def outcome(self) -> Outcome:
        """The failed step as the trace shows it."""
        reason = "The model did not answer in time" if self.timed_out else "The model gave no answer"
        cause = f" ({self.cause})" if self.cause else ""
        return Outcome({}, f"{reason}{cause}.", engine="model", variables=self.variables, calls=self.calls)
