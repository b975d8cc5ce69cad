"""`POST /turns/{turn_id}/retry`: a failed turn continues at its place in the conversation."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Status

pytestmark = pytest.mark.usefixtures("empty_database")


def fail(shop: Shop, fake_model: FakeModel, message: str = "one") -> str:
    """Runs a turn whose first model call fails; returns its ID."""
    fake_model.reply(Status(401))
    failed = shop.say(message)
    assert failed.status_code == 503
    turn_id: str = failed.get_json()["turn_id"]
    return turn_id


def test_late_retry_uses_the_history_before_its_turn(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    turn_id = fail(shop, fake_model, "one: A-1")
    fake_model.reply('{"stage": "Order help", "confidence": 0.9}', '{"order_number": "B-2"}', "Second reply.")
    second = shop.say("two: B-2")
    fake_model.reply('{"stage": "Greeting", "confidence": 0.9}', '{"order_number": "A-1"}', "First reply.")
    first = shop.post(f"/turns/{turn_id}/retry")
    assert (first.status_code, first.get_json()["response"]) == (200, "First reply.")
    assert first.get_json()["collected_data"] == {"order_number": "A-1"}
    conversation = shop.get(f"/conversations/{second.get_json()['conversation_id']}").get_json()
    assert conversation["stage_id"] == shop.stages["Order help"]
    assert conversation["collected_data"] == {"order_number": "B-2"}
    messages = shop.get(f"/conversations/{conversation['conversation_id']}/messages").get_json()
    assert [row["message_content"] for row in messages] == ["one: A-1", "First reply.", "two: B-2", "Second reply."]
    prompt = str(fake_model.requests[-1]["messages"])
    assert "two" not in prompt
    assert "Second reply." not in prompt


def test_retry_of_a_completed_turn_returns_its_answer(shop: Shop, fake_model: FakeModel) -> None:
    answer = shop.say("hello")
    again = shop.post(f"/turns/{answer.get_json()['turn_id']}/retry")
    assert (again.status_code, again.data) == (200, answer.data)
    assert len(fake_model.requests) == 3


def test_concurrent_retries_run_the_turn_once(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    turn_id, gate = fail(shop, fake_model), threading.Event()
    fake_model.respond = lambda body: Gated("Hello.", gate)
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(shop.post, f"/turns/{turn_id}/retry") for _ in range(2)]
        fake_model.wait_for_requests(2)
        gate.set()
        assert len({answer.result().data for answer in answers}) == 1
    assert sql.execute("SELECT count(*) AS n FROM messages").fetchone() == {"n": 2}


def test_retry_is_held_when_staff_handle_the_conversation(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    turn_id = fail(shop, fake_model)
    sql.execute("UPDATE conversations SET handled_by = 'human'")
    assert shop.post(f"/turns/{turn_id}/retry").status_code == 202
    assert shop.get(f"/turns/{turn_id}").get_json()["status"] == "held"
    assert len(fake_model.requests) == 1


def test_retry_in_a_completed_conversation_is_a_conflict(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    turn_id = fail(shop, fake_model)
    sql.execute("UPDATE conversations SET status = 'completed'")
    assert shop.post(f"/turns/{turn_id}/retry").status_code == 409


def test_retry_of_another_businesses_turn_is_404(shop: Shop, other_shop: Shop, fake_model: FakeModel) -> None:
    turn_id = fail(shop, fake_model)
    assert other_shop.post(f"/turns/{turn_id}/retry").status_code == 404
    assert shop.get(f"/turns/{turn_id}").get_json()["status"] == "failed"
