"""The other reports: stages, and what happens in them."""

from analytics.histogram import percentile
from analytics.question import Question, Report
from analytics.statistics import rate
from analytics.sums import add_up, histograms, merged
from db import Connection, Row
from repositories import analytics_conversations, analytics_names, analytics_turns

_TURNS = (
    "turns",
    "completed",
    "failed",
    "held",
    "by_model",
    "by_rules",
    "by_fallback",
    "with_missing_fields",
)
_FIELDS = ("found", "corrected", "rejected", "missing")
_BINS_OF_CONFIDENCE = 10


def stages(conn: Connection, question: Question) -> Report:
    """How turns ended in each stage, and how certain its selection was."""
    business_id, scope = question.business_id, question.scope
    rows = analytics_turns.sum_turns(conn, business_id, scope, by_stage=True)
    bins = analytics_turns.turn_bins(conn, business_id, scope, "confidence", by_stage=True)
    confidence = histograms(bins, ["slot", "stage_id"])
    names = analytics_names.stage_names(conn, business_id)
    return Report(
        _stage_figures(add_up(rows, _TURNS), merged(confidence)),
        [
            {
                "slot": row["slot"],
                "stage_id": row["stage_id"],
                "stage_name": names.get(row["stage_id"]),
                **_stage_figures({name: row[name] for name in _TURNS}, confidence.get(_key(row), {})),
            }
            for row in sorted(rows, key=lambda row: (row["slot"], -row["turns"]))
        ],
    )


def _key(row: Row) -> tuple[int, object]:
    return row["slot"], row["stage_id"]


def _stage_figures(sums: Row, confidence: dict[int, int]) -> Row:
    return {
        **sums,
        "fallback_rate": rate(sums["by_fallback"], sums["completed"]),
        "confidence": [confidence.get(number, 0) for number in range(_BINS_OF_CONFIDENCE)],
    }


def transitions(conn: Connection, question: Question) -> Report:
    """How conversations moved between stages."""
    rows = analytics_turns.sum_transitions(conn, question.business_id, question.scope)
    names = analytics_names.stage_names(conn, question.business_id)
    return Report(
        add_up(rows, ["turns"]),
        [
            {
                **row,
                "from_stage_name": names.get(row["from_stage_id"]),
                "to_stage_name": names.get(row["to_stage_id"]),
            }
            for row in rows
        ],
    )


def fields(conn: Connection, question: Question) -> Report:
    """What was found of the data that stages collect."""
    rows = analytics_turns.sum_fields(conn, question.business_id, question.scope)
    return Report(add_up(rows, _FIELDS), _with_stage_names(conn, question, rows))


def actions(conn: Connection, question: Question) -> Report:
    """What became of the actions of stages."""
    rows = analytics_turns.sum_actions(conn, question.business_id, question.scope)
    return Report(add_up(rows, ["actions"]), _with_stage_names(conn, question, rows))


def _with_stage_names(conn: Connection, question: Question, rows: list[Row]) -> list[Row]:
    names = analytics_names.stage_names(conn, question.business_id)
    return [{**row, "stage_name": names.get(row["stage_id"])} for row in rows]


def handovers(conn: Connection, question: Question) -> Report:
    """Why people took over, who did, and how long customers waited for them."""
    business_id, scope = question.business_id, question.scope
    rows = analytics_conversations.sum_handovers(conn, business_id, scope)
    keys = ["slot", "reason", "person_id"]
    waiting = histograms(analytics_conversations.waiting_bins(conn, business_id, scope), keys)
    names = analytics_names.member_names(conn, business_id)
    return Report(
        {**add_up(rows, ["handovers", "answered"]), **_waiting(merged(waiting))},
        [
            {
                **row,
                "person_name": names.get(row["person_id"]),
                **_waiting(waiting.get(tuple(row[key] for key in keys), {})),
            }
            for row in rows
        ],
    )


def _waiting(histogram: dict[int, int]) -> Row:
    seconds = {name: percentile(histogram, share) for name, share in (("p50", 0.5), ("p95", 0.95))}
    return {f"waiting_{name}_seconds": None if each is None else each / 1000 for name, each in seconds.items()}
