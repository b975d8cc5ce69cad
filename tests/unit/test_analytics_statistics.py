"""Confidence intervals of rates, and groups of similar questions."""

import pytest

from analytics.clusters import cluster
from analytics.statistics import rate, wilson_interval


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_interval_is_that_of_the_literature(part: int, whole: int, low: float, high: float) -> None:
    found = wilson_interval(part, whole)
    assert found[0] == pytest.approx(low, abs=1e-4)
    assert found[1] == pytest.approx(high, abs=1e-4)


def test_nothing_has_no_rate() -> None:
    assert rate(0, 0) is None
    assert wilson_interval(0, 0) == (None, None)
    assert wilson_interval(5, 5)[1] == 1.0


def test_similar_questions_form_a_group() -> None:
    questions = [
        "Do you deliver to Norway?",
        "Can I pay with Bitcoin?",
        "do you also deliver to norway",
        "can i pay using bitcoins",
        "Where is your shop?",
        "您们送货到挪威吗",
        "送货到挪威吗?",
        "🎉",
        "",
    ]
    assert cluster(questions) == [[0, 2], [1, 3], [4], [5, 6], [7], [8]]


def test_no_questions_form_no_group() -> None:
    assert cluster([]) == []
