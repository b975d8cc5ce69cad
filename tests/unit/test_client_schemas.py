"""Hostile schemas and values: whatever a business or an anonymous client sends, the time and memory are bounded."""

import json
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.client_schemas import check_client_schema, problems_with, validation_errors
from core.errors import InvalidRequest
from core.patterns import UnusablePattern, contains_match, is_valid_pattern

# Processor time, which other processes on the machine do not change. The limits of the code are 0.1 to 0.3 seconds.
MAX_SECONDS = 2.0


def processor_seconds(action: Callable[[], object]) -> float:
    start = time.thread_time()
    action()
    return time.thread_time() - start


def check(schema: dict[str, Any]) -> str | None:
    """The problem with a schema; None if it is accepted."""
    try:
        check_client_schema(schema, "$")
    except InvalidRequest as error:
        return error.details[0]["message"]
    return None


def nested_pattern(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["*", "+", "{2,9}", "{1,1000}", "{30}", "{99999999}"])).map(
            lambda each: f"({each[0]}){each[1]}"
        ),
        st.tuples(inner, inner).map("|".join),
        st.tuples(inner, inner).map("".join),
    )


PATTERNS = st.recursive(
    st.sampled_from(["a", ".", r"\\w", r"\\p{L}", "[^b]", "a{1000}", "^", "$", r"\\s?"]), nested_pattern, max_leaves=8
)


@given(PATTERNS, st.sampled_from(["a", "ab", "aé ", "x"]), st.integers(1, 65536))
@settings(max_examples=100, deadline=None)
def test_every_pattern_is_matched_or_refused_in_bounded_time(pattern: str, unit: str, length: int) -> None:
    def match() -> None:
        with suppress(UnusablePattern):
            contains_match(pattern, (unit * length)[:65536])

    assert processor_seconds(match) < MAX_SECONDS, pattern


@pytest.mark.parametrize(
    "pattern", ["a{99999999}", "(a{1000}){1000}", r"(\p{L}{1,30}){30}", "(?=a)b", r"(a)\1", "a" * 1001, "(", "\ud800"]
)
def test_unusable_pattern_is_rejected(pattern: str) -> None:
    assert not is_valid_pattern(pattern)
    assert "regular expression" in (check({"properties": {"a": {"pattern": pattern}}}) or "")


@pytest.mark.parametrize("pattern", ["^(a+)+$", r"^(\w+\s?)*$", "^(a|aa)+$", "^(.*a){25}$"])
def test_pattern_with_nested_repetitions_is_linear(pattern: str) -> None:
    assert not contains_match(pattern, "a" * 60_000 + "!")
    assert contains_match(pattern, "a" * 25)


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": list(range(150_000))},
        {"enum": [""] * 12_000},
        {"allOf": [{}] * 300_000},
        {"allOf": [{}] * 2_000},
        {"allOf": [True] * 12_000},
        {"anyOf": [{"items": [1]}] * 1_000},
        {"required": ["x"] * 12_000},
        {"properties": {f"f{n}": {"pattern": "(" * 400} for n in range(70)}},
        {"description": "x" * 70_000},
        {"$defs": {f"f{n}": {"type": "text"} for n in range(990)}},
        {"items": {"$schema": "https://json-schema.org/draft/2020-12/schema", "uniqueItems": True}},
        {"$schema": "http://json-schema.org/draft-04/schema#"},
    ],
)
def test_large_schema_is_rejected_in_bounded_time(schema: dict[str, Any]) -> None:
    seconds = processor_seconds(lambda: check(schema))
    assert check(schema) is not None
    assert seconds < MAX_SECONDS


INVALID: tuple[Any, ...] = (
    *(5, "text", [], {"type": 7}, {"type": [["string"]]}, {"minimum": "a"}, {"maxLength": "b"}, {"multipleOf": 0}),
    *({"properties": 5}, {"enum": 5}, {"required": 7}, {"allOf": 3}, {"items": 4}, {"prefixItems": 5}, {"if": 5}),
    *({"contains": 5}, {"dependentRequired": 5}, {"pattern": 5}, {"propertyNames": 6}, {"not": 4}, {"minItems": "s"}),
    *({"$ref": 5}, {"pattern": "("}, {"format": 5}, {"items": {"type": "text"}}),
)


@pytest.mark.parametrize("invalid", INVALID, ids=str)
@pytest.mark.parametrize(
    ("place", "reference"),
    [
        *(("x", "#/x"), ("definitions", "#/definitions/0"), ("enum", "#/enum/0"), ("const", "#/const")),
        ("default", "#/default"),
    ],
)
def test_reference_to_an_invalid_schema_is_rejected(place: str, reference: str, invalid: Any) -> None:
    content = {"definitions": {"0": invalid}, "enum": [invalid]}.get(place, invalid)
    schema = {place: content, "properties": {"a": {"$ref": reference}}}
    assert check(schema) is not None
    for value in (5, 1.5, "x", [1, 2], {"a": 1}, None):  # such a schema may be stored already
        problems_with(schema, {"a": value}, "$")


def test_reference_to_a_valid_schema_is_accepted_wherever_it_is() -> None:
    for place in ("$defs", "definitions", "x"):
        schema = {place: {"y": {"type": "integer"}}, "properties": {"a": {"$ref": f"#/{place}/y"}}}
        assert check(schema) is None
        assert [bool(problems_with(schema, {"a": value}, "$")) for value in (1, "x")] == [False, True]


SCHEMAS: tuple[dict[str, Any], ...] = (
    {"uniqueItems": True},
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "items": {"anyOf": [{"type": "object"}, {"$ref": "#"}]},
        "uniqueItems": True,
    },
    {"items": {"uniqueItems": True}},
    {"allOf": [{"items": {"enum": list(range(9))}}] * 400},
    {"anyOf": [{"items": {"required": [f"r{n}"], "type": "object"}} for n in range(400)]},
    {"items": {"enum": list(range(9_000))}},
    {"items": {"required": [f"r{n}" for n in range(5_000)]}},
    {"allOf": [{"items": {"pattern": f"^(a+|b{{{n}}})+$"}} for n in range(1, 300)]},
    {"items": {"format": "regex"}},
    {"items": {"format": "idn-hostname"}},
    {"contains": {"not": {}}, "items": {"oneOf": [{"type": "object"}] * 500}},
)
VALUES: tuple[Any, ...] = (
    [{"a": n} for n in range(6_000)],
    [[[n, {}]] for n in range(6_000)],
    list(range(11_000)),
    ["a" * 60_000 + "!"],
    ["a" * 30] * 2_000,
    [[]] * 20_000,
)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda schema: json.dumps(schema)[:40])
def test_validation_ends_in_bounded_time(schema: dict[str, Any]) -> None:
    assert check(schema) is None
    for value in VALUES:
        assert processor_seconds(lambda value=value: problems_with(schema, value, "$")) < MAX_SECONDS


def test_turns_do_not_wait_for_the_validation_of_events(monkeypatch: pytest.MonkeyPatch) -> None:
    started, finish = threading.Event(), threading.Event()
    was_still_running: list[bool] = []

    def slow(pattern: str, text: str) -> bool:
        started.set()
        was_still_running.append(finish.wait(10))
        return True

    monkeypatch.setattr("core.client_schemas.contains_match", slow)
    event = threading.Thread(target=problems_with, args=({"pattern": "a"}, "text", "$"))
    event.start()
    try:
        assert started.wait(60)
        assert len(validation_errors({"type": "integer"}, "text")) == 1
    finally:
        finish.set()
        event.join()
    assert was_still_running == [True]


@given(
    st.lists(
        st.recursive(
            st.sampled_from([1, 1.0, True, "1", None, 0, False]),
            lambda each: st.lists(each) | st.dictionaries(st.sampled_from("ab"), each),
            max_leaves=4,
        ),
        max_size=5,
    )
)
def test_unique_items_compares_as_json_schema_does(items: list[Any]) -> None:
    def equal(one: Any, two: Any) -> bool:
        if isinstance(one, list) and isinstance(two, list):
            return len(one) == len(two) and all(map(equal, one, two))
        if isinstance(one, dict) and isinstance(two, dict):
            return one.keys() == two.keys() and all(equal(one[name], two[name]) for name in one)
        return isinstance(one, bool) == isinstance(two, bool) and bool(one == two)

    expected = any(equal(one, two) for at, one in enumerate(items) for two in items[:at])
    assert bool(problems_with({"uniqueItems": True}, items, "$")) is expected
