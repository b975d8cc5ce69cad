"""Long replies are split where a reader expects it."""

import pytest

from background.channels.splitting import split_text


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Short.", ["Short."]),
        ("First one. Second one. Third one.", ["First one. Second one.", "Third one."]),
        ("It costs 3.50 euros in total today", ["It costs 3.50 euros in", "total today"]),
        ("One paragraph here.\n\nAnother. One.", ["One paragraph here.", "Another. One."]),
        (
            "これは最初の文です。これは二番目の文です。終わりです。",
            ["これは最初の文です。これは二番目の文です。", "終わりです。"],
        ),
        ("x" * 60, ["x" * 25, "x" * 25, "x" * 10]),
        ("😀" * 20, ["😀" * 12, "😀" * 8]),
        ("", [""]),
    ],
)
def test_text_is_split_at_paragraphs_sentences_and_words(text: str, parts: list[str]) -> None:
    assert split_text(text, 25) == parts


def test_text_is_not_split_without_a_limit() -> None:
    assert split_text("A. " * 1000, None) == [("A. " * 1000).strip()]
