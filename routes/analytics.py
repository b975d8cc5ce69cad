"""Reports about conversations, turns and calls to models. docs/analytics.md defines each figure."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, jsonify, request

from analytics import calls, funnel, overview, ratings, reports
from analytics.days import zone_of
from analytics.period import DEFAULT_DAYS, Period
from analytics.question import Question, Report
from auth import require_business_api_key
from core.context import current_context
from core.errors import InvalidRequest
from core.validation import validate
from db import Connection, Row
from repositories import analytics_names
from routes.csv_files import csv_lines
from routes.decorators import accepts_query, returns

blueprint = Blueprint("analytics", __name__)

MAX_DAYS = 800  # of a report
MAX_ROWS = 10_000
MAX_HOURLY_DAYS = 62
MIN_DAY, MAX_DAY = date(2000, 1, 1), date(9999, 1, 1)
_FILTERS = ("channel", "language", "stage_id", "agent_id")

# The name of a report → how it is created, and the schema of its query.
_REPORTS: dict[str, tuple[Callable[[Connection, Question], Report], str]] = {
    "summary": (overview.summary, "analytics_query"),
    "stages": (reports.stages, "analytics_query"),
    "funnel": (funnel.funnel, "analytics_funnel_query"),
    "transitions": (reports.transitions, "analytics_query"),
    "fields": (reports.fields, "analytics_query"),
    "actions": (reports.actions, "analytics_query"),
    "handovers": (reports.handovers, "analytics_handovers_query"),
    "latency": (calls.latency, "analytics_query"),
    "cost": (calls.cost, "analytics_cost_query"),
    "feedback": (ratings.feedback, "analytics_query"),
}


# Filters that a report cannot have: a conversation has several stages and agents.
_WITHOUT_FILTERS = {
    "funnel": ("stage_id", "agent_id"),
    "handovers": ("stage_id", "agent_id", "release_id", "template_id"),
}


@blueprint.get("/analytics/summary")
@require_business_api_key
@accepts_query("analytics_query")
@returns(200, "analytics_summary")
def read_summary(query: dict[str, Any]) -> Response:
    """The most important figures, each compared with the period before."""
    return _answer("summary", {"by": "day", **query})


@blueprint.get("/analytics/stages")
@require_business_api_key
@accepts_query("analytics_query")
@returns(200, "analytics_stages")
def read_stages(query: dict[str, Any]) -> Response:
    """How turns ended in each stage, and how certain its selection was."""
    return _answer("stages", query)


@blueprint.get("/analytics/funnel")
@require_business_api_key
@accepts_query("analytics_funnel_query")
@returns(200, "analytics_funnel")
def read_funnel(query: dict[str, Any]) -> Response:
    """How many conversations reached each stage of a sequence, with confidence intervals."""
    return _answer("funnel", query)


@blueprint.get("/analytics/transitions")
@require_business_api_key
@accepts_query("analytics_query")
@returns(200, "analytics_transitions")
def read_transitions(query: dict[str, Any]) -> Response:
    """How conversations moved between stages."""
    return _answer("transitions", query)


@blueprint.get("/analytics/fields")
@require_business_api_key
@accepts_query("analytics_query")
@returns(200, "analytics_fields")
def read_fields(query: dict[str, Any]) -> Response:
    """What was found of the data that stages collect."""
    return _answer("fields", query)


@blueprint.get("/analytics/actions")
@require_business_api_key
@accepts_query("analytics_query")
@returns(200, "analytics_actions")
def read_actions(query: dict[str, Any]) -> Response:
    """What became of the actions of stages."""
    return _answer("actions", query)


@blueprint.get("/analytics/handovers")
@require_business_api_key
@accepts_query("analytics_handovers_query")
@returns(200, "analytics_handovers")
def read_handovers(query: dict[str, Any]) -> Response:
    """Why people took over conversations, who did, and how long customers waited for them."""
    return _answer("handovers", query)


@blueprint.get("/analytics/latency")
@require_business_api_key
@accepts_query("analytics_query")
@returns(200, "analytics_latency")
def read_latency(query: dict[str, Any]) -> Response:
    """How long turns and customers waited, and how long models took."""
    return _answer("latency", query)


@blueprint.get("/analytics/cost")
@require_business_api_key
@accepts_query("analytics_cost_query")
@returns(200, "analytics_cost")
def read_cost(query: dict[str, Any]) -> Response:
    """What calls to models cost, by step, model, template or channel."""
    return _answer("cost", query)


@blueprint.get("/analytics/feedback")
@require_business_api_key
@accepts_query("analytics_query")
@returns(200, "analytics_feedback")
def read_feedback(query: dict[str, Any]) -> Response:
    """How customers and staff rated answers, and how customers rated conversations."""
    return _answer("feedback", query)


@blueprint.get("/analytics/csv")
@require_business_api_key
@accepts_query("analytics_csv_query")
@returns(200, media_type="text/csv")
def download_report(query: dict[str, Any]) -> Response:
    """Download the rows of a report as CSV, with the columns that they have as JSON."""
    name = query.pop("report")
    validate(query, _REPORTS[name][1])
    answer = _create(name, {"by": "day", **query} if name == "summary" else query)
    rows = answer["rows"]
    columns = list(rows[0]) if rows else []
    headers = {"Content-Disposition": f"attachment; filename={name}-{answer['from']}-{answer['to']}.csv"}
    lines = csv_lines([columns, *(row.values() for row in rows)])
    return Response(lines, content_type="text/csv; charset=utf-8", headers=headers)


def _answer(name: str, query: dict[str, Any]) -> Response:
    return jsonify(_create(name, query))


def _create(name: str, query: dict[str, Any]) -> dict[str, Any]:
    """The report with its period. Raises InvalidRequest for an unusable period, and if there are too many rows."""
    check_filters(name)
    with current_context().database.read_only() as conn:
        conn.use_snapshot()  # so that totals and rows agree
        question = read_question(conn, query)
        report = _REPORTS[name][0](conn, question)
    if len(report.rows) > MAX_ROWS:
        raise InvalidRequest.at("$.by", f"This would be more than {MAX_ROWS} rows. Choose fewer days or longer parts.")
    period, by = question.period, question.by
    answer = {**describe(question), "by": by}
    if name == "summary":
        answer["previous"] = {"from": period.previous.first, "to": period.previous.last}
    starts = [start.astimezone(period.zone) for start in period.starts(by)]
    rows = [_without_slot(row, starts if by else []) for row in report.rows]
    return {**answer, "totals": report.totals, "rows": rows}


def _without_slot(row: Row, starts: Sequence[datetime]) -> Row:
    """The row with the `start` of its slot, if there are several."""
    slot = row.pop("slot")
    return {"start": starts[slot - 1], **row} if starts else row


def check_filters(name: str) -> None:
    """Raises InvalidRequest if the request has a filter that the report cannot have."""
    for filter_name in _WITHOUT_FILTERS.get(name, ()):
        if filter_name in request.args:
            raise InvalidRequest.at(f"$.{filter_name}", f"The report `{name}` does not have this filter.")


def describe(question: Question) -> dict[str, Any]:
    """The days of the question, for its answer."""
    period = question.period
    return {"from": period.first, "to": period.last, "time_zone": str(period.zone)}


def read_question(conn: Connection, query: dict[str, Any]) -> Question:
    """What the query asks. Raises InvalidRequest for an unusable period."""
    return Question(
        g.business_id,
        _read_period(query, analytics_names.get_time_zone(conn, g.business_id)),
        query.get("by"),
        {key: query[key] for key in _FILTERS if key in query},
        _read_releases(conn, query),
        query.get("group_by"),
        UUID(query["template_id"]) if "template_id" in query else None,
        _read_stages(query),
    )


def _read_stages(query: dict[str, Any]) -> list[UUID]:
    """The stages of a funnel. Raises InvalidRequest for an ID that is not valid."""
    try:
        return [UUID(each) for each in query.get("stages", "").split(",") if each]
    except ValueError:
        raise InvalidRequest.at("$.stages", "Must be the IDs of stages, separated by commas.") from None


def _read_period(query: dict[str, Any], time_zone: str | None) -> Period:
    """The days that the query names, or the last ones. Raises InvalidRequest if they are not in order, or too many."""
    zone = zone_of(time_zone)
    last = date.fromisoformat(query["to"]) if "to" in query else datetime.now(UTC).astimezone(zone).date()
    first = date.fromisoformat(query["from"]) if "from" in query else last - timedelta(days=DEFAULT_DAYS - 1)
    if not MIN_DAY <= first <= last <= MAX_DAY:
        raise InvalidRequest.at("$.from", f"Must be from {MIN_DAY} on, and not after `to`.")
    days = (last - first).days + 1
    if days > MAX_DAYS:
        raise InvalidRequest.at("$.from", f"A report is about at most {MAX_DAYS} days.")
    if query.get("by") == "hour" and days > MAX_HOURLY_DAYS:
        raise InvalidRequest.at("$.by", f"Hours are available for at most {MAX_HOURLY_DAYS} days.")
    return Period(first, last, zone)


def _read_releases(conn: Connection, query: dict[str, Any]) -> Sequence[UUID] | None:
    """The releases that the filters name; None: all. Raises InvalidRequest if a template is missing."""
    if query.get("group_by") == "template_version" and "template_id" not in query:
        raise InvalidRequest.at("$.template_id", "Name the template whose versions are compared.")
    named = [UUID(query["release_id"])] if "release_id" in query else None
    if "template_id" not in query:
        return named
    versions = analytics_names.template_versions(conn, g.business_id, UUID(query["template_id"]))
    version = query.get("template_version")
    containing = [release_id for release_id, number in versions.items() if version in (None, number)]
    return containing if named is None else [release_id for release_id in named if release_id in containing]
