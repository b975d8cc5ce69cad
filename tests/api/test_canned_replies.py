"""Canned replies: texts with a shortcut, whose variables are filled in for a conversation."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.staff import Staff, make_member
from tests.support.turns import by_step

pytestmark = pytest.mark.usefixtures("empty_database")

HELLO = {"shortcut": "Hello", "title": "Greeting", "content": "Hello {user.first_name|there}, שלום 👋 {unknown_thing}"}


def create(shop: Shop, **values: Any) -> str:
    canned_reply_id: str = made(shop.post("/canned-replies", {**HELLO, **values}))["canned_reply_id"]
    return canned_reply_id


def test_replies_are_listed_by_shortcut_and_changed(shop: Shop, owner: Staff) -> None:
    agent = make_member(shop, owner.headers, "agent")
    ids = {shortcut: create(shop, shortcut=shortcut) for shortcut in ("zoo", "Bye", "größe", "👋")}
    listed, path = [], "/api/v1/canned-replies?limit=1"
    while path:
        page = shop.client.get(path, headers=agent.headers)
        listed += [row["shortcut"] for row in page.get_json()]
        path = page.headers.get("Link", "")[1:].partition(">")[0]
    assert sorted(listed) == sorted(["zoo", "bye", "größe", "👋"])
    assert listed == [row["shortcut"] for row in shop.get("/canned-replies").get_json()]
    one = f"/canned-replies/{ids['Bye']}"
    changed = agent.send("PUT", one, {"title": "Farewell", "shortcut": "CIAO"}).get_json()
    assert (changed["shortcut"], changed["title"], changed["content"]) == ("ciao", "Farewell", HELLO["content"])
    assert shop.get(one).get_json() == changed
    assert agent.send("PUT", one, {"shortcut": "ZOO"}).status_code == 409
    assert agent.send("DELETE", one).status_code == 204
    assert agent.send("DELETE", one).status_code == 404
    assert shop.get(one).status_code == 404


def test_shortcut_is_taken_once_per_business(shop: Shop, other_shop: Shop) -> None:
    with ThreadPoolExecutor(4) as pool:
        texts = ("Cafe\u0301", "café", "CAFÉ", "café")
        answers = list(pool.map(lambda text: shop.post("/canned-replies", {**HELLO, "shortcut": text}), texts))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    theirs = create(other_shop, shortcut="café")
    for answer in (
        shop.get(f"/canned-replies/{theirs}"),
        shop.put(f"/canned-replies/{theirs}", {"title": "Mine"}),
        shop.delete(f"/canned-replies/{theirs}"),
    ):
        assert answer.status_code == 404
    assert len(shop.get("/canned-replies").get_json()) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"shortcut": "two words"},
        {"shortcut": "a/b"},
        {"shortcut": ""},
        {"shortcut": "x" * 41},
        {"shortcut": "\u202ea"},
        {"shortcut": "a\x00"},
        {"title": " "},
        {"content": "x" * 20_001},
        {"content": "\x00"},
    ],
)
def test_unusable_values_are_rejected(shop: Shop, values: dict[str, str]) -> None:
    assert shop.post("/canned-replies", {**HELLO, **values}).status_code == 400
    assert shop.put(f"/canned-replies/{create(shop)}", values).status_code == 400


def test_variables_are_filled_in_for_a_conversation(
    shop: Shop, other_shop: Shop, owner: Staff, fake_model: FakeModel
) -> None:
    fake_model.respond = by_step()
    viewer = make_member(shop, owner.headers, "viewer")
    conversation_id = shop.say("hi").get_json()["conversation_id"]
    made(shop.post(f"/conversations/{conversation_id}/messages", {"message": "a secret", "is_note": True}))
    made(shop.post("/variables", {"name": "hours", "value": "9 to 18"}))
    history = {"content": "{conversation_history} {hours} {collected_data.order_number}"}
    first, second = create(shop), create(shop, shortcut="history", **history)
    body = {"conversation_id": conversation_id}
    rendered = viewer.send("POST", f"/canned-replies/{first}/render", body).get_json()
    assert rendered == {"text": "Hello Carla, שלום 👋 ", "missing": ["unknown_thing"], "language": None}
    text = viewer.send("POST", f"/canned-replies/{second}/render", body).get_json()["text"]
    assert text.endswith("9 to 18 A-10433")
    assert "secret" not in text
    assert other_shop.post(f"/canned-replies/{first}/render", body).status_code == 404
    theirs = create(other_shop)
    assert other_shop.post(f"/canned-replies/{theirs}/render", body).status_code == 404
    missing = {"conversation_id": str(uuid.uuid4())}
    assert shop.post(f"/canned-replies/{first}/render", missing).status_code == 404
    assert viewer.send("POST", "/canned-replies", HELLO).status_code == 403


def test_reply_is_inserted_in_the_language_of_the_conversation(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = by_step()
    reply = create(shop, content="Hello {user.first_name}", translations={"de": "Guten Tag {user.first_name}"})

    def rendered(conversation_id: str, **values: str) -> tuple[str, str | None]:
        body = {"conversation_id": conversation_id, **values}
        answer = shop.post(f"/canned-replies/{reply}/render", body).get_json()
        return answer["text"], answer["language"]

    german = shop.say("Wo ist meine Bestellung geblieben?").get_json()["conversation_id"]
    assert shop.get(f"/conversations/{german}").get_json()["language"] == "de"
    assert rendered(german) == ("Guten Tag Carla", "de")
    assert rendered(german, language="fr") == ("Hello Carla", None)
    assert shop.say("Where has my order gone?").get_json()["conversation_id"] == german
    assert rendered(german) == ("Hello Carla", None)
    assert rendered(german, language="de-AT") == ("Guten Tag Carla", "de")
    changed = shop.put(f"/canned-replies/{reply}", {"translations": {}}).get_json()
    assert (changed["translations"], changed["content"]) == ({}, "Hello {user.first_name}")
    for wrong in ({"translations": {"German": "Hallo"}}, {"translations": {"de": " "}}):
        assert shop.put(f"/canned-replies/{reply}", wrong).status_code == 400
