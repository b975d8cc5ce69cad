"""Compares the figures of the API with those of a simulated business, which are known."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from math import sqrt
from typing import Any
from uuid import UUID

from dev.bench.simulator.facts import first_release
from dev.bench.simulator.periods import Days
from dev.bench.simulator.truth import Filters, Key, Start, Tally, Truth
from dev.bench.simulator.world import Business
from tests.support.checked_client import CheckedClient
from tests.support.expected_figures import (
    Close,
    Rows,
    call_row,
    feedback_rows,
    field_rows,
    funnel_rows,
    handover_rows,
    latency_rows,
    simple,
    stage_rows,
    summary_row,
    summary_rows,
)

_FIGURES_OF_CONVERSATIONS = ("conversations", "resolved", "handed_over", "abandoned", "open", "reopened")
_FIGURES_OF_TURNS = (
    *("turns", "completed", "failed", "held", "by_model", "by_rules", "by_fallback", "with_missing_fields"),
    *("rated_good", "rated_bad", "marked_good", "marked_bad"),
)
_FIGURES_OF_FIELDS = ("found", "corrected", "rejected", "missing")


class Comparison:
    """Reads the reports about a simulated business and compares them with the truth."""

    def __init__(self, client: CheckedClient, business: Business, now: datetime) -> None:
        self._client, self._business, self._now = client, business, now

    def check(self, first: date, last: date, by: str | None, query: dict[str, Any], filters: Filters) -> int:
        """Compare all reports. Returns the number of rows."""
        days = Days(first, last, self._business.zone)
        truth = Truth(self._business, days, by, filters, self._now)
        before = Truth(self._business, days.previous(), None, filters, self._now)
        query = {**query, "from": first.isoformat(), "to": last.isoformat()} | ({"by": by} if by else {})
        count = self._check_summary(truth, before, query)
        reports: dict[str, tuple[Callable[[], Rows], tuple[str, ...]]] = {
            "stages": (lambda: stage_rows(truth), ("stage_id",)),
            "transitions": (lambda: simple(truth.of_transitions(), "turns"), ("from_stage_id", "to_stage_id")),
            "fields": (lambda: field_rows(truth), ("stage_id", "field")),
            "actions": (lambda: simple(truth.of_actions(), "actions"), ("stage_id", "action", "outcome")),
            "handovers": (lambda: handover_rows(truth), ("reason", "person_id")),
            "feedback": (lambda: feedback_rows(truth), ("stage_id",)),
            "latency": (lambda: latency_rows(truth), ("measure", "step")),
        }
        if filters.stage is not None or filters.agent_id is not None or filters.releases is not None:
            del reports["handovers"]  # a takeover has no stage
        for name, (expected, keys) in reports.items():
            count += self._compare(name, query, expected(), keys)
        groups = {"step": ("step",), "model": ("model",), "channel": ("channel",)}
        groups["template"] = ("template_id", "template_version")
        for group_by, keys in groups.items():
            rows = {key: call_row(tally) for key, tally in truth.of_calls(group_by).items()}
            count += self._compare("cost", {**query, "group_by": group_by}, rows, keys)
        if filters.stage is None and filters.agent_id is None:
            count += self._check_funnel(truth, query)
        return count

    def _check_funnel(self, truth: Truth, query: dict[str, Any]) -> int:
        count = 0
        by_name = {stage.name: stage for stage in self._business.stages}
        template_id = self._business.stages[2].templates["response"]
        versions: dict[UUID | None, int | None] = {None: None}
        versions |= {each.release_id: each.versions[template_id] for each in self._business.releases}
        by_version = {"template_id": template_id, "group_by": "template_version"}
        for names in (("Greeting", "Order status", "Complaint"), ("Advice", "Returns")):
            stages = [by_name[name] for name in names]
            chosen = {**query, "stages": ",".join(str(stage.stage_id) for stage in stages)}
            chosen.pop("by", None)
            of_versions = truth.funnel(stages, lambda each: versions[first_release(each)])
            of_versions.pop(None, None)  # conversations without a release
            groups: list[tuple[dict[str, Any], str, dict[Any, list[tuple[int, float]]]]] = [
                ({}, "release_id", truth.funnel(stages, lambda _: None)),
                ({"group_by": "release"}, "release_id", truth.funnel(stages, first_release)),
                (by_version, "template_version", of_versions),
            ]
            for grouping, column, expected in groups:
                report = self._get("funnel", chosen | grouping)
                actual = {(_id(row.get(column)), row["step"]): row for row in report["rows"]}
                rows = funnel_rows(stages, expected)
                assert {key for key, row in actual.items() if row["entered"]} == rows.keys(), chosen
                for key, row in rows.items():
                    _assert_equal(row, actual[key], f"funnel {chosen} {key}")
                    _check_interval(actual[key])
                count += len(rows)
        return count

    def check_unanswered(self, first: date, last: date, query: dict[str, Any], filters: Filters) -> int:
        """Compare how often each message without an answer was sent. Returns the number of clusters."""
        truth = Truth(self._business, Days(first, last, self._business.zone), None, filters, self._now)
        report = self._get("unanswered", {**query, "from": first.isoformat(), "to": last.isoformat()})
        actual = {
            (row["cause"], example["question"]): example["times"]
            for row in report["rows"]
            for example in row["examples"]
        }
        expected = truth.of_unanswered()
        assert actual == expected
        assert report["totals"] == {"messages": expected.total(), "clusters": len(report["rows"])}
        assert sum(row["times"] for row in report["rows"]) == expected.total()
        return len(report["rows"])

    def check_examples(self, day: date) -> int:
        """Compare how many conversations, turns and handovers are listed behind each figure of a day."""
        truth = Truth(self._business, Days(day, day, self._business.zone), None, Filters(), self._now)
        turns, handovers = truth.of_turns(by_stage=False)[None,].counts, truth.of_handovers().values()
        expected = {
            **{name: turns[name] for name in _FIGURES_OF_TURNS},
            **{name: truth.of_conversations()[None,].counts[name] for name in _FIGURES_OF_CONVERSATIONS},
            "handovers": sum(tally.counts["handovers"] for tally in handovers),
        }
        query = {"from": day.isoformat(), "to": day.isoformat(), "limit": 200}
        listed = {name: len(self._get_list({**query, "figure": name})) for name in expected}
        assert listed == expected
        return sum(listed.values()) + self._check_details(truth, query)

    def _check_details(self, truth: Truth, query: dict[str, Any]) -> int:
        """The same of fields, and of the stages in which conversations started."""
        listed: dict[Key, int] = {}
        expected: dict[Key, int] = {}
        for (_, stage_id, field), tally in truth.of_fields().items():
            for figure in _FIGURES_OF_FIELDS:
                details = {"figure": figure, "stage_id": stage_id, "field": field}
                listed[stage_id, field, figure] = len(self._get_list({**query, **details}))
                expected[stage_id, field, figure] = tally.counts[figure]
        for (_, before, stage_id), tally in truth.of_transitions().items():
            if before is None:
                listed[stage_id,] = len(self._get_list({**query, "figure": "started", "stage_id": stage_id}))
                expected[stage_id,] = tally.counts["turns"]
        assert listed == expected
        return sum(listed.values())

    def _get_list(self, query: dict[str, Any]) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self._business.key}"}
        answer = self._client.get("/api/v1/analytics/conversations", query_string=query, headers=headers)
        assert answer.status_code == 200 and "Link" not in answer.headers, answer.text
        rows: list[dict[str, Any]] = answer.get_json()
        return rows

    def _check_summary(self, truth: Truth, before: Truth, query: dict[str, Any]) -> int:
        report = self._get("summary", query)
        rows = {(_utc(row["start"]),): row for row in report["rows"]}
        expected = summary_rows(truth) if "by" in query else {}
        for key, row in expected.items():
            assert key in rows, f"no row for {key}"
            _assert_equal(row, rows[key], f"summary {query} {key}")
        empty = {key: row for key, row in rows.items() if key not in expected and "by" in query}
        assert not any(row["turns"] or row["conversations"] for row in empty.values()), empty
        return len(rows) + self._check_totals(truth, before, report, query)

    def _check_totals(self, truth: Truth, before: Truth, report: dict[str, Any], query: dict[str, Any]) -> int:
        for name, source in (("value", truth), ("previous", before)):
            actual = {figure: pair[name] for figure, pair in report["totals"].items()}
            total = Truth(self._business, source.days, None, source.filters, self._now)
            expected = summary_rows(total).get((None,)) or summary_row(Tally(), Tally(), Tally())
            _assert_equal(expected, actual, f"summary {query} {name}")
        return 2

    def _compare(self, name: str, query: dict[str, Any], expected: Rows, keys: tuple[str, ...]) -> int:
        report = self._get(name, query)
        actual = {(_utc(row.get("start")), *(_id(row[key]) for key in keys)): row for row in report["rows"]}
        assert len(actual) == len(report["rows"]), f"{name} {query}: a row is repeated"
        assert actual.keys() == expected.keys(), f"{name} {query}"
        for key, row in expected.items():
            _assert_equal(row, actual[key], f"{name} {query} {key}")
        return len(actual)

    def _get(self, name: str, query: dict[str, Any]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._business.key}"}
        answer = self._client.get(f"/api/v1/analytics/{name}", query_string=query, headers=headers)
        assert answer.status_code == 200, answer.text
        report: dict[str, Any] = answer.get_json()
        assert report["time_zone"] == self._business.zone.key
        return report


def _assert_equal(expected: dict[str, Any], actual: dict[str, Any], where: str) -> None:
    differences = {name: (actual[name], value) for name, value in expected.items() if actual[name] != value}
    assert not differences, f"{where}: (actual, expected) {differences}"


def _utc(text: str | None) -> Start:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _id(value: Any) -> Any:
    """UUIDs as such, other values as they are."""
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        return value


def _check_interval(row: dict[str, Any]) -> None:
    """The ends of Wilson's interval are the rates from which the observed one is 1.96 standard errors away."""
    observed, entered = row["rate"], row["entered"]
    for end in (row["rate_low"], row["rate_high"]):
        if 1e-9 < end < 1 - 1e-9:
            errors = abs(observed - end) / sqrt(end * (1 - end) / entered)
            assert Close(1.959963984540054) == errors, row
        else:
            assert Close(observed) == end, row
