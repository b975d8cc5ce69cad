"""Finding conversations by filter and by the text of their messages."""

import uuid
from typing import Any

import pytest

from tests.support.factories import Shop
from tests.support.fake_model import FakeModel


@pytest.fixture
def conversation_ids(shop: Shop, fake_model: FakeModel) -> dict[str, str]:
    """Returns conversation IDs by the text of the message. All replies are the same."""
    fake_model.respond = lambda body: "Certainly"
    return {text: _say(shop, text) for text in _SAID}


_SAID = (
    "Where is my order A-10433?",
    "I want a REFUND for order A-10434",
    "Größe und Farbe: ÜBERGROSS",
    "أين طلبي رقم خمسة",
    "С доставкой до двери",
    "मेरा ऑर्डर कहाँ है",
    "emoji 👋 only 🎁",
)


_FOUND: dict[str, tuple[int, ...]] = {
    "order": (0, 1),
    "ORDER refund": (1,),
    "order -refund": (0,),
    '"my order"': (0,),
    '"order my"': (),
    "A-10433": (0,),
    "refund or größe": (1, 2),
    "übergross": (2,),
    "طلبي": (3,),
    "ДОСТАВКОЙ": (4,),
    "कहाँ": (5,),
    "emoji": (6,),
    "certainly": (0, 1, 2, 3, 4, 5, 6),
    "-certainly": (0, 1, 2, 3, 4, 5, 6),  # only the replies contain it
    "ord": (),
    "'; DROP TABLE messages; --": (),
    "& | ! ( ) :* <->": (),
    '"': (),
    "\\": (),
}


def test_search_finds_messages(shop: Shop, conversation_ids: dict[str, str]) -> None:
    for words, found in _FOUND.items():
        response = shop.get("/conversations", q=words)
        assert response.status_code == 200, response.text
        rows = [row["conversation_id"] for row in response.get_json()]
        assert rows == [conversation_ids[_SAID[number]] for number in found], words


def test_search_is_limited_to_the_business(shop: Shop, other_shop: Shop, conversation_ids: dict[str, str]) -> None:
    assert other_shop.get("/conversations", q="order").get_json() == []
    assert other_shop.get("/conversations", q=shop.business_id).get_json() == []
    theirs = _say(other_shop, f"my order is {shop.business_id}")
    assert theirs not in [row["conversation_id"] for row in shop.get("/conversations", q="order").get_json()]
    assert [row["conversation_id"] for row in other_shop.get("/conversations", q="order").get_json()] == [theirs]


def test_search_can_be_paged_and_filtered(shop: Shop, conversation_ids: dict[str, str]) -> None:
    first = shop.get("/conversations", q="order", limit=1)
    assert [row["conversation_id"] for row in first.get_json()] == [conversation_ids[_SAID[0]]]
    link = first.headers["Link"][1:].partition(">")[0]
    second = shop.client.get(link, headers=shop.headers)
    assert [row["conversation_id"] for row in second.get_json()] == [conversation_ids[_SAID[1]]]
    assert "Link" not in second.headers
    shop.post(f"/conversations/{conversation_ids[_SAID[0]]}/complete")
    assert len(shop.get("/conversations", q="order", status="active").get_json()) == 1
    assert shop.get("/conversations", q="order", user_id=str(uuid.uuid4())).get_json() == []


def test_long_message_is_stored_and_found(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = lambda body: "Certainly"
    long = " ".join(f"{number:x}é" for number in range(3900))
    fake_model.reply('{"stage": "Greeting", "confidence": 1}', "{}", "日" * 400_000 + " " + long * 30)
    conversation_id = _say(shop, long[:19_990])
    assert [row["conversation_id"] for row in shop.get("/conversations", q="abcé").get_json()] == [conversation_id]


def test_malformed_query_is_rejected(shop: Shop) -> None:
    for bad in ({"q": " "}, {"q": "x" * 201}, {"q": "a\x00b"}, {"status": "done"}, {"stage_id": "x"}):
        assert shop.get("/conversations", **bad).status_code == 400, bad


def test_conversations_are_filtered(shop: Shop, fake_model: FakeModel) -> None:
    stages = iter(["Greeting", "Order help", "Greeting"])
    fake_model.respond = lambda body: "{}"
    other = shop.add_customer("c-2")
    ids = []
    for user_id in (shop.user_id, shop.user_id, other):
        fake_model.reply(f'{{"stage": "{next(stages)}", "confidence": 1}}')
        answer = shop.say("Hello", user_id=user_id, session_id=f"s-{len(ids)}")
        ids.append(answer.get_json()["conversation_id"])
    shop.post(f"/conversations/{ids[0]}/complete")

    def listed(**query: Any) -> list[int]:
        return [ids.index(row["conversation_id"]) for row in shop.get("/conversations", **query).get_json()]

    assert listed() == [0, 1, 2]
    assert listed(user_id=other) == [2]
    assert listed(status="completed") == [0]
    assert listed(status="active") == [1, 2]
    assert listed(stage_id=shop.stages["Greeting"]) == [0, 2]
    assert listed(stage_id=shop.stages["Greeting"], status="active") == [2]
    assert listed(handled_by="ai") == [0, 1, 2]
    assert listed(handled_by="human") == []
    assert listed(stage_id=str(uuid.uuid4())) == []
    of_user = shop.get(f"/users/{shop.user_id}/conversations").get_json()
    assert [ids.index(row["conversation_id"]) for row in of_user] == [0, 1]


def _say(shop: Shop, text: str) -> str:
    answer = shop.say(text, session_id=str(uuid.uuid4()))
    assert answer.status_code == 200, answer.text
    conversation_id: str = answer.get_json()["conversation_id"]
    return conversation_id
