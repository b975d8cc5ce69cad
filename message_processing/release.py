"""A release: the immutable snapshot of a business's design that a turn runs against, from first step to last."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any
from uuid import UUID

DEFAULT_CONFIDENCE_THRESHOLD = 0.5
DEFAULT_IDLE_MINUTES = 30


@dataclass(frozen=True)
class Template:
    template_id: str | None  # None: the platform's default, which no stage has as its own
    template_name: str
    template_type: str
    version: int
    content: str
    system_prompt: str
    model_settings: dict[str, Any]


@dataclass(frozen=True)
class Stage:
    stage_id: str
    stage_name: str
    stage_description: str
    stage_type: str
    agent_id: str | None
    selection: Template
    extraction: Template
    response: Template
    extraction_schema: dict[str, Any] | None
    data_retrieval: dict[str, Any]
    actions: list[dict[str, Any]]
    example_messages: list[str]
    fixed_reply: str | None
    confidence_threshold: float | None
    is_active: bool

    @property
    def required_fields(self) -> list[str]:
        return list((self.extraction_schema or {}).get("required", []))


@dataclass(frozen=True)
class Release:
    release_id: UUID
    business: dict[str, Any]  # name, description, address, phone number, website
    settings: dict[str, Any]
    stages: tuple[Stage, ...]  # in their order of position, then creation
    agents: dict[str, dict[str, Any]] = field(repr=False)
    variables: dict[str, str] = field(repr=False)  # the business's own, by normalised name
    default_stage_id: str | None
    summary: Template  # the business's first of that type, else the platform's

    @cached_property
    def active_stages(self) -> tuple[Stage, ...]:
        return tuple(stage for stage in self.stages if stage.is_active)

    @property
    def default_stage(self) -> Stage | None:
        """Where a conversation begins: the named stage while it is active, else the first; None without any."""
        return self.active_stage(self.default_stage_id) or next(iter(self.active_stages), None)

    def active_stage(self, stage_id: UUID | str | None) -> Stage | None:
        return next((stage for stage in self.active_stages if stage.stage_id == str(stage_id)), None)

    def stage(self, stage_id: UUID | str | None) -> Stage | None:
        return next((stage for stage in self.stages if stage.stage_id == str(stage_id)), None)

    def agent_of(self, stage: Stage) -> dict[str, Any] | None:
        return self.agents.get(stage.agent_id or "")

    @property
    def speculates(self) -> bool:
        """Whether extraction may be asked for while the stage is (SPEC 7)."""
        return bool(self.settings.get("speculation", True))

    def threshold_of(self, stage: Stage) -> float:
        """The confidence under which a conversation does not move to this stage (SPEC 7.4)."""
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
    """A release out of its row's snapshot, as `repositories.releases` writes it."""
    defaults = snapshot["defaults"]
    templates = {row["template_id"]: _template(row, defaults) for row in snapshot["templates"]}

    def stage(row: dict[str, Any]) -> Stage:
        row = dict(row)
        return Stage(
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
    """An empty content is stood in for by the default of its type, system prompt included where there is none."""
    standing = defaults.get(row["template_type"], {}) if not row["content"].strip() else {}
    return Template(
        template_id=row["template_id"],
        template_name=row["template_name"],
        template_type=row["template_type"],
        version=row["version"],
        content=standing.get("content") or row["content"],
        system_prompt=row["system_prompt"] or standing.get("system_prompt") or "",
        model_settings=row["model_settings"],
    )


class ReleaseCache:
    """The releases in use, by id. They never change, so nothing is ever invalidated; the least used fall out."""

    def __init__(self, size: int = 256) -> None:
        self._size = size
        self._releases: OrderedDict[UUID, Release] = OrderedDict()
        self._live: OrderedDict[UUID, Release] = OrderedDict()  # by business, as it was last seen
        self._lock = Lock()

    def get(self, release_id: UUID, load: Callable[[], dict[str, Any]]) -> Release:
        """The release, read once: `load()` gives its snapshot."""
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

    def note_live(self, business_id: UUID, release: Release) -> None:
        """The business's live release was seen to be this one."""
        with self._lock:
            self._live[business_id] = release
            self._live.move_to_end(business_id)
            while len(self._live) > self._size:
                self._live.popitem(last=False)

    def last_live(self, business_id: UUID) -> Release | None:
        """The release that was the business's live one when it was last looked at; by now another may be."""
        return self._live.get(business_id)
