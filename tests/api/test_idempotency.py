"""`Idempotency-Key`: a repeated request runs one turn and gets the same answer."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Status

pytestmark = pytest.mark.usefixtures("empty_database")


def say(shop: Shop, key: str, message: str = "hello", **values: Any) -> Any:
    body = {"user_id": shop.user_id, "message": message, **values}
    return shop.post("/messages", body, headers={"Idempotency-Key": key})


def test_five_concurrent_requests_run_one_turn(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    gate = threading.Event()
    fake_model.respond = lambda body: Gated("Hello.", gate)
    with ThreadPoolExecutor(5) as pool:
        answers = [pool.submit(say, shop, "k-1") for _ in range(5)]
        fake_model.wait_for_requests(1)
        gate.set()
        bodies = {answer.result().data for answer in answers}
        statuses = {answer.result().status_code for answer in answers}
    assert statuses == {200}
    assert len(bodies) == 1
    assert len(fake_model.requests) == 3
    assert sql.execute("SELECT count(*) AS n FROM turns").fetchone() == {"n": 1}
    assert sql.execute("SELECT count(*) AS n FROM messages").fetchone() == {"n": 2}


def test_second_request_with_same_key_returns_first_answer(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.reply('{"stage": "Order help", "confidence": 0.9}', '{"order_number": "Ä-1"}', "Unterwegs 🚚.")
    first = say(shop, "k-1")
    stage = f"/stages/{shop.stages['Order help']}"
    assert shop.put(stage, {"stage_name": "Shipping"}).status_code == 200
    again = say(shop, "k-1", stream=False)
    assert (again.status_code, again.data) == (200, first.data)
    assert shop.put(stage, {"is_active": False}).status_code == 200
    assert say(shop, "k-1").data == first.data
    assert len(fake_model.requests) == 3


def test_different_body_with_same_key_is_a_conflict(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    assert say(shop, "k-1").status_code == 200
    other = say(shop, "k-1", "something else")
    assert (other.status_code, other.get_json()["error_code"]) == (409, "CONFLICT")
    assert sql.execute("SELECT count(*) AS n FROM turns").fetchone() == {"n": 1}


def test_key_is_checked_before_the_ids_in_the_body(shop: Shop, sql: Connection) -> None:
    first = say(shop, "k-1")
    sql.execute("UPDATE conversations SET status = 'completed'")
    conversation_id = first.get_json()["conversation_id"]
    assert say(shop, "k-2", conversation_id=conversation_id).status_code == 409
    assert say(shop, "k-1").data == first.data
    sql.execute("UPDATE stages SET is_active = false")
    assert say(shop, "k-1").data == first.data


def test_rejected_request_does_not_use_the_key(shop: Shop, sql: Connection) -> None:
    assert say(shop, "k-1", user_id="no uuid").status_code == 400
    assert say(shop, "k-1", conversation_id=shop.business_id).status_code == 404
    assert sql.execute("SELECT count(*) AS n FROM messages").fetchone() == {"n": 0}
    assert say(shop, "k-1").status_code == 200


def test_keys_are_separate_per_business(shop: Shop, other_shop: Shop) -> None:
    first, other = say(shop, "k-1").get_json(), say(other_shop, "k-1").get_json()
    assert first["turn_id"] != other["turn_id"]


def test_failed_turn_continues_after_its_last_step(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    fake_model.reply('{"stage": "Order help", "confidence": 0.9}', '{"order_number": "A-1"}', Status(401))
    failed = say(shop, "k-1")
    assert (failed.status_code, failed.get_json()["error_code"]) == (503, "LLM_UNAVAILABLE")
    fake_model.reply("It is on its way.")
    again = say(shop, "k-1")
    assert again.status_code == 200
    assert again.get_json()["response"] == "It is on its way."
    assert again.get_json()["turn_id"] == failed.get_json()["turn_id"]
    assert again.get_json()["extracted_data"] == {"order_number": "A-1"}
    assert len(fake_model.requests) == 4
    assert sql.execute("SELECT count(*) AS n FROM messages").fetchone() == {"n": 2}
    trace = shop.trace(again.get_json()["turn_id"])
    assert [(step["step"], step["status"]) for step in trace["steps"]] == [
        ("selection", "completed"),
        ("extraction", "completed"),
        ("retrieval", "completed"),
        ("response", "failed"),
        ("response", "completed"),
    ]


def test_held_turn_is_202_until_it_is_answered(shop: Shop, sql: Connection) -> None:
    assert say(shop, "k-0").status_code == 200
    sql.execute("UPDATE conversations SET handled_by = 'human'")
    held = say(shop, "k-1")
    assert (held.status_code, held.get_json()["response"]) == (202, None)
    again = say(shop, "k-1")
    assert (again.status_code, again.data) == (202, held.data)


@pytest.mark.parametrize("key", ["", "two words", "é", "x" * 201])
def test_malformed_key_is_rejected(shop: Shop, key: str, sql: Connection) -> None:
    refused = say(shop, key)
    assert refused.status_code == 400
    assert refused.get_json()["details"][0]["path"] == "$.headers.Idempotency-Key"
    assert sql.execute("SELECT count(*) AS n FROM messages").fetchone() == {"n": 0}
