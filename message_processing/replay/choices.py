"""What answers in a replay: the release, with other contents of templates, and the model."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID, uuid4

from core.errors import InvalidRequest
from db import Connection
from message_processing.engines.models import ChosenModel, Models
from message_processing.release import Release, ReleaseCache, read_release
from repositories import releases

_TEMPLATES = ("selection", "extraction", "response")  # of a stage


def find_release(conn: Connection, business_id: UUID, which: str, cache: ReleaseCache) -> tuple[Release, int | None]:
    """Returns the `draft`, the `live` release or the one with an ID, and its number, which a draft does not have.
    Raises NotFound."""
    if which == "draft":
        return read_release(uuid4(), releases.draft_snapshot(conn, business_id)), None
    live = releases.get_live(conn, business_id)
    current = cache.get(live["release_id"], lambda: live["snapshot"])
    if which == "live":
        return current, live["number"]
    row = releases.get_release(conn, business_id, UUID(which))
    return cache.get(row["release_id"], lambda: row["snapshot"]).with_settings_of(current), row["number"]


def with_overrides(release: Release, overrides: Mapping[str, str]) -> Release:
    """Returns the release with other contents of templates, by ID. Raises InvalidRequest for a template that no stage
    of the release uses."""
    contents = {str(UUID(template_id)): content for template_id, content in overrides.items()}
    used: set[str] = set()
    stages = []
    for stage in release.stages:
        changed = {}
        for name in _TEMPLATES:
            template = getattr(stage, name)
            if template.template_id in contents:
                changed[name] = replace(template, content=contents[template.template_id])
                used.add(template.template_id)
        stages.append(replace(stage, **changed))
    for template_id in overrides:
        if str(UUID(template_id)) not in used:
            raise InvalidRequest.at(f"$.overrides.{template_id}", "No stage of the release uses this template.")
    return replace(release, stages=tuple(stages))


def choose_model(models: Models, business_id: UUID, release: Release, model: str | None) -> ChosenModel | None:
    """Returns the model for all templates, or without one the models that a turn would ask; None if rules answer.
    Raises InvalidRequest if the model may not be used."""
    chosen = models.choose(business_id, release.settings)
    if chosen is None or model is None:
        return chosen
    if chosen.fallback_for(model) is None:
        raise InvalidRequest.at("$.model", "This model may not be used.")
    return replace(chosen, default=model, allowed=frozenset((model,)))
