"""A customer's message against a model that speaks HTTP: three calls, their trace, and what happens around them."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import close_app, create_app
from llm.prices import cost_usd
from tests.conftest import make_config
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import Empty, FakeModel, Gated, Hang, NotJson, Reply, Status

SELECTION = '{"stage": "Order help", "confidence": 0.9}'
EXTRACTION = '{"order_number": "A-10433", "city": null}'
REPLY = "It left yesterday."
STEPS = ("selection", "extraction", "response")


def step_of(body: dict[str, Any]) -> str:
    """Which of the three prompts a request to the model holds."""
    schema = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if schema is None:
        return "extraction" if "JSON object" in body["messages"][0]["content"] else "response"
    return "selection" if "stage" in schema["properties"] else "extraction"


def by_step(**answers: Reply) -> Callable[[dict[str, Any]], Reply]:
    said = {"selection": SELECTION, "extraction": EXTRACTION, "response": REPLY, **answers}
    return lambda body: said[step_of(body)]


@pytest.fixture
def model(fake_model: FakeModel) -> FakeModel:
    fake_model.respond = by_step()
    return fake_model


@contextmanager
def in_background(work: Callable[[], TestResponse]) -> Iterator["Future[TestResponse]"]:
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(work)


def edit_prompt(shop: Shop, stage: str, step: str, content: str, system_prompt: str | None = None) -> None:
    stage_row = shop.get(f"/stages/{shop.stages[stage]}").get_json()
    name = {"selection": "stage_selection", "extraction": "data_extraction", "response": "response_generation"}[step]
    path = f"/templates/{stage_row[f'{name}_template_id']}"
    assert shop.put(path, {"content": content, "system_prompt": system_prompt}).status_code == 200


def test_the_trace_of_a_message(shop: Shop, model: FakeModel) -> None:
    answer = shop.say("Where is A-10433?").get_json()
    trace = shop.trace(answer["turn_id"])
    assert [step["step"] for step in trace["steps"] if step["calls"]] == list(STEPS)
    assert trace["status"] == "completed"
    assert trace["answer"] == answer
    assert trace["engine"] == "model"
    assert (trace["stage_before"], trace["stage_id"]) == (None, shop.stages["Order help"])
    assert trace["confidence"] == 0.9
    assert trace["decision"]["reason"] == 'Matched "Order help" (90 %).'

    said = {"selection": SELECTION, "extraction": EXTRACTION, "response": REPLY}
    decisions = {
        "selection": 'Matched "Order help" (90 %).',
        "extraction": "Found order_number.",
        "response": "The model wrote the reply.",
    }
    for number, name in enumerate(STEPS):
        step = trace["by_step"][name]
        [call] = step["calls"]
        # the rendered prompt, as it went over the wire
        assert call["request"] == model.requests[number]
        assert any("Where is A-10433?" in message["content"] for message in call["request"]["messages"])
        # the variables with their values
        assert {"name": "user_message", "value": "Where is A-10433?"} in step["variables"]
        # answer, tokens, cost, time
        assert call["response"] == said[name]
        words = sum(len(message["content"].split()) for message in call["request"]["messages"])
        assert (call["prompt_tokens"], call["completion_tokens"]) == (words, len(said[name].split()))
        assert call["model"] == "gpt-4.1-mini"
        cost = cost_usd(call["model"], call["prompt_tokens"], call["completion_tokens"])
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


def test_every_attempt_stands_in_the_trace(shop: Shop, model: FakeModel) -> None:
    model.reply(NotJson(), SELECTION, "no JSON", EXTRACTION, Empty(), REPLY)
    answer = shop.say("Where is A-10433?").get_json()
    steps = shop.trace(answer["turn_id"])["by_step"]
    calls = {name: [(call["attempt"], call["status"]) for call in steps[name]["calls"]] for name in STEPS}
    assert calls == {
        "selection": [(1, "failed"), (2, "completed")],
        "extraction": [(1, "completed"), (1, "completed")],  # the second was asked for with the errors
        "response": [(1, "failed"), (2, "completed")],
    }
    assert steps["extraction"]["calls"][1]["request"]["messages"][-2]["content"] == "no JSON"
    assert answer["extracted_data"] == {"order_number": "A-10433"}


def test_what_a_template_says_of_its_model_holds_else_what_the_business_says(shop: Shop, model: FakeModel) -> None:
    settings = {"model": "gpt-4.1", "temperature": 0.3, "max_tokens": 500, "speculation": False}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    stage = shop.get(f"/stages/{shop.stages['Order help']}").get_json()
    own = {"model": "gpt-4.1-nano", "max_tokens": 50}
    path = f"/templates/{stage['response_generation_template_id']}"
    assert shop.put(path, {"model_settings": own}).status_code == 200
    shop.say("Where is A-10433?")
    asked = [[body["model"], body["temperature"], body["max_tokens"]] for body in model.requests]
    assert asked == [["gpt-4.1", 0.3, 500], ["gpt-4.1", 0.3, 500], ["gpt-4.1-nano", 0.3, 50]]


def test_the_answer_is_constrained_and_its_contract_stands_in_the_system_message(shop: Shop, model: FakeModel) -> None:
    shop.say("Where is A-10433?")
    selection, extraction, response = model.requests
    schema = selection["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["stage"] == {"type": "string", "enum": ["Greeting", "Order help"]}
    assert extraction["response_format"]["json_schema"]["schema"]["properties"].keys() == {"order_number", "city"}
    assert "response_format" not in response
    assert selection["messages"][0]["role"] == "system"
    assert '{"stage": ' in selection["messages"][0]["content"]
    assert '"order_number"' in extraction["messages"][0]["content"]


def test_what_a_customer_writes_stays_as_written(shop: Shop, model: FakeModel) -> None:
    hostile = "{business_name} {{api_key}} %s {0.__class__} \\{ {user.email|x} 😀 שלום"
    model.respond = by_step(extraction='{"order_number": "{business_name} {{api_key}} %s"}', response=hostile)
    edit_prompt(shop, "Order help", "response", "{user_message}|{order_number}|{extracted_data}")
    answer = shop.say(hostile).get_json()
    assert answer["response"] == hostile
    number = "{business_name} {{api_key}} %s"
    assert model.requests[2]["messages"][-1]["content"] == f'{hostile}|{number}|{{"order_number": "{number}"}}'
    shop.say("And now?", conversation_id=answer["conversation_id"])
    assert f"Customer: {hostile}\n" in str(model.requests[3]["messages"][-1]["content"])


def test_a_model_that_says_what_no_column_can_keep(shop: Shop, model: FakeModel) -> None:
    model.respond = by_step(
        extraction=r'{"order_number": "A\u0000-1\ud800", "city": "' + "x" * 5000 + '"}',
        response="Here: \0 \ud800 done",
    )
    answer = shop.say("Where?").get_json()
    assert answer["extracted_data"] == {"order_number": "A-1", "city": "x" * 5000}
    assert answer["response"] == "Here:   done"


def test_a_field_name_of_any_length_ends_no_turn(shop: Shop, model: FakeModel) -> None:
    model.respond = by_step(
        selection='{"stage": "Greeting"}', extraction='{"' + "n" * 50_000 + '": 1, "city": "Leeds"}'
    )
    assert shop.say("Hello").get_json()["extracted_data"] == {"city": "Leeds"}


def test_no_connection_is_held_while_the_model_is_asked(database_url: str, master: dict[str, str]) -> None:
    gate = threading.Semaphore(0)
    with FakeModel() as model:
        config = make_config(database_url, OPENAI_BASE_URL=model.base_url, DB_POOL_SIZE="1")
        app = create_app(config)
        app.test_client_class = CheckedClient
        try:
            client = app.test_client()
            shop = make_shop(client, master, "One Connection")
            answers = by_step()
            model.respond = lambda body: Gated(str(answers(body)), gate)
            other = Shop(app.test_client(), shop.business_id, shop.key, shop.owner_id)
            with in_background(lambda: shop.say("Where is A-10433?")) as said:
                try:
                    for count in (1, 2, 3):
                        model.wait_for_requests(count)
                        # The one connection of the pool serves another request meanwhile.
                        assert other.get("/conversations").status_code == 200
                        gate.release()
                finally:
                    gate.release(10)
                assert said.result().get_json()["response"] == REPLY
        finally:
            close_app(app)


def test_a_release_is_read_once(shop: Shop, model: FakeModel, sql: Connection) -> None:
    edit_prompt(shop, "Order help", "response", "As designed. {message}")
    answer = shop.say("Where?").get_json()
    # Were it read again, the next turn would not find a stage in it.
    sql.execute(
        "UPDATE releases SET snapshot = jsonb_set(snapshot, '{stages}', '[]') WHERE business_id = %s",
        [shop.business_id],
    )
    assert shop.say("And now?", conversation_id=answer["conversation_id"]).status_code == 200
    assert model.requests[-1]["messages"][-1]["content"] == "As designed. And now?"
    turns = [shop.trace(turn["turn_id"]) for turn in shop.get(f"/conversations/{answer['conversation_id']}/turns").json]
    assert turns[0]["release_id"] == turns[1]["release_id"]


def test_a_turn_runs_against_its_release_to_its_end(shop: Shop, model: FakeModel) -> None:
    edit_prompt(shop, "Order help", "response", "Before. {message}")
    gate = threading.Event()
    model.reply(Gated(SELECTION, gate))
    with in_background(lambda: shop.say("Where?")) as said:
        try:
            model.wait_for_requests(1)
            edit_prompt(shop, "Order help", "response", "After. {message}")
        finally:
            gate.set()
        first = said.result().get_json()
    assert model.requests[-1]["messages"][-1]["content"] == "Before. Where?"
    second = shop.say("And now?", conversation_id=first["conversation_id"]).get_json()
    assert model.requests[-1]["messages"][-1]["content"] == "After. And now?"
    assert shop.trace(first["turn_id"])["release_id"] != shop.trace(second["turn_id"])["release_id"]


def test_two_messages_of_one_conversation_are_answered_in_order(shop: Shop, app: Flask, model: FakeModel) -> None:
    first = shop.say("Hello").get_json()
    conversation_id = first["conversation_id"]
    gate = threading.Event()
    model.reply(Gated(SELECTION, gate))
    other = Shop(app.test_client(), shop.business_id, shop.key, shop.owner_id, user_id=shop.user_id)
    asked_before = len(model.requests)
    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(shop.say, "First", conversation_id=conversation_id)
        try:
            model.wait_for_requests(asked_before + 1)
            two = threads.submit(other.say, "Second", conversation_id=conversation_id)
            while len(shop.get(f"/conversations/{conversation_id}/messages").get_json()) < 4:
                pass  # until the second is accepted
            assert len(model.requests) == asked_before + 1  # nobody asks for it yet
        finally:
            gate.set()
        assert one.result().status_code == two.result().status_code == 200
    said = [row["message_content"] for row in shop.get(f"/conversations/{conversation_id}/messages").get_json()]
    assert said == ["Hello", REPLY, "First", REPLY, "Second", REPLY]
    prompts = ["First" in str(body["messages"]) for body in model.requests[asked_before : asked_before + 3]]
    assert prompts == [True, True, True]
    # The second turn's history holds the first message and its reply, and not the second message.
    history = str(model.requests[-1]["messages"])
    assert f"Customer: First\\nAssistant: {REPLY}" in history
    assert "Customer: Second" not in history


@pytest.mark.parametrize(
    ("step", "failing", "status", "code"),
    [
        ("selection", Status(401), 503, "LLM_UNAVAILABLE"),
        ("extraction", Status(404), 503, "LLM_UNAVAILABLE"),
        ("response", Status(400), 503, "LLM_UNAVAILABLE"),
        ("response", Hang(60), 504, "LLM_TIMEOUT"),
    ],
)
def test_a_model_that_fails(shop: Shop, model: FakeModel, step: str, failing: Reply, status: int, code: str) -> None:
    for name in shop.stages:
        stage = shop.get(f"/stages/{shop.stages[name]}").get_json()
        for template in ("stage_selection", "data_extraction", "response_generation"):
            path = f"/templates/{stage[f'{template}_template_id']}"
            assert shop.put(path, {"model_settings": {"timeout": 0.2}}).status_code == 200
    model.respond = by_step(**{step: failing})
    failed = shop.say("Where is A-10433?")
    body = failed.get_json()
    assert (failed.status_code, body["error_code"]) == (status, code)
    trace = shop.trace(body["turn_id"])
    assert (trace["status"], trace["error"]["error_code"], trace["answer"]) == ("failed", code, None)
    finished = [each["step"] for each in trace["steps"] if each["status"] == "completed"]
    assert [each for each in finished if each != "retrieval"] == list(STEPS[: STEPS.index(step)])
    failed_step = trace["by_step"][step]
    assert failed_step["status"] == "failed"
    assert {"name": "user_message", "value": "Where is A-10433?"} in failed_step["variables"]
    assert failed_step["calls"]
    assert all(call["status"] == "failed" and call["error"] for call in failed_step["calls"])
    # The message is kept; nothing else is written of the turn.
    conversation = shop.get(f"/conversations/{body['conversation_id']}").get_json()
    assert (conversation["stage_id"], conversation["collected_data"], conversation["status"]) == (None, {}, "active")
    [message] = shop.get(f"/conversations/{body['conversation_id']}/messages").get_json()
    assert message["message_id"] == body["message_id"]
    assert message["message_content"] == "Where is A-10433?"
    # And the conversation goes on.
    model.respond = by_step()
    after = shop.say("Are you there?", conversation_id=body["conversation_id"])
    assert after.get_json()["response"] == REPLY
    assert "Customer: Where is A-10433?" in str(model.requests[-1]["messages"])


def test_a_human_agents_stage_hands_the_conversation_over(shop: Shop, model: FakeModel) -> None:
    agent_id = made(shop.post("/agents", {"agent_name": "Bob", "agent_type": "human"}))["agent_id"]
    shop.add_stage("Complaint", agent_id=agent_id)
    model.respond = by_step(selection='{"stage": "Complaint", "confidence": 1}', extraction="{}")
    first = shop.say("I want to complain!")
    assert first.status_code == 200  # the turn that hands over still answers
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


def test_an_ai_agent_comes_with_its_stage(shop: Shop, model: FakeModel) -> None:
    agent_id = made(shop.post("/agents", {"agent_name": "Sales", "agent_type": "ai"}))["agent_id"]
    shop.add_stage("Order sales", agent_id=agent_id)
    model.respond = by_step(selection='{"stage": "Order sales", "confidence": 1}', extraction="{}")
    answer = shop.say("I want a lamp").get_json()
    assert answer["handled_by"] == "ai"
    conversation = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
    assert (conversation["handled_by"], conversation["agent_id"]) == ("ai", agent_id)
    assert shop.say("Two of them").status_code == 200


def test_a_later_message_corrects_and_null_does_not(shop: Shop, model: FakeModel) -> None:
    shop.say("A-10433, to Leeds")
    model.respond = by_step(extraction='{"order_number": null, "city": "York"}')
    answer = shop.say("No, to York").get_json()
    assert answer["extracted_data"] == {"city": "York"}
    assert answer["collected_data"] == {"order_number": "A-10433", "city": "York"}
    conversation = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
    assert conversation["collected_data"] == {"order_number": "A-10433", "city": "York"}


def test_what_the_database_can_never_keep_ends_the_turn_and_is_not_tried_for_ever(
    shop: Shop, model: FakeModel, sql: Connection
) -> None:
    """Here a limit of PostgreSQL's indexes: nothing of a turn comes near one, so an index made here stands in."""
    sql.execute("CREATE INDEX too_small ON turn_steps ((output ->> 'reply'))")
    try:
        model.respond = by_step(response="".join(map(chr, range(0x4E00, 0x4E00 + 20_000))))
        failed = shop.say("Hello")
        assert failed.status_code == 500
        assert shop.trace(failed.get_json()["turn_id"])["status"] == "failed"
    finally:
        sql.execute("DROP INDEX too_small")
    model.respond = by_step()
    assert shop.say("Hello again").status_code == 200
