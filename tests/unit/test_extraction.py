"""Data extraction: what is read out of a model's answer, what is asked again, and what is kept (SPEC 7.5)."""

import json
from dataclasses import replace
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from message_processing.steps.extraction import extract_data
from message_processing.turn import Outcome, Turn
from tests.support.parts import FakeAsk, make_release, make_stage, make_turn

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


def extract(*answers: str, schema: dict[str, Any] | None = None, **values: Any) -> tuple[Outcome, FakeAsk]:
    ask = FakeAsk(*answers)
    outcome = extract_data(turn_with(schema, **values), ask)
    assert not ask.answers, "fewer questions were asked than expected"
    return outcome, ask


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
def test_without_a_schema_any_json_is_read(answer: str, fields: dict[str, Any] | None) -> None:
    outcome, _ = extract(answer)
    assert outcome.output["fields"] == (json.loads(answer) if fields is None else fields)
    assert outcome.output["text"] is None
    assert outcome.output["problems"] == []


@pytest.mark.parametrize(
    "answer", ["entities: {issue: help}", "nothing", "The order number is A-10433.", '{"a": 1} {"b": 2}', "[1, 2]", "7"]
)
def test_what_cannot_be_read_is_kept_as_text_and_marked(answer: str) -> None:
    outcome, _ = extract(answer)
    assert outcome.output["fields"] == {}
    assert outcome.output["text"] == answer
    assert outcome.output["problems"] == ["the reply is not a JSON object"]
    assert outcome.decision == "The reply could not be read as JSON and is kept as text; nothing was taken from it."


def test_what_no_column_could_keep_is_left_out() -> None:
    answer = {"n" * 201: "too long a name", "n" * 200: "just so", **{f"f{at}": at for at in range(150)}}
    outcome, _ = extract(json.dumps(answer))
    assert len(outcome.output["fields"]) == 100
    assert "n" * 200 in outcome.output["fields"]
    assert "n" * 201 not in outcome.output["fields"]
    assert outcome.output["problems"] == ["more fields, or longer names, than can be kept"]
    outcome, _ = extract(r'{"na\u0000me": "a\u0000b\ud800"}')
    assert outcome.output["fields"] == {"name": "ab"}


def test_a_valid_reply_is_asked_for_once() -> None:
    answer = '{"order_number": "A-10433", "quantity": null, "email": "ada@example.com", "address": null}'
    outcome, ask = extract(answer, schema=SCHEMA)
    assert outcome.output == {
        "fields": {"order_number": "A-10433", "email": "ada@example.com"},
        "text": None,
        "problems": [],
        "missing": [],
    }
    assert outcome.decision == "Found email, order_number."
    assert json.dumps(SCHEMA) in ask.asked[0].contract
    assert outcome.calls[-1].parsed == outcome.output["fields"]


def test_what_a_message_does_not_say_is_no_fault_of_the_reply() -> None:
    outcome, _ = extract('{"order_number": "A-10433"}', schema=SCHEMA)
    assert outcome.output["problems"] == []
    assert outcome.output["missing"] == ["email"]
    assert outcome.decision == "Found order_number. Still missing: email."
    outcome, _ = extract("{}", schema=SCHEMA, collected_before={"email": "ada@example.com"})
    assert outcome.output["missing"] == ["order_number"]
    assert outcome.decision == "The message holds no new field. Still missing: order_number."


def test_the_model_is_constrained_to_the_schema_and_may_say_that_it_does_not_know() -> None:
    _, ask = extract("{}", schema=SCHEMA)
    constraint = ask.asked[0].schema
    assert constraint is not None
    validator = Draft202012Validator(constraint)
    assert validator.is_valid({"order_number": "A-10433", "quantity": 1, "email": None, "address": None})
    assert validator.is_valid(dict.fromkeys(SCHEMA["properties"]))
    assert not validator.is_valid({"order_number": "10433", "quantity": None, "email": None, "address": None})
    assert not validator.is_valid({"order_number": "A-10433"})
    assert SCHEMA["required"] == ["order_number", "email"]  # the stage's own is as it was


def test_an_invalid_reply_is_asked_for_once_more_with_the_errors() -> None:
    outcome, ask = extract(
        '{"order_number": "10433", "quantity": 0, "email": "ada@example.com"}',
        '{"order_number": "A-10433", "quantity": 2, "email": "ada@example.com"}',
        schema=SCHEMA,
    )
    first, second = ask.asked
    assert (first.after, first.correction) == (None, "")
    assert second.after is not None
    assert second.after.text.startswith('{"order_number": "10433"')
    assert "$.order_number: '10433' does not match" in second.correction
    assert "$.quantity: 0 is less than the minimum of 1" in second.correction
    assert outcome.output["fields"] == {"order_number": "A-10433", "quantity": 2, "email": "ada@example.com"}
    assert outcome.output["problems"] == []
    assert [call.parsed for call in outcome.calls] == [None, outcome.output["fields"]]


def test_what_stays_invalid_is_left_out_and_the_rest_is_kept() -> None:
    bad = '{"order_number": "10433", "email": "ada@example.com"}'
    outcome, ask = extract(bad, bad, schema=SCHEMA)
    assert len(ask.asked) == 2
    assert outcome.output["fields"] == {"email": "ada@example.com"}
    assert len(outcome.output["problems"]) == 1
    assert outcome.decision == "Found email; left out what was not valid. Still missing: order_number."


@pytest.mark.parametrize("second", ['{"order_number": "A-10433"}', "I am sorry.", "null"])
def test_what_was_good_in_the_first_reply_stays_good(second: str) -> None:
    outcome, _ = extract('{"order_number": "10433", "email": "ada@example.com"}', second, schema=SCHEMA)
    assert outcome.output["fields"]["email"] == "ada@example.com"
    assert outcome.output["text"] is None


def test_a_reply_that_is_no_json_is_asked_for_once_more_and_then_kept_as_text() -> None:
    outcome, ask = extract("Let me think.", "I cannot.", schema=SCHEMA)
    assert "the reply is not a JSON object" in ask.asked[1].correction
    assert (outcome.output["fields"], outcome.output["text"]) == ({}, "I cannot.")
    outcome, _ = extract("Let me think.", '{"order_number": "A-10433"}', schema=SCHEMA)
    assert (outcome.output["fields"], outcome.output["text"]) == ({"order_number": "A-10433"}, None)


@pytest.mark.parametrize(
    ("answer", "good"),
    [
        ('{"order_number": null, "email": ""}', {}),  # said nothing
        ('{"shoe_size": 43, "order_number": "A-10433"}', {"order_number": "A-10433"}),  # not asked for
        ('{"address": {"street": null, "city": "Leeds"}}', {"address": {"city": "Leeds"}}),
        ('{"quantity": 3}', {"quantity": 3}),
    ],
)
def test_what_is_no_reason_to_ask_again(answer: str, good: dict[str, Any]) -> None:
    outcome, _ = extract(answer, schema=SCHEMA)
    assert outcome.output["fields"] == good
    assert outcome.output["problems"] == []


def test_null_never_corrects_and_a_new_value_does() -> None:
    turn = turn_with(SCHEMA, collected_before={"order_number": "A-10433", "quantity": 1})
    outcome = extract_data(turn, FakeAsk('{"order_number": null, "quantity": 2, "email": null}'))
    after = turn.with_extraction(outcome.output)
    assert after.extracted_data == {"quantity": 2}
    assert after.collected_data == {"order_number": "A-10433", "quantity": 2}
    assert after.missing_fields == ["email"]


def test_problems_of_the_whole_leave_out_the_whole() -> None:
    schema = {"properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "dependentRequired": {"a": ["b"]}}
    outcome, _ = extract('{"a": "x"}', '{"a": "x"}', schema=schema)
    assert outcome.output["fields"] == {}
    outcome, _ = extract('{"a": "x"}', '{"a": "x", "b": "y"}', schema=schema)
    assert outcome.output["fields"] == {"a": "x", "b": "y"}


def test_many_problems_are_told_in_part() -> None:
    schema = {"properties": {f"f{at}": {"type": "integer"} for at in range(30)}}
    answer = json.dumps({f"f{at}": "x" * 1000 for at in range(30)})
    outcome, ask = extract(answer, answer, schema=schema)
    assert len(outcome.output["problems"]) == 10
    assert len(ask.asked[1].correction) < 2500


def test_a_schema_that_cannot_be_applied_takes_nothing_and_breaks_nothing() -> None:
    schema = {"properties": {"a": {"items": {"items": {"$ref": "#/nowhere"}}}}}
    outcome, _ = extract('{"a": [["x"]]}', '{"a": [["x"]]}', schema=schema)
    assert outcome.output["fields"] == {}
    assert outcome.output["problems"] == ["the reply cannot be held against the schema"]
