"""The conversation's summary is updated after the answer, without leaving out or repeating messages."""

import json
import threading
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from tests.conftest import make_config, running_app
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Reply, Status

pytestmark = pytest.mark.usefixtures("empty_database")

SUMMARY = {
    "overview": "Ana returns a lamp.",
    "key_points": ["The lamp is broken."],
    "decisions": ["The money goes back."],
    "pending_items": [],
    "next_steps": ["Send the label."],
    "sentiment": "neutral",
    "confidence_score": 0.9,
}

GOOD = json.dumps(SUMMARY)


@pytest.fixture
def summarising_shop(shop: Shop, fake_model: FakeModel) -> Shop:
    """A shop whose summaries are updated after four messages, which are two turns."""
    settings = {"speculation": "off", "summary_messages": 4}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    fake_model.respond = answer()
    return shop


def answer(summary: Reply = GOOD) -> Any:
    return lambda body: summary if is_summary(body) else "Greeting"


def is_summary(body: dict[str, Any]) -> bool:
    return "Summarise the whole conversation" in text_of(body)


def text_of(body: dict[str, Any]) -> str:
    return "\n".join(message["content"] for message in body["messages"])


def conversation(sql: Connection) -> dict[str, Any]:
    row = sql.execute("SELECT conversation_summary, summarised_through FROM conversations").fetchone()
    assert row
    return row


def wait_for(sql: Connection, through: int) -> dict[str, Any]:
    for _ in range(200):
        if conversation(sql)["summarised_through"] == through:
            break
        threading.Event().wait(0.05)
    row = conversation(sql)
    assert row["summarised_through"] == through
    return row


def asked(fake_model: FakeModel) -> list[str]:
    return [text_of(body) for body in fake_model.requests if is_summary(body)]


def test_summary_is_updated_after_enough_messages(
    summarising_shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    summarising_shop.say("My lamp is broken")
    summarising_shop.say("May I return it?")
    assert wait_for(sql, 4)["conversation_summary"] == SUMMARY
    [prompt] = asked(fake_model)
    assert "Summary so far: none" in prompt
    assert all(said in prompt for said in ("My lamp is broken", "May I return it?"))
    conversation_id = summarising_shop.get("/conversations").get_json()[0]["conversation_id"]
    shown = summarising_shop.get(f"/conversations/{conversation_id}").get_json()
    assert shown["conversation_summary"]["decisions"] == ["The money goes back."]
    [call] = summarising_shop.get("/llm-calls", step="summary").get_json()
    assert (call["status"], call["prompt_tokens"] > 0) == ("completed", True)

    summarising_shop.say("Thank you")
    assert "Ana returns a lamp." in text_of(fake_model.requests[-1])  # the reply is written with it
    summarising_shop.say("Goodbye")
    wait_for(sql, 8)
    _first, second = asked(fake_model)
    assert "Ana returns a lamp." in second
    assert "Thank you" in second
    assert "My lamp is broken" not in second  # it is in the summary already


def test_customer_does_not_wait_for_the_summary(summarising_shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    gate = threading.Event()
    fake_model.respond = answer(Gated(json.dumps(SUMMARY), gate))
    summarising_shop.say("one")
    summarising_shop.say("two")
    fake_model.wait_for_requests(7)
    assert summarising_shop.say("three").status_code == 200  # while the summary is being written
    assert len(asked(fake_model)) == 1  # the third turn saw that one is under way
    gate.set()
    wait_for(sql, 4)


@pytest.mark.parametrize("nonsense", ["no JSON", "[]", '{"overview": 3}', Status(401)])
def test_invalid_summary_is_retried_after_as_many_messages_again(
    summarising_shop: Shop, fake_model: FakeModel, sql: Connection, nonsense: Reply
) -> None:
    fake_model.respond = answer(nonsense)
    summarising_shop.say("one")
    summarising_shop.say("two")
    while len(summarising_shop.get("/llm-calls", step="summary").get_json()) < 1:
        threading.Event().wait(0.05)
    assert conversation(sql) == {"conversation_summary": None, "summarised_through": 0}
    fake_model.respond = answer()
    summarising_shop.say("three")
    summarising_shop.say("four")
    wait_for(sql, 8)
    assert len(asked(fake_model)) == 2
    assert all(said in asked(fake_model)[-1] for said in ("one", "two", "three", "four"))


def test_next_turn_updates_the_summary_after_a_killed_process(
    summarising_shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    """If more messages than fit into one prompt are left, the following turns continue where the summary ends."""
    off = {"settings": {"speculation": "off", "summary_messages": 0}}
    assert summarising_shop.put(f"/businesses/{summarising_shop.business_id}", off).status_code == 200
    words = [f"{number} " + "x" * 2000 for number in range(8)]
    for text in words:
        assert summarising_shop.say(text).status_code == 200
    assert conversation(sql)["summarised_through"] == 0
    on = {"settings": {"speculation": "off", "summary_messages": 4}}
    assert summarising_shop.put(f"/businesses/{summarising_shop.business_id}", on).status_code == 200
    ends = [0]
    while ends[-1] < 16:
        summarising_shop.say("and?")
        for _ in range(100):
            if conversation(sql)["summarised_through"] > ends[-1]:
                break
            threading.Event().wait(0.05)
        ends.append(conversation(sql)["summarised_through"])
    prompts = asked(fake_model)
    assert len(prompts) == len(ends) - 1
    for text in words:
        assert sum(text in prompt for prompt in prompts) == 1


def test_summary_template_of_the_business(summarising_shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    content = "Summarise the whole conversation in French: {conversation_history}{user_message}"
    template = {"template_name": "Ours", "template_type": "conversation_summary", "content": content}
    template_id = summarising_shop.post("/templates", template).get_json()["template_id"]
    summarising_shop.say("one")
    summarising_shop.say("two")
    wait_for(sql, 4)
    assert "in French" in asked(fake_model)[0]
    assert summarising_shop.get("/llm-calls", template_id=template_id).get_json()[0]["step"] == "summary"


def test_summary_of_fewer_messages_for_a_small_model(
    summarising_shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    too_long = Status(400, body={"error": {"message": "Too long", "code": "context_length_exceeded"}})

    def respond(body: dict[str, Any]) -> Reply:
        return too_long if is_summary(body) and text_of(body).count("很长") > 600 else answer()(body)

    fake_model.respond = respond
    summarising_shop.say("很长" * 400)
    summarising_shop.say("很长" * 400)
    # The second message does not fit: the next summary continues with it.
    assert wait_for(sql, 2)["conversation_summary"] == SUMMARY
    sent = [text_of(body).count("很长") for body in fake_model.requests if is_summary(body)]
    assert (sent[0], sent[-1]) == (800, 400)


def test_history_budget_of_a_template(summarising_shop: Shop, fake_model: FakeModel) -> None:
    stage = summarising_shop.get(f"/stages/{summarising_shop.stages['Greeting']}").get_json()
    for number in range(5):
        summarising_shop.say(f"{number} " + "x" * 300)
    assert all(f"{number} xxx" in text_of(fake_model.requests[-1]) for number in range(5))
    template = f"/templates/{stage['response_generation_template_id']}"
    assert summarising_shop.put(template, {"model_settings": {"history_tokens": 100}}).status_code == 200
    summarising_shop.say("last")
    prompt = text_of([body for body in fake_model.requests if "Write the reply" in text_of(body)][-1])
    history = prompt.partition("Conversation so far:")[2].partition("The customer's current message")[0]
    assert 0 < len(history) < 450
    assert "4 xxx" in history
    assert "3 xxx" not in history


def test_two_processes_pay_for_a_summary_once(
    app: Flask,
    summarising_shop: Shop,
    fake_model: FakeModel,
    sql: Connection,
    database_url: str,
    model_server: FakeModel,
) -> None:
    """The next turn is answered in another process while the first is still writing the summary."""
    gate = threading.Event()
    fake_model.respond = answer(Gated(GOOD, gate))

    def summaries() -> list[str]:  # not that of an earlier test, which may still be written
        return [prompt for prompt in asked(fake_model) if "My kettle is broken" in prompt]

    with running_app(make_config(database_url, OPENAI_BASE_URL=model_server.base_url)) as other:
        try:
            for _ in range(2):
                summarising_shop.say("My kettle is broken")
            while not summaries():
                threading.Event().wait(0.05)
            replace(summarising_shop, client=other.test_client()).say("My kettle is broken")
        finally:
            gate.set()
        wait_for(sql, 4)
    assert len(summaries()) == 1


def test_updates_of_summaries_count_towards_the_turns_of_a_business(
    app: Flask, summarising_shop: Shop, fake_model: FakeModel
) -> None:
    """A summary takes as long as a turn. Without a limit, a business could run any number of them."""
    scheduler, business_id = app.extensions["icmp"].scheduler, UUID(summarising_shop.business_id)
    gate = threading.Event()
    fake_model.respond = answer(Gated(GOOD, gate))
    for number in range(2):
        assert summarising_shop.say(f"My lamp is broken {number}").status_code == 200
    assert scheduler.turns_in_flight(business_id) == 1
    gate.set()
    for _ in range(200):
        if scheduler.turns_in_flight(business_id) == 0:
            break
        threading.Event().wait(0.05)
    assert scheduler.turns_in_flight(business_id) == 0
