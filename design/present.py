"""Reads the design of a business from its tables."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any
from uuid import UUID

from core.names import name_key
from db import Connection
from design.file_names import unique_names
from design.model import OWN_SETTINGS, PROFILE, PROMPTS, SUMMARY, Design, Kind, Part, complete, template_key
from repositories import business_variables, designs, releases, templates


@dataclass
class Present:
    """The design as it is. `ids` are those of its parts. `shared` are the templates that several stages use, or that
    belong to the platform: a stage whose text changes gets a template of its own."""

    design: Design = field(default_factory=lambda: Design({}))
    ids: dict[tuple[Kind, str], UUID] = field(default_factory=dict)
    shared: set[UUID] = field(default_factory=set)
    platform: set[UUID] = field(default_factory=set)


def read_present(conn: Connection, business_id: UUID) -> Present:
    """What a release of the draft would contain, with the descriptions of variables, and the articles."""
    snapshot = releases.draft_snapshot(conn, business_id)
    present = Present()
    agents = _by_name("agent_name", sorted(snapshot["agents"], key=itemgetter("agent_id")))
    agent_keys = unique_names([row["agent_name"] for row in agents])
    names = {row["agent_id"]: key for key, row in zip(agent_keys, agents, strict=True)}
    for row in agents:
        _add(present, "agent", names[row["agent_id"]], complete("agent", row), row["agent_id"])
    for row in business_variables.list_variables(conn, business_id):
        _add(present, "variable", row["name"], complete("variable", row), row["variable_id"])
    stage_keys = {row["stage_id"]: name_key(row["stage_name"]) for row in snapshot["stages"]}
    for row in snapshot["stages"]:
        listed = snapshot["stage_agents"].get(row["stage_id"], [])
        agents_of_stage = [{"agent": names[each["agent_id"]], "conditions": each["conditions"]} for each in listed]
        part = complete("stage", {**row, "agents": agents_of_stage})
        _add(present, "stage", stage_keys[row["stage_id"]], part, row["stage_id"])
    _add_templates(conn, business_id, present, snapshot)
    cases = _by_name("name", snapshot["test_cases"])
    for key, row in zip(unique_names([row["name"] for row in cases]), cases, strict=True):
        part = complete("test_case", {**row, "stage": stage_keys.get(row["stage_id"])})
        _add(present, "test_case", key, part, row["test_case_id"])
    articles = _by_name("title", designs.list_articles(conn, business_id))
    for key, row in zip(unique_names([row["title"] for row in articles]), articles, strict=True):
        _add(present, "article", key, article_part(row), row["article_id"])
    present.design.business = {
        **{name: snapshot["business"][name] for name in PROFILE},
        "settings": {name: value for name, value in snapshot["settings"].items() if name not in OWN_SETTINGS},
        "default_stage": stage_keys.get(snapshot["default_stage_id"]),
        "stages": list(present.design.stages),
    }
    return present


def article_part(values: dict[str, Any]) -> Part:
    """An article with its times as text."""
    times = {name: values[name] for name in ("valid_from", "valid_until") if isinstance(values[name], datetime)}
    return complete("article", {**values, **{name: time.astimezone(UTC).isoformat() for name, time in times.items()}})


def _by_name(field: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the same name stay in the order of their creation. For others it must not matter: businesses that got the
    same files in different steps have the same design."""
    return sorted(rows, key=itemgetter(field))


def _add_templates(conn: Connection, business_id: UUID, present: Present, snapshot: dict[str, Any]) -> None:
    rows = {row["template_id"]: row for row in snapshot["templates"]}
    uses = Counter(row[f"{template_type}_template_id"] for row in snapshot["stages"] for template_type in PROMPTS)
    for stage in snapshot["stages"]:
        for template_type in PROMPTS:
            template_id = stage[f"{template_type}_template_id"]
            row = rows.get(template_id) or templates.get_template(conn, business_id, UUID(template_id))
            key = template_key(template_type, name_key(stage["stage_name"]))
            _add(present, "template", key, complete("template", row), template_id)
            if template_id not in rows:
                present.platform.add(UUID(template_id))
            if uses[template_id] > 1 or template_id not in rows:
                present.shared.add(UUID(template_id))
    summary = snapshot["summary_template"]
    if summary:
        _add(present, "template", template_key(SUMMARY), complete("template", summary), summary["template_id"])


def _add(present: Present, kind: Kind, key: str, part: Part, row_id: Any) -> None:
    present.design.parts[kind][key] = part
    present.ids[kind, key] = UUID(str(row_id))
