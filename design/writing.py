"""Writes a design as files, always in the same way, so that differences between two versions are small."""

from collections.abc import Iterator
from typing import Any

from design.file_names import file_names
from design.front_matter import write_markdown
from design.model import (
    FIELDS,
    PROFILE,
    PROMPTS,
    REQUIRED,
    SUMMARY,
    Design,
    Kind,
    Part,
    differs,
    template_key,
    template_name,
)
from design.yaml_files import write_yaml


def write_design(design: Design) -> dict[str, str]:
    """The text of each file by its path, sorted by path."""
    return dict(sorted(_files(design)))


def _files(design: Design) -> Iterator[tuple[str, str]]:
    yield "business.yaml", write_yaml(_business(design))
    yield "variables.yaml", write_yaml(_sorted(design, "variable"))
    yield "agents.yaml", write_yaml([_short("agent", part) for part in design.parts["agent"].values()])
    yield from _stages(design)
    summary = design.parts["template"].get(template_key(SUMMARY))
    if summary is not None:
        yield "summary.md", _template(summary, template_name(SUMMARY))
    articles = design.parts["article"].values()
    for file, part in zip(file_names(part["title"] for part in articles), articles, strict=True):
        fields = _short("article", part)
        yield f"articles/{file}.md", write_markdown(fields, fields.pop("content"))
    cases = design.parts["test_case"].values()
    for file, part in zip(file_names(part["name"] for part in cases), cases, strict=True):
        stage = design.stages[part["stage"]]["stage_name"] if part["stage"] else None
        yield f"tests/{file}.yaml", write_yaml(_short("test_case", {**part, "stage": stage}))


def _business(design: Design) -> dict[str, Any]:
    values = design.business
    default = values["default_stage"]
    return {
        **{name: values[name] for name in PROFILE if values[name] is not None},
        "settings": values["settings"],
        **({"default_stage": design.stages[default]["stage_name"]} if default else {}),
        "stages": [design.stages[key]["stage_name"] for key in values["stages"]],
    }


def _sorted(design: Design, kind: Kind) -> list[Part]:
    return [_short(kind, part) for _, part in sorted(design.parts[kind].items())]


def _stages(design: Design) -> Iterator[tuple[str, str]]:
    keys = list(design.stages)
    folders = file_names(design.stages[key]["stage_name"] for key in keys)
    for folder, key in zip(folders, keys, strict=True):
        stage = _short("stage", design.stages[key])
        agents = [each if each["conditions"] else {"agent": each["agent"]} for each in stage.get("agents", [])]
        yield f"stages/{folder}/stage.yaml", write_yaml({**stage, "agents": agents} if agents else stage)
        for template_type, file in PROMPTS.items():
            template = design.parts["template"][template_key(template_type, key)]
            name = template_name(template_type, design.stages[key]["stage_name"])
            yield f"stages/{folder}/{file}.md", _template(template, name)


def _template(template: Part, default_name: str) -> str:
    fields = _short("template", template)
    content = fields.pop("content", "")
    if fields["template_name"] == default_name:
        del fields["template_name"]
    return write_markdown(fields, content)


def _short(kind: Kind, part: Part) -> Part:
    """The fields that differ from what a file may leave out, in their order."""
    return {
        name: part[name]
        for name, default in FIELDS[kind].items()
        if default is REQUIRED or differs(part[name], default)
    }
