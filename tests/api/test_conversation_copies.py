"""Copies of conversations for test customers."""

from typing import Any

import pytest

from tests.support.actions import CHANGE, MOVED, OLD, address_of, find_address_first, make_address_shop, results_of
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.staff import Staff
from tests.support.turns import by_step

pytestmark = pytest.mark.usefixtures("empty_database")


@pytest.fixture
def conversation_id(shop: Shop, fake_model: FakeModel) -> str:
    """A conversation of two turns, with a note and a message of a person after the first one."""
    fake_model.respond = by_step(
        selection=['{"stage": "Greeting", "confidence": 1}', '{"stage": "Order help", "confidence": 1}'],
        extraction=['{"order_number": "A-1", "city": "Leeds"}', '{"order_number": "A-2"}'],
        response=["Hello!", "It left."],
    )
    shop.put(f"/stages/{shop.stages['Greeting']}", {"extraction_schema": {"properties": {
        "order_number": {"type": "string"}, "city": {"type": "string"}}}})  # fmt: skip
    first: str = shop.say("Hi, A-1 in Leeds").get_json()["conversation_id"]
    made(shop.post(f"/conversations/{first}/messages", {"message": "Only for us", "is_note": True}))
    made(shop.post(f"/conversations/{first}/messages", {"message": "Anna here"}))
    assert shop.say("Where is A-2?", conversation_id=first).status_code == 200
    return first


def copy(shop: Shop, conversation_id: str, **body: Any) -> dict[str, Any]:
    return made(shop.post(f"/conversations/{conversation_id}/copy", body))


def texts(shop: Shop, conversation_id: str) -> list[str]:
    rows = shop.get(f"/conversations/{conversation_id}/messages", notes="true").get_json()
    return [row["message_content"] for row in rows]


def test_copy_belongs_to_a_test_customer_and_asks_no_model(
    shop: Shop, conversation_id: str, fake_model: FakeModel, sql: Connection
) -> None:
    asked = len(fake_model.requests)
    made_of_all = copy(shop, conversation_id)
    assert len(fake_model.requests) == asked
    assert made_of_all["is_test"] is True
    assert made_of_all["user_id"] != shop.user_id
    assert made_of_all["customer_name"] == "Carla Customer"
    assert made_of_all["stage_id"] == shop.stages["Order help"]
    assert made_of_all["collected_data"] == {"order_number": "A-2", "city": "Leeds"}
    assert texts(shop, made_of_all["conversation_id"]) == [
        "Hi, A-1 in Leeds",
        "Hello!",
        "Anna here",
        "Where is A-2?",
        "It left.",
    ]
    original = shop.get(f"/conversations/{conversation_id}").get_json()
    assert original["is_test"] is False
    # The test customer is reused, and stands for itself in copies of copies.
    again = copy(shop, conversation_id, until_seq=2)
    assert copy(shop, again["conversation_id"])["user_id"] == again["user_id"] == made_of_all["user_id"]
    (customer,) = shop.get("/users", is_test="true").get_json()
    assert customer["user_id"] == again["user_id"]
    assert [row["user_id"] for row in shop.get("/users", is_test="false").get_json()] == [shop.user_id]
    listed = shop.get("/conversations", is_test="false").get_json()
    assert [row["conversation_id"] for row in listed] == [conversation_id]
    assert len(shop.get("/conversations", is_test="true").get_json()) == 3
    assert sql.execute("SELECT count(*) FROM turns WHERE status <> 'completed'").fetchone()["count"] == 0


def test_asking_again_in_a_copy_sees_the_same_prompt(shop: Shop, conversation_id: str, fake_model: FakeModel) -> None:
    before = [str(request["messages"]) for request in fake_model.requests[-3:]]
    question = shop.get(f"/conversations/{conversation_id}/messages").get_json()[-2]
    copied = copy(shop, conversation_id, until_seq=question["seq"] - 1)
    assert copied["stage_id"] == shop.stages["Greeting"]
    assert copied["collected_data"] == {"order_number": "A-1", "city": "Leeds"}
    fake_model.respond = by_step(extraction='{"order_number": "A-2"}', response="Still on its way.")
    answer = shop.say(
        question["message_content"], conversation_id=copied["conversation_id"], user_id=copied["user_id"]
    ).get_json()
    assert answer["response"] == "Still on its way."
    assert [str(request["messages"]) for request in fake_model.requests[-3:]] == before
    assert texts(shop, copied["conversation_id"])[-2:] == ["Where is A-2?", "Still on its way."]
    assert "Still on its way." not in texts(shop, conversation_id)
    detail = shop.get(f"/conversations/{copied['conversation_id']}").get_json()
    assert detail["collected_data"] == {"order_number": "A-2", "city": "Leeds"}
    turns = shop.get(f"/conversations/{copied['conversation_id']}/turns").get_json()
    assert [turn["status"] for turn in turns] == ["completed", "completed"]
    assert shop.get(f"/turns/{turns[0]['turn_id']}").status_code == 200
    assert shop.post(f"/turns/{turns[0]['turn_id']}/retry").status_code == 404


def test_copy_reads_the_orders_of_the_original_customer(
    shop: Shop, conversation_id: str, fake_model: FakeModel, sql: Connection
) -> None:
    made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-2", "status": "lost"}))
    stranger = shop.add_customer("stranger")
    made(shop.post("/orders", {"user_id": stranger, "order_number": "B-9"}))
    look_up = {"source": "orders", "match": {"order_number": "{order_number}"}}
    stage = {
        "data_retrieval": {"method": "database_query", "config": look_up},
        "extraction_schema": {"properties": {"order_number": {"type": "string"}}},
    }
    assert shop.put(f"/stages/{shop.stages['Order help']}", stage).status_code == 200
    copied = copy(shop, conversation_id)

    def found(number: str, **to: Any) -> dict[str, Any]:
        fake_model.respond = by_step(
            selection='{"stage": "Order help", "confidence": 1}', extraction=f'{{"order_number": "{number}"}}'
        )
        answer = shop.say(f"And {number}?", **to).get_json()
        output: dict[str, Any] = shop.trace(answer["turn_id"])["by_step"]["retrieval"]["output"]
        return output

    in_copy = {"user_id": copied["user_id"], "conversation_id": copied["conversation_id"]}
    assert found("A-2", **in_copy)["data"]["status"] == "lost"
    assert found("B-9", **in_copy)["status"] == "not_found"
    assert shop.get("/orders", user_id=copied["user_id"]).get_json() == []
    # An external_id like that of copies gives no access to the orders of others.
    pretender = shop.add_customer(f"copy-of-{stranger}", is_test=True)
    assert found("B-9", user_id=pretender)["status"] == "not_found"


def test_actions_of_a_copy_do_not_change_the_order_that_it_reads(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = by_step()
    make_address_shop(shop, CHANGE)
    copied = copy(shop, shop.say("hello").get_json()["conversation_id"])
    # Also in a conversation of the same test customer that is not a copy.
    for to in ({"conversation_id": copied["conversation_id"]}, {}):
        find_address_first(fake_model)
        answer = shop.say(MOVED, user_id=copied["user_id"], **to)
        retrieved = shop.trace(answer.get_json()["turn_id"])["by_step"]["retrieval"]["output"]
        assert retrieved["data"]["shipping_address"] == OLD
        assert "done" not in [each["status"] for each in results_of(shop, answer)]
        assert address_of(shop) == OLD


def test_message_without_conversation_continues_no_copy(
    shop: Shop, conversation_id: str, fake_model: FakeModel
) -> None:
    fake_model.respond = by_step()
    copied = copy(shop, conversation_id)
    first = shop.say("hello", user_id=copied["user_id"]).get_json()["conversation_id"]
    assert first not in (copied["conversation_id"], conversation_id)
    assert shop.say("hello", user_id=copied["user_id"]).get_json()["conversation_id"] == first
    assert shop.post(f"/conversations/{copied['conversation_id']}/takeover").status_code == 200
    session = {"session_id": copied["session_id"]}
    assert shop.say("hello", user_id=copied["user_id"], **session).status_code == 200
    named = {"user_id": copied["user_id"], "conversation_id": copied["conversation_id"]}
    assert shop.say("hello", **named).status_code == 202


def test_start_of_a_conversation_is_copied_without_messages(shop: Shop, conversation_id: str) -> None:
    empty = copy(shop, conversation_id, until_seq=0)
    assert (empty["stage_id"], empty["collected_data"], empty["last_message"]) == (None, {}, None)
    assert copy(shop, conversation_id, until_seq=2**31 - 1)["last_seq"] == 6
    for bad in ({"until_seq": -1}, {"until_seq": "1"}, {"until_seq": 2**31}):
        assert shop.post(f"/conversations/{conversation_id}/copy", bad).status_code == 400


def test_copies_stay_within_the_business_and_its_customers(
    shop: Shop, other_shop: Shop, owner: Staff, conversation_id: str
) -> None:
    assert other_shop.post(f"/conversations/{conversation_id}/copy").status_code == 404
    owner.send("POST", f"/conversations/{conversation_id}/takeover")
    held = copy(shop, conversation_id)
    assert (held["handled_by"], held["status"], held["assignee_id"]) == ("ai", "active", None)
    # When a customer is deleted, nothing of their conversations remains.
    assert shop.delete(f"/users/{shop.user_id}").status_code == 204
    assert shop.get(f"/conversations/{held['conversation_id']}").status_code == 404
    assert shop.get("/users").get_json() == []


def test_only_customers_are_for_tests(shop: Shop, owner: Staff, client: Any, master: dict[str, str]) -> None:
    user_id = shop.add_customer("t-1", is_test=True)
    assert shop.get(f"/users/{user_id}").get_json()["is_test"] is True
    assert shop.put(f"/users/{user_id}", {"first_name": "Tess"}).get_json()["is_test"] is True
    assert shop.put(f"/users/{user_id}", {"is_test": False}).get_json()["is_test"] is False
    staff = {"first_name": "Sam", "is_test": True}
    assert client.post("/api/v1/users", json=staff, headers=master).status_code == 400
    path = f"/api/v1/users/{owner.user_id}"
    assert client.put(path, json={"is_test": True}, headers=master).status_code == 400
