"""The report about ratings, and what others show of them."""

from collections.abc import Mapping

from analytics.question import Question, Report
from analytics.statistics import rate
from analytics.sums import add_up, histograms, merged
from db import Connection, Row
from repositories import analytics_conversations, analytics_names, analytics_turns

_RATINGS = ("rated_good", "rated_bad", "marked_good", "marked_bad")
HIGHEST = 5  # of the ratings of conversations


def feedback(conn: Connection, question: Question) -> Report:
    """How customers and staff rated answers, per stage, and how customers rated conversations."""
    business_id, scope = question.business_id, question.scope
    rows = analytics_turns.sum_turns(conn, business_id, scope, by_stage=True)
    ratings = merged(histograms(analytics_conversations.rating_bins(conn, business_id, scope), ["slot"]))
    names = analytics_names.stage_names(conn, business_id)
    sums = add_up(rows, _RATINGS)
    return Report(
        {
            **sums,
            "satisfaction": satisfaction(sums),
            **rating_figures(ratings),
            "ratings": [ratings.get(number, 0) for number in range(1, HIGHEST + 1)],
        },
        [
            {
                **{name: row[name] for name in ("slot", "stage_id")},
                "stage_name": names.get(row["stage_id"]),
                **{name: row[name] for name in _RATINGS},
                "satisfaction": satisfaction(row),
            }
            for row in rows
            if any(row[name] for name in _RATINGS)
        ],
    )


def satisfaction(sums: Row) -> float | None:
    """The share of the customers' ratings of answers that are good."""
    return rate(sums["rated_good"], sums["rated_good"] + sums["rated_bad"])


def rating_figures(ratings: Mapping[int, int]) -> Row:
    """How many conversations were rated, and the average."""
    count = sum(ratings.values())
    return {
        "conversation_ratings": count,
        "conversation_rating": rate(sum(number * times for number, times in ratings.items()), count),
    }
