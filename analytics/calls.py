"""The reports about calls to models and about time."""

from typing import cast

from analytics.histogram import percentile
from analytics.question import Question, Report
from analytics.statistics import rate
from analytics.sums import add_up, histograms, merged
from db import Connection, Row
from repositories import analytics_calls, analytics_conversations, analytics_names, analytics_turns

_CALLS = ("calls", "failed", "unpriced_calls", "prompt_tokens", "completion_tokens", "cost_usd")
# The durations of turns: the measure, and its histogram.
_MEASURES: tuple[tuple[str, analytics_turns.Histogram], ...] = (
    ("queueing", "queueing"),
    ("first_token", "first_token"),
    ("answer", "full_answer"),
)


def latency(conn: Connection, question: Question) -> Report:
    """How long turns waited, how long customers waited, and how long the calls of each step took."""
    business_id, scope = question.business_id, question.scope
    rows: list[Row] = []
    totals: Row = {}
    for measure, histogram in _MEASURES:
        found = histograms(analytics_turns.turn_bins(conn, business_id, scope, histogram), ["slot"])
        rows += [{"slot": key[0], "measure": measure, "step": None, **_times(bins)} for key, bins in found.items()]
        totals |= {f"{measure}_{name}": value for name, value in _times(merged(found)).items()}
    calls = histograms(analytics_calls.latency_bins(conn, business_id, scope), ["slot", "step"])
    rows += [{"slot": key[0], "measure": "model", "step": key[1], **_times(bins)} for key, bins in calls.items()]
    totals |= {f"model_{name}": value for name, value in _times(merged(calls)).items()}
    return Report(totals, sorted(rows, key=lambda row: row["slot"]))


def _times(bins: dict[int, int]) -> Row:
    return {"count": sum(bins.values()), "p50_ms": percentile(bins, 0.5), "p95_ms": percentile(bins, 0.95)}


def cost(conn: Connection, question: Question) -> Report:
    """What calls to models cost, by step, model, template or channel."""
    business_id, scope = question.business_id, question.scope
    group_by = cast(analytics_calls.GroupBy, question.group_by or "step")
    rows = analytics_calls.sum_calls(conn, business_id, scope, group_by)
    names = analytics_names.template_names(conn, business_id) if group_by == "template" else {}
    totals = add_up(rows, _CALLS)
    ended = add_up(analytics_conversations.sum_conversations(conn, business_id, scope), ["conversations", "resolved"])
    return Report(
        {
            **totals,
            **ended,
            "cost_per_conversation_usd": rate(totals["cost_usd"], ended["conversations"]),
            "cost_per_resolved_usd": rate(totals["cost_usd"], ended["resolved"]),
        },
        [{**row, "template_name": names.get(row["template_id"])} for row in rows],
    )
