"""Runs of test cases: they leave nothing behind, disturb nobody, and report what was expected and what happened."""

import threading
from typing import Any

import pytest

from repositories.releases import KEPT_RELEASES
from tests.conftest import make_config, running_app
from tests.support.cases import add_case, finished_run, get_run, start_run, wait_for_run
from tests.support.database import Connection
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Status
from tests.support.turns import REPLY, by_step, step_of

pytestmark = pytest.mark.usefixtures("empty_database")

WRITTEN = {"test_runs", "test_results", "jobs", "llm_calls", "audit_log", "processes", "event_usage"}
CASES = 50


def is_judging(body: dict[str, Any]) -> bool:
    return "sentence that should be true" in body["messages"][0]["content"]


def answer_and_judge(fake_model: FakeModel, *scores: float, **answers: Any) -> None:
    """Let the model answer as given, and judge with these scores in turn."""
    answer, judgements = by_step(**answers), iter(scores)

    def respond(body: dict[str, Any]) -> Any:
        return f'{{"score": {next(judgements)}, "reason": "Because."}}' if is_judging(body) else answer(body)

    fake_model.respond = respond


def rows(sql: Connection) -> dict[str, int]:
    """The number of rows of each table to which test runs do not write."""
    tables = sql.execute(
        "SELECT relname FROM pg_stat_user_tables WHERE relname !~ 'yoyo|^llm_calls|^analytics_' ORDER BY 1"
    ).fetchall()
    names = [row["relname"] for row in tables if row["relname"] not in WRITTEN]
    counts = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*) FROM {name}" for name in names)
    return {row["name"]: row["count"] for row in sql.execute(counts).fetchall()}


def failed_checks(result: dict[str, Any]) -> list[str]:
    return [check["check"] for turn in result["turns"] for check in turn["checks"] if not check["passed"]]


def test_many_cases_leave_nothing_behind(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    fake_model.respond = by_step()
    made(shop.post("/products", {"product_name": "Lamp", "sku": "L-1"}))
    expect = {"stage": "Order help", "fields": {"order_number": "A-10433"}, "reply": {"contains": ["YESTERDAY"]}}
    data = {"orders": [{"order_number": "A-10433"}]}
    for number in range(CASES):
        customer = {"email": "carla@example.com", "first_name": "Carla"}
        add_case(shop, f"Case {number}", expect=expect, customer=customer, data=data)
    before = rows(sql)
    run = finished_run(shop)
    assert rows(sql) == before
    assert (run["status"], run["total"], run["done"], run["passed"], run["failed"]) == (
        "finished",
        CASES,
        CASES,
        CASES,
        0,
    )
    assert [result["name"] for result in run["results"]] == [f"Case {number}" for number in range(CASES)]
    calls = sql.execute("SELECT * FROM llm_calls").fetchall()
    assert len(calls) == CASES * 3
    assert {(str(call["business_id"]), call["turn_id"], call["conversation_id"]) for call in calls} == {
        (shop.business_id, None, None)
    }
    assert run["tokens"] == sum(call["prompt_tokens"] + call["completion_tokens"] for call in calls)
    assert shop.get("/test-cases").get_json()[0]["last_result"]["status"] == "passed"


def test_each_expectation_is_checked(shop: Shop, fake_model: FakeModel) -> None:
    answer_and_judge(fake_model, 0.9, 0.3)
    met = {
        "stage": "Order help",
        "fields": {"order_number": "A-10433", "city": None},
        "look_up": "none",
        "reply": {
            "contains": ["left"],
            "excludes": ["sorry"],
            "matches": r"\bleft\b",
            "language": "en",
            "max_length": len(REPLY),
            "judged": {"sentence": "The order is on its way.", "threshold": 0.8},
        },
        "max_tokens": 100_000,
    }
    not_met = {
        "stage": "Greeting",
        "fields": {"order_number": "A-2"},
        "look_up": "found",
        "action": {"do": "update_order"},
        "reply": {
            "contains": ["tomorrow"],
            "excludes": ["left"],
            "matches": "(x+x+)+y",
            "language": "de",
            "max_length": 3,
            "judged": {"sentence": "The order has arrived."},
        },
        "max_tokens": 1,
    }
    ids = [add_case(shop, "Good", expect=met), add_case(shop, "Bad", expect=not_met)]
    good = finished_run(shop, test_case_ids=ids[:1])["results"][0]
    bad = finished_run(shop, test_case_ids=ids[1:])["results"][0]
    assert (good["status"], failed_checks(good)) == ("passed", [])
    assert bad["status"] == "failed"
    assert sorted(failed_checks(bad)) == sorted(
        ["stage", "fields", "look_up", "action", *not_met["reply"], "max_tokens"]  # type: ignore[misc]
    )
    judged = next(check for check in bad["turns"][0]["checks"] if check["check"] == "judged")
    assert judged["actual"] == {"score": 0.3, "reason": "Because."}
    assert judged["expected"]["threshold"] == 0.7


def test_case_that_does_not_always_pass_is_unstable(shop: Shop, fake_model: FakeModel) -> None:
    answer_and_judge(fake_model, 1, 0, 1)
    add_case(shop, expect={"reply": {"judged": {"sentence": "It is polite."}}})
    run = finished_run(shop, repeat=3)
    assert (run["unstable"], run["passed"], run["results"][0]["status"]) == (1, 0, "unstable")
    assert failed_checks(run["results"][0]) == ["judged"]


def test_rules_answer_without_a_model(hooks_database: str, master: dict[str, str]) -> None:
    with running_app(make_config(hooks_database)) as app:
        shop = make_shop(app.test_client(), master, "Lantern Books")
        stage = {"example_messages": ["Good morning to you"], "fixed_reply": "Welcome to Lantern Books."}
        assert shop.put(f"/stages/{shop.stages['Greeting']}", stage).status_code == 200
        expect = {"stage": "Greeting", "reply": {"contains": ["welcome"]}, "max_tokens": 1}
        add_case(shop, "Rules", "Good morning to you", expect=expect)
        judged = {"reply": {"judged": {"sentence": "It is polite."}}}
        add_case(shop, "Judged", "Good morning to you", expect=judged)
        [rules, unjudged] = finished_run(shop)["results"]
    assert (rules["status"], failed_checks(rules)) == ("passed", [])
    assert failed_checks(unjudged) == ["judged"]
    assert unjudged["turns"][0]["checks"][0]["actual"]["reason"] == "There is no model that could judge the reply."


def test_look_ups_and_actions_reach_no_other_system(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = by_step(selection='{"stage": "Shipping", "confidence": 1}', extraction="{}")
    call = {"method": "GET", "url": "http://127.0.0.1:9/orders", "result": "/order"}
    shop.add_stage(
        "Shipping",
        data_retrieval={"method": "api_call", "config": call},
        actions=[{"do": "set_field", "with": {"seen": "yes"}}, {"do": "tag", "with": {"add": ["vip"]}}],
    )
    expect = {"look_up": "found", "action": {"do": "tag"}, "fields": {"seen": "yes"}}
    add_case(shop, "Found", expect=expect, lookups={"Shipping": {"state": "sent"}})
    add_case(shop, "Nothing", expect={"look_up": "not_found"})
    run = finished_run(shop)
    assert [failed_checks(result) for result in run["results"]] == [[], []]
    assert any("sent" in str(request["messages"]) for request in fake_model.requests)


def test_edits_and_messages_do_not_wait_for_a_case(shop: Shop, fake_model: FakeModel) -> None:
    gate = threading.Event()
    answer = by_step()

    def respond(body: dict[str, Any]) -> Any:
        is_of_case = "of a test case" in str(body["messages"])
        return Gated(REPLY, gate) if is_of_case and step_of(body) == "response" else answer(body)

    fake_model.respond = respond
    add_case(shop, message="A message of a test case about A-10433", customer={"email": "carla@example.com"})
    test_run_id = start_run(shop)
    fake_model.wait_for_requests(3)
    assert shop.say("Where is A-10433?").status_code == 200
    user = {"external_id": "c-9", "email": "carla@example.com"}
    assert shop.say("Where is A-10433?", user=user).status_code == 200
    for stage in ("Greeting", "Order help"):
        assert shop.put(f"/stages/{shop.stages[stage]}", {"stage_description": "New"}).status_code == 200
    assert shop.delete(f"/stages/{shop.stages['Greeting']}").status_code == 204
    assert shop.delete(f"/users/{shop.user_id}").status_code == 204
    assert get_run(shop, test_run_id)["status"] == "running"
    gate.set()
    assert wait_for_run(shop, test_run_id)["passed"] == 1


def test_cancelled_run_keeps_its_results(shop: Shop, other_shop: Shop, fake_model: FakeModel) -> None:
    gate = threading.Event()
    fake_model.respond = lambda body: Gated('{"stage": "Greeting", "confidence": 1}', gate)
    for number in range(6):
        add_case(shop, f"Case {number}")
    test_run_id = start_run(shop)
    fake_model.wait_for_requests(4)
    assert other_shop.get(f"/test-runs/{test_run_id}").status_code == 404
    assert other_shop.post(f"/test-runs/{test_run_id}/cancel").status_code == 404
    assert shop.post(f"/test-runs/{test_run_id}/cancel").get_json()["status"] == "cancelled"
    assert shop.post(f"/test-runs/{test_run_id}/cancel").status_code == 409
    entries = shop.get("/audit-log", resource_id=test_run_id).get_json()
    assert {entry["action"] for entry in entries} == {"create", "cancel"}
    fake_model.respond = by_step()
    gate.set()
    add_case(shop, "Next")
    next_id = start_run(shop)  # waits for the four that were running
    assert wait_for_run(shop, next_id)["done"] == 7
    run = get_run(shop, test_run_id)
    assert (run["status"], run["done"], run["total"]) == ("cancelled", 4, 6)
    listed = shop.get("/test-runs", limit=1)
    assert [row["test_run_id"] for row in listed.get_json()] == [next_id]
    assert 'rel="next"' in listed.headers["Link"]


def test_release_is_kept_until_its_run_has_ended(shop: Shop, fake_model: FakeModel) -> None:
    """Many edits publish so many releases that it would be deleted."""
    gate = threading.Event()
    fake_model.respond = lambda body: Gated("Hello", gate)
    add_case(shop)
    start_run(shop)
    release_id = shop.get("/releases").get_json()[0]["release_id"]
    waiting = start_run(shop, release=release_id)
    for number in range(KEPT_RELEASES + 1):
        made(shop.post("/variables", {"name": f"v{number}", "value": "x"}))
    gate.set()
    assert wait_for_run(shop, waiting)["status"] == "finished"


def test_judge_without_an_answer_says_nothing(shop: Shop, fake_model: FakeModel) -> None:
    answer = by_step()
    fake_model.respond = lambda body: Status(400) if is_judging(body) else answer(body)
    add_case(shop, expect={"reply": {"judged": {"sentence": "It is polite."}}})
    (result,) = finished_run(shop)["results"]
    assert failed_checks(result) == ["answered"]


def test_model_that_fails_fails_the_case(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = by_step(response="")
    add_case(shop, expect={"stage": "Order help"})
    (result,) = finished_run(shop)["results"]
    assert (result["status"], failed_checks(result)) == ("failed", ["answered"])
