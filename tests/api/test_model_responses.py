"""Turns with a model server that sends anything: an answer, the fixed reply, or 503 or 504 with a recorded cause."""

import json
import os
import random
import re
import secrets
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Raw, Reply, Status
from tests.support.random_replies import SECRET, random_reply
from tests.support.turns import EXTRACTION, REPLY, SELECTION, by_step, edit_prompt, step_of

FIXED_REPLY = "A person will answer you."
TEXTS = {"selection": SELECTION, "extraction": EXTRACTION, "response": REPLY}


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Failed calls are repeated immediately, and never open the circuit breaker."""
    monkeypatch.setattr("llm.retries._BACKOFF", 0)
    monkeypatch.setattr("core.circuit_breaker.MAX_FAILURES", 10**9)


@pytest.fixture
def shops(shop: Shop, other_shop: Shop) -> tuple[Shop, Shop]:
    """Two businesses, the second with fixed replies. No other test uses their model, about which the client learns."""
    settings = {"speculation": "off", "model": f"model-{secrets.token_hex(4)}"}
    for each in (shop, other_shop):
        assert each.put(f"/businesses/{each.business_id}", {"settings": settings}).status_code == 200
    for stage_id in other_shop.stages.values():
        assert other_shop.put(f"/stages/{stage_id}", {"fixed_reply": FIXED_REPLY}).status_code == 200
    return shop, other_shop


def step_from_contract(body: dict[str, Any]) -> str:
    """The step that sent a request, also if the client has left out the response format."""
    text = str(body["messages"])
    return "selection" if "JSON only" in text else "extraction" if "one JSON object" in text else "response"


def events_of(response: TestResponse) -> list[tuple[str, dict[str, Any]]]:
    found = re.findall(r"event: (\w+)\ndata: (.*)\n\n", response.text)
    return [(name, json.loads(data)) for name, data in found]


def check_turn(shop: Shop, message: str, streamed: bool) -> None:
    """Send a message and check what the customer, the database and the trace get."""
    accept = {"Accept": "text/event-stream"} if streamed else {}
    response = shop.post("/messages", {"message": message, "user_id": shop.user_id}, accept)
    if streamed:
        events = events_of(response)
        name, body = events[-1]
        last_reset = max((at for at, (each, _) in enumerate(events) if each == "message_reset"), default=-1)
        shown = "".join(data["delta"] for each, data in events[last_reset + 1 :] if each == "message_delta")
        assert name in ("turn_finished", "error")
        status = 200 if name == "turn_finished" else {"LLM_UNAVAILABLE": 503, "LLM_TIMEOUT": 504}[body["error_code"]]
        assert shown == (body["response"] if status == 200 else "")
    else:
        status, body = response.status_code, response.get_json()
        assert status in (200, 503, 504), response.text
    trace = shop.trace(body["turn_id"])
    if status == 200:
        assert body["response"] == (REPLY if body["engine"] == "model" else FIXED_REPLY)
        assert trace["status"] == "completed"
    else:
        assert trace["status"] == "failed"
        assert streamed or response.headers["Retry-After"].isdigit()
    for step in trace["steps"]:
        assert SECRET not in json.dumps(step["output"])
        assert all((call["error"] is None) == (call["status"] == "completed") for call in step["calls"])
        assert all(SECRET not in (call["error"] or "") for call in step["calls"])
        if step["status"] == "failed":
            assert step["calls"][-1]["error"] in step["decision"]


def run_cases(shops: tuple[Shop, Shop], fake_model: FakeModel, cases: int) -> None:
    """Run turns with random replies. RESPONSES_SEED repeats a run."""
    seed = int(os.environ.get("RESPONSES_SEED") or secrets.randbelow(2**32))
    for case in range(cases):
        rng = random.Random(f"{seed}-{case}")
        replies: list[Reply] = []

        def respond(body: dict[str, Any], rng: random.Random = rng, replies: list[Reply] = replies) -> Reply:
            replies.append(random_reply(rng, TEXTS[step_from_contract(body)]))
            return replies[-1]

        fake_model.forget()
        fake_model.respond = respond
        try:
            check_turn(shops[case % 2], f"Where is A-10433? ({case})", streamed=rng.random() < 0.5)
        except Exception as error:
            error.add_note(f"RESPONSES_SEED={seed}, case {case}, replies: {replies}")
            raise


@pytest.mark.usefixtures("no_pauses")
def test_turn_survives_any_response(shops: tuple[Shop, Shop], fake_model: FakeModel) -> None:
    run_cases(shops, fake_model, 200)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("no_pauses")
def test_turn_survives_thousands_of_responses(shops: tuple[Shop, Shop], fake_model: FakeModel) -> None:
    run_cases(shops, fake_model, 5_000)


def test_cause_of_a_failure_is_in_the_trace(shop: Shop, fake_model: FakeModel) -> None:
    error = {"message": "You wrote hello", "code": "insufficient_quota", "type": "billing"}
    fake_model.respond = by_step(response=Status(402, body={"error": error}))
    failed = shop.say("Hello")
    assert (failed.status_code, failed.headers["Retry-After"]) == (503, "5")
    step = shop.trace(failed.get_json()["turn_id"])["by_step"]["response"]
    assert step["calls"][0]["error"] == "402 payment required: insufficient_quota billing"
    assert step["decision"] == "The model gave no answer (402 payment required: insufficient_quota billing)."


def test_client_is_told_when_the_model_server_wants_the_next_request(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = by_step(response=Status(429, {"Retry-After": "120.5"}))
    assert shop.say("Hello").headers["Retry-After"] == "121"


@pytest.mark.parametrize("variable", ["conversation_history", "last_50_messages", "user_messages", "context"])
def test_history_is_shortened_for_a_small_model(shop: Shop, fake_model: FakeModel, variable: str) -> None:
    """Chinese text, of which a character is more than a token."""
    edit_prompt(shop, "Greeting", "response", f"{{{variable}}}\n{{user_message}}")
    greeting = '{"stage": "Greeting", "confidence": 0.9}'
    too_long = Status(400, body={"error": {"message": "Too long", "code": "context_length_exceeded"}})

    def respond(body: dict[str, Any]) -> Reply:
        is_too_long = step_of(body) == "response" and len(str(body["messages"])) > limit
        return too_long if is_too_long else by_step(selection=greeting)(body)

    fake_model.respond, limit = respond, 10**9
    for number in range(30):
        shop.say(f"{number} " + "我的订单在哪里" * 20)
    prompt = max((str(body["messages"]) for body in fake_model.requests if step_of(body) == "response"), key=len)
    assert len(prompt) < 3_000  # 3,000 tokens
    limit = len(prompt) // 2
    answer = shop.say("你好")
    assert answer.status_code == 200, answer.text
    step = shop.trace(answer.get_json()["turn_id"])["by_step"]["response"]
    calls = [(call["status"], call["error"]) for call in step["calls"]]
    assert calls[0] == ("failed", "400 rejected the prompt as too long: context_length_exceeded")
    assert calls[-1] == ("completed", None)
    [history] = [each["history"] for each in step["variables"] if each["name"] == variable]
    assert history["tokens"] <= history["max_tokens"] < 3_000
    assert history["left_out"] > 0


def test_correction_starts_with_the_history_that_fitted(shop: Shop, fake_model: FakeModel) -> None:
    edit_prompt(shop, "Order help", "extraction", "{conversation_history}\n{user_message}")
    fake_model.respond = by_step()
    for number in range(10):
        shop.say(f"{number} " + "Where is my order? " * 20)
    too_long = Status(400, body={"error": {"message": "Too long", "code": "context_length_exceeded"}})
    limit, lengths = 1_500, list[int]()

    def respond(body: dict[str, Any]) -> Reply:
        nonlocal limit
        if step_of(body) != "extraction":
            return by_step()(body)
        is_correction, length = body["messages"][-2]["role"] == "assistant", len(str(body["messages"]))
        if is_correction:
            lengths.append(length)
        if length > limit:
            return too_long
        if is_correction:
            return TEXTS["extraction"]
        limit = length + 10  # too little for the correction
        return "no JSON"

    fake_model.respond = respond
    assert shop.say("Where is A-10433?").status_code == 200
    assert len(lengths) > 1
    assert lengths == sorted(lengths, reverse=True)


def test_answer_of_a_reasoning_model_is_used_in_every_step(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = lambda body: f'<think>{{"stage": "Greeting"}} {SECRET}</think>\n\n{TEXTS[step_of(body)]}'
    answer = shop.say("Where is A-10433?").get_json()
    assert (answer["response"], answer["stage"]["stage_name"]) == (REPLY, "Order help")
    assert answer["extracted_data"] == {"order_number": "A-10433"}
    fake_model.requests.clear()
    shop.say("And now?", conversation_id=answer["conversation_id"])
    assert SECRET not in str(fake_model.requests)
    assert SECRET in shop.trace(answer["turn_id"])["by_step"]["response"]["calls"][0]["response"]


def test_failed_turn_is_logged_with_its_cause(
    shop: Shop, fake_model: FakeModel, caplog: pytest.LogCaptureFixture
) -> None:
    fake_model.respond = by_step(response=Status(402, body={"error": {"message": "hello", "code": "no_quota"}}))
    turn_id = shop.say("Hello").get_json()["turn_id"]
    logged = [vars(each) for each in caplog.records if each.message == "turn failed"]
    assert [(each["turn_id"], each["error_code"], each["cause"]) for each in logged] == [
        (turn_id, "LLM_UNAVAILABLE", "402 payment required: no_quota")
    ]


def test_half_a_stream_is_never_the_reply(shop: Shop, fake_model: FakeModel) -> None:
    half = b'data: {"choices": [{"index": 0, "delta": {"content": "It left"}, "finish_reason": null}]}\n\n'
    error = b'data: {"error": {"code": 502, "message": "Bad gateway"}}\n\n'
    fake_model.respond = by_step(response=Raw((half, error, b"data: [DONE]\n\n")))
    response = shop.post("/messages", {"message": "Hello", "user_id": shop.user_id}, {"Accept": "text/event-stream"})
    assert events_of(response)[-1][1]["error_code"] == "LLM_UNAVAILABLE"


def test_promise_of_a_reply_is_withdrawn_and_a_person_answers(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = by_step(response="Of course. I have cancelled your order.")
    body = {"message": "Please cancel my order", "user_id": shop.user_id}
    events = events_of(shop.post("/messages", body, {"Accept": "text/event-stream"}))
    names = [name for name, _ in events if name in ("message_delta", "message_reset", "turn_finished")]
    assert [name for name, last in zip(names, ["", *names], strict=False) if name != last] == [
        *("message_delta", "message_reset") * 2,
        "message_delta",
        "turn_finished",
    ]
    answer = events[-1][1]
    assert (answer["handled_by"], "cancelled" in answer["response"]) == ("human", False)
    response = shop.trace(answer["turn_id"])["steps"][-1]
    assert 'it promised what no action can do: "I have cancelled your order."' in response["decision"]
    assert len(response["calls"]) == 2
