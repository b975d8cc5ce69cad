"""The summary, filters and files of random figures, compared with sums that are computed here."""

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.figures import (
    OF_TURNS,
    PERIOD,
    STAGES,
    add_conversations,
    add_turns,
    ask,
    assert_equal,
    expected_summary,
)
from tests.support.rollups import DAYS, FIRST, bucket_of, grouped

# A part of a day, a week or a month that a quarter of an hour belongs to.
PARTS: dict[str, Callable[[datetime], Any]] = {
    "hour": lambda local: local.replace(minute=0, second=0).isoformat(),
    "day": lambda local: local.date(),
    "week": lambda local: local.date() - timedelta(days=local.weekday()),
    "month": lambda local: local.date().replace(day=1),
}


@pytest.mark.parametrize("by", PARTS)
def test_summary_counts_each_part_of_the_period(berlin: Shop, sql: Connection, by: str) -> None:
    turns, conversations = add_turns(berlin, sql), add_conversations(berlin, sql)
    answer = ask(berlin, "summary", by=by)
    assert (answer["by"], answer["time_zone"], answer["to"]) == (by, "Europe/Berlin", PERIOD["to"])
    part = PARTS[by]
    turns_of, conversations_of = (grouped(rows, lambda row: part(bucket_of(row))) for rows in (turns, conversations))
    assert len(answer["rows"]) == {"hour": DAYS * 24 + 1, "day": DAYS, "week": 2, "month": 2}[by]
    seen = set()
    for row in answer["rows"]:
        key = row.pop("start")
        if by == "day":
            key = date.fromisoformat(key[:10])
        elif by == "week":
            key = date.fromisoformat(key[:10]) - timedelta(days=date.fromisoformat(key[:10]).weekday())
        elif by == "month":
            key = date.fromisoformat(key[:10]).replace(day=1)
        seen.add(key)
        assert_equal(row, expected_summary(turns_of.get(key, []), conversations_of.get(key, [])))
    assert {*turns_of, *conversations_of} <= seen
    totals = {name: each["value"] for name, each in answer["totals"].items()}
    assert_equal(totals, expected_summary(turns, conversations))


def test_summary_compares_with_the_period_before(berlin: Shop, sql: Connection) -> None:
    turns, conversations = add_turns(berlin, sql), add_conversations(berlin, sql)
    middle = FIRST.date() + timedelta(days=7)
    answer = ask(berlin, "summary", **{"from": middle.isoformat()})
    assert answer["previous"] == {"from": "2026-10-19", "to": "2026-10-25"}
    before, since = (
        [[row for row in rows if (bucket_of(row).date() < middle) is is_before] for rows in (turns, conversations)]
        for is_before in (True, False)
    )
    assert_equal({name: each["value"] for name, each in answer["totals"].items()}, expected_summary(*since))
    assert_equal({name: each["previous"] for name, each in answer["totals"].items()}, expected_summary(*before))


@pytest.mark.parametrize("name", ["channel", "language", "stage_id", "agent_id", "release_id"])
def test_filters_leave_only_their_rows(berlin: Shop, sql: Connection, name: str) -> None:
    turns, conversations = add_turns(berlin, sql), add_conversations(berlin, sql)
    value = OF_TURNS[name][0]
    answer = ask(berlin, "summary", **{name: value})
    matching = [[row for row in rows if row[name] == value] for rows in (turns, conversations)]
    assert matching[0]
    assert_equal({key: each["value"] for key, each in answer["totals"].items()}, expected_summary(*matching))


@pytest.mark.parametrize(
    "report", ["summary", "stages", "transitions", "fields", "actions", "handovers", "latency", "cost", "feedback"]
)
def test_nothing_is_counted_for_a_new_business(shop: Shop, report: str) -> None:
    answer = shop.get(f"/analytics/{report}").get_json()
    assert answer["time_zone"] == "UTC"
    assert (date.fromisoformat(answer["to"]) - date.fromisoformat(answer["from"])).days == 29
    if report == "summary":
        assert len(answer["rows"]) == 30
        assert {(each["value"] or 0, each["previous"] or 0) for each in answer["totals"].values()} == {(0, 0)}
    else:
        assert answer["rows"] == []


def test_csv_has_the_columns_and_values_of_the_rows(berlin: Shop, sql: Connection) -> None:
    add_turns(berlin, sql)
    assert berlin.put(f"/stages/{berlin.stages['Greeting']}", {"stage_name": "=HYPERLINK(1)"}).status_code == 200
    sql.execute(
        "UPDATE analytics_turns SET stage_id = %(new)s WHERE business_id = %(id)s AND stage_id = %(old)s",
        {"new": berlin.stages["Greeting"], "old": STAGES[0], "id": berlin.business_id},
    )
    file = berlin.get("/analytics/csv", report="stages", by="week", **PERIOD)
    assert file.headers["Content-Disposition"] == "attachment; filename=stages-2026-10-19-2026-11-01.csv"
    rows = ask(berlin, "stages", by="week")["rows"]
    lines = list(csv.DictReader(io.StringIO(file.text)))
    assert [list(line) for line in lines] == [list(row) for row in rows]
    assert [int(line["turns"]) for line in lines] == [row["turns"] for row in rows]
    assert "'=HYPERLINK(1)" in {line["stage_name"] for line in lines}
    summary = csv.DictReader(io.StringIO(berlin.get("/analytics/csv", report="summary", **PERIOD).text))
    assert sum(int(line["turns"]) for line in summary) == ask(berlin, "summary")["totals"]["turns"]["value"]
    assert berlin.get("/analytics/csv", report="handovers", stage_id=STAGES[0]).status_code == 400
    assert berlin.get("/analytics/csv", report="views").status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-11-02", "to": "2026-11-01"},
        {"from": "2020-01-01", "to": "2026-11-01"},
        {"from": "2026-08-01", "to": "2026-11-01", "by": "hour"},
        {"from": "1999-12-31", "to": "2000-01-05"},
        {"to": "9999-12-31"},
        {"from": "2026-02-30"},
        {"by": "minute"},
        {"release_id": "x"},
    ],
)
def test_unusable_periods_and_filters_are_rejected(shop: Shop, query: dict[str, str]) -> None:
    assert shop.get("/analytics/summary", **query).status_code == 400


def test_figures_belong_to_one_business(berlin: Shop, other_shop: Shop, sql: Connection) -> None:
    add_turns(berlin, sql, 5)
    assert ask(other_shop, "summary")["totals"]["turns"]["value"] == 0
    assert ask(berlin, "summary")["totals"]["turns"]["value"] > 0
