"""Grounding: which extracted values are kept, because the customer has written them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from message_processing.grounding.choices import find_choice
from message_processing.grounding.dates import find_date, find_moment, find_time
from message_processing.grounding.fields import Grounded, Grounding
from message_processing.grounding.numbers import find_number
from message_processing.grounding.texts import find_text

TODAY = date(2026, 12, 1)  # a Tuesday
PRODUCTS = ["Tideline mug", "Heather blanket", "Linen apron", "Gift card", "Gift wrapping", "Lantern No. 3"]


def ground(
    fields: dict[str, Any],
    message: str,
    schema: dict[str, Any] | None = None,
    earlier: Sequence[str] = (),
) -> Grounded:
    properties = None if schema is None else {"properties": schema}
    return Grounding(message, lambda: earlier, TODAY).ground(fields, properties)


@pytest.mark.parametrize(
    ("text", "message", "quote"),
    [
        ("A-10433", "where is a 10433?", "a 10433"),
        ("A-10433", "A10433", "A10433"),
        ("ada@example.com", "I am Ada@Example.com.", "Ada@Example.com"),
        ("José Núñez", "soy jose nunez", "jose nunez"),
        ("blanket", "two blankets please", "blankets"),
        ("Straße 5", "Meine STRASSE 5", "STRASSE 5"),
        ("١٢٣", "رقم 123", "123"),
        ("订单", "我的订单在哪里", "订单"),
        ("L", "a large lamp", None),
        ("mug", "a muggy day", None),
        ("A-10433", "A-104331", None),
        ("0433", "A-10433", None),
        ("London", "", None),
        ("...", "...", None),
    ],
)
def test_text_is_found_apart_from_case_accents_spaces_and_punctuation(
    text: str, message: str, quote: str | None
) -> None:
    assert find_text(text, message) == quote


@pytest.mark.parametrize(
    ("number", "message", "quote"),
    [
        (2, "2 places", "2"),
        (2, "zwei Plätze", "zwei"),
        (2, "Dos plazas", "Dos"),
        (2, "my sister and I", "and I"),
        (3, "2 adults and 1 child", "2 adults and 1"),
        (3, "3x", "3"),
        (2, "the 2nd one", "2"),
        (39.9, "it cost 39,90", "39,90"),
        (1, "una", "una"),
        (1, "I would like to book a class", None),
        (11, "on 11 December", None),
        (20417, "B-20417", None),
        (4, "for us", None),
    ],
)
def test_number_is_found_in_digits_and_words(number: float, message: str, quote: str | None) -> None:
    assert find_number(number, message) == quote


@pytest.mark.parametrize(
    ("day", "message", "quote"),
    [
        ("2026-12-11", "on 2026-12-11", "2026-12-11"),
        ("2026-12-11", "the 11th of December please", "11th of December"),
        ("2026-12-11", "am 11. Dezember", "11. Dezember"),
        ("2026-12-11", "el 11 de diciembre", "11 de diciembre"),
        ("2026-12-11", "11.12.", "11.12."),
        ("2026-12-11", "12/11", "12/11"),
        ("2026-12-11", "the 11th", "11th"),
        ("2026-12-11", "next Friday", "Friday"),
        ("2026-12-11", "los viernes", "viernes"),
        ("2026-12-02", "tomorrow", "tomorrow"),
        ("2026-12-15", "in 2 weeks", "in 2 weeks"),
        ("2026-12-11", "on 11 December 2027", None),
        ("2026-12-11", "on 12 December", None),
        ("2026-12-11", "some time next month", None),
        ("2026-12-11", "11 people", None),
        ("2026-12-11", "on Thursday", None),
        ("not a date", "on Thursday", None),
    ],
)
def test_date_is_found_by_its_meaning(day: str, message: str, quote: str | None) -> None:
    assert find_date(day, message, TODAY) == quote


@pytest.mark.parametrize(
    ("clock", "message", "quote"),
    [
        ("18:30", "at 18:30", "18:30"),
        ("18:30:00", "6.30 pm", "6.30 pm"),
        ("19:00", "at 7", "7"),
        ("19:00", "um 19 Uhr", "19"),
        ("18:30", "halb 7", "7"),
        ("12:00", "at noon", "noon"),
        ("07:00", "7 pm", None),
        ("18:30", "at 6", None),
        ("18:30", "in the evening", None),
    ],
)
def test_time_is_found_by_its_meaning(clock: str, message: str, quote: str | None) -> None:
    assert find_time(clock, message) == quote


def test_moment_needs_its_date_and_its_time() -> None:
    assert find_moment("2026-12-11T19:00:00", "Friday at 7", TODAY) == "Friday … 7"
    assert find_moment("2026-12-11T19:00:00", "Friday", TODAY) is None


@pytest.mark.parametrize(
    ("choice", "message", "word"),
    [
        ("Heather blanket", "Was kostet die Heather-Decke?", "Heather"),
        ("Linen apron", "do you have the aprons in olive", "aprons"),
        ("Lantern No. 3", "which bulb for the latern no 3", "latern"),
        ("Gift wrapping", "what is gift wrapping", "gift wrapping"),
        ("Gift card", "what is gift wrapping", None),
        ("Tideline mug", "do you sell curtains", None),
    ],
)
def test_choice_is_found_by_a_word_that_sets_it_apart(choice: str, message: str, word: str | None) -> None:
    assert find_choice(choice, PRODUCTS, message) == word


def test_short_choice_counts_only_as_it_is_written() -> None:
    sizes = ["S", "M", "L"]
    assert find_choice("L", sizes, "do you have the apron in L?") == "L"
    assert find_choice("M", sizes, "m please") == "m"
    assert find_choice("M", sizes, "I'm looking for an apron") is None
    assert ground({"size": "M"}, "in medium", {"size": {"enum": sizes}}).fields == {}


def test_choice_in_other_words_is_left_out() -> None:
    schema = {"product": {"enum": PRODUCTS}}
    result = ground({"product": "Heather blanket"}, "do you sell curtains", schema)
    assert (result.fields, result.not_said) == ({}, {"product": "Heather blanket"})


def test_only_value_of_the_form_of_a_field_replaces_one_that_was_not_said() -> None:
    schema = {"date": {"type": "string", "format": "date"}, "people": {"type": "integer"}, "name": {"type": "string"}}
    wrong = {"date": "2026-11-30", "people": 12, "name": "Ada"}
    result = ground(wrong, "on 11 December 2026 please, with my 8 year old son", schema)
    assert result.fields == {"date": "2026-12-11"}
    assert result.quotes == {"date": "11 December 2026"}
    assert result.not_said == wrong
    assert ground(wrong, "on 11 December or on 18 December", schema).fields == {}
    assert ground({}, "on 11 December 2026", schema).fields == {}


def test_value_of_an_earlier_message_is_kept() -> None:
    result = ground({"order_number": "A-10433"}, "and the other one?", None, ["A-10433"])
    assert result.quotes == {"order_number": "A-10433"}


def test_earlier_messages_are_not_read_if_the_current_one_contains_the_values() -> None:
    def fail() -> Sequence[str]:
        raise AssertionError

    assert Grounding("A-10433", fail, TODAY).ground({"order_number": "A-10433"}, None).fields


def test_parts_of_objects_and_lists_are_kept_on_their_own() -> None:
    fields = {"address": {"city": "Leeds", "street": "Main St"}, "colours": ["red", "blue"], "name": {"first": "Ada"}}
    result = ground(fields, "to Leeds, in blue")
    assert result.fields == {"address": {"city": "Leeds"}, "colours": ["blue"]}
    assert result.quotes == {"address.city": "Leeds", "colours.1": "blue"}
    assert result.not_said == {"address.street": "Main St", "colours.0": "red", "name.first": "Ada"}


def test_field_can_opt_out() -> None:
    schema = {"topic": {"type": "string", "x-grounded": False}, "city": {"type": "string"}}
    result = ground({"topic": "delivery", "city": "Leeds"}, "Where is it?", schema)
    assert (result.fields, result.not_said) == ({"topic": "delivery"}, {"city": "Leeds"})


def test_text_in_the_form_of_a_date_or_a_time_is_found_by_its_meaning() -> None:
    fields = {"date": "2026-12-11", "time": "19:30", "other": "7.30"}
    assert ground(fields, "Friday, half past 7 in the evening, 7.30 pm").fields == fields
    assert ground(fields, "Thursday at 8").fields == {}


def test_truth_value_is_kept_with_the_message() -> None:
    assert ground({"is_gift": True}, "It is a present").quotes == {"is_gift": "It is a present"}
