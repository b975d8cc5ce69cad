"""Validation of extraction schemas and of fields."""

from typing import Any

import pytest

from core.errors import InvalidRequest
from message_processing.steps.extraction_schema import check_extraction_schema, problems_with

TEXT = {"type": "string"}


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"city": TEXT}},
        {"type": "object", "properties": {"city": TEXT}, "required": ["city"], "additionalProperties": False},
        {"properties": {"from": {"$ref": "#/$defs/place"}}, "$defs": {"place": {"type": "object"}}},
        {"properties": {"from": {"$ref": "#place"}}, "$defs": {"place": {"$anchor": "place", "type": "string"}}},
        {"properties": {"tree": {"type": "array", "items": {"$ref": "#/properties/tree"}}}},  # ends with the reply
        {"properties": {"größe 😀": {"enum": ["S", "M", None]}}},
        {"properties": {"anything": True}},
    ],
)
def test_accepted_schema(schema: dict[str, Any]) -> None:
    check_extraction_schema(schema)


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = TEXT
    for _ in range(depth):
        schema = {"properties": {"a": schema}}
    return schema


@pytest.mark.parametrize(
    ("schema", "path", "problem"),
    [
        ({"properties": {"city": {"type": "text"}}}, "$.extraction_schema.properties.city.type", "'text' is not valid"),
        (
            {"properties": {"city": {"pattern": "["}}},
            "$.extraction_schema.properties.city.pattern",
            "Not a supported regular",
        ),
        ({}, "$.extraction_schema", "must describe an object"),
        ({"properties": {}}, "$.extraction_schema", "must describe an object"),
        ({"type": "array", "properties": {"city": TEXT}}, "$.extraction_schema", "must describe an object"),
        ({"properties": {"city": TEXT}, "required": ["town"]}, "$.extraction_schema.required", "'town'"),
        ({"properties": {f"f{at}": TEXT for at in range(101)}}, "$.extraction_schema", "at most 100"),
        ({"properties": {" ": TEXT}}, "$.extraction_schema", "1 to 200 characters"),
        ({"properties": {"x" * 201: TEXT}}, "$.extraction_schema", "1 to 200 characters"),
        ({"properties": {"a": {"$ref": "http://127.0.0.1/x.json"}}}, "$.extraction_schema", "in the same schema"),
        ({"properties": {"a": {"$dynamicRef": "other.json"}}}, "$.extraction_schema", "in the same schema"),
        ({"properties": {"a": {"$ref": "#/nowhere"}}}, "$.extraction_schema", "cannot be resolved"),
        ({"properties": {"a": {"items": {"$ref": "#nowhere"}}}}, "$.extraction_schema", "cannot be resolved"),
        ({"properties": {"a": {"$ref": "#/properties/a"}}}, "$.extraction_schema", "refers to itself"),
        ({"properties": {"a": TEXT}, "$ref": "#"}, "$.extraction_schema", "refers to itself"),
        ({"properties": {"a": {"patternProperties": {"^x": TEXT}}}}, "$.extraction_schema", "is not supported"),
        (nested(400), "$.extraction_schema", "nested too deeply"),
    ],
)
def test_rejected_schema(schema: dict[str, Any], path: str, problem: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_extraction_schema(schema)
    [detail] = refused.value.details
    assert detail["path"] == path
    assert problem in detail["message"]


@pytest.mark.parametrize(
    ("value", "schema"),
    [
        ("2026-02-30", {"format": "date"}),
        ("ada", {"format": "email"}),
        (10**300, {"maximum": 10}),
        (0.35, {"multipleOf": 0.1}),
        ("c", {"enum": ["a", "b"]}),
        ({"b": 1}, {"properties": {"b": TEXT}}),
    ],
)
def test_problem_names_its_field(value: Any, schema: dict[str, Any]) -> None:
    [(name, problem)] = problems_with({"a": value, "b": 1}, {"properties": {"a": schema}})
    assert name == "a"
    assert problem.startswith("$.a")


@pytest.mark.parametrize("field", [{"type": "text"}, {"pattern": "["}, {"$ref": "#/nowhere"}])
def test_unchecked_schema_does_not_raise(field: dict[str, Any]) -> None:
    expected = [(None, "the reply cannot be checked against the schema")]
    assert problems_with({"a": "x"}, {"properties": {"a": field}}) == expected
