"""Budgets: what turns cost is counted, and above the limit a cheaper model, fixed replies or a person answer."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from llm.types import EmbeddingCall
from llm.usage import Usage
from message_processing.knowledge.embedding_calls import record_embedding
from repositories import budgets
from tests.support.database import Connection, connect
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Status
from tests.support.os_users import wait_for
from tests.support.turns import by_step
from tests.support.webhooks import Receiver, add_webhook, pending

# The fake model counts one token per word. Only its answers cost something here.
PRICES = {
    "gpt-4.1-mini": {"prompt": 0, "completion": 1000},
    "gpt-4.1-nano": {"prompt": 0, "completion": 100},
}
SELECTION = '{"stage": "Greeting", "confidence": 0.9}'  # four words
TURN_COST = 0.007  # selection, "{}" and "Hello there"
FIXED = "We are busy. Please wait."


ANSWERS = by_step(selection=SELECTION, extraction="{}", response="Hello there")


@pytest.fixture
def shop(shop: Shop, fake_model: FakeModel) -> Shop:
    fake_model.respond = ANSWERS
    return shop


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def set_budget(shop: Shop, **budget: Any) -> None:
    """Limit what the shop spends. Without a limit, the budget is removed."""
    settings: dict[str, Any] = {"speculation": "off", "prices": PRICES, "timezone": "Europe/Berlin"}
    settings |= {"budget": {"then": "fixed_reply", **budget}} if budget else {}
    response = shop.put(f"/businesses/{shop.business_id}", {"settings": settings})
    assert response.status_code == 200, response.text


def set_fixed_reply(shop: Shop) -> None:
    assert shop.put(f"/stages/{shop.stages['Greeting']}", {"fixed_reply": FIXED}).status_code == 200


def engine_of(shop: Shop, **values: Any) -> str:
    answer = shop.say("hi", **values)
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["engine"])


def period(shop: Shop, name: str = "day") -> dict[str, Any]:
    found: dict[str, Any] = shop.get("/budget").get_json()[name]
    return found


def test_turns_are_counted_and_limits_reported(
    hooks_app: Flask, hooks_database: str, master: dict[str, str], receiver: Receiver, fake_model: FakeModel
) -> None:
    fake_model.respond = ANSWERS
    shop = make_shop(hooks_app.test_client(), master, "Lantern Books")
    set_budget(shop)
    assert engine_of(shop) == "model"  # before there is a budget
    set_budget(shop, per_day=TURN_COST * 5, per_month=1000)
    add_webhook(shop, receiver, ("budget.reached",))
    assert [engine_of(shop) for _ in range(4)] == ["model"] * 4
    day, month = period(shop), period(shop, "month")
    assert (day["spent_usd"], day["turns"], day["reserved_usd"]) == (pytest.approx(TURN_COST * 5), 5, 0)
    assert (day["percent"], day["reached"]) == (pytest.approx(100), 100)
    assert (month["spent_usd"], month["reached"]) == (pytest.approx(TURN_COST * 5), 0)
    with connect(hooks_database) as sql:
        wait_for(lambda: pending(sql, shop.business_id) == 0, "the deliveries")
    events = [event["data"] for event in receiver.events()]
    assert [(event["period"], event["percent"]) for event in events] == [("day", 50), ("day", 80), ("day", 100)]
    assert events[0]["limit_usd"] == TURN_COST * 5


def test_fixed_reply_answers_above_the_limit_until_the_next_day(
    shop: Shop, fake_model: FakeModel, set_clock: Callable[[datetime], None]
) -> None:
    set_clock(datetime(2030, 5, 31, 21, 59, tzinfo=UTC))  # a minute before midnight in Berlin
    set_fixed_reply(shop)
    set_budget(shop, per_day=TURN_COST, per_month=1)
    assert engine_of(shop) == "model"
    requests = len(fake_model.requests)
    answer = shop.say("hi").get_json()
    assert (answer["response"], answer["engine"], answer["handled_by"]) == (FIXED, "fallback", "ai")
    assert len(fake_model.requests) == requests
    trace = shop.trace(answer["turn_id"])
    assert "the budget is used up" in trace["by_step"]["selection"]["decision"]

    set_clock(datetime(2030, 5, 31, 22, 0, tzinfo=UTC))  # both periods end
    assert engine_of(shop) == "model"
    assert period(shop)["start"] == period(shop, "month")["start"] == "2030-06-01"
    set_budget(shop, per_month=TURN_COST)
    assert engine_of(shop) == "fallback"
    set_budget(shop, per_month=TURN_COST * 2)  # a new limit applies at once
    assert engine_of(shop) == "model"


def test_cheaper_model_answers_before_fixed_replies(shop: Shop, fake_model: FakeModel) -> None:
    set_fixed_reply(shop)
    budget = {"per_day": TURN_COST, "then": "cheaper_model", "cheaper_model": "gpt-4.1-nano", "cheaper_percent": 20}
    set_budget(shop, **budget)
    assert engine_of(shop) == "model"
    fake_model.requests.clear()
    answers = [shop.say("hi").get_json() for _ in range(3)]
    assert [answer["engine"] for answer in answers] == ["model", "model", "fallback"]  # each a tenth of the limit
    assert {request["model"] for request in fake_model.requests} == {"gpt-4.1-nano"}
    trace = shop.trace(answers[0]["turn_id"])
    assert "A cheaper model answered, because the budget is used up." in trace["by_step"]["response"]["decision"]


def test_person_answers_above_the_limit(shop: Shop) -> None:
    set_fixed_reply(shop)
    set_budget(shop, per_day=TURN_COST, then="person")
    assert engine_of(shop) == "model"
    answer = shop.say("hi").get_json()
    assert (answer["engine"], answer["handled_by"]) == ("fallback", "human")
    conversation = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
    assert conversation["needs_person_reason"] == "budget"


def test_person_answers_above_the_limit_if_the_stage_has_no_fixed_reply(shop: Shop) -> None:
    set_budget(shop, per_day=TURN_COST, then="fixed_reply")
    assert engine_of(shop) == "model"
    answer = shop.say("hi").get_json()
    assert answer["handled_by"] == "human"
    conversation = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
    assert conversation["needs_person_reason"] == "budget"


def test_limit_per_customer_affects_only_that_customer(shop: Shop) -> None:
    set_fixed_reply(shop)
    set_budget(shop, per_customer_day=TURN_COST)
    assert [engine_of(shop) for _ in range(2)] == ["model", "fallback"]
    assert engine_of(shop, user={"external_id": "c-2"}) == "model"


def test_calls_without_price_are_marked(shop: Shop) -> None:
    settings = {"speculation": "off", "model": "smollm2", "budget": {"per_day": 1, "then": "person"}}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    assert engine_of(shop) == "model"
    day = period(shop)
    assert (day["spent_usd"], day["unpriced_calls"]) == (0, 3)
    assert shop.get("/budget").get_json()["unpriced_models"] == ["smollm2"]


def test_turn_of_a_dead_process_is_settled_once(shop: Shop, sql: Connection) -> None:
    set_budget(shop, per_day=1)
    answer = shop.say("hi").get_json()
    business_id, turn_id = UUID(shop.business_id), UUID(answer["turn_id"])
    assert budgets.settle(sql, business_id, turn_id) == []
    # As if the process had died after the turn's end: its reservation is still there.
    sql.execute("UPDATE budget_turns SET is_settled = false, spent = 0, reserved = 0.5, created_at = '2020-01-01'")
    sql.execute("UPDATE budget_periods SET spent = 0, reserved = 0.5, turns = 0")
    assert budgets.list_unsettled(sql, business_id, 10) == [turn_id]
    for _ in range(2):
        budgets.settle(sql, business_id, turn_id)
    day = period(shop)
    assert (day["spent_usd"], day["reserved_usd"], day["turns"]) == (pytest.approx(TURN_COST), 0, 1)
    assert budgets.list_unsettled(sql, business_id, 10) == []


def test_failed_turn_reserves_nothing_and_is_counted_when_it_is_retried(shop: Shop, fake_model: FakeModel) -> None:
    set_budget(shop, per_day=1)
    fake_model.respond = lambda body: Status(401)
    failed = shop.say("hi")
    assert failed.status_code == 503
    assert (period(shop)["spent_usd"], period(shop)["reserved_usd"]) == (0, 0)
    fake_model.respond = ANSWERS
    assert shop.post(f"/turns/{failed.get_json()['turn_id']}/retry", {}).status_code == 200
    day = period(shop)
    assert (day["spent_usd"], day["reserved_usd"], day["turns"]) == (pytest.approx(TURN_COST), 0, 1)


def test_embeddings_are_recorded_and_counted(shop: Shop, app: Flask) -> None:
    set_budget(shop, per_day=1)
    assert engine_of(shop) == "model"
    call = EmbeddingCall("text-embedding-3-small", 2, Usage(50_000, 0), 12, datetime.now(UTC))
    record_embedding(app.extensions["icmp"].database, UUID(shop.business_id), call)
    [recorded] = shop.get("/llm-calls", step="embedding").get_json()
    assert (recorded["model"], recorded["turn_id"], recorded["cost_usd"]) == ("text-embedding-3-small", None, 0.001)
    assert shop.get(f"/llm-calls/{recorded['call_id']}").get_json()["request"]["texts"] == 2
    assert period(shop)["spent_usd"] == pytest.approx(TURN_COST + 0.001)


def test_budget_is_checked(shop: Shop) -> None:
    for budget in (
        {"per_day": 1},
        {"per_day": 0, "then": "person"},
        {"per_day": 1e-320, "then": "person"},
        {"per_day": 1, "then": "cheaper_model"},
        {"per_day": 1, "then": "cheaper_model", "cheaper_model": "unknown"},
    ):
        response = shop.put(f"/businesses/{shop.business_id}", {"settings": {"budget": budget}})
        assert response.status_code == 400, budget


def test_known_prices_are_listed(shop: Shop) -> None:
    prices = shop.get("/prices").get_json()
    assert Decimal(str(prices["models"]["gpt-4.1-mini"]["cached_prompt"])) == Decimal("0.1")
    assert datetime.fromisoformat(prices["date"])
