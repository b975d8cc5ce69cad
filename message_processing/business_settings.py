"""The settings of a business, as a release contains them."""

from typing import Literal, NotRequired, TypedDict

from llm.prices import Price
from message_processing.actions.definition import WritableFields
from message_processing.working_hours import Interval

SpeculationMode = Literal["off", "extraction", "full"]
"""Which steps start before the stage is known: none, extraction, or extraction and response."""


class HandoverSettings(TypedDict):
    """When a person takes over from the assistant, see `handover.py`."""

    keywords: list[str]
    low_confidence: bool
    failed_lookups: bool
    needs_person: bool


class QuietHours(TypedDict):
    """The time of the day (HH:MM) in which the assistant sends no messages by itself, in the customer's time zone."""

    start: str
    end: str


class BudgetSettings(TypedDict):
    """What the calls to models may cost, in US dollars, and what answers when a limit is reached."""

    per_day: NotRequired[float]
    per_month: NotRequired[float]
    per_customer_day: NotRequired[float]
    then: Literal["cheaper_model", "fixed_reply", "person"]
    cheaper_model: NotRequired[str]
    cheaper_percent: NotRequired[int]


class RetentionSettings(TypedDict, total=False):
    """For how many days each kind of data is kept; None: for an unlimited time."""

    messages: int | None
    traces: int | None
    calls: int | None
    events: int | None
    feedback: int | None


class MaskingPattern(TypedDict):
    """A regular expression, and the name that is written in place of its matches."""

    name: str
    pattern: str


class MaskingSettings(TypedDict, total=False):
    """What is replaced in messages before they are stored, see `core/masking.py`."""

    card_numbers: bool
    patterns: list[MaskingPattern]


class ModelServerSettings(TypedDict):
    """The model server of a business. `secret` is the name of the secret that contains its key."""

    url: str
    model: str
    secret: NotRequired[str]


class BusinessSettings(TypedDict, total=False):
    """The settings of the business, see `schemas/business_settings.json`."""

    model_server: ModelServerSettings
    model: str
    temperature: float
    max_tokens: int
    timeout: float
    prices: dict[str, Price]
    budget: BudgetSettings
    confidence_threshold: float
    idle_minutes: int
    speculation: SpeculationMode
    summary_messages: int
    timezone: str
    business_hours: list[Interval]
    quiet_hours: QuietHours
    languages: list[str]
    ai_paused: bool
    writable_fields: WritableFields
    clarifying_question: str
    handover: HandoverSettings
    handover_message: str
    images: bool
    retention: RetentionSettings
    masking: MaskingSettings
    publishing: Literal["direct", "reviewed"]
    pin: Literal["turn", "conversation"]
