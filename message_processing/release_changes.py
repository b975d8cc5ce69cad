"""What differs between two snapshots of a business's design, as people see it: by stage and template."""

from collections.abc import Iterator
from typing import Any, Literal, TypedDict

Kind = Literal["stage", "template", "agent", "variable", "test_case", "default_stage", "stage_order"]
Snapshot = dict[str, Any]

# Of a row, the fields that are compared, in the order in which they are shown.
_STAGE_FIELDS = (
    *("stage_name", "stage_description", "stage_type", "is_active", "agents", "example_messages"),
    *("extraction_schema", "data_retrieval", "actions", "fixed_reply", "fixed_reply_translations"),
    *("confidence_threshold", "stage_selection_template_id", "data_extraction_template_id"),
    "response_generation_template_id",
)
_TEMPLATE_FIELDS = ("template_name", "content", "system_prompt", "model_settings")
_AGENT_FIELDS = ("agent_name", "agent_type", "description", "instructions", "languages", "working_hours")
_CASE_FIELDS = ("name", "customer", "data", "lookups", "turns")
_PROMPTS = ("stage_selection_template_id", "data_extraction_template_id", "response_generation_template_id")


class FieldChange(TypedDict):
    """A field with its two values. A missing value is null."""

    field: str
    before: Any
    after: Any


class Change(TypedDict):
    """A part of the design that was added, removed or changed. `stage_id` and `stage_name` are those of the stage
    that uses a template, or in whose editor a test case is shown."""

    kind: Kind
    id: str | None
    name: str | None
    stage_id: str | None
    stage_name: str | None
    change: Literal["added", "removed", "changed"]
    fields: list[FieldChange]


def list_changes(before: Snapshot, after: Snapshot) -> list[Change]:
    """The changes from one snapshot to another, those of a stage and of its templates after one another."""
    templates = {each["id"]: each for each in _rows("template", _templates(before), _templates(after))}
    changes: list[Change] = []
    for stage in _rows("stage", _stages(before), _stages(after), with_same=True):
        if stage["fields"] or stage["change"] != "changed":
            changes.append(stage)
        for template_id in _templates_of(stage["id"], before, after):
            template = templates.pop(template_id, None)
            if template:
                changes.append({**template, "stage_id": stage["id"], "stage_name": stage["name"]})
    changes += templates.values()  # of conversation summaries
    changes += _rows("agent", _agents(before), _agents(after))
    changes += _rows("variable", _variables(before), _variables(after))
    changes += _test_cases(before, after)
    changes += _order(before, after)
    return changes


def _rows(
    kind: Kind, before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]], *, with_same: bool = False
) -> Iterator[Change]:
    """The changes of rows by their IDs. A row's first field is its name."""
    for row_id in [*after, *(row_id for row_id in before if row_id not in after)]:
        old, new = before.get(row_id), after.get(row_id)
        shown: dict[str, Any] = new or old or {}
        fields: list[FieldChange] = [
            {"field": name, "before": (old or {}).get(name), "after": (new or {}).get(name)}
            for name in shown
            if _is_different((old or {}).get(name), (new or {}).get(name))
        ]
        if fields or with_same or old is None or new is None:
            yield {
                "kind": kind,
                "id": row_id,
                "name": next(iter(shown.values())),
                "stage_id": None,
                "stage_name": None,
                "change": "added" if old is None else "removed" if new is None else "changed",
                "fields": fields,
            }


def _is_different(old: Any, new: Any) -> bool:
    """Fields that older releases do not have are empty in later ones."""
    return old != new and bool(old or new or isinstance(old, bool | int | float) or isinstance(new, bool | int | float))


def _stages(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    names = {row["agent_id"]: row["agent_name"] for row in snapshot["agents"]}
    lists = snapshot.get("stage_agents", {})

    def agents(row: dict[str, Any]) -> list[dict[str, Any]]:
        only = [{"agent_id": row["agent_id"], "conditions": []}] if row.get("agent_id") else []
        listed = lists.get(row["stage_id"], only)
        return [{"agent": names.get(each["agent_id"]), "conditions": each["conditions"]} for each in listed]

    return {
        row["stage_id"]: {**{name: row.get(name) for name in _STAGE_FIELDS}, "agents": agents(row)}
        for row in snapshot["stages"]
    }


def _templates(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    summary = snapshot.get("summary_template")
    rows = [*snapshot["templates"], *([summary] if summary else [])]
    return {row["template_id"]: {name: row[name] for name in _TEMPLATE_FIELDS} for row in rows}


def _templates_of(stage_id: str | None, *snapshots: Snapshot) -> Iterator[str]:
    for snapshot in snapshots:
        for row in snapshot["stages"]:
            if row["stage_id"] == stage_id:
                yield from (row[name] for name in _PROMPTS)


def _agents(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    return {row["agent_id"]: {name: row.get(name) for name in _AGENT_FIELDS} for row in snapshot["agents"]}


def _variables(snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    return {name: {"name": name, "value": value} for name, value in snapshot["variables"].items()}


def _test_cases(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    snapshots = [each.get("test_cases", []) for each in (before, after)]  # absent in older releases
    cases = [{row["test_case_id"]: {name: row[name] for name in _CASE_FIELDS} for row in rows} for rows in snapshots]
    stage_ids = {row["test_case_id"]: row["stage_id"] for rows in snapshots for row in rows}
    names = {row["stage_id"]: row["stage_name"] for each in (before, after) for row in each["stages"]}
    for change in _rows("test_case", *cases):
        stage_id = stage_ids[change["id"]]
        yield {**change, "stage_id": stage_id, "stage_name": names.get(stage_id)}


def _order(before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """The stage where conversations start, and the order of the stages that both have."""
    names = {row["stage_id"]: row["stage_name"] for each in (before, after) for row in each["stages"]}
    default: FieldChange = {
        "field": "default_stage",
        "before": names.get(before["default_stage_id"]),
        "after": names.get(after["default_stage_id"]),
    }
    if before["default_stage_id"] != after["default_stage_id"]:
        yield _of_design("default_stage", default)
    ids = [[row["stage_id"] for row in each["stages"]] for each in (before, after)]
    kept = [[row_id for row_id in order if row_id in other] for order, other in (ids, ids[::-1])]
    if kept[0] != kept[1]:
        orders = [[names[row_id] for row_id in order] for order in kept]
        yield _of_design("stage_order", {"field": "stage_order", "before": orders[0], "after": orders[1]})


def _of_design(kind: Kind, field: FieldChange) -> Change:
    return {
        "kind": kind,
        "id": None,
        "name": None,
        "stage_id": None,
        "stage_name": None,
        "change": "changed",
        "fields": [field],
    }
