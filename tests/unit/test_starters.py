"""The starters that come with ICMP can be applied, and use only variables that exist."""

import pytest

from core.validation import validate
from message_processing.actions.checks import LOOK_UP_COLUMNS, check_actions
from message_processing.steps.extraction_schema import check_extraction_schema
from message_processing.templates.braces import placeholders, texts_in
from message_processing.templates.names import list_variables
from message_processing.templates.starters import LANGUAGES, NAMES, STARTERS, Starter, StarterStage, read_starter

ALL = pytest.mark.parametrize(("name", "language"), [(name, language) for name in NAMES for language in LANGUAGES])


def fields_of(stage: StarterStage) -> list[str]:
    schema = stage["values"].get("extraction_schema") or {}
    return list(schema.get("properties", {}))


def unknown_names(starter: Starter, stage: StarterStage) -> list[str]:
    """The names in the stage's texts that are no variable, no field and no column of its look-up."""
    retrieval = stage["values"].get("data_retrieval", {}).get("config", {})
    known = [variable["name"] for variable in starter["variables"]]
    known += fields_of(stage) + LOOK_UP_COLUMNS.get(retrieval.get("source"), "").split()
    parts = {name: value for name, value in stage["values"].items() if name != "extraction_schema"}
    texts = [*texts_in(parts), *(text for each in stage["templates"] for text in texts_in(dict(each)))]
    return [name for text in texts for name in list_variables(text, "", known)[1]]


def test_every_folder_is_a_starter_in_every_language() -> None:
    folders = {path.name for path in STARTERS.iterdir()}
    assert folders == {*NAMES, "shared"}
    assert {path.name for folder in NAMES for path in (STARTERS / folder).iterdir()} == {f"{x}.json" for x in LANGUAGES}


@ALL
def test_starter_passes_the_checks_of_the_api(name: str, language: str) -> None:
    starter = read_starter(name, language)
    validate(starter["settings"], "business_settings")
    for agent in starter["agents"]:
        validate(agent, "agents_create")
    for variable in starter["variables"]:
        validate(variable, "variables_create")
    variables = [variable["name"] for variable in starter["variables"]]
    for stage in starter["stages"]:
        values = stage["values"]
        validate(values, "stages_create")
        if "extraction_schema" in values:
            check_extraction_schema(values["extraction_schema"])
        check_actions(values.get("actions", []), values, {}, variables)
        assert unknown_names(starter, stage) == []
        assert all("[[" not in text for each in stage["templates"] for text in texts_in(dict(each)))
        for each in stage["templates"]:
            validate({**each, "template_name": values["stage_name"]}, "templates_create")


@ALL
def test_starter_has_examples_fixed_replies_and_a_stage_that_hands_over(name: str, language: str) -> None:
    starter = read_starter(name, language)
    names = [stage["values"]["stage_name"] for stage in starter["stages"]]
    assert len(set(names)) == len(names)
    for stage in starter["stages"]:
        assert len(stage["values"]["example_messages"]) >= 10
        assert stage["values"]["fixed_reply"]
    human = {agent["agent_name"] for agent in starter["agents"] if agent["agent_type"] == "human"}
    assert [stage["agent"] in human for stage in starter["stages"]].count(True) == 1
    examples = [text for stage in starter["stages"] for text in stage["values"]["example_messages"]]
    assert len(set(examples)) == len(examples)


@pytest.mark.parametrize("name", NAMES)
def test_starter_does_the_same_in_every_language(name: str) -> None:
    shapes = []
    for language in LANGUAGES:
        starter = read_starter(name, language)
        shapes.append(
            [
                (
                    fields_of(stage),
                    [action["do"] for action in stage["values"].get("actions", [])],
                    stage["values"].get("data_retrieval", {}).get("method"),
                    stage["agent"] is None,
                    sorted(each.name for each in placeholders(stage["values"]["fixed_reply"])),
                )
                for stage in starter["stages"]
            ]
        )
    assert shapes[1:] == shapes[:1] * 2
