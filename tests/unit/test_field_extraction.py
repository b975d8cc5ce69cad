"""Field extraction without a model: fields are found in natural sentences, as whole words and as written."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_processing.engines.rules.dates import find_dates
from message_processing.engines.rules.field_extraction import find_fields, to_ascii_signs
from message_processing.engines.rules.numbers import find_numbers

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "order_number": {"type": "string", "pattern": "^[A-Z]-\\d{5}$"},
        "when": {"format": "date"},
        "size": {"enum": ["S", "M", "L"]},
        "amount": {"type": "number"},
    },
}


def found(message: str, **field: Any) -> Any:
    """Returns the value of a schema's only field, or None."""
    return find_fields({"properties": {"x": field}}, message).fields.get("x")


@pytest.mark.parametrize(
    ("message", "fields"),
    [
        (
            "My order A-10433 of 12 March 2026 was one mug in size M, and I paid 39.90 for it.",
            {"order_number": "A-10433", "when": "2026-03-12", "size": "M", "amount": 39.9},
        ),
        (
            "Pagué 39,90 € el 12 de marzo de 2026 por la talla L (A-10433).",
            {"order_number": "A-10433", "when": "2026-03-12", "size": "L", "amount": 39.9},
        ),
        ("ऑर्डर A-१०४३३, १२ मार्च २०२६ को", {"order_number": "A-10433", "when": "2026-03-12"}),
        ("طلبي A-١٠٤٣٣ بتاريخ ١٢ مارس ٢٠٢٦", {"order_number": "A-10433", "when": "2026-03-12"}),
        ("It's A-10433!", {"order_number": "A-10433"}),
        ("order:A-10433,thanks", {"order_number": "A-10433"}),
        ("A\u201110433", {"order_number": "A-10433"}),
        ("I bought 2 mugs for £39.90 on 2026-03-12", {"when": "2026-03-12", "amount": 39.9}),
        ("Could I have it in L, please?", {"size": "L"}),
    ],
)
def test_fields_are_found_in_natural_sentences(message: str, fields: dict[str, Any]) -> None:
    assert find_fields(SCHEMA, message).fields == fields


@pytest.mark.parametrize(
    "message",
    [
        "XA-104339 and A-104331 and BA-10433 and A-10433X and X-A-10433",
        "I'm sure it's Mr. L'Amour's XL, S-shaped, sml",
        "12 March, tomorrow, 3/4/2026, 30.2.2026, 2026-13-01, 12026-03-12",
        "call +44 1632 960114 at 10:30, 5-6 people, 3rd floor, v1.2.3, #44, 10x, 1.234",
        "a-10433",
        "size m",
        "",
    ],
)
def test_parts_of_words_and_unwritten_values_are_not_found(message: str) -> None:
    assert find_fields(SCHEMA, message).fields == {}


def test_ambiguous_field_is_left_out_and_reported() -> None:
    said = find_fields(SCHEMA, "A-10433 or A-10434, in S or M?")
    assert said.fields == {}
    assert said.ambiguous == {"order_number": ["A-10433", "A-10434"], "size": ["S", "M"]}
    assert find_fields(SCHEMA, "A-10433, I repeat: A-10433").fields == {"order_number": "A-10433"}


def test_finding_says_how_the_value_was_recognised() -> None:
    (said,) = find_fields(SCHEMA, "where is A-१०४३३?").found
    assert (said.value, said.written, said.by) == ("A-10433", "A-१०४३३", "pattern ^[A-Z]-\\d{5}$")


def test_other_words_of_a_message() -> None:
    assert find_fields(SCHEMA, "A-10433.").other_words("A-10433.") == []
    assert find_fields(SCHEMA, "cancel A-10433").other_words("cancel A-10433") == ["cancel"]


def test_pattern_that_matches_any_text_finds_nothing() -> None:
    for pattern in ("^.+$", "^[A-Za-z ]{2,40}$", "\\w+", ".*"):
        assert found("Good morning", type="string", pattern=pattern) is None
    assert found("my plate is AB 123 C", pattern="^[A-Z]{2} \\d{3} [A-Z]$") == "AB 123 C"
    assert found("a broken ( pattern", pattern="(") is None


def test_formats() -> None:
    assert found("write to ada@mail.example, please", format="email") == "ada@mail.example"
    assert found("see https://shop.example/a?b=1.", format="uri") == "https://shop.example/a?b=1"
    assert found("at 2026-03-12T10:00:00Z", format="date-time") == "2026-03-12T10:00:00Z"
    assert found("id 2b1f1ab4-6f0a-4c7b-9a62-0a35cfc0e2d1", format="uuid") == "2b1f1ab4-6f0a-4c7b-9a62-0a35cfc0e2d1"
    assert found("hello there", format="hostname") is None
    assert found("me@here", format="email") is None


def test_choices() -> None:
    reasons = ["wrong size", "size", "broken", "too late"]
    assert found("It has the WRONG  size", enum=reasons) == "wrong size"
    assert found("it was unbroken", enum=reasons) is None
    assert found("for 2, please", enum=[1, 2, 3]) == 2
    assert found("yes to the newsletter", const="newsletter") == "newsletter"


def test_numbers_satisfy_their_schema() -> None:
    assert found("3 mugs for 39.90", type="integer") == 3
    assert found("for 30 people", type="integer", maximum=12) is None
    assert found("-5 degrees", type="number") == -5
    assert found("a width of 40 and a height of 90", type="number", title="Height") == 90
    assert found("40 or 90", type="number", title="Height") is None
    assert found("12", type=["number", "null"]) == 12


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,234.50 and 1.234,50 and 1 234 567 and 39,9", [1234.5, 1234.5, 1234567, 39.9]),
        ("3 4", [3, 4]),
        ("1.234 or 1,2,3", []),
        ("9" * 40, []),
    ],
)
def test_numbers_as_people_write_them(text: str, values: list[float]) -> None:
    assert [number.value for number in find_numbers(text)] == values


@pytest.mark.parametrize(
    "text",
    ["2026-03-12", "12.3.2026", "12. März 2026", "March 12th, 2026", "the 12th of March 2026", "12/3/2026x 2026/3/12"],
)
def test_dates_as_people_write_them(text: str) -> None:
    assert [day.isoformat() for day, _, _ in find_dates(text)] == ["2026-03-12"]


def test_only_unambiguous_dates_are_found() -> None:
    assert [day.isoformat() for day, _, _ in find_dates("13/4/2026, 4/13/2026, 5/5/2026")] == [
        "2026-04-13",
        "2026-04-13",
        "2026-05-05",
    ]


WORDS = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(["A-10433", "M", "39.90", "2026-03-12", "12 March 2026", "€", ",", "'", "\u200f", "🙂", "-"]),
    ),
    max_size=12,
)


@given(WORDS)
def test_values_are_whole_words_of_the_message(words: list[str]) -> None:
    message = " ".join(words)
    for each in find_fields(SCHEMA, message).found:
        assert each.written == message[each.start : each.end] != ""
        before, after = message[: each.start][-1:], message[each.end :][:1]
        assert not before.isalnum()
        assert not after.isalnum()
        if isinstance(each.value, str) and each.field != "when":
            assert to_ascii_signs(each.written) == each.value


def test_pattern_with_exponential_time_finds_nothing() -> None:
    assert found("a" * 60 + " b", type="string", pattern="^(a+)+c$") is None
