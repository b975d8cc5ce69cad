"""Internal notes: neither customers nor models see them, and they change no variable of a template."""

import json
import uuid
from typing import Any

import pytest

from message_processing import variables
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.turns import by_step

pytestmark = pytest.mark.usefixtures("empty_database")

SECRET = "the customer is difficult"
SUMMARY = json.dumps(
    {
        "overview": "Carla asks for A-10433.",
        "key_points": [],
        "decisions": [],
        "pending_items": [],
        "next_steps": [],
        "sentiment": "neutral",
        "confidence_score": 1,
    }
)
_CLOCK = {"timestamp", "current_time", "current_date"}


def template() -> str:
    """Every variable, its other names, and variables with a number in their name."""
    names = {name for provider in variables.all_providers() for name in (provider.name, *provider.aliases)}
    names = {"last_3_messages" if "_n_" in name.lower() else name for name in names}
    return "\n".join(f"{name}: {{{name}}}" for name in sorted(names - _CLOCK))


def note(shop: Shop, conversation_id: str) -> None:
    made(shop.post(f"/conversations/{conversation_id}/messages", {"message": SECRET, "is_note": True}))


def test_note_changes_no_variable(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = by_step()
    conversation_id = shop.say("Where is A-10433?").get_json()["conversation_id"]
    # The staff's own message counts; the variables show what came before the customer's last message.
    made(shop.post(f"/conversations/{conversation_id}/messages", {"message": "Anna here."}))

    def rendered() -> str:
        body = {"content": template(), "conversation_id": conversation_id}
        text: str = shop.post("/templates/preview", body).get_json()["rendered"]
        return text

    note(shop, conversation_id)
    shop.say("And now?", conversation_id=conversation_id)
    with_note = rendered()
    assert SECRET not in with_note
    assert "N: 3" in with_note
    note(shop, conversation_id)
    assert rendered() == with_note


def test_models_and_customers_never_see_notes(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    settings = {"speculation": "full", "summary_messages": 4}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    for stage in shop.stages.values():
        for part in ("stage_selection", "data_extraction", "response_generation"):
            template_id = shop.get(f"/stages/{stage}").get_json()[f"{part}_template_id"]
            assert shop.put(f"/templates/{template_id}", {"content": template()}).status_code == 200
    answer = by_step()
    fake_model.respond = lambda body: SUMMARY if "Summarise the whole" in json.dumps(body) else answer(body)
    conversation_id = shop.say("Hello").get_json()["conversation_id"]
    answers = []
    for question in ("one", "two", "three", "four"):
        note(shop, conversation_id)
        answers.append(shop.say(question, conversation_id=conversation_id).text)
    shop.post(f"/conversations/{conversation_id}/takeover")
    note(shop, conversation_id)
    answers.append(shop.say("five", conversation_id=conversation_id).text)
    shop.post(f"/conversations/{conversation_id}/complete")
    # The customer's next conversation has the summary of this one.
    answers.append(shop.say("Hello again", session_id=str(uuid.uuid4())).text)
    assert any("Summarise the whole" in json.dumps(request) for request in fake_model.requests)
    seen = json.dumps(fake_model.requests) + "".join(answers)
    assert "four" in seen
    assert SECRET not in seen
    stored: Any = sql.execute("SELECT count(*) FROM llm_calls WHERE request::text LIKE %s", [f"%{SECRET}%"]).fetchone()
    assert stored["count"] == 0
