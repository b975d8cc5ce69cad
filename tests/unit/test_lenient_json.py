"""Parsing JSON written by models, without values that the database cannot store."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_processing.steps.lenient_json import UNREAD, read_json, unwrap

FIELDS = {"order_number": "A-10433"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"order_number": "A-10433"}', FIELDS),
        ('  \n{"order_number": "A-10433"}\n', FIELDS),
        # fenced
        ('```json\n{"order_number": "A-10433"}\n```', FIELDS),
        ('```\n{"order_number": "A-10433"}\n```', FIELDS),
        ('```{"order_number": "A-10433"}```', FIELDS),
        ('Here you are:\n```JSON\n{"order_number": "A-10433"}\n```\nAnything else?', FIELDS),
        ("Run `x` first:\n```sh\nls\n```\n```json\n{'order_number': 'A-10433'}\n```", FIELDS),
        # inside prose
        ('The facts are {"order_number": "A-10433"}, I think.', FIELDS),
        ('Filling in {the fields} as asked: {"order_number": "A-10433"}', FIELDS),
        ('It\'s this: {"note": "a } in a string, and \\" too"}', {"note": 'a } in a string, and " too'}),
        # Python's quoting and words
        ("{'street': '123 Main St', 'zip_code': '91234'}", {"street": "123 Main St", "zip_code": "91234"}),
        ("{'gift': True, 'note': None, 'who': \"O'Hara\"}", {"gift": True, "note": None, "who": "O'Hara"}),
        # a trailing comma, comments, bare names
        ('{"order_number": "A-10433",}', FIELDS),
        ('{"gift": true, "items": [1, 2,],}', {"gift": True, "items": [1, 2]}),
        ('{order_number: "A-10433"}', FIELDS),
        ('{"order_number": "A-10433" // as written\n}', FIELDS),
        # raw line ends and tabs in strings
        ('{"note": "first\nsecond\r\n\tthird"}', {"note": "first\nsecond\r\n\tthird"}),
        ('Here: ```json\n{"note": "first\nsecond"}\n```', {"note": "first\nsecond"}),
        (
            '{"note": "first\nsecond' + "!" * 5000 + '", "gift": null}',
            {"note": "first\nsecond" + "!" * 5000, "gift": None},
        ),
        ('{"note": "first\nsecond",}', {"note": "first\nsecond"}),
        ("{'note': 'first\nsecond', 'gift': True}", {"note": "first\nsecond", "gift": True}),
        ("{'note': 'it\\'s\nhere'}", {"note": "it's\nhere"}),
        # any value
        ('"introduction"', "introduction"),
        ("null", None),
        ("[]", []),
        ("0.9", 0.9),
        ('{"name": "Zoë 😀 שלום"}', {"name": "Zoë 😀 שלום"}),
        # characters that PostgreSQL cannot store are removed
        (r'{"a\u0000b": "c\u0000d\ud800", "list": ["\udfff"]}', {"ab": "cd", "list": [""]}),
        ("{'a': 'b\\x00c'}", {"a": "bc"}),
    ],
)
def test_readable(text: str, value: Any) -> None:
    assert read_json(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "nothing",
        "entities: {issue: help}",
        "{issue: help}",
        "order_number = A-10433",
        '{"order_number": "A-104',
        '{"a": 1} {"b": 2}',
        '```json\n{"a": 1}\n```\nor\n```json\n{"b": 2}\n```',
        "{'a', 'b'}",
        "{'a': ('b', 'c')}",
        "{1: 'a'}",
        "{'a': b'c'}",
        "{'a': print()}",
        "{'a': __import__('os')}",
        '{"a": NaN}',
        '{"a": Infinity}',
        '{"a": 1e400}',
        '{"a": ' + "1" * 400 + "}",
        '{"a": ' + "1" * 5000 + "}",
        "[" * 60 + "]" * 60,
        '{"a": "' + "x" * 100_000 + '"}',
    ],
)
def test_unreadable(text: str) -> None:
    assert read_json(text) is UNREAD


@pytest.mark.filterwarnings("ignore:.*invalid escape")  # as in production; else an error
def test_backslash_without_escape_is_kept() -> None:
    assert read_json(r"{'path': 'C:\dir'}") == {"path": r"C:\dir"}


@pytest.mark.parametrize(
    "hostile",
    [
        "```" + " " * 90_000 + "x",
        "```" + "a" * 90_000,
        "`" * 90_000,
        "```a" * 20_001,
        "{" * 90_000,
        "[" * 90_000 + "]" * 9_000,
        '{"' * 45_000,
        "{a" * 30_000 + "}",
        "{'a':" * 18_000,
        "[x] " * 20_000,
        "{a:" + "[" * 1_900 + "}",
        "[" + "-" * 90_000 + "1]",
        "[" + "1+" * 45_000 + "1]",
        "[" + "'a' " * 22_000 + "b]",
    ],
    ids=range(14),
)
@pytest.mark.timeout(60)
def test_long_hostile_text_is_rejected_quickly(hostile: str) -> None:
    assert read_json(hostile) is UNREAD


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    # NUL and unpaired surrogates are removed, see above.
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), inner, max_size=4)
    ),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from(["a", "b", "order number"]), json_values, min_size=1)


@given(json_values)
def test_valid_json_is_unchanged(value: Any) -> None:
    assert read_json(json.dumps(value)) == value


@given(objects, st.sampled_from(["{}", "```json\n{}\n```", "Sure! {}", "{} is what I found."]))
def test_object_inside_other_text_is_found(value: dict[str, Any], around: str) -> None:
    assert read_json(around.replace("{}", json.dumps(value))) == value


@given(st.text(alphabet="{}[]\"'`,: \\\n\0ab1.-#/*NT"))
def test_parsing_never_raises_and_returns_storable_values(text: str) -> None:
    value = read_json(text)
    if value is not UNREAD:
        stored = json.dumps(value, allow_nan=False)
        assert "\\u0000" not in stored


@pytest.mark.parametrize(
    ("value", "inner"),
    [
        ({"result": FIELDS}, FIELDS),
        ({"data": [FIELDS]}, FIELDS),
        ({"status": "ok", "fields": FIELDS}, FIELDS),
        ({"order_number": None, "result": FIELDS}, None),  # an expected field is at the outer level
        ({"a": FIELDS, "b": FIELDS}, None),
        ({"result": {"result": FIELDS}}, None),
        ({"result": {"city": "Leeds"}}, None),
        ({"result": [FIELDS, FIELDS]}, None),
        ({}, None),
        ([FIELDS], None),
        (UNREAD, None),
    ],
)
def test_only_one_unexpected_object_is_unwrapped(value: Any, inner: Any) -> None:
    assert unwrap(value, ("order_number",)) == (value if inner is None else inner)
