"""If the model is down, the fixed reply of the stage answers; without one the response is 503 with the IDs."""

import pytest

from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Status

SCHEMA = {
    "type": "object",
    "properties": {"order_number": {"type": "string", "pattern": "^[A-Z]-\\d{5}$"}},
    "required": ["order_number"],
}
LOOK_UP = {
    "method": "database_query",
    "config": {
        "source": "orders",
        "match": {"order_number": "{order_number}"},
        "ask": "Which order?",
        "not_found": "There is no {order_number}.",
    },
}


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A shop whose conversations start in a stage that looks up orders."""
    stage_id = shop.add_stage(
        "Order state",
        stage_description="Where an order is",
        extraction_schema=SCHEMA,
        data_retrieval=LOOK_UP,
        fixed_reply="Order {order_number} is {status}, {user.first_name}.",
    )
    shop.put(f"/businesses/{shop.business_id}", {"default_stage_id": stage_id})
    order = {"user_id": shop.user_id, "order_number": "A-10433", "status": "shipped"}
    assert shop.post("/orders", order).status_code == 201
    return shop


def test_fixed_reply_answers_without_a_model(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = lambda body: Status(401)
    answer = shop.say("Where is A-10433?").get_json()
    assert (answer["response"], answer["engine"]) == ("Order A-10433 is shipped, Carla.", "fallback")
    assert answer["extracted_data"] == {"order_number": "A-10433"}
    steps = shop.trace(answer["turn_id"])["steps"]
    recorded = [(step["step"], step["status"], step["engine"]) for step in steps]
    assert recorded == [
        ("selection", "failed", "model"),
        ("selection", "completed", "fallback"),
        ("extraction", "completed", "fallback"),
        ("retrieval", "completed", None),
        ("response", "completed", "fallback"),
    ]
    assert [call["status"] for call in steps[0]["calls"]] == ["failed"]
    assert steps[0]["decision"].startswith("The model gave no answer (")


def test_earlier_answers_of_the_model_are_used(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.reply('{"stage": "Order state", "confidence": 0.9}', '{"order_number": "A-10434"}')
    fake_model.respond = lambda body: Status(401)
    answer = shop.say("Where is my order A 10434?").get_json()
    assert (answer["response"], answer["engine"]) == ("There is no A-10434.", "fallback")
    assert answer["stage"]["confidence"] == 0.9
    by_engine = {step["step"]: step["engine"] for step in shop.trace(answer["turn_id"])["steps"]}
    assert by_engine == {"selection": "model", "extraction": "model", "retrieval": None, "response": "fallback"}


def test_missing_fields_are_requested(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = lambda body: Status(401)
    assert shop.say("Where is my order?").get_json()["response"] == "Which order?"


def test_turn_fails_with_the_ids_if_the_stage_has_no_fixed_reply(shop: Shop, fake_model: FakeModel) -> None:
    shop.put(f"/businesses/{shop.business_id}", {"default_stage_id": shop.stages["Greeting"]})
    fake_model.respond = lambda body: Status(401)
    failed = shop.say("hello")
    assert (failed.status_code, failed.get_json()["error_code"]) == (503, "LLM_UNAVAILABLE")
    trace = shop.trace(failed.get_json()["turn_id"])
    assert (trace["status"], trace["error"]["error_code"]) == ("failed", "LLM_UNAVAILABLE")
    assert [(step["step"], step["status"]) for step in trace["steps"]] == [("selection", "failed")]
    (message,) = shop.get(f"/conversations/{failed.get_json()['conversation_id']}/messages").get_json()
    assert message["message_content"] == "hello"


def test_fixed_reply_of_the_default_stage_is_not_used(shop: Shop, fake_model: FakeModel) -> None:
    """The reply of another stage would answer another question."""
    fake_model.reply('{"stage": "Greeting", "confidence": 0.9}')
    fake_model.respond = lambda body: Status(401)
    assert shop.say("hello").status_code == 503


def test_fixed_reply_is_in_the_language_of_the_conversation(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = lambda body: Status(401)
    translations = {"de": "Sie sprechen {language_name} ({language}).", "pt-BR": "Olá!"}
    hello = shop.add_stage("Hello", fixed_reply="You write in {language}.", fixed_reply_translations=translations)
    shop.put(f"/businesses/{shop.business_id}", {"default_stage_id": hello})
    shop.user_id = shop.add_customer("c-9")
    messages = ("Wo ist meine Bestellung?", "A-10433", "¿Dónde está mi pedido?", "onde está o meu pedido", "ok")
    assert [shop.say(each).get_json()["response"] for each in messages] == [
        "Sie sprechen German (de).",
        "Sie sprechen German (de).",
        "You write in es.",
        "Olá!",
        "Olá!",
    ]
