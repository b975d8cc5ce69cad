"""Masking of card numbers and of a business's own patterns."""

import pytest

from core.masking import Masking, Pattern
from core.patterns import can_replace

CARDS = Masking(card_numbers=True)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("My card is 4111 1111 1111 1111, exp 12/27", "My card is [card number], exp 12/27"),
        ("4111-1111-1111-1111 12/27 123", "[card number] 12/27 123"),
        ("card4111111111111111x", "card[card number]x"),
        ("order 12345 4111111111111111 12345", "order 12345 [card number] 12345"),
        ("378282246310005 and 5555.5555.5555.4444", "[card number] and [card number]"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "[card number]"),
        ("4111\n1111\n1111\n1111", "[card number]"),
        ("٤١١١ ١١١١ ١١١١ ١١١١", "[card number]"),  # Arabic digits
        ("4111\u200b1111\u200b1111\u200b1111", "[card number]"),  # spaces without width
        ("4️⃣1️⃣1️⃣1️⃣ 1️⃣1️⃣1️⃣1️⃣ 1️⃣1️⃣1️⃣1️⃣ 1️⃣1️⃣1️⃣1️⃣", "[card number]\ufe0f\u20e3"),  # emojis
        ("> 4111 1111\r\n> 1111 1111", "> [card number]"),  # quoted in a mail
        ('["4111", "1111", "1111", "1111"]', '["[card number]"]'),
        ("(4111) 1111: 1111 -- 1111", "([card number]"),
        ("4111\0 1111\ud800 1111\0" + "1111", "[card number]"),  # characters that are not stored
    ],
)
def test_card_numbers_are_masked_however_they_are_written(text: str, masked: str) -> None:
    assert CARDS.text(text) == masked
    assert CARDS.text(masked) == masked


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # wrong check digit
        "41111111111111111",  # too long
        "1234567890123452",  # valid check digit, but no issuer has such numbers
        "+49 170 1234567 8901234",
        "+4111 1111, +1111 1111, +1111 1111",  # telephone numbers
        "2026-11-30 20:58:17",
        "0193e7d1-4111-4111-8111-411111111111",
        "Order A-1043",
    ],
)
def test_other_numbers_are_kept(text: str) -> None:
    assert CARDS.text(text) == text


def test_values_are_masked_with_their_names_and_numbers() -> None:
    value = {"card": 4111111111111111, "more": [True, None, 1.5, "4111 1111 1111 1111"], "4111111111111111": 1}
    assert CARDS.value(value) == {
        "card": "[card number]",
        "more": [True, None, 1.5, "[card number]"],
        "[card number]": 1,
    }
    assert Masking().value(value) is value


def test_names_of_members_are_kept_and_their_values_are_masked() -> None:
    masking = Masking(patterns=[Pattern("word", "[a-z]{4,}")])
    assert masking.members([{"first_name": "anna", "tags": {"vips": 1}}]) == [
        {"first_name": "[word]", "tags": {"[word]": 1}}
    ]
    assert masking.members("anna") == "[word]"


def test_patterns_are_replaced_by_their_names() -> None:
    masking = Masking(True, (Pattern("customer ID", r"\bC-\d{6}\b"), Pattern("e-mail", r"\S+@\S+")))
    assert masking.text("C-123456, ann@example.com, 4111111111111111") == "[customer ID], [e-mail] [card number]"


def test_masked_text_stays_the_same_even_if_patterns_match_their_names() -> None:
    masking = Masking(True, (Pattern("name", "[a-z]{4,}"), Pattern("e", "e")))
    masked = masking.text("anna lee 4111111111111111")
    assert masked == "[name] l[e][e] [card number]"
    assert masking.text(masked) == masked
    assert masking.value([masked, {masked: masked}]) == [masked, {masked: masked}]


def test_long_text_is_searched_line_by_line() -> None:
    pattern = Pattern("ID", r"\bC-\d{6}\b(?:x{0,100}y){0,3}")
    assert can_replace(pattern.pattern, 20_000)
    line = "C-123456 " + "a" * 10_000
    text = "\n".join([line] * 20)
    assert Masking(patterns=[pattern]).text(text) == text.replace("C-123456", "[ID]")
    assert Masking(patterns=[pattern]).text("a" * 1_000_000) == "[ID]"  # rather too much than too little


@pytest.mark.parametrize("pattern", ["(", r"(?=a)", r"\d*", "", r"(?:\w{1,500}){1,2}"])
def test_unusable_patterns_are_recognised(pattern: str) -> None:
    assert not can_replace(pattern, 20_000)
