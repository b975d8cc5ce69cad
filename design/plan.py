"""What has to change so that a business has the design of its files."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from design.model import FIELDS, SUMMARY, Design, Kind, Part, differs, template_key


@dataclass(frozen=True)
class Change:
    """A part that is added (without `before`), removed (without `after`) or changed."""

    kind: Kind
    key: str
    before: Part | None
    after: Part | None

    @property
    def fields(self) -> list[str]:
        """The names of the fields that differ."""
        before, after = self.before or {}, self.after or {}
        return [name for name in {**after, **before} if differs(before.get(name), after.get(name))]


def make_plan(present: Design, wanted: Design, needed: Collection[tuple[Kind, str]]) -> list[Change]:
    """The changes in the order in which people read them.

    Of the stages and agents that the files do not contain, those that are `needed` stay: such stages are switched off.
    """
    changes = []
    needed_stages = {key for kind, key in needed if kind == "stage"}
    for kind in FIELDS:
        before, after = present.parts[kind], dict(wanted.parts[kind])
        for key, part in before.items():
            if key in after:
                continue
            if (kind, key) in needed and kind == "stage":
                after[key] = {**part, "is_active": False}
            elif (kind, key) in needed or (kind == "template" and _stage_of(key) in needed_stages):
                after[key] = part
        for key in [*after, *(key for key in before if key not in after)]:
            change = Change(kind, key, before.get(key), after.get(key))
            if change.before is None or change.after is None or change.fields:
                changes.append(change)
    business = Change("business", "", _comparable(present, wanted), _comparable(wanted, present))
    return [business, *changes] if business.fields else changes


def describe(change: Change, present: Design, wanted: Design) -> dict[str, Any]:
    """The change for people: with the names of stages instead of their keys, and both values of each field."""
    stages = {**present.stages, **wanted.stages}
    stage_key = _stage_key(change)
    before, after = ((_named(part, stages) if part else {}) for part in (change.before, change.after))
    return {
        "kind": change.kind,
        "name": next(iter((change.after or change.before or {}).values())) if change.kind in FIELDS else None,
        "stage_name": stages[stage_key]["stage_name"] if stage_key else None,
        "change": "added" if change.before is None else "removed" if change.after is None else "changed",
        "fields": [{"field": name, "before": before.get(name), "after": after.get(name)} for name in change.fields],
    }


def _comparable(design: Design, other: Design) -> Part:
    """The profile, the settings, and the order of the stages that both have: where a new stage is inserted is not a
    change of the others."""
    return {**design.business, "stages": [key for key in design.business["stages"] if key in other.stages]}


def _stage_of(key: str) -> str:
    return key.partition(":")[2]


def _stage_key(change: Change) -> str | None:
    if change.kind == "template" and change.key != template_key(SUMMARY):
        return _stage_of(change.key)
    part = change.after or change.before or {}
    return part["stage"] if change.kind == "test_case" else None


def _named(part: Part, stages: dict[str, Part]) -> Part:
    def name(key: str | None) -> str | None:
        return None if key is None else str(stages[key]["stage_name"])

    named: Part = {field: name(part[field]) for field in ("stage", "default_stage") if field in part}
    return {**part, **named, **({"stages": [name(key) for key in part["stages"]]} if "stages" in part else {})}
