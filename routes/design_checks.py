"""Checks the files of a design as the routes of its parts check requests, beyond their schemas."""

from uuid import UUID

from db import Connection
from design.present import Present, article_part
from design.problems import Place, Problems
from design.reading import DesignReader
from message_processing.actions.checks import check_actions
from message_processing.api_calls.config import check_call
from message_processing.steps.extraction_schema import check_extraction_schema
from repositories import businesses
from routes.agents import check_working_hours
from routes.articles import complete_article
from routes.model import check_models, check_secret, checked_settings
from routes.test_cases import MAX_CASES, check_case
from routes.variables import checked_name


def check_design(
    conn: Connection, business_id: UUID, reader: DesignReader, present: Present, problems: Problems
) -> None:
    """Note everything that the API would refuse. Completes articles and settings as the API does."""
    design, places = reader.design, reader.places
    place = places["business", ""]
    settings = design.business.get("settings", {})
    with problems.collected(place):
        before = businesses.get_business(conn, business_id)["settings"]
        settings = design.business["settings"] = checked_settings(before, settings, "$.settings")
        check_secret(conn, business_id, settings, "$.settings")
    for key, values in design.parts["variable"].items():
        with problems.collected(places["variable", key]):
            checked_name(values["name"])
    for key, values in design.parts["agent"].items():
        with problems.collected(places["agent", key]):
            check_working_hours(values)
    for key in design.stages:
        _check_stage(reader, key, problems)
    if "model_server" not in settings:
        for key, values in design.parts["template"].items():
            known = present.design.parts["template"].get(key, {"model_settings": {}})
            with problems.collected(places["template", key]):
                check_models(known["model_settings"], values["model_settings"])
    for key, values in design.parts["test_case"].items():
        with problems.collected(places["test_case", key]):
            check_case(values)
    if len(design.parts["test_case"]) > MAX_CASES:
        problems.add(Place("tests"), f"A business has at most {MAX_CASES} test cases.")
    for key, values in design.parts["article"].items():
        with problems.collected(places["article", key]):
            design.parts["article"][key] = article_part(complete_article(values))


def _check_stage(reader: DesignReader, key: str, problems: Problems) -> None:
    stage, place = reader.design.stages[key], reader.places["stage", key]
    if stage["extraction_schema"] is not None:
        with problems.collected(place):
            check_extraction_schema(stage["extraction_schema"])
    if stage["data_retrieval"]["method"] == "api_call":
        with problems.collected(place):
            check_call(stage["data_retrieval"]["config"], "$.data_retrieval.config")
    writable = reader.design.business["settings"].get("writable_fields", {})
    with problems.collected(place):
        check_actions(stage["actions"], stage, writable, list(reader.design.parts["variable"]))
