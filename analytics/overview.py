"""The report with the most important figures, each compared with the period before."""

from collections.abc import Iterable, Mapping

from analytics.histogram import percentile
from analytics.question import Question, Report
from analytics.ratings import rating_figures, satisfaction
from analytics.statistics import rate
from analytics.sums import add_up, histograms, merged
from db import Connection, Row
from repositories import analytics_conversations, analytics_turns

_CONVERSATIONS = ("conversations", "messages", "resolved", "handed_over", "abandoned", "open", "reopened")
_TURNS = (
    "turns",
    "completed",
    "failed",
    "held",
    "by_fallback",
    "prompt_tokens",
    "completion_tokens",
    "cost_usd",
    "unpriced_calls",
    "rated_good",
    "rated_bad",
)
_HISTOGRAMS: tuple[analytics_turns.Histogram, ...] = ("first_token", "full_answer")


def summary(conn: Connection, question: Question) -> Report:
    """How many conversations and turns there were, how they ended, how long customers waited, and what it cost."""
    rows, total = _figures(conn, question)
    _, before = _figures(conn, question.about_previous)
    return Report({name: {"value": total[name], "previous": before[name]} for name in total}, rows)


def _figures(conn: Connection, question: Question) -> tuple[list[Row], Row]:
    """The figures of each part of the period, and those of the whole period."""
    scope = question.scope
    turns = {row["slot"]: row for row in analytics_turns.sum_turns(conn, question.business_id, scope)}
    conversations = {
        row["slot"]: row for row in analytics_conversations.sum_conversations(conn, question.business_id, scope)
    }
    first, full = (
        histograms(analytics_turns.turn_bins(conn, question.business_id, scope, name), ["slot"]) for name in _HISTOGRAMS
    )
    ratings = histograms(analytics_conversations.rating_bins(conn, question.business_id, scope), ["slot"])
    rows = [
        {
            "slot": slot,
            **_row([turns[slot]] if slot in turns else [], [conversations[slot]] if slot in conversations else []),
            **_times(first.get((slot,), {}), full.get((slot,), {})),
            **rating_figures(ratings.get((slot,), {})),
        }
        for slot in range(1, len(scope.starts) + 1)
    ]
    total = {**_row(turns.values(), conversations.values()), **_times(merged(first), merged(full))}
    total |= rating_figures(merged(ratings))
    return rows, total


def _row(turns: Iterable[Row], conversations: Iterable[Row]) -> Row:
    ended, answered = add_up(conversations, _CONVERSATIONS), add_up(turns, _TURNS)
    return {
        **ended,
        **answered,
        "cost_per_conversation_usd": rate(answered["cost_usd"], ended["conversations"]),
        "cost_per_resolved_usd": rate(answered["cost_usd"], ended["resolved"]),
        "satisfaction": satisfaction(answered),
    }


def _times(first_token: Mapping[int, int], full_answer: Mapping[int, int]) -> Row:
    return {
        "first_token_p50_ms": percentile(first_token, 0.5),
        "first_token_p95_ms": percentile(first_token, 0.95),
        "answer_p50_ms": percentile(full_answer, 0.5),
        "answer_p95_ms": percentile(full_answer, 0.95),
    }
