"""Reads the files of a design and checks each one against the schema of the API."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.names import name_key
from core.validation import conforms_to, storage_problems
from design.archives import is_known
from design.file_names import file_order, unique_names
from design.front_matter import read_markdown
from design.model import (
    FIELDS,
    OWN_SETTINGS,
    PROFILE,
    PROMPTS,
    SUMMARY,
    Design,
    Kind,
    Part,
    complete,
    template_key,
    template_name,
)
from design.problems import Place, Problems
from design.yaml_files import Document, YamlError, read_yaml
from message_processing.templates.braces import normalise

_NEEDED = ("business.yaml", "variables.yaml", "agents.yaml")
_SCHEMAS: dict[Kind, str] = {
    "variable": "variables_create",
    "agent": "agents_create",
    "stage": "stages_create",
    "template": "templates_create",
    "test_case": "test_cases_create",
    "article": "articles_create",
}
_MAX_NAME = 200  # of a template that a file names; the usual one of a stage with a long name may be longer
_ANY_ID = "00000000-0000-0000-0000-000000000000"  # of an agent: files contain its name


class DesignReader:
    """Reads the files into `design`. `places` says where each part is written, by kind and key."""

    def __init__(self, files: Mapping[str, str], problems: Problems) -> None:
        self.design = Design({})
        self.places: dict[tuple[Kind, str], Place] = {}
        self._files = files
        self._problems = problems
        self._incomplete: set[Kind] = set()  # kinds with an invalid part, whose name may be what others refer to
        for path in sorted(files):
            if not is_known(path):
                problems.add(Place(path[:300]), "Unknown file.")
        for path in _NEEDED:
            if path not in files:
                problems.add(Place(path), "This file is missing.")
        self._read_lists()
        folders = self._read_stages()
        self._read_summary()
        self._read_folder("articles/", "article")
        self._read_folder("tests/", "test_case")
        self._read_business(folders)
        self._resolve()

    def _read_lists(self) -> None:
        lists: tuple[tuple[str, Kind], ...] = (("variables.yaml", "variable"), ("agents.yaml", "agent"))
        for path, kind in lists:
            document = self._document(path, [])
            place = Place(path, document.lines)
            if not isinstance(document.value, list):
                self._incomplete.add(kind)
                if document.value is not _Unreadable:
                    self._problems.add(place, "Must be a list.")
                continue
            read = [
                (values, place.part(f"$[{index}]"))
                for index, value in enumerate(document.value)
                if (values := self._checked(kind, value, place.part(f"$[{index}]"))) is not None
            ]
            self._add_named(kind, read)

    def _add_named(self, kind: Kind, read: list[tuple[Part, Place]]) -> None:
        """Variables have different names. Agents, articles and test cases of the same name are told apart by their
        order."""
        name = next(iter(FIELDS[kind]))
        keys = [values[name] for values, _ in read]
        keys = [normalise(key) for key in keys] if kind == "variable" else unique_names(keys)
        for key, (values, place) in zip(keys, read, strict=True):
            if key in self.design.parts[kind]:
                self._problems.add(place, "Another one has the same name.", f"$.{name}")
            self._add(kind, key, {**values, "name": key} if kind == "variable" else values, place)

    def _read_stages(self) -> dict[str, str]:
        """Returns the key of the stage in each folder."""
        folders = sorted({path.split("/")[1] for path in self._files if path.startswith("stages/") and is_known(path)})
        keys = {}
        for folder in folders:
            path = f"stages/{folder}/stage.yaml"
            if path not in self._files:
                self._problems.add(Place(path), "This file is missing.")
                self._incomplete.add("stage")
                continue
            document = self._document(path)
            place = Place(path, document.lines)
            values = self._checked("stage", document.value, place)
            if values is None:
                continue
            values["stage_name"] = values["stage_name"].strip()
            key = name_key(values["stage_name"])
            if key in self.design.stages:
                self._problems.add(place, "Another stage has the same name.", "$.stage_name")
            self._add("stage", key, values, place)
            keys[folder] = key
            for template_type, file in PROMPTS.items():
                self._read_template(f"stages/{folder}/{file}.md", template_type, key, values["stage_name"])
        return keys

    def _read_summary(self) -> None:
        if "summary.md" in self._files:
            self._read_template("summary.md", SUMMARY)

    def _read_template(self, path: str, template_type: str, stage_key: str = "", stage_name: str = "") -> None:
        document = self._document(path, {"content": ""})
        place = Place(path, document.lines)
        fields, name = document.value, template_name(template_type, stage_name)
        if fields is not _Unreadable:
            fields = {"template_name": name[:_MAX_NAME], **fields}
        values = self._checked("template", fields, place, template_type=template_type)
        if values is not None:
            values["template_name"] = document.value.get("template_name", name)
            self._add("template", template_key(template_type, stage_key), values, place)

    def _read_folder(self, folder: str, kind: Kind) -> None:
        paths = [path for path in self._files if path.startswith(folder) and is_known(path)]
        read = []
        for path in sorted(paths, key=lambda each: file_order(each.rpartition(".")[0])):
            document = self._document(path)
            place = Place(path, document.lines)
            values = self._checked(kind, document.value, place)
            if values is not None:
                read.append((values, place))
        self._add_named(kind, read)

    def _read_business(self, folders: dict[str, str]) -> None:
        document = self._document("business.yaml", {})
        place = Place("business.yaml", document.lines)
        self.places["business", ""] = place
        if document.value is _Unreadable:
            return
        if not isinstance(document.value, dict):
            self._problems.add(place, "Must be fields with their values.")
            return
        values = {"settings": {}, "stages": [], "default_stage": None, **document.value}
        order, default = values.pop("stages"), values.pop("default_stage")
        self._check(place, values, "businesses_update", (*PROFILE, "settings"))
        if isinstance(values["settings"], dict):
            for name in OWN_SETTINGS:
                if name in values["settings"]:
                    problem = "This is not part of a design. Change it with PUT /businesses/{business_id}."
                    self._problems.add(place, problem, f"$.settings.{name}")
        if not isinstance(order, list) or not all(isinstance(each, str) for each in order):
            self._problems.add(place, "Must be a list of the names of stages.", "$.stages")
            order = []
        keys = [self._key_of_stage(name, place, f"$.stages[{index}]") for index, name in enumerate(order)]
        listed = list(dict.fromkeys(key for key in keys if key is not None))
        if len(listed) < len([key for key in keys if key is not None]):
            self._problems.add(place, "A stage is named twice.", "$.stages")
        self.design.business = {
            **{name: values.get(name) for name in PROFILE},
            "settings": values["settings"],
            "default_stage": None if default is None else self._key_of_stage(default, place, "$.default_stage"),
            "stages": [*listed, *(key for key in folders.values() if key not in listed)],
        }

    def _resolve(self) -> None:
        """Check the names with which stages refer to agents, and test cases to stages."""
        for key, stage in self.design.stages.items():
            named = [each["agent"] for each in stage["agents"]]
            for index, name in enumerate(named):
                path = f"$.agents[{index}].agent"
                if name not in self.design.parts["agent"] and "agent" not in self._incomplete:
                    self._problems.add(self.places["stage", key], f"There is no agent named {name[:100]}.", path)
                elif name in named[:index]:
                    self._problems.add(self.places["stage", key], "This agent is already in the list.", path)
        for key, case in self.design.parts["test_case"].items():
            if case["stage"] is not None:
                case["stage"] = self._key_of_stage(case["stage"], self.places["test_case", key], "$.stage")

    def _key_of_stage(self, name: Any, place: Place, path: str) -> str | None:
        if not isinstance(name, str):
            self._problems.add(place, "Must be the name of a stage.", path)
            return None
        key = name_key(name)
        if key in self.design.stages:
            return key
        if "stage" not in self._incomplete:
            self._problems.add(place, f"There is no stage named {name[:100]}.", path)
        return None

    def _document(self, path: str, missing: Any = None) -> Document:
        if path not in self._files:
            return Document(missing, {"$": 1})
        text = self._files[path]
        try:
            document = read_markdown(text) if path.endswith(".md") else read_yaml(text)
        except YamlError as error:
            self._problems.add(Place(path, {"$": error.line}), error.message)
            return Document(_Unreadable, {"$": error.line})
        return document

    def _checked(self, kind: Kind, value: Any, place: Place, **extra: str) -> Part | None:
        """The part with all of its fields; None if it is invalid, which is noted."""
        part = self._completed(kind, value, place, extra)
        if part is None:
            self._incomplete.add(kind)
        return part

    def _completed(self, kind: Kind, value: Any, place: Place, extra: dict[str, str]) -> Part | None:
        if value is _Unreadable:
            return None
        if not isinstance(value, dict):
            self._problems.add(place, "Must be fields with their values.")
            return None
        body = {**value, **extra}
        if kind == "stage" and "agents" in body:
            body["agents"] = _with_ids(value["agents"])
        stage = body.pop("stage", None) if kind == "test_case" else None
        if not self._check(place, body, _SCHEMAS[kind], (*FIELDS[kind], *extra)):
            return None
        if kind == "stage" and any(not isinstance(each.get("agent"), str) for each in value.get("agents", [])):
            self._problems.add(place, "Each agent needs its name as `agent`.", "$.agents")
            return None
        if kind == "stage":
            value = {**value, "agents": [{"conditions": [], **each} for each in value.get("agents", [])]}
        return complete(kind, {**value, "stage": stage} if kind == "test_case" else value)

    def _check(self, place: Place, body: Part, schema: str, fields: tuple[str, ...]) -> bool:
        problems = [*_unknown(body, fields), *storage_problems(body)]
        problems = problems or conforms_to({name: body[name] for name in fields if name in body}, schema)
        self._problems.add_all(place, problems)
        return not problems

    def _add(self, kind: Kind, key: str, values: Part, place: Place) -> None:
        self.design.parts[kind][key] = values
        self.places[kind, key] = place


_Unreadable: Any = object()  # instead of the value of a file with a syntax error


def _with_ids(agents: Any) -> Any:
    """The agents of a stage as the API expects them."""
    if not isinstance(agents, list):
        return agents
    return [_with_id(each) if isinstance(each, dict) else each for each in agents]


def _with_id(entry: Part) -> Part:
    return {"agent_id": _ANY_ID, **{name: value for name, value in entry.items() if name != "agent"}}


def _unknown(body: Part, fields: tuple[str, ...]) -> Iterator[dict[str, str]]:
    """Fields of the API that files do not have, such as IDs, are unknown too."""
    for name in body:
        if name not in fields:
            yield {"path": f"$.{name}", "message": "Unknown field."}
