"""Data extraction: how a model's answer is parsed, when it is requested again, and which fields are kept."""

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from message_processing.steps.extraction import extract_data
from message_processing.turn import Outcome, Turn
from tests.support.pipeline import FakePrompts, make_release, make_stage, make_turn

SCHEMA = {
    "type": "object",
    "properties": {
        "order_number": {"type": "string", "pattern": "^[A-Z]-[0-9]{5}$"},
        "quantity": {"type": "integer", "minimum": 1},
        "email": {"type": "string", "format": "email"},
        "address": {"type": "object", "properties": {"street": {"type": "string"}, "city": {"type": "string"}}},
    },
    "required": ["order_number", "email"],
}


def turn_with(schema: dict[str, Any] | None, **values: Any) -> Turn:
    return make_turn(make_release(replace(make_stage("Order help"), extraction_schema=schema)), **values)


def extract(*answers: str, schema: dict[str, Any] | None = None, **values: Any) -> tuple[Outcome, FakePrompts]:
    """Extracts from a message that contains everything in the answers, unless `message` is given."""
    prompts = FakePrompts(*answers)
    outcome = extract_data(turn_with(schema, **{"message": " ".join(answers), **values}), prompts)
    assert not prompts.answers, "fewer prompts were sent than expected"
    return outcome, prompts


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ('{"issue": "late", "order_number": "A-10433"}', {"issue": "late", "order_number": "A-10433"}),
        ('Sure! Here it is: {"issue": "late"} Anything else?', {"issue": "late"}),
        ('```json\n{"issue": "late"}\n```', {"issue": "late"}),
        (
            "{'street': '123 Main St', 'zip_code': '91234'}",
            {"street": "123 Main St", "zip_code": "91234"},
        ),
        ('{"issue": "late",}', {"issue": "late"}),
        ('[{"issue": "late"}]', {"issue": "late"}),
        ('{"ok": false, "count": 0, "list": [], "nested": {"a": [1]}}', None),
        ("{}", {}),
        ("[]", {}),
        ("null", {}),
        ('{"issue": null, "note": "", "blank": "  ", "": "x", " ": "y", "address": {"city": null}}', {}),
    ],
)
def test_any_json_is_accepted_without_a_schema(answer: str, fields: dict[str, Any] | None) -> None:
    outcome, _ = extract(answer)
    assert outcome.output["fields"] == (json.loads(answer) if fields is None else fields)
    assert outcome.output["text"] is None
    assert outcome.output["problems"] == []


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ('{"result": {"order_number": "A-10433"}}', {"order_number": "A-10433"}),
        ('{"extracted_data": [{"quantity": 2, "email": null}]}', {"quantity": 2}),
        ('{"order_number": "A-10433", "address": {"city": "Leeds"}}', None),
        ('{"address": {"email": "a@example.com"}}', {"address": {"email": "a@example.com"}}),
        ('{"order_number": "null", "email": "NULL", "address": {"city": "null"}}', {}),
        ('{"address": {"city": "Null", "street": "1 Main St\nFlat 2"}}', None),
    ],
)
def test_fields_of_a_schema(answer: str, fields: dict[str, Any] | None) -> None:
    outcome, _ = extract(answer, schema=SCHEMA)
    assert outcome.output["fields"] == (json.loads(answer, strict=False) if fields is None else fields)
    assert outcome.output["problems"] == []


@pytest.mark.parametrize(
    "answer", ["entities: {issue: help}", "nothing", "The order number is A-10433.", '{"a": 1} {"b": 2}', "[1, 2]", "7"]
)
def test_unparsable_reply_is_kept_as_text(answer: str) -> None:
    outcome, _ = extract(answer)
    assert outcome.output["fields"] == {}
    assert outcome.output["text"] == answer
    assert outcome.output["problems"] == ["the reply is not a JSON object"]
    assert outcome.decision == "The reply could not be read as JSON and is kept as text; no fields were extracted."


def test_fields_that_cannot_be_stored_are_left_out() -> None:
    answer = {"n" * 201: "name is too long", "n" * 200: "name just fits", **{f"f{at}": at for at in range(150)}}
    outcome, _ = extract(json.dumps(answer))
    assert len(outcome.output["fields"]) == 100
    assert "n" * 200 in outcome.output["fields"]
    assert "n" * 201 not in outcome.output["fields"]
    assert outcome.output["problems"] == ["some fields were left out: too many, or their names are too long"]
    outcome, _ = extract(r'{"na\u0000me": "a\u0000b\ud800"}', message="ab")
    assert outcome.output["fields"] == {"name": "ab"}


def test_valid_reply_is_requested_once() -> None:
    answer = '{"order_number": "A-10433", "quantity": null, "email": "ada@example.com", "address": null}'
    outcome, prompts = extract(answer, schema=SCHEMA)
    assert outcome.output == {
        "fields": {"order_number": "A-10433", "email": "ada@example.com"},
        "text": None,
        "problems": [],
        "missing": [],
        "quotes": {"order_number": "A-10433", "email": "ada@example.com"},
        "not_said": {},
    }
    assert outcome.decision == "Found email, order_number."
    assert json.dumps(SCHEMA) in prompts.requests[0].contract
    assert outcome.calls[-1].parsed == outcome.output["fields"]


def test_missing_required_field_is_not_a_problem_of_the_reply() -> None:
    outcome, _ = extract('{"order_number": "A-10433"}', schema=SCHEMA)
    assert outcome.output["problems"] == []
    assert outcome.output["missing"] == ["email"]
    assert outcome.decision == "Found order_number. Still missing: email."
    outcome, _ = extract("{}", schema=SCHEMA, collected_before={"email": "ada@example.com"})
    assert outcome.output["missing"] == ["order_number"]
    assert outcome.decision == "Found no new fields. Still missing: order_number."


def test_schema_for_the_model_allows_null_for_each_field() -> None:
    _, prompts = extract("{}", schema=SCHEMA)
    constraint = prompts.requests[0].schema
    assert constraint is not None
    validator = Draft202012Validator(constraint)
    assert validator.is_valid({"order_number": "A-10433", "quantity": 1, "email": None, "address": None})
    assert validator.is_valid(dict.fromkeys(SCHEMA["properties"]))
    assert not validator.is_valid({"order_number": "10433", "quantity": None, "email": None, "address": None})
    assert not validator.is_valid({"order_number": "A-10433"})
    assert SCHEMA["required"] == ["order_number", "email"]  # the stage's schema is unchanged


def test_invalid_reply_is_requested_again_with_the_errors() -> None:
    outcome, prompts = extract(
        '{"order_number": "10433", "quantity": 0, "email": "ada@example.com"}',
        '{"order_number": "A-10433", "quantity": 2, "email": "ada@example.com"}',
        schema=SCHEMA,
    )
    first, second = prompts.requests
    assert (first.previous, first.correction) == (None, "")
    assert second.previous is not None
    assert second.previous.text.startswith('{"order_number": "10433"')
    assert "$.order_number: '10433' does not match" in second.correction
    assert "$.quantity: 0 is less than the minimum of 1" in second.correction
    assert outcome.output["fields"] == {"order_number": "A-10433", "quantity": 2, "email": "ada@example.com"}
    assert outcome.output["problems"] == []
    assert [call.parsed for call in outcome.calls] == [None, outcome.output["fields"]]


def test_fields_that_stay_invalid_are_left_out() -> None:
    invalid = '{"order_number": "10433", "email": "ada@example.com"}'
    outcome, prompts = extract(invalid, invalid, schema=SCHEMA)
    assert len(prompts.requests) == 2
    assert outcome.output["fields"] == {"email": "ada@example.com"}
    assert len(outcome.output["problems"]) == 1
    assert outcome.decision == "Found email; invalid values were left out. Still missing: order_number."


@pytest.mark.parametrize("second", ['{"order_number": "A-10433"}', "I am sorry.", "null"])
def test_valid_fields_of_the_first_reply_are_kept(second: str) -> None:
    outcome, _ = extract('{"order_number": "10433", "email": "ada@example.com"}', second, schema=SCHEMA)
    assert outcome.output["fields"]["email"] == "ada@example.com"
    assert outcome.output["text"] is None


def test_reply_without_json_is_requested_again_and_then_kept_as_text() -> None:
    outcome, prompts = extract("Let me think.", "I cannot.", schema=SCHEMA)
    assert "the reply is not a JSON object" in prompts.requests[1].correction
    assert (outcome.output["fields"], outcome.output["text"]) == ({}, "I cannot.")
    outcome, _ = extract("Let me think.", '{"order_number": "A-10433"}', schema=SCHEMA)
    assert (outcome.output["fields"], outcome.output["text"]) == ({"order_number": "A-10433"}, None)


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ('{"order_number": null, "email": ""}', {}),  # no values
        ('{"shoe_size": 43, "order_number": "A-10433"}', {"order_number": "A-10433"}),  # not declared
        ('{"address": {"street": null, "city": "Leeds"}}', {"address": {"city": "Leeds"}}),
        ('{"quantity": 3}', {"quantity": 3}),
    ],
)
def test_reply_that_is_not_requested_again(answer: str, fields: dict[str, Any]) -> None:
    outcome, _ = extract(answer, schema=SCHEMA)
    assert outcome.output["fields"] == fields
    assert outcome.output["problems"] == []


def test_null_does_not_replace_an_earlier_value() -> None:
    turn = turn_with(SCHEMA, message="2 of them", collected_before={"order_number": "A-10433", "quantity": 1})
    outcome = extract_data(turn, FakePrompts('{"order_number": null, "quantity": 2, "email": null}'))
    after = turn.with_extraction(outcome.output)
    assert after.extracted_data == {"quantity": 2}
    assert after.collected_data == {"order_number": "A-10433", "quantity": 2}
    assert after.missing_fields == ["email"]


def test_problem_of_the_whole_object_leaves_out_all_fields() -> None:
    schema = {"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "dependentRequired": {"a": ["b"]}}
    outcome, _ = extract('{"a": "x"}', '{"a": "x"}', schema=schema)
    assert outcome.output["fields"] == {}
    outcome, _ = extract('{"a": "x"}', '{"a": "x", "b": "y"}', schema=schema)
    assert outcome.output["fields"] == {"a": "x", "b": "y"}


def test_number_of_reported_problems_is_limited() -> None:
    schema = {"properties": {f"f{at}": {"type": "integer"} for at in range(30)}}
    answer = json.dumps({f"f{at}": "x" * 1000 for at in range(30)})
    outcome, prompts = extract(answer, answer, schema=schema)
    assert len(outcome.output["problems"]) == 10
    assert len(prompts.requests[1].correction) < 2500


def test_schema_that_cannot_be_applied_extracts_nothing() -> None:
    schema = {"properties": {"a": {"items": {"items": {"$ref": "#/nowhere"}}}}}
    outcome, _ = extract('{"a": [["x"]]}', '{"a": [["x"]]}', schema=schema)
    assert outcome.output["fields"] == {}
    assert outcome.output["problems"] == ["the reply cannot be checked against the schema"]


def test_value_that_the_customer_has_not_written_is_left_out() -> None:
    answer = (
        '{"order_number": "A-12345", "quantity": 2, "email": null, "address": {"city": "Leeds", "street": "Main St"}}'
    )
    outcome, _ = extract(answer, schema=SCHEMA, message="Please send two of them to LEEDS")
    assert outcome.output["fields"] == {"quantity": 2, "address": {"city": "Leeds"}}
    assert outcome.output["quotes"] == {"quantity": "two", "address.city": "LEEDS"}
    assert outcome.output["not_said"] == {"order_number": "A-12345", "address.street": "Main St"}
    assert outcome.output["missing"] == ["order_number", "email"]
    assert outcome.decision == (
        "Found address, quantity; left out because the customer did not say it: address.street, order_number."
        " Still missing: order_number, email."
    )
    assert outcome.calls[-1].parsed["order_number"] == "A-12345"  # what the model answered


def test_value_of_an_earlier_message_of_the_customer_is_kept() -> None:
    prompts = FakePrompts('{"order_number": "A-10433"}')
    prompts.earlier_messages = ["It is A-10433", "Hello"]
    outcome = extract_data(turn_with(SCHEMA, message="And when does it arrive?"), prompts)
    assert outcome.output["quotes"] == {"order_number": "A-10433"}


def test_choices_are_kept_if_the_message_names_them_or_the_schema_opts_out() -> None:
    schema = {
        "properties": {
            "product": {"type": "string", "enum": ["Tideline mug", "Linen apron"]},
            "size": {"type": "string", "enum": ["S", "M"]},
            "mood": {"type": "string", "enum": ["calm", "angry"], "x-grounded": False},
        }
    }
    answer = '{"product": "Tideline mug", "size": "M", "mood": "calm"}'
    outcome, _ = extract(answer, schema=schema, message="The mugs have a crack.")
    assert outcome.output["fields"] == {"product": "Tideline mug", "mood": "calm"}
    assert outcome.output["quotes"] == {"product": "mugs"}
    assert outcome.output["not_said"] == {"size": "M"}
