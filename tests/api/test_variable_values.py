"""The value of each built-in variable in a real conversation."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db import Jsonb
from message_processing import variables
from message_processing.templates.braces import normalise
from tests.architecture.docs import ROOT
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.turns import EXTRACTION, REPLY, SELECTION, by_step, edit_prompt

HISTORY = f"Customer: Hello\nAssistant: {REPLY}"

# The value of each variable in the response prompt of the second message. Times and IDs are patterns.
IN_RESPONSE: dict[str, str | re.Pattern[str]] = {
    "action_result": "",
    "agent_available_at": "",  # there is no human agent
    "agent_instructions": "Be brief.",
    "agent_name": "Sales",
    "agent_stages": "Order help, Returns",
    "available_stages": (
        "- Greeting: The customer says hello\n"
        "- Order help: Where an order is\n"
        "  for example: Where is my order? | Has it left?\n"
        "- Returns"
    ),
    "business": re.compile(r'\{.*"business_name": "Lantern Books [0-9a-f]+".*\}'),
    "business.phone_number": "+44 20 7946 0000",
    "business_hours": "",
    "business_info": re.compile(
        r"Name: Lantern Books [0-9a-f]+\nDescription: A small bookshop\nPhone: \+44 20 7946 0000"
    ),
    "business_name": re.compile("Lantern Books [0-9a-f]+"),
    "collected_data": '{"order_number": "A-10433"}',
    "collected_data.order_number": "A-10433",
    "context": f"The customer said hello.\nKey points: polite\n\n{HISTORY}",
    "conversation_history": HISTORY,
    "conversation_id": re.compile("[0-9a-f-]{36}"),
    "conversation_summary": "The customer said hello.\nKey points: polite",
    "summary": "The customer said hello.\nKey points: polite",
    "current_date": re.compile(r"\d{4}-\d\d-\d\d"),
    "current_stage": "Greeting",
    "current_time": re.compile(r"\d\d:\d\d"),
    "extracted_data": '{"order_number": "A-10433"}',
    "extracted": '{"order_number": "A-10433"}',
    "extracted.order_number": "A-10433",
    "good_examples": "",
    "handed_over_to": "",
    "language": "en",
    "language_name": "English",
    "last_N_messages": HISTORY,  # the name in the list of variables; means the latest ten
    "last_1_messages": f"Assistant: {REPLY}",
    "last 2 messages": HISTORY,
    "last_500_messages": HISTORY,
    "last_0_messages": "",
    "last_updated": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00"),
    "missing_fields": "email",
    "N": "2",
    "orders": re.compile(r"- A-10433 of \d{4}-\d\d-\d\d: shipped"),
    "previous_stage": "Greeting",
    "products": "- Lantern: 64.00 EUR. Brass.",
    "retrieved_data": re.compile(r'\{.*"order_number": "A-10433".*"status": "shipped".*\}'),
    "retrieved_data.status": "shipped",
    "services": "- Repair",
    "session_id": "s-17",
    "stage": "Order help",
    "intent": "Order help",
    "stage_descriptions": "- Greeting: The customer says hello\n- Order help: Where an order is\n- Returns",
    "stage_examples": "- Order help, for example: Where is my order? | Has it left?",
    "stage_list": "Greeting, Order help, Returns",
    "knowledge": "",  # there is no article
    "start_time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00"),
    "summary_of_last_conversations": "2026-04-02: Returned a lamp.\n2026-03-01: Bought a lamp.",
    "summary of last conversations": "2026-04-02: Returned a lamp.\n2026-03-01: Bought a lamp.",
    "Stage List": "Greeting, Order help, Returns",
    "timestamp": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"),
    "user": re.compile(r'\{"first_name": "Carla", .*"metadata": \{"tier": "gold"\}\}'),
    "user.first_name": "Carla",
    "user.metadata.tier": "gold",
    "user_message": "Where is A-10433?",
    "message": "Where is A-10433?",
    "customer_message": "Where is A-10433?",
    "message_content": "Where is A-10433?",
    "user_messages": "Hello",
    "user_name": "Carla Customer",
    # collected fields, and a variable of the business
    "order_number": "A-10433",
    "status": "shipped",
    "opening_hours": "9 to {user_name}",
}
# Values that differ in the selection prompt.
IN_SELECTION: dict[str, str | re.Pattern[str]] = {
    **IN_RESPONSE,
    "agent_instructions": "",
    "agent_name": "",
    "agent_stages": "",
    "collected_data": "{}",
    "collected_data.order_number": "",
    "extracted_data": "{}",
    "extracted": "{}",
    "extracted.order_number": "",
    "missing_fields": "",
    "retrieved_data": "",
    "retrieved_data.status": "",
    "stage": "Greeting",
    "intent": "Greeting",
    "order_number": "",
    "status": "",
}
TEMPLATE = "".join(f"<{name}>{{{name}}}</{name}>\n" for name in IN_RESPONSE)


def rendered_in(request: dict[str, Any]) -> dict[str, str]:
    content = request["messages"][-1]["content"]
    return dict(re.findall(r"<([^<>/]+)>(.*?)</\1>", content, re.DOTALL))


@pytest.fixture
def rendered(shop: Shop, fake_model: FakeModel, sql: Connection) -> dict[str, dict[str, str]]:
    """Returns the values of the variables in the selection and the response prompt."""
    profile = {"business_description": "A small bookshop", "phone_number": "+44 20 7946 0000"}
    assert shop.put(f"/businesses/{shop.business_id}", profile).status_code == 200
    assert shop.put(f"/users/{shop.user_id}", {"metadata": {"tier": "gold"}}).status_code == 200
    made(shop.post("/variables", {"name": "Opening Hours", "value": "9 to {user_name}"}))
    order = {"user_id": shop.user_id, "order_number": "A-10433", "status": "shipped"}
    made(shop.post("/orders", order))
    made(shop.post("/products", {"product_name": "Lantern", "price": 64, "currency": "EUR", "description": "Brass."}))
    made(shop.post("/products", {"product_name": "Repair", "kind": "service"}))
    agent_id = made(shop.post("/agents", {"agent_name": "Sales", "agent_type": "ai", "instructions": "Be brief."}))[
        "agent_id"
    ]
    properties = {name: {"type": "string"} for name in ("order_number", "email")}
    changes = {
        "agent_id": agent_id,
        "example_messages": ["Where is my order?", "Has it left?"],
        "extraction_schema": {"properties": properties, "required": ["order_number", "email"]},
        "data_retrieval": {
            "method": "database_query",
            "config": {"source": "orders", "match": {"order_number": "{order_number}"}},
        },
    }
    assert shop.put(f"/stages/{shop.stages['Order help']}", changes).status_code == 200
    shop.add_stage("Returns", agent_id=agent_id)
    edit_prompt(shop, "Greeting", "selection", TEMPLATE)
    edit_prompt(shop, "Order help", "response", TEMPLATE)

    for day, overview in (("2026-03-01", "Bought a lamp."), ("2026-04-02", "Returned a lamp.")):
        sql.execute(
            "INSERT INTO conversations (business_id, user_id, session_id, status, start_time, conversation_summary)"
            " VALUES (%s, %s, 's', 'completed', %s, %s)",
            [shop.business_id, shop.user_id, f"{day}T10:00:00+00:00", Jsonb({"overview": overview})],
        )
    fake_model.respond = by_step(selection='{"stage": "Greeting"}', extraction="{}")
    first = shop.say("Hello", session_id="s-17").get_json()
    sql.execute(
        "UPDATE conversations SET conversation_summary = %s WHERE conversation_id = %s",
        [Jsonb({"overview": "The customer said hello.", "key_points": ["polite"]}), first["conversation_id"]],
    )
    fake_model.forget()
    fake_model.respond = by_step(selection=SELECTION, extraction=EXTRACTION)
    second = shop.say("Where is A-10433?", conversation_id=first["conversation_id"]).get_json()
    assert second["stage"]["stage_name"] == "Order help"
    assert len(fake_model.requests) == 3
    return {"selection": rendered_in(fake_model.requests[0]), "response": rendered_in(fake_model.requests[2])}


def test_value_of_each_variable(rendered: dict[str, dict[str, str]]) -> None:
    for step, expected in (("selection", IN_SELECTION), ("response", IN_RESPONSE)):
        values = rendered[step]
        assert values.keys() == expected.keys()
        for name, value in expected.items():
            if isinstance(value, str):
                assert (step, name, values[name]) == (step, name, value)
            else:
                assert value.fullmatch(values[name]), (step, name, values[name])


def test_times_are_current(rendered: dict[str, dict[str, str]]) -> None:
    now, values = datetime.now(UTC), rendered["response"]
    for name in ("timestamp", "start_time", "last_updated"):
        assert timedelta(0) <= now - datetime.fromisoformat(values[name]) < timedelta(minutes=2)
    assert datetime.fromisoformat(values["start_time"]) < datetime.fromisoformat(values["last_updated"])
    shown = datetime.fromisoformat(f"{values['current_date']}T{values['current_time']}+00:00")
    assert timedelta(0) <= now - shown < timedelta(minutes=2)


def test_values_at_the_start_of_a_conversation(shop: Shop, fake_model: FakeModel) -> None:
    names = (
        "conversation_history",
        "last_5_messages",
        "user_messages",
        "N",
        "previous_stage",
        "current_stage",
        "context",
    )
    edit_prompt(shop, "Greeting", "selection", "|".join(f"{{{name}}}" for name in names))
    fake_model.respond = by_step()
    shop.say("Hello")
    assert fake_model.requests[0]["messages"][-2]["content"] == "|||0||Greeting|"
    assert fake_model.requests[0]["messages"][-1]["content"] == "Hello"


def test_all_variables_are_tested() -> None:
    shown = {normalise(name).partition(".")[0] for name in IN_RESPONSE}
    documented = re.findall(r"^\| (`[^|]+`) \|", (ROOT / "docs/variables.md").read_text(), re.MULTILINE)
    shipped = {normalise(name) for cell in documented for name in re.findall("`([^`]+)`", cell)}
    assert shipped - set(variables.ARGUMENTS) - shown == set(), "Add its value to IN_RESPONSE."


def test_no_variable_contains_a_key_or_data_of_another_business(
    shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    names = [name for provider in variables.all_providers() for name in (provider.name, *provider.aliases)]
    fields = [f"{provider.name}.{field}" for provider in variables.all_providers() for field in provider.fields]
    keys = [
        "api_key",
        "user.password_hash",
        "business.owner_id",
        "business.api_key",
        "release",
        "conn",
        "user.is_admin",
    ]
    edit_prompt(shop, "Greeting", "selection", "\n".join(f"{{{name}}}" for name in [*names, *fields, *keys]))
    fake_model.respond = by_step()
    sql.execute("UPDATE users SET password_hash = 'a-hash' WHERE user_id = %s", [shop.user_id])
    answer = shop.say("Hello").get_json()
    prompt = str(fake_model.requests[0]["messages"])
    assert shop.key not in prompt
    assert "a-hash" not in prompt
    shown = shop.trace(answer["turn_id"])["by_step"]["selection"]["variables"]
    assert {each["name"]: each["value"] for each in shown if each["name"] in keys} == dict.fromkeys(keys)
