"""Queries of the full-text search for names."""

import re

MIN_PREFIX = 3  # letters; shorter ones would read the names of too many rows of all businesses


def prefix_query(words: str) -> str:
    """The argument of `to_tsquery` that finds texts with words that start like each of these, in any order. Words that
    are shorter than MIN_PREFIX must be whole. Empty if there are none."""
    return " & ".join(f"{part}:*" if len(part) >= MIN_PREFIX else part for part in re.findall(r"\w+", words))
