"""The plans of reports about a year with a million messages, and how long they take (`make soak`)."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date
from typing import Any
from uuid import UUID

import pytest

from analytics import calls, funnel, overview, ratings, reports, unanswered
from analytics.days import days_between
from analytics.period import Period
from analytics.question import Question
from db import Connection
from repositories import analytics_examples, rollup_days
from repositories.page import LAST_ID, Page
from tests.conftest import own_database
from tests.support.database import connect
from tests.support.million_figures import STATEMENTS, ids

TURNS = 500_000  # each with a message and a reply
YEAR = Period(date(2025, 1, 1), date(2025, 12, 31), UTC)
RAW = {"messages", "turns", "conversations", "collected_fields", "takeovers", "turn_steps", "llm_calls"}
FIGURES = ("conversations", "abandoned", "reopened")
OF_TURNS = ("turns", "failed", "by_fallback", "started", "missing")


class Measured:
    """A connection that also explains what it executes."""

    def __init__(self, conn: Connection) -> None:
        self.conn = conn
        self.scanned: set[str] = set()

    def execute(self, statement: str, parameters: dict[str, Any]) -> Any:
        [row] = self.conn.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters).fetchall()
        plan = row["QUERY PLAN"]
        self._visit(json.loads(plan) if isinstance(plan, str) else plan)
        return self.conn.execute(statement, parameters)

    def _note(self, table: str) -> None:
        """Note the table, unless it is empty, as partitions of future months are."""
        [row] = self.conn.execute(f"SELECT EXISTS (SELECT FROM {table}) AS has_rows").fetchall()
        if row["has_rows"]:
            self.scanned.add(table.partition("_default")[0])

    def _visit(self, node: Any) -> None:
        if isinstance(node, list):
            for each in node:
                self._visit(each)
        elif isinstance(node, dict):
            if node.get("Node Type") == "Seq Scan":
                self._note(node["Relation Name"])
            for each in node.values():
                self._visit(each)


@pytest.fixture(scope="module")
def year(server_url: str, template_database: str) -> Iterator[tuple[Connection, dict[str, Any]]]:
    parameters = {**ids(), "turns": TURNS}
    with own_database(server_url, template_database) as url, connect(url, autocommit=False) as conn:
        conn.execute("SET session_replication_role = replica")  # without foreign keys and triggers
        for statement in STATEMENTS:
            conn.execute(statement, parameters)
        for start, end in days_between(YEAR.start, YEAR.end, UTC):
            rollup_days.replace_day(conn, parameters["business_id"], start, end)
        conn.commit()
        conn.autocommit = True
        conn.execute("VACUUM ANALYZE")
        conn.autocommit = False
        yield conn, parameters


def questions(parameters: dict[str, Any]) -> dict[str, Callable[[Any], Any]]:
    """The requests whose time is limited."""
    business_id: UUID = parameters["business_id"]
    year = Question(business_id, YEAR)
    daily, monthly = Question(business_id, YEAR, "day"), Question(business_id, YEAR, "month")
    stages = Question(business_id, YEAR, stage_ids=parameters["stages"][:4])
    by_release = Question(business_id, YEAR, group_by="release", stage_ids=parameters["stages"][:4])
    filtered = Question(business_id, YEAR, "day", {"channel": "widget", "language": "de"})
    of_stage = Question(business_id, YEAR, "week", {"stage_id": parameters["stages"][2]})
    page = Page(50, "infinity", LAST_ID, is_newest_first=True)
    found: dict[str, Callable[[Any], Any]] = {
        "summary by day": lambda conn: overview.summary(conn, daily),
        "summary by month": lambda conn: overview.summary(conn, monthly),
        "summary by day, two filters": lambda conn: overview.summary(conn, filtered),
        "summary by week of a stage": lambda conn: overview.summary(conn, of_stage),
        "stages": lambda conn: reports.stages(conn, year),
        "stages by month": lambda conn: reports.stages(conn, monthly),
        "transitions": lambda conn: reports.transitions(conn, year),
        "fields": lambda conn: reports.fields(conn, year),
        "actions": lambda conn: reports.actions(conn, year),
        "handovers": lambda conn: reports.handovers(conn, year),
        "latency": lambda conn: calls.latency(conn, year),
        "cost by template": lambda conn: calls.cost(conn, Question(business_id, YEAR, group_by="template")),
        "cost by day and model": lambda conn: calls.cost(conn, Question(business_id, YEAR, "day", group_by="model")),
        "feedback": lambda conn: ratings.feedback(conn, year),
        "funnel": lambda conn: funnel.funnel(conn, stages),
        "funnel by release": lambda conn: funnel.funnel(conn, by_release),
        "unanswered": lambda conn: unanswered.report(unanswered.find_messages(conn, year)),
    }
    for figure in FIGURES:
        found[f"conversations: {figure}"] = lambda conn, figure=figure: analytics_examples.list_conversations(
            conn, business_id, year.scope, page, figure
        )
    for figure in OF_TURNS:
        found[f"turns: {figure}"] = lambda conn, figure=figure: analytics_examples.list_turns(
            conn, business_id, year.scope, page, figure, {"field": "city"} if figure == "missing" else {}
        )
    return found


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_reports_about_a_year_do_not_scan_messages_and_turns(year: tuple[Connection, dict[str, Any]]) -> None:
    conn, parameters = year
    scanning, took = {}, {}
    for name, ask in questions(parameters).items():
        measured = Measured(conn)
        ask(measured)
        if measured.scanned & RAW:
            scanning[name] = measured.scanned & RAW
        times = []
        for _ in range(5):
            began = time.perf_counter()
            ask(conn)
            times.append(time.perf_counter() - began)
        took[name] = statistics.median(times)
    print("\n".join(f"{name}: {seconds * 1000:.0f} ms" for name, seconds in took.items()))
    assert scanning == {}
