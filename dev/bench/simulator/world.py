"""What happened in the simulated businesses: the ground truth."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo


def new_id_at(rng: random.Random, time: datetime) -> UUID:
    """A UUIDv7 of a time."""
    milliseconds = round(time.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | rng.getrandbits(12) << 64 | 0b10 << 62 | rng.getrandbits(62))


def later(time: datetime, seconds: float) -> datetime:
    """The time so many seconds later, in whole milliseconds."""
    moved = time + timedelta(milliseconds=round(seconds * 1000))
    return moved.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage. `templates` are the IDs of its templates by step; the first `required` of `fields` are required."""

    stage_id: UUID
    name: str
    agent_id: UUID | None
    fields: tuple[str, ...]
    required: int
    actions: tuple[str, ...]
    templates: dict[str, UUID]

    @property
    def required_fields(self) -> tuple[str, ...]:
        return self.fields[: self.required]


@dataclass(frozen=True, slots=True)
class Release:
    """A release, and the version of each template in it."""

    release_id: UUID
    starts_at: datetime
    versions: dict[UUID, int]


@dataclass(slots=True)
class Call:
    """A request to a model. `cost` is None if the model has no price. `step_attempt` is that of its step."""

    call_id: UUID
    step: str
    step_attempt: int
    attempt: int
    created_at: datetime
    model: str
    template_id: UUID | None
    template_version: int | None
    prompt_tokens: int | None
    completion_tokens: int | None
    cost: Decimal | None
    latency_ms: int
    first_token_ms: int | None
    is_failed: bool


@dataclass(slots=True)
class Step:
    """The result of a step."""

    name: str
    attempt: int
    is_failed: bool
    is_discarded: bool
    engine: str | None
    output: dict[str, Any]
    started_at: datetime
    finished_at: datetime


@dataclass(slots=True)
class Rating:
    """A rating of an answer, by the customer or by a member."""

    source: str
    author_id: UUID
    is_good: bool
    comment: str | None
    created_at: datetime


@dataclass(slots=True)
class Turn:
    """A customer's message and what became of it. `status` is the final one."""

    turn_id: UUID
    seq: int
    created_at: datetime
    message: str
    status: str = "held"
    message_seq: int = 0  # it differs from `seq` after a person has handed the conversation back
    started_at: datetime | None = None
    completed_at: datetime | None = None
    release: Release | None = None
    stage_before: UUID | None = None
    stage: Stage | None = None
    confidence: float | None = None
    engine: str | None = None
    attempts: int = 0
    takeovers: int = 0
    error_code: str | None = None
    handover: str | None = None
    answered_by: UUID | None = None
    first_message_seq: int | None = None
    has_reply: bool = False
    is_unanswered: bool = False  # no article was close to the message
    is_late: bool = False  # it ends after the rollups of its time were computed
    steps: list[Step] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    fields: dict[str, Any] = field(default_factory=dict)
    ratings: list[Rating] = field(default_factory=list)


@dataclass(slots=True)
class StaffMessage:
    """A message or a note of a member."""

    seq: int
    created_at: datetime
    member_id: UUID
    is_note: bool


@dataclass(slots=True)
class Takeover:
    """The time in which a person handled a conversation. `by` is None if a rule has handed it over."""

    takeover_id: UUID
    started_at: datetime
    reason: str
    by: UUID | None
    assignee_id: UUID | None
    ended_at: datetime | None = None
    answer: str | None = None
    messages_written: int = 0


@dataclass(slots=True)
class Conversation:
    """A conversation. `stars` is the customer's rating from 1 to 5."""

    conversation_id: UUID
    user_id: UUID
    is_test: bool
    started_at: datetime
    channel: str
    language: str | None
    is_copy: bool = False
    is_completed: bool = False
    is_late: bool = False  # it is completed after the rollups of its time were computed
    last_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    last_seq: int = 0
    handled_by: str = "ai"
    needs_person_reason: str | None = None
    waiting_since: datetime | None = None
    stage: Stage | None = None
    pending_turn: Turn | None = None  # its action waits for the customer's confirmation
    stars: int | None = None
    turns: list[Turn] = field(default_factory=list)
    takeovers: list[Takeover] = field(default_factory=list)
    staff_messages: list[StaffMessage] = field(default_factory=list)


@dataclass(slots=True)
class Business:
    """A business with its design, its members, its customers and their conversations in order of their start."""

    business_id: UUID
    name: str
    zone: ZoneInfo
    key: str = ""
    stages: list[Stage] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    members: list[UUID] = field(default_factory=list)
    customers: list[UUID] = field(default_factory=list)
    test_customers: list[UUID] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)

    def release_at(self, time: datetime) -> Release:
        """The live release of a time."""
        return max((each for each in self.releases if each.starts_at <= time), key=lambda each: each.starts_at)
