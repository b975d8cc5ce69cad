"""The setting `handover`: when a conversation is handed over to a person."""

from typing import Any

import pytest

from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.takeovers import wait_for_texts
from tests.support.turns import by_step

LOOK_UP = {"method": "database_query", "config": {"source": "orders", "match": {"order_number": "{order_number}"}}}


def configure(shop: Shop, **settings: Any) -> None:
    body = {"settings": {"speculation": "off", **settings}}
    assert shop.put(f"/businesses/{shop.business_id}", body).status_code == 200


def handovers(shop: Shop, conversation_id: str) -> list[str]:
    """Why the conversation was handed over, each time."""
    return [row["reason"] for row in shop.get(f"/conversations/{conversation_id}/takeovers").get_json()]


def test_customer_who_uses_a_keyword_gets_a_person_and_no_answer_of_the_model(
    shop: Shop, fake_model: FakeModel
) -> None:
    configure(shop, handover={"keywords": ["talk to a human"]})
    fake_model.respond = by_step(response="Hello!")
    conversation_id = shop.say("human?").get_json()["conversation_id"]
    asked = len(fake_model.requests)
    answer = shop.say("I want to TALK to a human now").get_json()
    assert answer["response"] == "Thank you for your message. Someone from our team will reply to you."
    assert (answer["handled_by"], answer["engine"], len(fake_model.requests)) == ("human", "rules", asked)
    turn = shop.trace(answer["turn_id"])
    assert (turn["decision"]["needs_person"], turn["decision"]["handed_over"]) == (True, True)
    assert turn["by_step"]["selection"]["decision"] == (
        'Stayed in "Order help": the message contains "talk to a human".'
    )
    assert handovers(shop, conversation_id) == ["keyword"]

    # The person lets the assistant answer what the customer wrote in the meantime, although it contains the keyword.
    assert shop.say("Can I talk to a human?").status_code == 202
    fake_model.respond = by_step(response="We are on our way.")
    assert shop.post(f"/conversations/{conversation_id}/release", {"answer": "last"}).status_code == 200
    assert wait_for_texts(shop, f"/conversations/{conversation_id}", 6)[-1] == "We are on our way."
    assert handovers(shop, conversation_id) == ["keyword"]


def test_reply_to_a_keyword_is_the_text_of_the_business_or_in_the_language_of_the_message(
    shop: Shop, fake_model: FakeModel
) -> None:
    configure(shop, handover={"keywords": ["persona"]})
    answer = shop.say("Quiero hablar con una persona").get_json()
    assert answer["response"] == "Gracias por su mensaje. Una persona de nuestro equipo le responderá."
    configure(shop, handover={"keywords": ["persona"]}, handover_message="One moment, {user.first_name}.")
    shop.user_id = shop.add_customer("c-2", first_name="Dora")
    assert shop.say("Quiero hablar con una persona").get_json()["response"] == "One moment, Dora."


@pytest.mark.parametrize(("is_on", "expected"), [(True, ["low_confidence"]), (False, [])])
def test_conversation_is_handed_over_after_two_uncertain_turns_in_a_row(
    shop: Shop, fake_model: FakeModel, is_on: bool, expected: list[str]
) -> None:
    configure(shop, handover={"low_confidence": is_on})
    handled_by = []
    for confidence in (0.2, 0.9, 0.2, 0.3):
        fake_model.respond = by_step(selection=f'{{"stage": "Order help", "confidence": {confidence}}}')
        answer = shop.say("hm").get_json()
        handled_by.append(answer["handled_by"])
    assert handled_by == ["ai", "ai", "ai", "human" if is_on else "ai"]
    assert answer["response"]  # the second one is answered too
    assert handovers(shop, answer["conversation_id"]) == expected


def test_conversation_is_handed_over_after_two_failed_look_ups_in_a_row(shop: Shop, fake_model: FakeModel) -> None:
    configure(shop, handover={"failed_lookups": True})
    body = {"data_retrieval": LOOK_UP}
    assert shop.put(f"/stages/{shop.stages['Order help']}", body).status_code == 200
    fake_model.respond = by_step(
        selection='{"stage": "Order help", "confidence": 0.9}', extraction='{"order_number": "A-1"}'
    )
    first, second = (shop.say("Where is A-1?").get_json() for _ in range(2))
    assert (first["handled_by"], second["handled_by"]) == ("ai", "human")
    assert handovers(shop, second["conversation_id"]) == ["lookup_failed"]


def test_settings_of_the_handover_are_validated(shop: Shop) -> None:
    for handover in ({"keywords": [" "]}, {"keywords": "human"}, {"low_confidence": 1}, {"unknown": True}, []):
        body = {"settings": {"handover": handover}}
        assert shop.put(f"/businesses/{shop.business_id}", body).status_code == 400, handover
