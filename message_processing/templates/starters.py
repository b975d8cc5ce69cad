"""Reads the starters: stages, templates and an agent for a kind of business, in `templates/starters/<name>`.

An entry of `stages` with `shared` takes a stage of `shared/<language>.json`, and changes the fields that it names. The
fixed replies of the other languages become translations. The three templates of a stage are those of
`shared/<language>/`, with the stage's own `instructions` inserted.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict

from message_processing.templates.defaults import FOLDER

STARTERS = FOLDER / "starters"
# In the order in which they are offered.
NAMES = ("repair_shop", "online_shop", "salon", "restaurant", "practice", "empty")
LANGUAGES = ("en", "de", "es")
TEMPLATE_TYPES = {"stage_selection": "selection", "data_extraction": "extraction", "response_generation": "response"}
_INSTRUCTIONS = "[[instructions]]\n"


class StarterTemplate(TypedDict):
    """A template of a stage, without a name."""

    template_type: Literal["stage_selection", "data_extraction", "response_generation"]
    system_prompt: str
    content: str


class StarterStage(TypedDict):
    """A stage: `values` are the fields of `schemas/stages_create.json`. `agent` is the name of its agent."""

    values: dict[str, Any]
    templates: list[StarterTemplate]
    agent: str | None


class Starter(TypedDict):
    """A starter in one language. `example_order` belongs to the test customer, who asks for it in `first_message`."""

    name: str
    language: str
    title: str
    description: str
    first_message: str
    settings: dict[str, Any]
    agents: list[dict[str, Any]]
    variables: list[dict[str, Any]]
    stages: list[StarterStage]
    test_customer: dict[str, Any]
    example_order: NotRequired[dict[str, Any]]


@cache
def read_starter(name: str, language: str) -> Starter:
    """Returns the starter. The caller has checked the name and the language."""
    own, shared, stages = _merged(name, language)
    for other in LANGUAGES:
        if other != language:
            for stage, translated in zip(stages, _merged(name, other)[2], strict=True):
                stage["fixed_reply_translations"][other] = translated["fixed_reply"]
    merged: Any = {
        **shared,
        "variables": [],
        **own,
        "name": name,
        "language": language,
        "stages": with_templates(stages, language),
    }
    starter: Starter = merged
    return starter


def _merged(name: str, language: str) -> tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]:
    """The files of a starter and of all starters, and the stages of both."""
    own, shared = _read(STARTERS / name / f"{language}.json"), _read(STARTERS / "shared" / f"{language}.json")
    stages = [
        {**shared["stages"].get(stage.get("shared"), {}), **stage, "fixed_reply_translations": {}}
        for stage in own["stages"]
    ]
    return own, shared, stages


def with_templates(stages: list[dict[str, Any]], language: str) -> list[StarterStage]:
    """Returns the stages of a JSON file with the shared templates of this language."""
    prompts = {
        template_type: (STARTERS / "shared" / language / f"{template_type}.txt").read_text()
        for template_type in TEMPLATE_TYPES
    }
    return [_stage(stage, prompts) for stage in stages]


def _stage(stage: dict[str, Any], prompts: dict[str, str]) -> StarterStage:
    instructions = stage.get("instructions", {})
    values = {name: value for name, value in stage.items() if name not in ("shared", "agent", "instructions")}
    templates: Any = [
        _template(template_type, prompts[template_type], instructions.get(key, ""))
        for template_type, key in TEMPLATE_TYPES.items()
    ]
    return {"values": values, "templates": templates, "agent": stage.get("agent")}


def _template(template_type: str, prompt: str, instructions: str) -> dict[str, str]:
    text = prompt.replace(_INSTRUCTIONS, f"{instructions}\n" if instructions else "")
    system_prompt, _, content = text.partition("\n---\n")
    return {"template_type": template_type, "system_prompt": system_prompt.strip(), "content": content.strip()}


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text())
    return content
