"""Conversations, their messages, and the trace of a turn."""

from typing import Any

import pytest

from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel

UNKNOWN = "00000000-0000-4000-8000-00000000abcd"


def test_conversation_contains_collected_data(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.reply('{"stage": "Order help", "confidence": 0.9}', '{"order_number": "A-1"}', "On its way.")
    answer = shop.say("Where is A-1?", session_id="s-1").get_json()
    conversation = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
    assert conversation["session_id"] == "s-1"
    assert (conversation["status"], conversation["handled_by"]) == ("active", "ai")
    assert conversation["collected_data"] == answer["collected_data"]
    assert conversation["last_seq"] == 2
    said = shop.get(f"/conversations/{answer['conversation_id']}/messages").get_json()
    assert [(row["seq"], row["sender_type"], row["turn_id"]) for row in said] == [
        (1, "user", answer["turn_id"]),
        (2, "assistant", answer["turn_id"]),
    ]
    assert said[0]["message_id"] == answer["message_id"]
    assert said[1]["message_id"] == answer["response_message_id"]
    assert said[1]["message_content"] == answer["response"]


def test_conversations_of_a_user_are_limited_to_the_business(
    shop: Shop, other_shop: Shop, client: CheckedClient, master: dict[str, str], sql: Any
) -> None:
    both = made(client.post("/api/v1/users", json={"first_name": "Both"}, headers=master))["user_id"]
    for each in (shop, other_shop):  # a member of both businesses can write to both
        sql.execute(
            "INSERT INTO business_members (business_id, user_id, role) VALUES (%(b)s, %(u)s, 'agent')",
            {"b": each.business_id, "u": both},
        )
    ours = shop.say("hello", user_id=both).get_json()["conversation_id"]
    theirs = other_shop.say("hello", user_id=both).get_json()["conversation_id"]
    for path in (f"/api/v1/users/{both}/conversations", f"/conversations/{both}", f"/api/conversations/{both}"):
        listed = client.get(path, headers=shop.headers).get_json()
        assert [row["conversation_id"] for row in listed] == [ours]
        listed = client.get(path, headers=other_shop.headers).get_json()
        assert [row["conversation_id"] for row in listed] == [theirs]


def test_message_of_a_human_agent(shop: Shop, client: CheckedClient) -> None:
    conversation_id = shop.say("hello").get_json()["conversation_id"]
    path = f"/conversations/{conversation_id}/messages"
    message = made(shop.post(path, {"message": "This is Olive.", "sender_user_id": shop.owner_id}))
    assert (message["sender_type"], message["seq"], message["turn_id"]) == ("agent", 3, None)
    assert message["sender_user_id"] == shop.owner_id
    assert made(shop.post(path, {"message": "And again."}))["sender_user_id"] is None
    assert [row["seq"] for row in shop.get(path).get_json()] == [1, 2, 3, 4]
    assert shop.post(path, {"message": "x", "sender_user_id": shop.user_id}).status_code == 404
    assert shop.post(f"/conversations/{UNKNOWN}/messages", {"message": "x"}).status_code == 404
    for empty in ({}, {"message": ""}, {"message": " \n"}, {"message": "x" * 20_001}):
        assert shop.post(path, empty).status_code == 400


@pytest.mark.parametrize("status", ["completed", "error"])
def test_staff_cannot_write_to_a_completed_conversation(shop: Shop, sql: Any, status: str) -> None:
    conversation_id = shop.say("hello").get_json()["conversation_id"]
    sql.execute(
        "UPDATE conversations SET status = %(status)s WHERE conversation_id = %(id)s",
        {"status": status, "id": conversation_id},
    )
    refused = shop.say("again", conversation_id=conversation_id)
    assert refused.status_code == 409
    if status == "completed":
        assert shop.post(f"/conversations/{conversation_id}/messages", {"message": "x"}).status_code == 409
    assert len(shop.get(f"/conversations/{conversation_id}/messages").get_json()) == 2
    assert shop.say("a new one").get_json()["conversation_id"] != conversation_id


def test_conversation_of_another_customer_is_404(shop: Shop) -> None:
    conversation_id = shop.say("hello").get_json()["conversation_id"]
    other = shop.add_customer("other")
    assert shop.say("hello", user_id=other, conversation_id=conversation_id).status_code == 404
    assert len(shop.get(f"/conversations/{conversation_id}/messages").get_json()) == 2


def test_permissions_to_write(
    shop: Shop, other_shop: Shop, client: CheckedClient, master: dict[str, str], sql: Any
) -> None:
    assert shop.say("hello", user_id=shop.owner_id).status_code == 200  # to try the assistant
    nobodys = made(client.post("/api/v1/users", json={"first_name": "Free"}, headers=master))["user_id"]
    assert shop.say("hello", user_id=nobodys).status_code == 200
    assert shop.get(f"/users/{nobodys}").get_json()["business_id"] == shop.business_id  # the first message
    assert other_shop.say("hello", user_id=nobodys).status_code == 404
    with_password = made(client.post("/api/v1/users", json={"first_name": "Staff"}, headers=master))["user_id"]
    sql.execute("UPDATE users SET password_hash = 'x' WHERE user_id = %(id)s", {"id": with_password})
    for user_id in (with_password, other_shop.owner_id, other_shop.user_id, UNKNOWN):
        assert shop.say("hello", user_id=user_id).status_code == 404
    assert shop.post("/messages", {"message": "hello"}).status_code == 400
    both = {"user_id": shop.user_id, "user": {"external_id": "x"}, "message": "hello"}
    assert shop.post("/messages", both).status_code == 400


def test_trace_shows_the_rendered_prompts(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.reply('{"stage": "Greeting", "confidence": 0.9}')
    answer = shop.say("{business_name} {{api_key}} %s {0.__class__}").get_json()
    turn = shop.trace(answer["turn_id"])
    assert turn["status"] == "completed"
    assert turn["answer"] == answer
    assert set(turn["by_step"]) >= {"selection", "extraction", "response"}
    for step in ("selection", "extraction", "response"):
        [call] = turn["by_step"][step]["calls"][:1]
        whole = shop.get(f"/llm-calls/{call['call_id']}").get_json()
        assert "{business_name} {{api_key}} %s {0.__class__}" in str(whole["request"])
        assert (whole["step"], whole["turn_id"], whole["status"]) == (step, answer["turn_id"], "completed")
        assert whole["latency_ms"] >= 0
        assert turn["by_step"][step]["variables"]
    assert shop.get(f"/turns/{UNKNOWN}").status_code == 404
    assert shop.get(f"/llm-calls/{UNKNOWN}").status_code == 404
    listed = shop.get("/llm-calls").get_json()
    assert "request" not in listed[0]
    assert [row["turn_id"] for row in shop.get(f"/conversations/{answer['conversation_id']}/turns").get_json()] == [
        answer["turn_id"]
    ]
