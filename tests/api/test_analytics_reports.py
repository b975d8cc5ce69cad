"""Reports about random figures, compared with sums that are computed here."""

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.figures import (
    COUNTS,
    OF_TURNS,
    PEOPLE,
    RATINGS,
    RELEASES,
    SHARED,
    STAGES,
    TEMPLATES,
    TURNS,
    add_conversations,
    add_turns,
    ask,
    assert_equal,
    expected_summary,
)
from tests.support.rollups import Figures, grouped, insert, percentile, random_rows, total


def test_template_stands_for_the_releases_that_contain_its_version(berlin: Shop, sql: Connection) -> None:
    template_id = berlin.get(f"/stages/{berlin.stages['Greeting']}").get_json()["response_generation_template_id"]
    for content in ("Second", "Third"):
        assert berlin.put(f"/templates/{template_id}", {"content": content}).status_code == 200
    sql.execute("UPDATE releases SET is_used = true WHERE business_id = %(id)s", {"id": berlin.business_id})
    stored = sql.execute(
        "SELECT release_id, snapshot FROM releases WHERE business_id = %(id)s", {"id": berlin.business_id}
    ).fetchall()
    version_of = {
        row["release_id"]: template["version"]
        for row in stored
        for template in row["snapshot"]["templates"]
        if template["template_id"] == template_id
    }
    names = {**OF_TURNS, "stage_before": [None], "release_id": [row["release_id"] for row in stored]}
    rows = random_rows(8, 60, names, TURNS)
    insert(sql, "analytics_turns", berlin.business_id, rows)
    for version in (1, 2, 3, 4, None):
        query = {"template_id": template_id} | ({} if version is None else {"template_version": version})
        expected = sum(
            row["turns"]
            for row in rows
            if row["release_id"] in version_of and version in (None, version_of[row["release_id"]])
        )
        assert ask(berlin, "stages", **query)["totals"]["turns"] == expected
    assert berlin.get("/analytics/stages", template_version=1).status_code == 400


def test_stages_have_their_turns_and_confidence(berlin: Shop, sql: Connection) -> None:
    turns = add_turns(berlin, sql)
    names = {berlin.stages["Greeting"]: "Greeting"}
    sql.execute(
        "UPDATE analytics_turns SET stage_id = %(new)s WHERE business_id = %(id)s AND stage_id = %(old)s",
        {"new": berlin.stages["Greeting"], "old": STAGES[0], "id": berlin.business_id},
    )
    answer = ask(berlin, "stages")
    by_stage = grouped(turns, lambda row: row["stage_id"])
    assert [row["turns"] for row in answer["rows"]] == sorted((row["turns"] for row in answer["rows"]), reverse=True)
    assert len(answer["rows"]) == len(by_stage) == 5
    for row in [*answer["rows"], {**answer["totals"], "stage_id": "all", "stage_name": None}]:
        stage_id = row.pop("stage_id")
        assert row.pop("stage_name") == names.get(stage_id)
        original = STAGES[0] if stage_id == berlin.stages["Greeting"] else stage_id
        rows = turns if stage_id == "all" else next(each for key, each in by_stage.items() if str(key) == str(original))
        bins = total(rows, "confidence")
        expected = {name: total(rows, name) for name in COUNTS}
        expected["fallback_rate"] = expected["by_fallback"] / expected["completed"]
        assert_equal(row, {**expected, "confidence": [bins.get(number, 0) for number in range(10)]})
    weekly = ask(berlin, "stages", by="week")
    assert sum(row["turns"] for row in weekly["rows"]) == total(turns, "turns")
    assert {row["start"] for row in weekly["rows"]} == {"2026-10-19T00:00:00+02:00", "2026-10-26T00:00:00+01:00"}


def test_transitions_count_answered_turns(berlin: Shop, sql: Connection) -> None:
    turns = [row for row in add_turns(berlin, sql) if row["stage_id"] and row["completed"]]
    answer = ask(berlin, "transitions")
    expected = {
        (str(before) if before else None, str(after)): total(rows, "completed")
        for (before, after), rows in grouped(turns, lambda row: (row["stage_before"], row["stage_id"])).items()
    }
    assert {(row["from_stage_id"], row["to_stage_id"]): row["turns"] for row in answer["rows"]} == expected
    assert answer["totals"] == {"turns": sum(expected.values())}


def test_fields_and_actions_are_counted_per_stage(berlin: Shop, sql: Connection) -> None:
    names = ("found", "corrected", "rejected", "missing")
    found = random_rows(3, 60, {**OF_TURNS, "field": ["city", "größe"]}, dict.fromkeys(names, 5))
    done = random_rows(4, 60, {**OF_TURNS, "action": ["tag", "call"], "outcome": ["done", "failed"]}, {"actions": 5})
    insert(sql, "analytics_fields", berlin.business_id, found)
    insert(sql, "analytics_actions", berlin.business_id, done)
    answer = ask(berlin, "fields")
    fields = {(row["stage_id"], row["field"]): [row[name] for name in names] for row in answer["rows"]}
    assert fields == {
        (key[0] and str(key[0]), key[1]): [total(rows, name) for name in names]
        for key, rows in grouped(found, lambda row: (row["stage_id"], row["field"])).items()
    }
    assert answer["totals"] == {name: total(found, name) for name in names}
    answer = ask(berlin, "actions", stage_id=STAGES[0])
    assert {(row["stage_id"], row["action"], row["outcome"]): row["actions"] for row in answer["rows"]} == {
        (str(STAGES[0]), *key): total(rows, "actions")
        for key, rows in grouped(
            [row for row in done if row["stage_id"] == STAGES[0]], lambda row: (row["action"], row["outcome"])
        ).items()
    }


def test_feedback_is_counted_per_stage(berlin: Shop, sql: Connection) -> None:
    turns, conversations = add_turns(berlin, sql), add_conversations(berlin, sql)
    answer = ask(berlin, "feedback")
    by_stage = grouped(turns, lambda row: row["stage_id"] and str(row["stage_id"]))
    assert {row["stage_id"]: [row[name] for name in RATINGS] for row in answer["rows"]} == {
        stage_id: [total(rows, name) for name in RATINGS] for stage_id, rows in by_stage.items()
    }
    summary = expected_summary(turns, conversations)
    assert answer["totals"]["satisfaction"] == pytest.approx(summary["satisfaction"])
    assert answer["totals"]["conversation_rating"] == pytest.approx(summary["conversation_rating"])
    ratings = total(conversations, "ratings")
    assert answer["totals"]["ratings"] == [ratings[number] for number in range(1, 6)]


def test_handovers_have_reasons_people_and_waiting_times(berlin: Shop, sql: Connection) -> None:
    names = {**SHARED, "reason": ["keyword", "manual"], "person_id": [*PEOPLE, berlin.owner_id, None]}
    rows = random_rows(5, 80, names, {"handovers": 5, "answered": 4, "waiting[]": 150})
    insert(sql, "analytics_handovers", berlin.business_id, rows)
    answer = ask(berlin, "handovers", channel="widget")
    rows = [row for row in rows if row["channel"] == "widget"]
    by_person = grouped(rows, lambda row: (row["reason"], row["person_id"] and str(row["person_id"])))
    assert len(answer["rows"]) == len(by_person)
    for row in answer["rows"]:
        mine = by_person[row["reason"], row["person_id"]]
        assert (row["handovers"], row["answered"]) == (total(mine, "handovers"), total(mine, "answered"))
        assert row["person_name"] == ("Olive Owner" if row["person_id"] == berlin.owner_id else None)
        p50 = percentile(total(mine, "waiting"), 0.5)
        assert p50 is not None
        assert row["waiting_p50_seconds"] == pytest.approx(p50 / 1000)
    assert berlin.get("/analytics/handovers", stage_id=STAGES[0]).status_code == 400


def add_calls(shop: Shop, sql: Connection) -> list[Figures]:
    names = {
        **OF_TURNS,
        "step": ["selection", "response"],
        "model": ["small", "large"],
        "template_id": [*TEMPLATES, None],
        "template_version": [1, 2],
    }
    costs = {"calls": 9, "failed": 2, "unpriced": 3, "prompt_tokens": 900, "completion_tokens": 90, "cost_usd": 7}
    rows = random_rows(6, 100, names, {**costs, "latency[]": 120})
    insert(sql, "analytics_calls", shop.business_id, rows)
    return rows


def test_latency_separates_queueing_and_models(berlin: Shop, sql: Connection) -> None:
    turns, calls = add_turns(berlin, sql), add_calls(berlin, sql)
    answer = ask(berlin, "latency")
    expected = {("queueing", None): total(turns, "queueing"), ("first_token", None): total(turns, "first_token")}
    expected["answer", None] = total(turns, "full_answer")
    for step, rows in grouped(calls, lambda row: row["step"]).items():
        expected["model", step] = total(rows, "latency")
    assert len(answer["rows"]) == len(expected) == 5
    for row in answer["rows"]:
        counts = expected[row["measure"], row["step"]]
        assert row["count"] == sum(counts.values())
        assert row["p50_ms"] == pytest.approx(percentile(counts, 0.5))
        assert row["p95_ms"] == pytest.approx(percentile(counts, 0.95))
    assert answer["totals"]["model_p95_ms"] == pytest.approx(percentile(total(calls, "latency"), 0.95))


@pytest.mark.parametrize("group_by", ["step", "model", "template", "channel"])
def test_cost_is_divided_by_one_name(berlin: Shop, sql: Connection, group_by: str) -> None:
    calls, conversations = add_calls(berlin, sql), add_conversations(berlin, sql)
    answer = ask(berlin, "cost", group_by=group_by)
    keys = ["template_id", "template_version"] if group_by == "template" else [group_by]
    others = {"step", "model", "template_id", "template_version", "channel"} - set(keys)
    expected = grouped(calls, lambda row: tuple(None if row[key] is None else str(row[key]) for key in keys))
    assert len(answer["rows"]) == len(expected)
    for row in answer["rows"]:
        rows = expected[tuple(None if row[key] is None else str(row[key]) for key in keys)]
        assert {row[name] for name in others} == {None}
        assert row["cost_usd"] == total(rows, "cost_usd")
        assert (row["calls"], row["unpriced_calls"]) == (total(rows, "calls"), total(rows, "unpriced"))
    totals = answer["totals"]
    assert totals["cost_usd"] == total(calls, "cost_usd")
    assert totals["cost_per_resolved_usd"] == pytest.approx(totals["cost_usd"] / total(conversations, "resolved"))


def test_funnel_counts_stages_in_their_order(berlin: Shop, sql: Connection) -> None:
    first, second, third, other = STAGES
    paths = [[first, second, third], [first, other, third], [second, first, third], [first, second], [second, third]]
    paths += [[other, first, other, second, third][1:], [first]]
    rows = []
    for number, path in enumerate(paths):
        names = {**SHARED, "release_id": [*RELEASES, None], "path": [path]}
        for row in random_rows(10 + number, 12, names, {"conversations": 7}):
            times = sorted(number * 1000 * (place + 1) for place in range(len(path)))
            rows.append({**row, "entered_ms": [row["conversations"] * each for each in times]})
    insert(sql, "analytics_paths", berlin.business_id, rows)
    asked = [first, second, third]

    def reached(row: Figures) -> int:
        places = [row["path"].index(stage) if stage in row["path"] else -1 for stage in asked]
        return sum(all(places[each] > ([-1, *places])[each] for each in range(step + 1)) for step in range(3))

    def expected(rows: list[Figures]) -> list[int]:
        return [sum(row["conversations"] for row in rows if reached(row) > step) for step in range(3)]

    stages = ",".join(map(str, asked))
    answer = ask(berlin, "funnel", stages=stages)
    counts = expected(rows)
    assert [row["reached"] for row in answer["rows"]] == counts
    assert [row["dropped"] for row in answer["rows"]] == [counts[0] - counts[1], counts[1] - counts[2], 0]
    assert answer["totals"]["rate"] == pytest.approx(counts[2] / counts[0])
    assert answer["totals"]["rate_low"] < answer["totals"]["rate"] < answer["totals"]["rate_high"]
    to_second = [row for row in rows if reached(row) > 1]
    waited = sum(
        row["entered_ms"][row["path"].index(second)] - row["entered_ms"][row["path"].index(first)] for row in to_second
    )
    assert answer["rows"][1]["seconds"] == pytest.approx(waited / counts[1] / 1000)
    assert answer["rows"][0]["seconds"] is None
    by_release = ask(berlin, "funnel", stages=stages, group_by="release", channel="api")
    found = grouped(by_release["rows"], lambda row: row["release_id"])
    mine = grouped([row for row in rows if row["channel"] == "api"], lambda row: row["release_id"])
    assert {key: [row["reached"] for row in each] for key, each in found.items()} == {
        key and str(key): expected(each) for key, each in mine.items()
    }
    for wrong in (str(first), f"{first},{'x' * 36}", f"{first},{'-' * 36}", f"{first},{'a' * 36}", f"{stages}\n"):
        assert berlin.get("/analytics/funnel", stages=wrong).status_code == 400
    for more in ({"group_by": "template_version"}, {"stage_id": first}):
        assert berlin.get("/analytics/funnel", stages=stages, **more).status_code == 400
