"""People take over conversations, during turns too, and hand them back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Status
from tests.support.os_users import wait_for
from tests.support.staff import Staff, make_member
from tests.support.takeovers import last_prompt, start, texts, wait_for_texts
from tests.support.turns import REPLY, by_step, in_background

pytestmark = pytest.mark.usefixtures("empty_database")


def test_messages_are_held_until_one_turn_answers_them(shop: Shop, fake_model: FakeModel, anna: Staff) -> None:
    conversation = start(shop)
    assert anna.send("POST", f"{conversation}/takeover").get_json()["handled_by"] == "human"
    assert shop.say("Is it open?").status_code == 202
    anna.send("POST", f"{conversation}/messages", {"message": "We are open until six."})
    held = [shop.say(text, user_id=shop.user_id) for text in ("And on Sunday?", "Where is A-7?")]
    assert [answer.status_code for answer in held] == [202, 202]
    asked = len(fake_model.requests)

    fake_model.respond = by_step(response="Closed on Sundays; A-7 is on its way.")
    assert anna.send("POST", f"{conversation}/release", {"answer": "last"}).get_json()["handled_by"] == "ai"
    found = wait_for_texts(shop, conversation, 7)
    assert found[2:] == [
        "Is it open?",
        "We are open until six.",
        "And on Sunday?",
        "Where is A-7?",
        "Closed on Sundays; A-7 is on its way.",
    ]
    assert len(fake_model.requests) == asked + 3  # one turn
    prompt = last_prompt(fake_model)
    positions = [prompt.index(text) for text in found[2:6]]
    assert positions == sorted(positions)
    # The question of the turn is what nobody has answered.
    assert "And on Sunday?\\n\\nWhere is A-7?" in prompt
    turns = shop.get(f"{conversation}/turns").get_json()
    assert [turn["status"] for turn in turns] == ["completed"] * 4
    again = shop.get(f"/turns/{held[0].get_json()['turn_id']}").get_json()
    assert again["answer"]["response"] == found[-1]


def test_message_that_a_person_answered_is_answered_again_on_request(
    shop: Shop, fake_model: FakeModel, anna: Staff
) -> None:
    conversation = start(shop)
    anna.send("POST", f"{conversation}/takeover")
    shop.say("Where is A-7?")
    anna.send("POST", f"{conversation}/messages", {"message": "Let me check."})
    fake_model.respond = by_step(response="It is in Leeds.")
    anna.send("POST", f"{conversation}/release", {"answer": "last"})
    assert wait_for_texts(shop, conversation, 5)[2:] == ["Where is A-7?", "Let me check.", "It is in Leeds."]
    assert "Let me check." in last_prompt(fake_model)


def test_release_with_none_leaves_held_messages_unanswered(shop: Shop, fake_model: FakeModel, anna: Staff) -> None:
    conversation = start(shop)
    anna.send("POST", f"{conversation}/takeover")
    held = shop.say("Never mind.", user_id=shop.user_id).get_json()
    asked = len(fake_model.requests)
    anna.send("POST", f"{conversation}/release", {"answer": "none"})
    # A second release finds nothing to answer.
    anna.send("POST", f"{conversation}/release", {"answer": "last"})
    turn = shop.get(f"/turns/{held['turn_id']}").get_json()
    assert (turn["status"], turn["completed_at"] is not None) == ("held", True)
    assert len(fake_model.requests) == asked
    assert shop.say("Hello again").status_code == 200
    assert len(texts(shop, conversation)) == 5


@pytest.mark.parametrize("texts_held", [["Is it open?"], ["Is it open?", "And where is A-7?"]])
@pytest.mark.parametrize("takes_over_again", [True, False])
def test_messages_whose_answer_failed_are_answered_by_the_next_release(
    shop: Shop, fake_model: FakeModel, anna: Staff, texts_held: list[str], takes_over_again: bool
) -> None:
    conversation = start(shop)
    anna.send("POST", f"{conversation}/takeover")
    held = [shop.say(text).get_json()["turn_id"] for text in texts_held]
    fake_model.respond = lambda body: Status(401)
    anna.send("POST", f"{conversation}/release", {"answer": "last"})
    wait_for(lambda: shop.get(f"/turns/{held[-1]}").get_json()["status"] == "failed", "the failure", 10)
    assert shop.get(conversation).get_json()["waiting_since"] is not None

    if takes_over_again:
        anna.send("POST", f"{conversation}/takeover")
        assert [turn["status"] for turn in shop.get(f"{conversation}/turns").get_json()[1:]] == ["held"] * len(held)
    fake_model.respond = by_step(response="It is open, and on its way.")
    anna.send("POST", f"{conversation}/release", {"answer": "last"})
    found = wait_for_texts(shop, conversation, 3 + len(held))
    assert found[2:] == [*texts_held, "It is open, and on its way."]
    assert "\\n\\n".join(texts_held) in last_prompt(fake_model)
    assert {turn["status"] for turn in shop.get(f"{conversation}/turns").get_json()} == {"completed"}
    assert shop.get(conversation).get_json()["waiting_since"] is None


def test_failed_answer_is_not_repeated_after_a_later_one(shop: Shop, fake_model: FakeModel, anna: Staff) -> None:
    conversation = start(shop)
    anna.send("POST", f"{conversation}/takeover")
    failed = shop.say("Is it open?").get_json()["turn_id"]
    fake_model.respond = lambda body: Status(401)
    anna.send("POST", f"{conversation}/release", {"answer": "last"})
    wait_for(lambda: shop.get(f"/turns/{failed}").get_json()["status"] == "failed", "the failure", 10)
    fake_model.respond = by_step()
    assert shop.say("Never mind, where is A-7?").status_code == 200
    asked = len(fake_model.requests)
    anna.send("POST", f"{conversation}/takeover")
    anna.send("POST", f"{conversation}/release", {"answer": "last"})
    assert shop.get(f"/turns/{failed}").get_json()["status"] == "failed"
    assert len(fake_model.requests) == asked


def test_reply_in_flight_is_withdrawn_before_the_takeover_returns(
    shop: Shop, fake_model: FakeModel, anna: Staff
) -> None:
    conversation, gate = start(shop), threading.Event()
    fake_model.respond = by_step(response=Gated("Never shown.", gate))
    with in_background(lambda: shop.say("Where is A-7?")) as answer:
        fake_model.wait_for_requests(6)
        assert anna.send("POST", f"{conversation}/takeover").status_code == 200
        # The client has its answer although the model is still writing.
        assert answer.result(10).status_code == 202
        assert answer.result().get_json()["handled_by"] == "human"
        gate.set()
    turn_id = answer.result().get_json()["turn_id"]
    # Its calls are recorded, because they cost money.
    steps = wait_for(lambda: shop.trace(turn_id)["by_step"].get("response"), "the response in the trace", pause=0.05)
    assert steps["calls"][0]["response"] == "Never shown."
    assert texts(shop, conversation)[2:] == ["Where is A-7?"]

    fake_model.respond = by_step()
    anna.send("POST", f"{conversation}/release", {"answer": "last"})
    assert wait_for_texts(shop, conversation, 4)[2:] == ["Where is A-7?", REPLY]
    kept = [step for step in shop.trace(turn_id)["steps"] if not step["discarded"]]
    assert [step["step"] for step in kept] == ["selection", "extraction", "retrieval", "response"]


def test_turn_is_released_while_its_first_run_still_waits_for_the_model(
    shop: Shop, fake_model: FakeModel, anna: Staff
) -> None:
    conversation, gate = start(shop), threading.Event()
    fake_model.respond = by_step(response=Gated("Never shown.", gate))
    with in_background(lambda: shop.say("Where is A-7?")) as answer:
        fake_model.wait_for_requests(6)
        anna.send("POST", f"{conversation}/takeover")
        anna.send("POST", f"{conversation}/release", {"answer": "last"})
        fake_model.respond = by_step()
        gate.set()
        assert answer.result(10).status_code == 202
    assert wait_for_texts(shop, conversation, 4)[2:] == ["Where is A-7?", REPLY]


def test_waiting_turns_are_held_too(shop: Shop, fake_model: FakeModel, anna: Staff) -> None:
    conversation, gate = start(shop), threading.Event()
    fake_model.respond = by_step(response=Gated("Never shown.", gate))
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shop.say, "one")
        fake_model.wait_for_requests(6)
        second = pool.submit(shop.say, "two")
        wait_for(lambda: len(shop.get(f"{conversation}/turns").get_json()) == 3, "the second turn", pause=0.05)
        anna.send("POST", f"{conversation}/takeover")
        assert [answer.result(10).status_code for answer in (first, second)] == [202, 202]
        gate.set()
    assert len(fake_model.requests) == 6


def test_first_of_two_colleagues_wins(shop: Shop, owner: Staff, anna: Staff) -> None:
    conversation = start(shop)
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(staff.send, "POST", f"{conversation}/takeover") for staff in (anna, owner)]
    statuses = [answer.result().status_code for answer in answers]
    assert sorted(statuses) == [200, 409]
    winner, loser = (anna, owner) if statuses[0] == 200 else (owner, anna)
    name = "Agent Member" if winner is anna else "Olive Owner"
    refused = answers[statuses.index(409)].result().get_json()
    assert refused["message"] == f"{name} is handling this conversation."

    assert winner.send("POST", f"{conversation}/takeover").status_code == 200  # again: nothing changes
    assert loser.send("POST", f"{conversation}/takeover?force=true").status_code == 200
    shop.post(f"{conversation}/release", {"answer": "none"})
    history = shop.get(f"{conversation}/takeovers").get_json()
    people = [(row["user_id"], row["from_user_id"], row["assignee_id"], row["answer"]) for row in history]
    assert people == [
        (winner.user_id, None, winner.user_id, None),
        (loser.user_id, winner.user_id, loser.user_id, "none"),
    ]
    assert [row["ended_by"] for row in history] == [loser.user_id, None]
    log = shop.get("/audit-log").get_json()
    assert [row["action"] for row in log if row["resource"] == "conversation"] == ["take_over", "take_over", "release"]


def test_paused_conversation_and_paused_business(shop: Shop, fake_model: FakeModel) -> None:
    conversation = start(shop)
    assert shop.post(f"{conversation}/pause").get_json()["status"] == "paused"
    assert shop.say("one").status_code == 202
    shop.put(f"/businesses/{shop.business_id}", {"settings": {"speculation": "off", "ai_paused": True}})
    # The business is still paused, so the message keeps waiting.
    assert shop.post(f"{conversation}/resume", {"answer": "last"}).get_json()["status"] == "active"
    assert shop.say("two").status_code == 202
    shop.put(f"/businesses/{shop.business_id}", {"settings": {"speculation": "off"}})
    shop.post(f"{conversation}/release", {"answer": "last"})
    assert wait_for_texts(shop, conversation, 5)[2:4] == ["one", "two"]


def test_retry_is_held_while_the_business_is_paused(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.reply(Status(401))
    turn_id = shop.say("one").get_json()["turn_id"]
    shop.put(f"/businesses/{shop.business_id}", {"settings": {"ai_paused": True}})
    assert shop.post(f"/turns/{turn_id}/retry").status_code == 202
    assert len(fake_model.requests) == 1


def test_waiting_since_is_the_oldest_unanswered_message(
    shop: Shop, fake_model: FakeModel, anna: Staff, sql: Connection
) -> None:
    def waiting_since() -> Any:
        return sql.execute("SELECT waiting_since FROM conversations").fetchone()["waiting_since"]

    conversation = start(shop)
    assert waiting_since() is None
    anna.send("POST", f"{conversation}/takeover")
    shop.say("one")
    since = waiting_since()
    shop.say("two")
    assert since is not None
    assert waiting_since() == since
    fake_model.respond = by_step()
    anna.send("POST", f"{conversation}/release", {"answer": "last"})
    wait_for_texts(shop, conversation, 5)
    assert waiting_since() is None


def test_takeover_needs_an_open_conversation_of_the_business(shop: Shop, other_shop: Shop, anna: Staff) -> None:
    conversation = start(shop)
    assert other_shop.post(f"{conversation}/takeover").status_code == 404
    assert other_shop.get(f"{conversation}/takeovers").status_code == 404
    assert shop.post(f"{conversation}/takeover", {"assignee_id": other_shop.owner_id}).status_code == 404
    assert shop.post(f"{conversation}/release", {"answer": "all"}).status_code == 400
    anna.send("POST", f"{conversation}/takeover")
    shop.say("one")
    assert anna.send("POST", f"{conversation}/complete").status_code == 200
    for action, body in (("takeover", None), ("release", {"answer": "last"}), ("pause", None)):
        assert shop.post(f"{conversation}/{action}", body).status_code == 409
    (row,) = shop.get(f"{conversation}/takeovers").get_json()
    assert row["ended_at"] is not None


def test_members_of_a_human_agent_take_turns(shop: Shop, fake_model: FakeModel, owner: Staff, anna: Staff) -> None:
    members = {"member_ids": [anna.user_id, owner.user_id]}
    agent_id = made(shop.post("/agents", {"agent_name": "Team", "agent_type": "human", **members}))["agent_id"]
    shop.put(f"/stages/{shop.stages['Order help']}", {"agent_id": agent_id})
    fake_model.respond = by_step()
    customers = [shop.add_customer(f"order {number}") for number in range(4)]
    answers = [shop.say("Where is A-7?", user_id=customer).get_json() for customer in customers]
    assert {answer["handled_by"] for answer in answers} == {"human"}
    rows = [shop.get(f"/conversations/{answer['conversation_id']}").get_json() for answer in answers]
    assigned = [row["assignee_id"] for row in rows]
    assert set(assigned[:2]) == {anna.user_id, owner.user_id}
    assert assigned[2:] == assigned[:2]
    assert {row["needs_person_reason"] for row in rows} == {"stage"}
    (takeover,) = shop.get(f"/conversations/{answers[0]['conversation_id']}/takeovers").get_json()
    assert (takeover["user_id"], takeover["assignee_id"], takeover["reason"]) == (None, assigned[0], "stage")


def test_assigning_a_conversation_that_a_person_handles_is_a_takeover(shop: Shop, owner: Staff, anna: Staff) -> None:
    conversation = start(shop)
    viewer = make_member(shop, owner.headers, "viewer")
    assert anna.send("PATCH", conversation, {"assignee_id": anna.user_id}).status_code == 200
    assert shop.get(f"{conversation}/takeovers").get_json() == []  # the assistant still answers
    anna.send("POST", f"{conversation}/takeover")
    anna.send("PATCH", conversation, {"assignee_id": owner.user_id})
    anna.send("PATCH", conversation, {"assignee_id": owner.user_id})
    assert anna.send("PATCH", conversation, {"assignee_id": viewer.user_id}).status_code == 400
    assert shop.post(f"{conversation}/takeover", {"assignee_id": viewer.user_id}).status_code == 400
    history = shop.get(f"{conversation}/takeovers").get_json()
    assert [(row["user_id"], row["assignee_id"], row["reason"]) for row in history] == [
        (anna.user_id, anna.user_id, "person"),
        (anna.user_id, owner.user_id, "assigned"),
    ]
