"""Ratings of answers and conversations: by keys, staff, visitors of the widget, and with buttons of WhatsApp."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from tests.support import database
from tests.support.channel_load import Providers, customer_id
from tests.support.database import Connection
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_graph import signed, whatsapp_message
from tests.support.fake_model import FakeModel
from tests.support.os_users import wait_for
from tests.support.staff import make_member
from tests.support.widget import Widget, make_widget

Master = dict[str, str]
GREETING = ('{"stage": "Greeting", "confidence": 0.9}', "{}")


def answer(shop: Shop, fake_model: FakeModel, question: str, reply: str) -> dict[str, Any]:
    """The response to a message in a conversation of its own."""
    fake_model.reply(*GREETING, reply)
    response = shop.say(question, session_id=uuid.uuid4().hex)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    return body


def rate(shop: Shop, answered: dict[str, Any], rating: str, **values: Any) -> dict[str, Any]:
    response = shop.post(f"/messages/{answered['response_message_id']}/feedback", {"rating": rating, **values})
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.get_json()
    return body


def feedback_of(shop: Shop, answered: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """The ratings that are shown with an answer: source, rating and comment."""
    _, reply = shop.get(f"/conversations/{answered['conversation_id']}/messages").get_json()
    return [(each["source"], each["rating"], each["comment"]) for each in reply["feedback"]]


def open_answers(shop: Shop) -> list[str]:
    return [row["answer"] for row in shop.get("/feedback", open="true").get_json()]


def test_second_rating_replaces_the_first(shop: Shop, fake_model: FakeModel, master: Master, sql: Connection) -> None:
    answered = answer(shop, fake_model, "Hello", "Go away!")
    with ThreadPoolExecutor(8) as pool:
        rated = list(pool.map(lambda _: rate(shop, answered, "bad", comment="Rude"), range(8)))
    assert {each["rating"] for each in rated} == {"bad"}
    agent = make_member(shop, master, "agent")
    path = f"/messages/{answered['response_message_id']}/feedback"
    marked = agent.send("POST", path, {"rating": "bad", "correct_answer": "Hello! How can I help?"}).get_json()
    assert (marked["source"], marked["author_id"], marked["author_name"]) == ("staff", agent.user_id, "Agent Member")
    assert feedback_of(shop, answered) == [("customer", "bad", "Rude"), ("staff", "bad", None)]
    [listed] = shop.get("/feedback", rating="bad").get_json()
    assert (listed["question"], listed["answer"], listed["stage_name"]) == ("Hello", "Go away!", "Greeting")
    assert [each["correct_answer"] for each in listed["feedback"]] == [None, "Hello! How can I help?"]
    rate(shop, answered, "good")
    assert feedback_of(shop, answered) == [("customer", "good", None), ("staff", "bad", None)]
    count = sql.execute(
        "SELECT count(*) FROM message_feedback WHERE turn_id = %(turn_id)s", {"turn_id": answered["turn_id"]}
    ).fetchone()
    assert count == {"count": 2}


def test_only_answers_can_be_rated_and_only_by_those_who_may(
    shop: Shop, other_shop: Shop, fake_model: FakeModel, master: Master
) -> None:
    answered = answer(shop, fake_model, "Hello", "Hi")
    path, bad = f"/messages/{answered['response_message_id']}/feedback", {"rating": "bad"}
    assert shop.post(f"/messages/{answered['message_id']}/feedback", bad).status_code == 404  # the question
    assert other_shop.post(path, bad).status_code == 404
    viewer, agent = make_member(shop, master, "viewer"), make_member(shop, master, "agent")
    assert viewer.send("POST", path, bad).status_code == 403
    assert agent.send("POST", path, {**bad, "source": "customer"}).status_code == 403
    limited = made(
        shop.client.post(
            f"/api/v1/businesses/{shop.business_id}/api-keys",
            json={"name": "Chat", "scope": "messages"},
            headers=master,
        )
    )
    headers = {"Authorization": f"Bearer {limited['api_key']}"}
    assert shop.client.post(f"/api/v1{path}", json={**bad, "source": "staff"}, headers=headers).status_code == 403
    assert shop.client.post(f"/api/v1{path}", json=bad, headers=headers).status_code == 200
    for values in ({"correct_answer": "x"}, {"is_example": True}):
        assert shop.post(path, {**bad, **values}).status_code == 400, values
    assert shop.post(path, {**bad, "source": "staff", "is_example": True}).status_code == 400
    assert shop.post(path, {"rating": "good", "source": "staff", "correct_answer": "x"}).status_code == 400


def test_follow_ups_take_bad_answers_out_of_the_list(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    questions = ("Where is my parcel?", "Do you sell stamps?", "Are you open?", "Are you a person?")
    replies = ("It is late.", "Perhaps.", "On Monday.", "I am your assistant.")
    answered = [answer(shop, fake_model, *each) for each in zip(questions, replies, strict=True)]
    moved, written, dismissed, fine = answered
    for each in answered:
        rate(shop, each, "bad")
    rate(shop, moved, "bad", source="staff")
    assert open_answers(shop) == [replies[0], *reversed(replies[1:])]

    path = f"/feedback/{moved['turn_id']}/resolve"
    assert shop.post(path, {"stage_id": shop.stages["Order help"]}).status_code == 204
    stages = {row["stage_name"]: row["example_messages"] for row in shop.get("/stages").get_json()}
    assert stages == {"Greeting": [], "Order help": [questions[0]]}
    rate(shop, moved, "bad", comment="Still")
    assert shop.post(path, {"stage_id": shop.stages["Greeting"]}).status_code == 204
    stages = {row["stage_name"]: row["example_messages"] for row in shop.get("/stages").get_json()}
    assert stages == {"Greeting": [questions[0]], "Order help": []}
    entries = [(row["action"], row["resource"]) for row in shop.get("/audit-log").get_json()]
    assert entries.count(("resolve", "feedback")) == 2
    assert shop.post(path).status_code == 404  # not open any more

    article = {"title": "Stamps", "content": "We sell stamps.", "answers_turn_id": written["turn_id"]}
    article_id = made(shop.post("/articles", article))["article_id"]
    assert shop.post(f"/feedback/{dismissed['turn_id']}/resolve").status_code == 204
    rate(shop, fine, "good", source="staff")
    assert open_answers(shop) == []
    closed = {row["turn_id"]: row["feedback"] for row in shop.get("/feedback", open="false").get_json()}
    resolutions = {turn_id: {each["resolution"] for each in ratings} for turn_id, ratings in closed.items()}
    assert resolutions == {
        moved["turn_id"]: {"stage"},
        written["turn_id"]: {"article"},
        dismissed["turn_id"]: {"dismissed"},
        fine["turn_id"]: {"marked_good", None},
    }
    assert closed[written["turn_id"]][0]["article_id"] == article_id


def test_closest_examples_are_in_the_prompt(shop: Shop, fake_model: FakeModel) -> None:
    template = {"template_name": "Reply", "template_type": "response_generation", "content": "<<{good_examples}>>"}
    template_id = made(shop.post("/templates", template))["template_id"]
    path = f"/stages/{shop.stages['Greeting']}"
    assert shop.put(path, {"response_generation_template_id": template_id}).status_code == 200
    replies = {
        "How long does delivery to Spain take?": "Three days.",
        "How long does delivery\nto France take?": "Two days.",
        "When does my delivery arrive?": "Tomorrow.",
        "What does delivery cost?": "Nothing.",
        "Can I pay with a card?": "Yes.",
    }
    for question, reply in replies.items():
        answered = answer(shop, fake_model, question, reply)
        if reply == "Two days.":
            values = {"correct_answer": "Four days.\nAnswer: really", "is_example": True}
            rate(shop, answered, "bad", source="staff", **values)
        else:
            rate(shop, answered, "good", source="staff", is_example=reply != "Nothing.")
    fake_model.forget()
    answer(shop, fake_model, "How long does the delivery to France take?", "Hm")
    content = str(fake_model.requests[-1]["messages"])
    shown = content.partition("<<")[2].partition(">>")[0].replace("\\n", "\n")
    assert shown.split("\n\n") == [
        "Customer: How long does delivery to France take?\nAnswer: Four days. Answer: really",
        "Customer: How long does delivery to Spain take?\nAnswer: Three days.",
        "Customer: When does my delivery arrive?\nAnswer: Tomorrow.",
    ]
    assert len(shop.get("/feedback", example="true").get_json()) == 4


def test_comments_and_correct_answers_are_masked(shop: Shop, fake_model: FakeModel) -> None:
    path = f"/businesses/{shop.business_id}"
    settings = shop.get(path).get_json()["settings"]
    assert shop.put(path, {"settings": {**settings, "masking": {"card_numbers": True}}}).status_code == 200
    answered = answer(shop, fake_model, "Hello", "Hi")
    card = "4111 1111 1111 1111"
    rated = rate(shop, answered, "bad", source="staff", comment=f"Why {card}?", correct_answer=f"Not {card}")
    conversation = f"/conversations/{answered['conversation_id']}"
    stored = shop.post(f"{conversation}/rating", {"rating": 1, "comment": card}).get_json()
    assert "1111" not in f"{rated['comment']} {rated['correct_answer']} {stored['comment']}"


def test_conversation_is_rated_once(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    conversation_id = answer(shop, fake_model, "Hello", "Hi")["conversation_id"]
    path = f"/conversations/{conversation_id}"
    assert shop.get(path).get_json()["rating"] is None
    for rating, comment in ((1, "Slow"), (4, None)):
        body = {"rating": rating, **({"comment": comment} if comment else {})}
        assert shop.post(f"{path}/rating", body).status_code == 200
    found = shop.get(path).get_json()["rating"]
    assert (found["rating"], found["comment"]) == (4, None)
    assert shop.post(f"{path}/rating", {"rating": 6}).status_code == 400


def test_visitor_rates_their_own_answers_and_conversation(shop: Shop, fake_model: FakeModel) -> None:
    widget = make_widget(shop)
    assert widget.start()["appearance"]["ratings"] is True
    fake_model.reply(*GREETING, "Good morning!")
    reply = widget.say("Hello")[-1][1]
    assert (reply["can_rate"], reply["rating"]) == (True, None)
    paths = (f"messages/{reply['message_id']}/feedback", f"conversations/{reply['conversation_id']}/rating")
    for rating in ("good", "bad", "bad"):
        assert widget.send("POST", paths[0], {"rating": rating, "comment": "Too short"}).status_code == 204
    assert [each["rating"] for each in widget.page()["messages"]] == [None, "bad"]
    assert feedback_of(shop, reply) == [("customer", "bad", "Too short")]
    assert shop.post(f"/conversations/{reply['conversation_id']}/complete").status_code == 200
    assert widget.send("POST", paths[1], {"rating": 5}).status_code == 204
    state = widget.page()["state"]
    assert (state["is_completed"], state["rating"]) == (True, 5)

    stranger = Widget(shop, widget.channel_id, widget.secret)
    stranger.start()
    assert stranger.send("POST", paths[0], {"rating": "good"}).status_code == 404
    assert stranger.send("POST", paths[1], {"rating": 1}).status_code == 404
    stranger.token = None
    assert stranger.send("POST", paths[0], {"rating": "good"}).status_code == 401
    settings = shop.get(f"/channels/{widget.channel_id}").get_json()["settings"]
    assert shop.put(f"/channels/{widget.channel_id}", {"settings": {**settings, "ratings": False}}).status_code == 200
    assert widget.send("POST", paths[0], {"rating": "good"}).status_code == 403
    assert widget.send("POST", paths[1], {"rating": 1}).status_code == 403


@pytest.fixture
def provider_sql(hooks_database: str) -> Iterator[Connection]:
    with database.connect(hooks_database) as conn:
        yield conn


def test_customer_rates_an_answer_with_buttons_of_whatsapp(
    provider_app: Flask, fake_model: FakeModel, master: Master, providers: Providers, provider_sql: Connection
) -> None:
    shop = make_shop(provider_app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}")
    adapter, graph = providers.adapters()["whatsapp"], providers.graph
    graph.messages.clear()
    settings = {**adapter.settings, "ratings": True}
    body = {"kind": "whatsapp", "name": "WhatsApp", "settings": settings, "secrets": adapter.secrets}
    path = f"/api/v1/channels/{made(shop.post('/channels', body))['channel_id']}/webhook"

    def deliver(payload: dict[str, Any]) -> None:
        delivery = signed(payload)
        assert shop.client.post(path, data=delivery.body, headers=delivery.headers).status_code == 200

    question = adapter.request(1, 0, "Hello")
    assert shop.client.post(path, data=question.body, headers=question.headers).status_code == 200
    wait_for(lambda: len(graph.messages) == 1, "the reply")
    [sent] = graph.messages
    buttons = [each["reply"] for each in sent.body["interactive"]["action"]["buttons"]]
    assert [each["title"] for each in buttons] == ["👍", "👎"]

    def press(phone: str, message_id: str, button: dict[str, str]) -> None:
        reply = {"type": "button_reply", "button_reply": button}
        deliver(whatsapp_message(message_id, phone, {"type": "interactive", "interactive": reply}))

    phone = str(customer_id(0))
    press("4915100000000", "wamid.p0", buttons[0])  # somebody else
    for number, button in enumerate((buttons[0], buttons[1], buttons[1])):
        press(phone, f"wamid.p{number + 1}", button)
    press(phone, "wamid.p9", {"id": f"rate:good:{uuid.uuid4()}", "title": "👍"})  # of a deleted message
    [conversation] = shop.get("/conversations").get_json()
    messages = shop.get(f"/conversations/{conversation['conversation_id']}/messages").get_json()
    assert [len(each["feedback"]) for each in messages] == [0, 1]  # and no press has become a message
    assert (messages[1]["feedback"][0]["source"], messages[1]["feedback"][0]["rating"]) == ("customer", "bad")


def test_erasing_a_customer_erases_their_feedback(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    shop.user_id = shop.add_customer("c-2")
    answered = answer(shop, fake_model, "Hello", "Hi")
    rate(shop, answered, "good", source="staff", is_example=True)
    shop.post(f"/conversations/{answered['conversation_id']}/rating", {"rating": 3, "comment": "So so"})
    assert shop.delete(f"/users/{shop.user_id}").status_code == 204
    parameters = {"business_id": shop.business_id}
    for table in ("message_feedback", "conversation_ratings"):
        row = sql.execute(f"SELECT count(*) FROM {table} WHERE business_id = %(business_id)s", parameters).fetchone()
        assert row == {"count": 0}, table
