"""A masked card number appears nowhere: not in the database, the logs, what the model gets, or replies."""

import io
import json
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.api.test_secret_leaks import dump
from tests.support.calling import call_of
from tests.support.channel_load import Providers
from tests.support.database import Connection, connect
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.os_users import wait_for
from tests.support.turns import by_step
from tests.support.web_server import WebServer, http
from tests.support.widget import make_widget

CARD, EARLIER = "4012888888881881", "5555555555554444"
FORMS = (CARD, "4012 8888 8888 1881", "4012-8888-8888-1881", "٤٠١٢ ٨٨٨٨ ٨٨٨٨ ١٨٨١")
MASKING = {"card_numbers": True, "patterns": [{"name": "customer ID", "pattern": r"\bC-\d{6}\b"}]}
SETTINGS = {"speculation": "off", "summary_messages": 4}


def has(number: str, text: str) -> bool:
    """Whether a text contains the number, in digits of any script and with anything between them."""
    digits = re.sub(r"[\s\\-]", "", text).translate(str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789"))
    return number in digits


@pytest.fixture
def sql(hooks_database: str) -> Iterator[Connection]:
    with connect(hooks_database) as conn:
        yield conn


@pytest.fixture
def shop(provider_app: Flask, fake_model: FakeModel, master: dict[str, str]) -> Shop:
    return make_shop(provider_app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}")


def use(shop: Shop, **settings: Any) -> None:
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": {**SETTINGS, **settings}}).status_code == 200


def wait_for_turns(sql: Connection) -> None:
    statement = "SELECT FROM turns WHERE status IN ('accepted', 'running')"
    wait_for(lambda: not sql.execute(statement).fetchall(), "the turns")


def test_card_number_appears_nowhere(
    shop: Shop, fake_model: FakeModel, providers: Providers, sql: Connection, log: io.StringIO
) -> None:
    use(shop, masking=MASKING)
    # The model repeats the number, which it could have read in an image.
    fake_model.respond = by_step(extraction=f'{{"order_number": "{CARD}"}}', response=f"Your card {CARD} is refused.")
    for number, form in enumerate(FORMS):
        customer = {"external_id": f"c-{number}", "first_name": form, "metadata": {"card": int(CARD), form: [form]}}
        body = {"user": customer, "message": f"I am C-123456. Why is {form} refused?"}
        answers = [shop.post("/messages", body, {"Idempotency-Key": f"k-{number}"}) for _ in range(3)]
        assert {answer.get_json()["response"] for answer in answers} == {"Your card [card number] is refused."}
    conversation_id = answers[0].get_json()["conversation_id"]
    message = {"message": f"I see {CARD}"}
    parameters = {"as": "assistant", "template": {"name": "card", "language": "en", "parameters": [CARD]}}
    for more in ({}, {"is_note": True}, parameters):
        stored = made(shop.post(f"/conversations/{conversation_id}/messages", {**message, **more}))
        assert stored["message_content"] == "I see [card number]"

    for number, (kind, adapter) in enumerate(providers.adapters().items()):
        body = {"kind": kind, "name": kind, "settings": adapter.settings, "secrets": adapter.secrets}
        path = f"/api/v1/channels/{made(shop.post('/channels', body))['channel_id']}/webhook"
        deliveries = [adapter.request(number, number, f"Card {CARD}")]
        if kind == "generic":
            edit = {"message_id": f"m-{number}", "text": f"I mean {CARD}"}
            named = {"message_id": "m-99", "sender_id": "x", "text": "", "sender_name": CARD}
            file = {"kind": "file", "url": "http://127.0.0.1:9/", "name": f"{CARD}.pdf"}
            subjects = {"m-97": int(CARD), "m-98": [CARD]}  # details are any JSON
            odd = [
                {**named, "text": "Hi", "message_id": name, "details": {"subject": each}}
                for name, each in subjects.items()
            ]
            deliveries += [
                providers.chat.signed({"messages": odd}),
                providers.chat.signed({"edits": [edit]}),
                providers.chat.signed({"messages": [{**named, "attachments": [file]}]}),
            ]
        for each in deliveries:
            assert shop.client.post(path, data=each.body, headers=each.headers).status_code == 200
    widget = make_widget(shop)
    widget.start()
    assert not has(CARD, json.dumps(widget.say(f"Card {CARD}")[-1]))

    properties = {"custom_event_properties": {"number": int(CARD)}}
    made(shop.post("/events", {"event_type": "search", "message_text": f"pay {CARD}", **properties}))
    with WebServer(http(json.dumps({"card": int(CARD), "text": f"Card {CARD}"}).encode())) as api:
        shop.add_stage("Order help 2", data_retrieval={"method": "api_call", "config": call_of(api, "/")})
        fake_model.respond = by_step(selection='{"stage": "Order help 2", "confidence": 1}', response="Done.")
        assert shop.say("Is my card valid?").status_code == 200
    wait_for_turns(sql)
    [edited] = sql.execute("SELECT metadata FROM messages WHERE message_content = 'I mean [card number]'").fetchall()
    assert edited["metadata"]["original"] == "Card [card number]"
    assert "[customer ID]" in dump(sql)
    assert not has(CARD, dump(sql))
    assert not has(CARD, json.dumps(fake_model.requests, ensure_ascii=False))
    assert not has(CARD, log.getvalue())


def test_model_gets_no_number_that_was_stored_earlier(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    use(shop)
    fake_model.respond = by_step(extraction=f'{{"order_number": "{EARLIER}"}}', response=f"Thanks, {EARLIER}.")
    metadata = {"card": EARLIER}
    assert shop.put(f"/users/{shop.user_id}", {"metadata": metadata}).status_code == 200
    for _ in range(2):
        assert shop.say(f"My number is {EARLIER}").status_code == 200
    wait_for_turns(sql)
    templates = {
        "response_generation": "{user} {collected_data} {conversation_summary} {conversation_history} {context}"
    }
    stage = shop.get(f"/stages/{shop.stages['Order help']}").get_json()
    template_id = stage["response_generation_template_id"]
    change = {"content": templates["response_generation"]}
    assert shop.put(f"/templates/{template_id}", change).status_code == 200

    use(shop, masking=MASKING)
    fake_model.forget()
    fake_model.respond = by_step()
    answer = shop.say("And now?")
    assert answer.status_code == 200
    assert json.dumps(fake_model.requests).count("[card number]") > 4
    assert not has(EARLIER, json.dumps(fake_model.requests))
    trace = shop.trace(answer.get_json()["turn_id"])
    assert not has(EARLIER, json.dumps(trace))


def test_pattern_that_matches_names_of_fields_masks_their_values(
    shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    use(shop, masking={"patterns": [{"name": "word", "pattern": "[a-z]{5,}"}]})
    fake_model.respond = by_step(extraction='{"order_number": "secret"}', response="Your secret is safe.")
    customer = {"external_id": "c-1", "first_name": "secret", "metadata": {"notes": "secret"}}
    for _ in range(2):
        answer = shop.post("/messages", {"user": customer, "message": "A secret?"})
        assert answer.get_json()["response"] == "Your [word] is safe."
    made(
        shop.post("/events", {"event_type": "x", "message_text": "secret", "custom_event_properties": {"a": "secret"}})
    )
    path = f"/conversations/{answer.get_json()['conversation_id']}/messages"
    template = {"name": "letter", "language": "en", "parameters": ["secret"]}
    stored = made(shop.post(path, {"message": "secret", "template": template}))
    assert (stored["message_content"], stored["metadata"]["template"]["name"]) == ("[word]", "letter")
    feedback = {"source": "customer", "rating": "bad", "comment": "secret"}
    assert shop.post(f"/messages/{answer.get_json()['response_message_id']}/feedback", feedback).status_code == 200
    wait_for_turns(sql)
    rows = sql.execute(
        """
        SELECT first_name AS text FROM users UNION ALL SELECT metadata::text FROM users
        UNION ALL SELECT message_text FROM events UNION ALL SELECT custom_event_properties::text FROM events
        UNION ALL SELECT message_content FROM messages UNION ALL SELECT metadata::text FROM messages
        UNION ALL SELECT comment FROM message_feedback
        """
    ).fetchall()
    assert not [row["text"] for row in rows if "secret" in (row["text"] or "")]


def test_only_usable_patterns_are_accepted(shop: Shop) -> None:
    for pattern in ("(", r"\d*", "(?=a)"):
        masking = {"patterns": [{"name": "ID", "pattern": pattern}]}
        refused = shop.put(f"/businesses/{shop.business_id}", {"settings": {"masking": masking}})
        assert refused.status_code == 400
        assert refused.get_json()["details"][0]["path"] == "$.settings.masking.patterns[0].pattern"
