"""Releases: immutable snapshots of a business's stages, templates and variables. A turn uses one release throughout."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import Any, Literal, NotRequired, TypedDict
from uuid import UUID

from core.masking import Masking, Pattern
from message_processing.actions.definition import Action
from message_processing.business_settings import BusinessSettings, SpeculationMode
from message_processing.languages import find_match
from message_processing.working_hours import Interval

DEFAULT_CONFIDENCE_THRESHOLD = 0.5
DEFAULT_IDLE_MINUTES = 30


class BusinessProfile(TypedDict):
    """The profile of the business, as variables show it."""

    business_name: str
    business_description: str | None
    address: str | None
    phone_number: str | None
    website: str | None


class TemplateSettings(TypedDict, total=False):
    """The model settings of a template, see `schemas/model_settings.json`."""

    model: str
    temperature: float
    max_tokens: int
    timeout: float
    fallback_model: str
    history_tokens: int


class LookUp(TypedDict, total=False):
    """The configuration of a stage's data retrieval; which members apply depends on the method."""

    source: str
    match: dict[str, str]
    ask: str
    not_found: str
    prompt: str
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    url: str
    headers: dict[str, str]
    query: Any  # of an api_call: texts by name; of knowledge: the question
    limit: int
    body: Any
    result: str
    fields: dict[str, str]


class DataRetrieval(TypedDict, total=False):
    """A stage's data retrieval, see `schemas/data_retrieval.json`."""

    method: Literal["none", "prompt_user", "database_query", "api_call"]
    config: LookUp


class Agent(TypedDict):
    """A persona of the business, to which stages are assigned."""

    agent_id: str
    agent_name: str
    agent_type: Literal["ai", "human"]
    description: str | None
    instructions: NotRequired[str | None]  # absent in older releases, like the following
    languages: NotRequired[list[str]]  # empty: any language
    working_hours: NotRequired[list[Interval] | None]  # None: always


class StageAgent(TypedDict):
    """An agent of a stage, responsible if its conditions hold: see `agents.choose_agent`."""

    agent_id: str
    conditions: list[Literal["language", "hours"]]


@dataclass(frozen=True)
class Template:
    """The text of a prompt."""

    template_id: str | None  # None: the platform's default, without a row of the business
    template_name: str
    template_type: str
    version: int
    content: str
    system_prompt: str
    model_settings: TemplateSettings


@dataclass(frozen=True)
class Stage:
    """A part of the conversation flow, with its three templates."""

    stage_id: str
    stage_name: str
    stage_description: str
    stage_type: str
    agents: list[StageAgent]
    selection: Template
    extraction: Template
    response: Template
    extraction_schema: dict[str, Any] | None
    data_retrieval: DataRetrieval
    actions: list[Action]
    example_messages: list[str]
    fixed_reply: str | None
    confidence_threshold: float | None
    is_active: bool
    fixed_reply_translations: dict[str, str] = field(default_factory=dict)  # by language; absent in older releases

    def fixed_reply_in(self, language: str) -> tuple[str, str | None] | None:
        """Returns the fixed reply for customers with this language, and its language if it is a translation. None if
        the stage has none."""
        if not self.fixed_reply:
            return None
        match = find_match(language, list(self.fixed_reply_translations))
        return (self.fixed_reply_translations[match], match) if match else (self.fixed_reply, None)

    @property
    def required_fields(self) -> list[str]:
        """Returns the fields that the extraction schema requires."""
        return list((self.extraction_schema or {}).get("required", []))


@dataclass(frozen=True)
class Release:
    """A snapshot of everything in a business's design that a turn needs."""

    release_id: UUID
    business: BusinessProfile
    settings: BusinessSettings
    stages: tuple[Stage, ...]  # ordered by position, then creation
    agents: dict[str, Agent] = field(repr=False)
    variables: dict[str, str] = field(repr=False)  # the business's own, by normalised name
    default_stage_id: str | None
    summary: Template  # the business's first summary template, otherwise the platform's default

    @cached_property
    def active_stages(self) -> tuple[Stage, ...]:
        """Returns the stages that can be selected."""
        return tuple(stage for stage in self.stages if stage.is_active)

    @property
    def default_stage(self) -> Stage | None:
        """Returns the stage where conversations start: the default stage if active, otherwise the first active one."""
        return self.active_stage(self.default_stage_id) or next(iter(self.active_stages), None)

    def active_stage(self, stage_id: UUID | str | None) -> Stage | None:
        """Returns the stage with this ID if it is active."""
        return next((stage for stage in self.active_stages if stage.stage_id == str(stage_id)), None)

    def stage(self, stage_id: UUID | str | None) -> Stage | None:
        """Returns the stage with this ID."""
        return next((stage for stage in self.stages if stage.stage_id == str(stage_id)), None)

    def first_agent_of(self, stage: Stage) -> Agent | None:
        """Returns the first of the stage's agents."""
        return self.agents[stage.agents[0]["agent_id"]] if stage.agents else None

    @cached_property
    def asks_to_confirm(self) -> bool:
        """Returns whether an action of any stage asks the customer first."""
        return any("confirm" in action for stage in self.stages for action in stage.actions)

    @cached_property
    def masking(self) -> Masking:
        """Returns what is replaced in texts of customers and staff before they are stored."""
        settings = self.settings.get("masking", {})
        patterns = [Pattern(**each) for each in settings.get("patterns", [])]
        return Masking(settings.get("card_numbers", False), patterns)

    def with_settings_of(self, live: "Release") -> "Release":
        """Returns this design with the settings and the profile of the live release, which are always current."""
        return replace(self, business=live.business, settings=live.settings)

    @property
    def speculation(self) -> SpeculationMode:
        """Returns which steps may start before the stage is known."""
        return self.settings.get("speculation", "extraction")

    def threshold_of(self, stage: Stage) -> float:
        """Returns the minimum confidence for selecting this stage."""
        if stage.confidence_threshold is not None:
            return stage.confidence_threshold
        return float(self.settings.get("confidence_threshold", DEFAULT_CONFIDENCE_THRESHOLD))


_NO_SUMMARY_TEMPLATE: dict[str, Any] = {
    "template_id": None,
    "template_name": "Default conversation summary",
    "template_type": "conversation_summary",
    "version": 0,
    "content": "",
    "system_prompt": "",
    "model_settings": {},
}


def read_release(release_id: UUID, snapshot: dict[str, Any]) -> Release:
    """Returns the release from a snapshot that `repositories.releases` wrote."""
    defaults = snapshot["defaults"]
    templates = {row["template_id"]: _template(row, defaults) for row in snapshot["templates"]}
    lists_of_agents = snapshot.get("stage_agents", {})  # absent in older releases, whose stages have at most one agent

    def stage(row: dict[str, Any]) -> Stage:
        row = dict(row)
        first_agent_id = row.pop("agent_id")
        only_agent = [{"agent_id": first_agent_id, "conditions": []}] if first_agent_id else []
        return Stage(
            agents=lists_of_agents.get(row["stage_id"], only_agent),
            selection=templates[row.pop("stage_selection_template_id")],
            extraction=templates[row.pop("data_extraction_template_id")],
            response=templates[row.pop("response_generation_template_id")],
            **row,
        )

    return Release(
        release_id=release_id,
        business=snapshot["business"],
        settings=snapshot["settings"],
        stages=tuple(stage(row) for row in snapshot["stages"]),
        agents={row["agent_id"]: row for row in snapshot["agents"]},
        variables=snapshot["variables"],
        default_stage_id=snapshot["default_stage_id"],
        summary=_template(snapshot.get("summary_template") or _NO_SUMMARY_TEMPLATE, defaults),
    )


def _template(row: dict[str, Any], defaults: dict[str, dict[str, Any]]) -> Template:
    """Replaces an empty content by the default of the template's type, and an empty system prompt with it."""
    default = defaults.get(row["template_type"], {}) if not row["content"].strip() else {}
    return Template(
        template_id=row["template_id"],
        template_name=row["template_name"],
        template_type=row["template_type"],
        version=row["version"],
        content=default.get("content") or row["content"],
        system_prompt=row["system_prompt"] or default.get("system_prompt") or "",
        model_settings=row["model_settings"],
    )


class ReleaseCache:
    """Caches releases by ID. They are immutable, so entries are only evicted, least recently used first."""

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._releases: OrderedDict[UUID, Release] = OrderedDict()
        self._live: OrderedDict[UUID, Release] = OrderedDict()  # last known live release by business
        self._lock = Lock()

    def get(self, release_id: UUID, load: Callable[[], dict[str, Any]]) -> Release:
        """Returns the release. If it is not cached, `load` must return its snapshot."""
        with self._lock:
            if release_id in self._releases:
                self._releases.move_to_end(release_id)
                return self._releases[release_id]
        release = read_release(release_id, load())
        with self._lock:
            self._releases[release_id] = release
            while len(self._releases) > self._size:
                self._releases.popitem(last=False)
        return release

    def put(self, release: Release) -> None:
        """Caches a release that is not stored, such as a draft."""
        with self._lock:
            self._releases[release.release_id] = release

    def note_live(self, business_id: UUID, release: Release) -> None:
        """Remembers the live release of the business."""
        with self._lock:
            self._live[business_id] = release
            self._live.move_to_end(business_id)
            while len(self._live) > self._size:
                self._live.popitem(last=False)

    def last_live(self, business_id: UUID) -> Release | None:
        """Returns the last known live release of the business. There may be a newer one by now."""
        return self._live.get(business_id)
