"""People hand conversations back to the assistant, or to a colleague."""

import threading

import pytest

from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated
from tests.support.os_users import wait_for
from tests.support.staff import Staff
from tests.support.takeovers import start, texts, wait_for_texts
from tests.support.turns import REPLY, by_step

pytestmark = pytest.mark.usefixtures("empty_database")


def test_second_release_answers_nothing_again(shop: Shop, fake_model: FakeModel, anna: Staff, owner: Staff) -> None:
    conversation, gate = start(shop), threading.Event()
    anna.send("POST", f"{conversation}/takeover")
    first, _ = (shop.say(text, user_id=shop.user_id).get_json()["turn_id"] for text in ("one", "two"))
    fake_model.respond = by_step(response=Gated(REPLY, gate))
    asked = len(fake_model.requests)
    anna.send("POST", f"{conversation}/release", {"answer": "last"})
    fake_model.wait_for_requests(asked + 3)
    for answer in ("last", "none"):
        assert owner.send("POST", f"{conversation}/release", {"answer": answer}).status_code == 200
    gate.set()
    assert wait_for_texts(shop, conversation, 5)[4] == REPLY
    wait_for(lambda: shop.trace(first)["status"] == "completed", "the end of the first turn", pause=0.05)
    assert shop.say("three").status_code == 200
    assert len(texts(shop, conversation)) == 7


def test_message_before_an_answered_one_is_not_answered_later(shop: Shop, fake_model: FakeModel, anna: Staff) -> None:
    conversation = start(shop)
    business = f"/businesses/{shop.business_id}"
    shop.put(business, {"settings": {"speculation": "off", "ai_paused": True}})
    assert shop.say("one").status_code == 202
    shop.put(business, {"settings": {"speculation": "off"}})
    assert shop.say("two").status_code == 200  # the first message is in its prompt
    assert anna.send("POST", f"{conversation}/takeover").get_json()["waiting_since"] is None
    asked = len(fake_model.requests)
    anna.send("POST", f"{conversation}/release", {"answer": "last"})
    assert shop.say("three").status_code == 200
    assert len(fake_model.requests) == asked + 3
    assert len(texts(shop, conversation)) == 7


def test_who_handles_a_conversation_may_give_it_to_a_colleague(shop: Shop, owner: Staff, anna: Staff) -> None:
    conversation = start(shop)
    anna.send("POST", f"{conversation}/takeover")
    given = anna.send("POST", f"{conversation}/takeover", {"assignee_id": owner.user_id})
    assert given.get_json()["assignee_id"] == owner.user_id
    assert anna.send("POST", f"{conversation}/takeover").status_code == 409
