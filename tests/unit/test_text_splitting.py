"""Long texts in parts, as providers count their length."""

import pytest

from background.channels.splitting import split_text

SENTENCE = "Your parcel arrives on 3.5. at noon. "


@pytest.mark.parametrize(
    ("text", "max_units", "counts_bytes", "parts"),
    [
        (SENTENCE * 2, 40, False, [SENTENCE.strip()] * 2),
        ("😀" * 5, 4, False, ["😀😀", "😀😀", "😀"]),
        ("سلام" * 3, 10, True, ["سلامس", "لامسل", "ام"]),
        ("😀" * 3, 10, True, ["😀😀", "😀"]),
        ("short", 10, True, ["short"]),
        ("😀", 1, False, ["😀"]),
    ],
)
def test_parts_are_as_long_as_the_provider_allows(
    text: str, max_units: int, counts_bytes: bool, parts: list[str]
) -> None:
    assert split_text(text, max_units, counts_bytes=counts_bytes) == parts
