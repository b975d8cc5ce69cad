"""The function of the database that makes the changes of a turn's actions, in situations that are rare in practice."""

import threading
import uuid
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from message_processing.actions.outcomes import settled
from message_processing.step_outputs import ActionResult
from message_processing.turn import Changes, Outcome
from repositories import actions
from tests.support.actions import CHANGE, FOUND, IN_ADDRESS, MOVED, NEW, OLD, OTHER, address_of, make_address_shop
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated
from tests.support.turns import by_step, in_background

pytestmark = pytest.mark.usefixtures("empty_database")


@pytest.fixture
def turn(shop: Shop, fake_model: FakeModel, sql: Connection) -> Iterator[dict[str, Any]]:
    """A turn that runs, and whose actions have not run yet."""
    gate = threading.Event()
    make_address_shop(shop, CHANGE)
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=Gated(FOUND, gate), response="Done.")
    with in_background(lambda: shop.say(MOVED)) as answer:
        fake_model.wait_for_requests(2)
        [row] = sql.execute("SELECT * FROM turns").fetchall()
        yield row
        gate.set()
        assert answer.result(20).status_code in (200, 202)


def apply(sql: Connection, turn: dict[str, Any], *changes: dict[str, Any], epoch: int | None = None) -> Any:
    ids = turn["business_id"], turn["conversation_id"], turn["turn_id"]
    rows = [{"index": index, **change} for index, change in enumerate(changes)]
    return actions.apply_actions(sql, *ids, turn["lease_epoch"] if epoch is None else epoch, rows, None)


def change_of(order_id: str | UUID) -> dict[str, Any]:
    return {"do": "update_order", "order_id": str(order_id), "set": {"shipping_address": OTHER}}


def test_order_that_is_gone_or_of_another_customer_is_not_changed(
    shop: Shop, turn: dict[str, Any], sql: Connection
) -> None:
    other = {"user_id": shop.add_customer("c-2"), "order_number": "B-1", "shipping_address": OLD}
    other_id = made(shop.post("/orders", other))["order_id"]
    applied = apply(sql, turn, change_of(uuid.uuid4()), change_of(other_id), change_of(shop.order_id))
    assert applied["result"] == "applied"
    assert applied["failures"] == [{"index": 0, "cause": "not_found"}, {"index": 1, "cause": "not_found"}]
    assert shop.get(f"/orders/{other_id}").get_json()["shipping_address"] == OLD
    assert address_of(shop) == OTHER


def test_process_without_the_lease_changes_nothing(shop: Shop, turn: dict[str, Any], sql: Connection) -> None:
    assert apply(sql, turn, change_of(shop.order_id), epoch=turn["lease_epoch"] + 1) is None
    assert address_of(shop) == OLD


def test_paused_business_changes_nothing(shop: Shop, turn: dict[str, Any], sql: Connection) -> None:
    sql.execute("""UPDATE businesses SET settings = settings || '{"ai_paused": true}'""")
    assert apply(sql, turn, change_of(shop.order_id))["result"] == "held"
    assert address_of(shop) == OLD


def test_saved_step_is_not_carried_out_again(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    """Its commit succeeded, but the answer to it was lost."""
    gate = threading.Event()
    make_address_shop(shop, CHANGE)
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=FOUND, response=Gated("Done.", gate))
    with in_background(lambda: shop.say(MOVED)) as answer:
        fake_model.wait_for_requests(3)
        [turn] = sql.execute("SELECT * FROM turns").fetchall()
        assert address_of(shop) == NEW
        applied = apply(sql, turn, change_of(shop.order_id))
        assert applied["result"] == "stored"
        assert [result["status"] for result in applied["output"]["results"]] == ["done"]
        assert address_of(shop) == NEW
        gate.set()
        assert answer.result(20).status_code == 200


def test_outcome_says_what_could_not_be_done() -> None:
    def result(index: int, do: str, status: Any) -> ActionResult:
        return {"index": index, "do": do, "status": status, "cause": None, "values": {}}

    results = [result(0, "update_order", "done"), result(1, "api_call", "done"), result(2, "tag", "waiting")]
    outcome = Outcome({"stage_id": "s", "results": results, "question": "Shall I?"}, "", changes=Changes([], None))
    failed = settled(outcome, {"result": "applied", "failures": [{"index": 0, "cause": "conflict"}]})
    assert [each["status"] for each in failed.output["results"]] == ["failed", "done", "waiting"]
    assert failed.output["results"][0]["message"] == "Another row already has this value."
    assert failed.decision == "update_order: failed (conflict); api_call: done; tag: waiting."
    held = settled(outcome, {"result": "held", "failures": []})
    assert [each["status"] for each in held.output["results"]] == ["skipped", "done", "skipped"]
    assert "question" not in held.output
