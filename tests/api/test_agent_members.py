"""Members of human agents, who are assigned conversations in turn."""

import uuid

import pytest

from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.staff import Staff, make_member
from tests.support.turns import by_step

pytestmark = pytest.mark.usefixtures("empty_database")


def test_conversations_of_a_human_agent_are_assigned_in_turn(shop: Shop, owner: Staff, fake_model: FakeModel) -> None:
    team = [make_member(shop, owner.headers, "agent", f"{name}@example.com").user_id for name in ("anna", "ben")]
    body = {"agent_name": "Sales", "agent_type": "human", "member_ids": team}
    agent_id = made(shop.post("/agents", body))["agent_id"]
    assert shop.get(f"/agents/{agent_id}").get_json()["member_ids"] == sorted(team)
    shop.put(f"/stages/{shop.stages['Order help']}", {"agent_id": agent_id})
    fake_model.respond = by_step()

    def assigned() -> str:
        answer = shop.say("Where is it?", session_id=str(uuid.uuid4())).get_json()
        row = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
        assert (row["handled_by"], row["needs_person"]) == ("human", True)
        assignee_id: str = row["assignee_id"]
        return assignee_id

    first, second = assigned(), assigned()
    assert {first, second} == set(team)
    assert assigned() == first
    # The member who stays keeps their place in the order.
    assert shop.put(f"/agents/{agent_id}", {"member_ids": [first, shop.owner_id]}).status_code == 200
    assert [assigned(), assigned()] == [shop.owner_id, first]
    owner.send("DELETE", f"/businesses/{shop.business_id}/members/{first}")
    assert shop.get("/agents").get_json()[0]["member_ids"] == [shop.owner_id]


def test_agents_have_members_of_the_business_only(shop: Shop, other_shop: Shop) -> None:
    agent_id = made(shop.post("/agents", {"agent_name": "Sales", "agent_type": "human"}))["agent_id"]
    assert shop.get(f"/agents/{agent_id}").get_json()["member_ids"] == []
    for other in (other_shop.owner_id, shop.user_id, str(uuid.uuid4())):
        members = {"member_ids": [shop.owner_id, other]}
        assert shop.put(f"/agents/{agent_id}", members).status_code == 404
        assert shop.post("/agents", {"agent_name": "More", "agent_type": "human", **members}).status_code == 404
    assert [row["member_ids"] for row in shop.get("/agents").get_json()] == [[]]
    for bad in (["x"], [shop.owner_id] * 101, shop.owner_id, None):
        assert shop.put(f"/agents/{agent_id}", {"member_ids": bad}).status_code == 400
    twice = shop.put(f"/agents/{agent_id}", {"member_ids": [shop.owner_id] * 2})
    assert twice.get_json()["member_ids"] == [shop.owner_id]


def test_viewers_handle_no_conversations(shop: Shop, owner: Staff, fake_model: FakeModel) -> None:
    anna, viewer = (make_member(shop, owner.headers, role) for role in ("agent", "viewer"))
    body = {"agent_name": "Sales", "agent_type": "human", "member_ids": [anna.user_id]}
    agent_id = made(shop.post("/agents", body))["agent_id"]
    assert shop.put(f"/agents/{agent_id}", {"member_ids": [anna.user_id, viewer.user_id]}).status_code == 400
    shop.put(f"/stages/{shop.stages['Order help']}", {"agent_id": agent_id})
    fake_model.respond = by_step()
    conversations = [shop.say("Where is it?", session_id="first").get_json()["conversation_id"]]
    owner.send("PUT", f"/businesses/{shop.business_id}/members/{anna.user_id}", {"role": "viewer"})
    assert shop.get(f"/agents/{agent_id}").get_json()["member_ids"] == []
    conversations.append(shop.say("Where is it?", session_id="second").get_json()["conversation_id"])
    rows = [shop.get(f"/conversations/{each}").get_json() for each in conversations]
    assert [(row["handled_by"], row["assignee_id"]) for row in rows] == [("human", None)] * 2
