"""Changes the tables of a business to the design of its files. Articles are applied by `routes/design.py`, because they
have passages and embeddings."""

from collections.abc import Callable, Iterable, Iterator
from uuid import UUID

from db import Connection
from design.model import OWN_SETTINGS, PROMPTS, SUMMARY, Design, Kind, Part, template_key
from design.plan import Change
from design.present import Present
from repositories import agents, budgets, business_variables, businesses, designs, stages, templates, test_cases

Audit = Callable[[str, str, UUID, Iterable[str]], None]  # action, resource, ID, fields


class Application:
    """The changes of a plan, made in one transaction of the caller, who has locked the business."""

    def __init__(self, conn: Connection, business_id: UUID, present: Present, audit: Audit) -> None:
        self._conn, self._business_id, self._audit = conn, business_id, audit
        self._present = present
        self._ids = dict(present.ids)
        self._deleted: set[UUID] = set()

    def apply(self, wanted: Design, changes: list[Change]) -> None:
        """Make all changes except those of articles. What others refer to is created first and deleted last."""
        for change in _of(changes, "variable"):
            self._variable(change)
        for change in _of(changes, "agent", with_removed=False):
            self._agent(change)
        for change in _of(changes, "stage", with_removed=False):
            self._stage(wanted, change)
        for change in _of(changes, "template", with_removed=False):
            if change.before is not None or change.key == template_key(SUMMARY):
                self._template(change)
        self._business(wanted, changes)
        for change in changes:
            if change.after is None and change.kind in ("stage", "agent", "template"):
                self._remove(change)
        for change in _of(changes, "test_case"):
            self._test_case(change)

    def _variable(self, change: Change) -> None:
        conn, business_id = self._conn, self._business_id
        if change.after is None:
            business_variables.delete_variable(conn, business_id, self._id(change))
        elif change.before is None:
            self._add(change, business_variables.insert_variable(conn, business_id, change.after))
        else:
            business_variables.update_variable(conn, business_id, self._id(change), change.after)
        self._note(change)

    def _agent(self, change: Change) -> None:
        assert change.after is not None
        if change.before is None:
            self._add(change, agents.insert_agent(self._conn, self._business_id, change.after))
        else:
            agents.update_agent(self._conn, self._business_id, self._id(change), change.after)
        self._note(change)

    def _stage(self, wanted: Design, change: Change) -> None:
        assert change.after is not None
        listed = [
            {"agent_id": str(self._ids["agent", each["agent"]]), "conditions": each["conditions"]}
            for each in change.after["agents"]
        ]
        if change.before is None:
            values = {**change.after, "agents": listed}
            for template_type in PROMPTS:
                key = template_key(template_type, change.key)
                values[f"{template_type}_template_id"] = self._insert_template(key, wanted.parts["template"][key])
            self._add(change, stages.insert_stage(self._conn, self._business_id, values))
        else:
            row = stages.get_stage(self._conn, self._business_id, self._id(change))
            values = {**row, **change.after, "agents": listed}
            stages.update_stage(self._conn, self._business_id, self._id(change), values)
        self._note(change)

    def _template(self, change: Change) -> None:
        """A stage whose template others use gets its own."""
        assert change.after is not None
        if change.before is None:
            self._insert_template(change.key, change.after)
        elif self._id(change) in self._present.shared:
            template_type, _, stage_key = change.key.partition(":")
            stage_id = self._ids["stage", stage_key]
            row = stages.get_stage(self._conn, self._business_id, stage_id)
            row[f"{template_type}_template_id"] = self._insert_template(change.key, change.after)
            stages.update_stage(self._conn, self._business_id, stage_id, row)
            self._audit("update", "stage", stage_id, [f"{template_type}_template_id"])
        else:
            values = {**change.after, "template_type": change.key.partition(":")[0]}
            templates.update_template(self._conn, self._business_id, self._id(change), values)
            self._note(change)

    def _insert_template(self, key: str, part: Part) -> UUID:
        values = {**part, "template_type": key.partition(":")[0]}
        template_id = templates.insert_template(self._conn, self._business_id, values)
        self._audit("create", "template", template_id, values)
        return template_id

    def _business(self, wanted: Design, changes: list[Change]) -> None:
        """Write the profile, the settings, the order of the stages and the one where conversations start."""
        row = businesses.get_business(self._conn, self._business_id)
        changed = next((change for change in changes if change.kind == "business"), None)
        has_new_stage = any(change.kind == "stage" and change.before is None for change in changes)
        if has_new_stage or (changed and "stages" in changed.fields):
            order = [self._ids["stage", key] for key in wanted.business["stages"]]
            for stage_id in stages.reorder(self._conn, self._business_id, order):
                self._audit("update", "stage", stage_id, ["position"])
        if changed is None or changed.fields == ["stages"]:
            return
        default, settings = wanted.business["default_stage"], wanted.business["settings"]
        own = {name: row["settings"][name] for name in OWN_SETTINGS if name in row["settings"]}
        if "budget" in settings and "budget" not in row["settings"]:
            budgets.forget(self._conn, self._business_id)
        values = {
            **row,
            **wanted.business,
            "settings": {**settings, **own},
            "default_stage_id": self._ids["stage", default] if default else None,
        }
        businesses.update_business(self._conn, self._business_id, values)
        self._audit("update", "business", self._business_id, changed.fields)

    def _remove(self, change: Change) -> None:
        """A stage goes with its templates, unless another stage uses them."""
        if change.kind == "agent":
            agents.delete_agent(self._conn, self._business_id, self._id(change))
        elif change.kind == "stage":
            stages.delete_stage(self._conn, self._business_id, self._id(change), None)
        elif change.key == template_key(SUMMARY):
            for template_id in designs.delete_summary_templates(self._conn, self._business_id):
                self._audit("delete", "template", template_id, [])
            return
        elif not self._delete_template(self._id(change)):
            return
        self._note(change)

    def _delete_template(self, template_id: UUID) -> bool:
        """Delete a template, unless it is the platform's or another stage uses it. Returns whether it was deleted."""
        if (
            template_id in self._present.platform
            or template_id in self._deleted  # by another stage that used it
            or templates.list_stages_using(self._conn, self._business_id, template_id)
        ):
            return False
        templates.delete_template(self._conn, self._business_id, template_id)
        self._deleted.add(template_id)
        return True

    def _test_case(self, change: Change) -> None:
        if change.after is None:
            test_cases.delete_case(self._conn, self._business_id, self._id(change))
            self._note(change)
            return
        stage = change.after["stage"]
        values = {**change.after, "stage_id": self._ids["stage", stage] if stage else None}
        if change.before is None:
            self._add(change, test_cases.insert_case(self._conn, self._business_id, values))
        else:
            test_cases.update_case(self._conn, self._business_id, self._id(change), values)
        self._note(change)

    def _id(self, change: Change) -> UUID:
        return self._ids[change.kind, change.key]

    def _add(self, change: Change, row_id: UUID) -> None:
        self._ids[change.kind, change.key] = row_id

    def _note(self, change: Change) -> None:
        action = "create" if change.before is None else "delete" if change.after is None else "update"
        self._audit(action, change.kind, self._id(change), [] if change.after is None else change.fields)


def _of(changes: list[Change], kind: Kind, *, with_removed: bool = True) -> Iterator[Change]:
    return (change for change in changes if change.kind == kind and (with_removed or change.after is not None))
