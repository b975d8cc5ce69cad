"""Conversations that stay with a release: the setting `pin`, and trials, which answer a share of new conversations.

The prompt of the stage Greeting names its design, which the model repeats.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.staff import Staff


@pytest.fixture(autouse=True)
def design_in_reply(fake_model: FakeModel) -> None:
    def respond(body: dict[str, Any]) -> str:
        named = re.search(r"Design (\w+)", str(body["messages"]))
        return named[1] if named else '{"stage": "Greeting", "confidence": 1}'

    fake_model.respond = respond


def set_up(shop: Shop, design: str = "One", **settings: Any) -> None:
    """Review drafts from now on, with this live design."""
    edit(shop, design)
    settings = {"publishing": "reviewed", "speculation": "off", **settings}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200


def edit(shop: Shop, design: str) -> None:
    stage = shop.get(f"/stages/{shop.stages['Greeting']}").get_json()
    path = f"/templates/{stage['response_generation_template_id']}"
    assert shop.put(path, {"content": f"Design {design}"}).status_code == 200


def publish(shop: Shop, design: str, **body: Any) -> str:
    edit(shop, design)
    release_id: str = made(shop.post("/releases", body))["release_id"]
    return release_id


def say(shop: Shop, customer: int = 0, **values: Any) -> dict[str, Any]:
    response = shop.say("Hello", user={"external_id": f"customer-{customer}"}, **values)
    assert response.status_code in (200, 202), response.text  # 202: a person handles the conversation
    answer: dict[str, Any] = response.get_json()
    return answer


def replies(shop: Shop, customers: range, **values: Any) -> list[str]:
    return [say(shop, customer, **values)["response"] for customer in customers]


def test_conversation_stays_with_its_release_if_it_is_pinned(shop: Shop) -> None:
    set_up(shop, pin="conversation")
    assert say(shop)["response"] == "One"
    publish(shop, "Two")
    publish(shop, "Three")
    assert say(shop)["response"] == "One"
    assert say(shop, session_id="new")["response"] == "Three"
    set_up(shop, "Four", pin="turn")
    assert say(shop)["response"] == "Three"  # "Four" is a draft


def test_trial_answers_the_share_of_new_conversations(shop: Shop) -> None:
    set_up(shop)
    before = say(shop, 100)
    trial_id = publish(shop, "Two", percent=30, note="Try it")
    assert shop.get("/releases/trial").get_json()["percent"] == 30
    [row] = [row for row in shop.get("/releases").get_json() if row["is_trial"]]
    assert (row["release_id"], row["note"], row["is_live"], row["status"]) == (trial_id, "Try it", False, "draft")
    assert say(shop, 100)["conversation_id"] == before["conversation_id"]
    assert say(shop, 100)["response"] == "One"

    first = replies(shop, range(60))
    assert set(first) == {"One", "Two"}
    assert 5 <= first.count("Two") <= 35
    assert replies(shop, range(60)) == first  # in the same conversation
    assert replies(shop, range(60), session_id="new") == first  # and in the next one
    # A larger share takes customers from the live release only.
    body = {"release_id": trial_id, "percent": 70}
    assert shop.put("/releases/trial", body).get_json() == {"number": row["number"], **body}
    larger = replies(shop, range(60), session_id="larger")
    assert larger.count("Two") > first.count("Two")
    assert all(now == "Two" for now, earlier in zip(larger, first, strict=True) if earlier == "Two")
    # The reports of both releases can be compared.
    live_id = shop.get(f"/turns/{before['turn_id']}").get_json()["release_id"]
    assert {trial_id, live_id} == {
        shop.get(f"/turns/{say(shop, customer)['turn_id']}").get_json()["release_id"] for customer in range(60)
    }

    assert shop.delete("/releases/trial").status_code == 204
    assert shop.delete("/releases/trial").status_code == 409
    assert shop.get("/releases/trial").get_json() == {"release_id": None, "number": None, "percent": 0}
    assert set(replies(shop, range(60))) == {"One"}


def test_conversations_stay_with_the_trial_after_its_end_if_they_are_pinned(shop: Shop) -> None:
    set_up(shop, pin="conversation")
    publish(shop, "Two", percent=50)
    first = replies(shop, range(20))
    assert set(first) == {"One", "Two"}
    publish(shop, "Three")
    assert shop.get("/releases/trial").get_json()["percent"] == 0
    assert replies(shop, range(20)) == first
    assert set(replies(shop, range(20), session_id="new")) == {"Three"}


def test_pinned_conversations_use_the_live_settings(shop: Shop, fake_model: FakeModel) -> None:
    set_up(shop, pin="conversation")
    say(shop)
    publish(shop, "Two")
    settings = {"publishing": "reviewed", "speculation": "off", "pin": "conversation", "temperature": 0.3}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    fake_model.requests.clear()
    assert say(shop)["response"] == "One"
    assert {request["temperature"] for request in fake_model.requests} == {0.3}


def test_held_messages_are_answered_with_the_release_of_the_conversation(shop: Shop, anna: Staff) -> None:
    set_up(shop, pin="conversation")
    path = f"/conversations/{say(shop)['conversation_id']}"
    assert anna.send("POST", f"{path}/takeover").status_code == 200
    publish(shop, "Two")
    held = say(shop)
    assert held["handled_by"] == "human"
    assert anna.send("POST", f"{path}/release", {"answer": "last"}).status_code == 200
    assert say(shop)["response"] == "One"
    assert shop.trace(held["turn_id"])["answer"]["response"] == "One"


def test_trial_needs_another_release_with_a_stage(shop: Shop, other_shop: Shop) -> None:
    set_up(shop)
    [live] = [row["release_id"] for row in shop.get("/releases").get_json() if row["is_live"]]
    [other] = [row["release_id"] for row in other_shop.get("/releases").get_json() if row["is_live"]]
    assert shop.put("/releases/trial", {"release_id": live, "percent": 20}).status_code == 409
    assert shop.put("/releases/trial", {"release_id": other, "percent": 20}).status_code == 404
    assert shop.put("/releases/trial", {"release_id": live, "percent": 100}).status_code == 400
    for name in ("Greeting", "Order help"):
        assert shop.put(f"/stages/{shop.stages[name]}", {"is_active": False}).status_code == 200
    assert shop.post("/releases", {"percent": 20}).status_code == 409
    assert shop.get("/releases/trial").get_json()["release_id"] is None


def test_what_a_trial_needs_is_not_deleted(shop: Shop) -> None:
    set_up(shop)
    stage_id = shop.add_stage("Advice")
    trial_id = publish(shop, "Two", percent=20)
    assert shop.delete(f"/stages/{stage_id}").status_code == 409
    assert shop.delete("/releases/draft").status_code == 409
    for number in range(25):
        publish(shop, f"Edit{number}")
    assert trial_id in {row["release_id"] for row in shop.get("/releases", limit=100).get_json()}


def test_pinned_releases_are_kept(shop: Shop) -> None:
    set_up(shop, pin="conversation")
    conversation = say(shop)
    for number in range(25):
        publish(shop, f"Edit{number}")
    assert say(shop)["response"] == "One"
    assert say(shop)["conversation_id"] == conversation["conversation_id"]


def test_concurrent_messages_during_publications_stay_with_one_release(shop: Shop, sql: Connection) -> None:
    set_up(shop, pin="conversation")
    publish(shop, "Two", percent=50)

    def publish_often() -> None:
        for number in range(6):
            edit(shop, f"Edit{number}")
            shop.post("/releases", {"percent": 50} if number % 2 else {})

    with ThreadPoolExecutor(8) as pool:
        publications = pool.submit(publish_often)
        messages = [pool.submit(say, shop, customer) for _ in range(4) for customer in range(8)]
        publications.result()
        for message in messages:
            message.result()
    rows = sql.execute(
        """
        SELECT c.conversation_id, count(DISTINCT t.release_id) AS releases,
               bool_and(t.release_id = c.release_id) AS are_pinned
        FROM conversations c JOIN turns t USING (business_id, conversation_id)
        WHERE c.business_id = %(business_id)s GROUP BY c.conversation_id
        """,
        {"business_id": shop.business_id},
    ).fetchall()
    assert len(rows) >= 8
    assert {(row["releases"], row["are_pinned"]) for row in rows} == {(1, True)}
