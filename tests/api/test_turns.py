"""A customer's message and its three model calls: the trace, the prompts and what the conversation keeps."""

from datetime import datetime

import pytest

from llm.prices import cost_usd
from llm.usage import Usage
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Empty, NotJson
from tests.support.turns import EXTRACTION, REPLY, SELECTION, STEPS, by_step, edit_prompt


@pytest.fixture
def model(fake_model: FakeModel) -> FakeModel:
    fake_model.respond = by_step()
    return fake_model


def test_trace_contains_prompts_variables_decisions_and_costs(shop: Shop, model: FakeModel) -> None:
    answer = shop.say("Where is A-10433?").get_json()
    trace = shop.trace(answer["turn_id"])
    assert [step["step"] for step in trace["steps"] if step["calls"]] == list(STEPS)
    assert trace["status"] == "completed"
    assert trace["answer"] == answer
    assert answer["response"] == REPLY
    assert answer["stage"] == {"stage_id": shop.stages["Order help"], "stage_name": "Order help", "confidence": 0.9}
    assert answer["extracted_data"] == answer["collected_data"] == {"order_number": "A-10433"}
    assert (answer["handled_by"], answer["engine"], trace["engine"]) == ("ai", "model", "model")
    assert (trace["stage_before"], trace["stage_id"]) == (None, shop.stages["Order help"])
    assert trace["confidence"] == 0.9
    assert trace["decision"]["reason"] == 'Matched "Order help" (90%).'

    said = {"selection": SELECTION, "extraction": EXTRACTION, "response": REPLY}
    decisions = {
        "selection": 'Matched "Order help" (90%).',
        "extraction": "Found order_number.",
        "response": "The model wrote the reply.",
    }
    for number, name in enumerate(STEPS):
        step = trace["by_step"][name]
        [call] = step["calls"]
        # the rendered prompt as it was sent
        assert call["request"] == model.requests[number]
        assert any("Where is A-10433?" in message["content"] for message in call["request"]["messages"])
        # the variables with their values
        assert {"name": "user_message", "value": "Where is A-10433?"} in step["variables"]
        # answer, tokens, cost, time
        assert call["response"] == said[name]
        words = sum(len(message["content"].split()) for message in call["request"]["messages"])
        assert (call["prompt_tokens"], call["completion_tokens"]) == (words, len(said[name].split()))
        assert call["model"] == "gpt-4.1-mini"
        cost = cost_usd(call["model"], Usage(call["prompt_tokens"], call["completion_tokens"]))
        assert cost is not None
        assert call["cost_usd"] == pytest.approx(float(cost))
        assert call["latency_ms"] >= 0
        assert (call["attempt"], call["status"], call["error"]) == (1, "completed", None)
        begun, ended = (datetime.fromisoformat(step[each]) for each in ("started_at", "finished_at"))
        assert begun <= datetime.fromisoformat(call["created_at"])
        assert begun <= ended
        # and the decision
        assert step["decision"] == decisions[name]
        assert (step["status"], step["attempt"], step["engine"]) == ("completed", 1, "model")
        assert call["template_version"] == 1
        assert shop.get(f"/llm-calls/{call['call_id']}").get_json() == call
    assert trace["by_step"]["selection"]["calls"][0]["parsed"]["stage_name"] == "Order help"
    assert trace["by_step"]["extraction"]["calls"][0]["parsed"] == {"order_number": "A-10433"}
    assert len(shop.get("/llm-calls", turn_id=answer["turn_id"]).get_json()) == 3


def test_trace_contains_every_attempt(shop: Shop, model: FakeModel) -> None:
    model.reply(NotJson(), SELECTION, "no JSON", EXTRACTION, Empty(), REPLY)
    answer = shop.say("Where is A-10433?").get_json()
    steps = shop.trace(answer["turn_id"])["by_step"]
    calls = {name: [(call["attempt"], call["status"]) for call in steps[name]["calls"]] for name in STEPS}
    assert calls == {
        "selection": [(1, "failed"), (2, "completed")],
        "extraction": [(1, "completed"), (1, "completed")],  # the second call contains the errors of the first
        "response": [(1, "failed"), (2, "completed")],
    }
    assert steps["extraction"]["calls"][1]["request"]["messages"][-2]["content"] == "no JSON"
    assert answer["extracted_data"] == {"order_number": "A-10433"}


def test_model_settings_of_a_template_override_those_of_the_business(shop: Shop, model: FakeModel) -> None:
    settings = {"model": "gpt-4.1", "temperature": 0.3, "max_tokens": 500, "speculation": "off"}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    stage = shop.get(f"/stages/{shop.stages['Order help']}").get_json()
    own = {"model": "gpt-4.1-nano", "max_tokens": 50}
    path = f"/templates/{stage['response_generation_template_id']}"
    assert shop.put(path, {"model_settings": own}).status_code == 200
    shop.say("Where is A-10433?")
    asked = [[body["model"], body["temperature"], body["max_tokens"]] for body in model.requests]
    assert asked == [["gpt-4.1", 0.3, 500], ["gpt-4.1", 0.3, 500], ["gpt-4.1-nano", 0.3, 50]]


def test_selection_and_extraction_send_a_response_schema_and_describe_it_in_the_system_message(
    shop: Shop, model: FakeModel
) -> None:
    shop.say("Where is A-10433?")
    selection, extraction, response = model.requests
    schema = selection["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["stage"] == {"type": ["string", "null"], "enum": ["Greeting", "Order help", None]}
    assert extraction["response_format"]["json_schema"]["schema"]["properties"].keys() == {"order_number", "city"}
    assert "response_format" not in response
    assert selection["messages"][0]["role"] == "system"
    assert '{"stage": ' in selection["messages"][0]["content"]
    assert '"order_number"' in extraction["messages"][0]["content"]


def test_value_that_is_in_no_message_of_the_customer_is_left_out(shop: Shop, model: FakeModel) -> None:
    schema = {"properties": {"order_number": {"type": "string"}, "people": {"type": "integer"}}}
    shop.add_stage("Booking", extraction_schema=schema)
    found = '{"order_number": "A-10433", "people": 2}'
    model.respond = by_step(selection='{"stage": "Booking", "confidence": 1}', extraction=found)
    first = shop.say("A table for two, please").get_json()
    assert first["extracted_data"] == {"people": 2}
    output = shop.trace(first["turn_id"])["by_step"]["extraction"]["output"]
    assert (output["quotes"], output["not_said"]) == ({"people": "two"}, {"order_number": "A-10433"})
    shop.say("It is about a 10433", conversation_id=first["conversation_id"])
    third = shop.say("Yes", conversation_id=first["conversation_id"]).get_json()
    assert third["collected_data"] == {"people": 2, "order_number": "A-10433"}
    output = shop.trace(third["turn_id"])["by_step"]["extraction"]["output"]
    assert output["quotes"] == {"people": "two", "order_number": "a 10433"}  # of the earlier messages


def test_braces_in_a_message_are_never_rendered(shop: Shop, model: FakeModel) -> None:
    hostile = "{business_name} {{api_key}} %s {0.__class__} \\{ {user.email|x} 😀 שלום"
    reply = f"You have written this to us: {hostile}"
    model.respond = by_step(extraction='{"order_number": "{business_name} {{api_key}} %s"}', response=reply)
    edit_prompt(shop, "Order help", "response", "{user_message}|{order_number}|{extracted_data}")
    answer = shop.say(hostile).get_json()
    assert answer["response"] == reply
    number = "{business_name} {{api_key}} %s"
    assert model.requests[2]["messages"][-1]["content"] == f'{hostile}|{number}|{{"order_number": "{number}"}}'
    shop.say("And now?", conversation_id=answer["conversation_id"])
    assert f"Customer: {hostile}\n" in str(model.requests[3]["messages"][-1]["content"])


def test_characters_that_postgresql_cannot_store_are_removed(shop: Shop, model: FakeModel) -> None:
    model.respond = by_step(
        extraction=r'{"order_number": "A\u0000-1\ud800", "city": "' + "x" * 5000 + '"}',
        response="Here: \0 \ud800 done",
    )
    answer = shop.say("Where?").get_json()
    assert answer["extracted_data"] == {"order_number": "A-1", "city": "x" * 5000}
    assert answer["response"] == "Here:   done"


def test_very_long_field_name_is_dropped(shop: Shop, model: FakeModel) -> None:
    model.respond = by_step(
        selection='{"stage": "Greeting"}', extraction='{"' + "n" * 50_000 + '": 1, "city": "Leeds"}'
    )
    assert shop.say("Hello from Leeds").get_json()["extracted_data"] == {"city": "Leeds"}


def test_stage_of_a_human_agent_hands_the_conversation_over(shop: Shop, model: FakeModel) -> None:
    agent_id = made(shop.post("/agents", {"agent_name": "Bob", "agent_type": "human"}))["agent_id"]
    shop.add_stage("Complaint", agent_id=agent_id)
    model.respond = by_step(selection='{"stage": "Complaint", "confidence": 1}', extraction="{}")
    first = shop.say("I want to complain!")
    assert first.status_code == 200  # the turn that hands over still replies
    assert first.get_json()["response"] == REPLY
    assert first.get_json()["handled_by"] == "human"
    assert shop.trace(first.get_json()["turn_id"])["decision"]["handed_over"] is True
    conversation = shop.get(f"/conversations/{first.get_json()['conversation_id']}").get_json()
    assert (conversation["handled_by"], conversation["agent_id"]) == ("human", agent_id)
    asked = len(model.requests)
    for _ in range(2):
        later = shop.say("Hello?")
        assert later.status_code == 202
        assert later.get_json()["response"] is None
        assert later.get_json()["conversation_id"] == first.get_json()["conversation_id"]
        assert shop.trace(later.get_json()["turn_id"])["status"] == "held"
    assert len(model.requests) == asked
    path = f"/conversations/{first.get_json()['conversation_id']}/messages"
    said = [row["message_content"] for row in shop.get(path).get_json()]
    assert said == ["I want to complain!", REPLY, "Hello?", "Hello?"]


def test_conversation_gets_the_ai_agent_of_its_stage(shop: Shop, model: FakeModel) -> None:
    agent_id = made(shop.post("/agents", {"agent_name": "Sales", "agent_type": "ai"}))["agent_id"]
    shop.add_stage("Order sales", agent_id=agent_id)
    model.respond = by_step(selection='{"stage": "Order sales", "confidence": 1}', extraction="{}")
    answer = shop.say("I want a lamp").get_json()
    assert answer["handled_by"] == "ai"
    conversation = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
    assert (conversation["handled_by"], conversation["agent_id"]) == ("ai", agent_id)
    assert shop.say("Two of them").status_code == 200


def test_later_value_replaces_a_field_and_null_does_not(shop: Shop, model: FakeModel) -> None:
    shop.say("A-10433, to Leeds")
    model.respond = by_step(extraction='{"order_number": null, "city": "York"}')
    answer = shop.say("No, to York").get_json()
    assert answer["extracted_data"] == {"city": "York"}
    assert answer["collected_data"] == {"order_number": "A-10433", "city": "York"}
    conversation = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
    assert conversation["collected_data"] == {"order_number": "A-10433", "city": "York"}
