"""Turns that fail: what the client gets, what is stored, and how the conversation continues."""

import pytest

from core.circuit_breaker import MAX_FAILURES
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Hang, Reply, Status
from tests.support.turns import REPLY, STEPS, by_step


@pytest.fixture
def model(fake_model: FakeModel) -> FakeModel:
    fake_model.respond = by_step()
    return fake_model


@pytest.mark.parametrize(
    ("step", "failing", "status", "code"),
    [
        ("selection", Status(401), 503, "LLM_UNAVAILABLE"),
        ("extraction", Status(404), 503, "LLM_UNAVAILABLE"),
        ("response", Status(400), 503, "LLM_UNAVAILABLE"),
        ("response", Hang(60), 504, "LLM_TIMEOUT"),
    ],
)
def test_model_failure_fails_the_turn_and_the_conversation_continues(
    shop: Shop, model: FakeModel, step: str, failing: Reply, status: int, code: str
) -> None:
    stage = shop.get(f"/stages/{shop.stages['Order help']}").get_json()
    template = f"/templates/{stage['response_generation_template_id']}"
    if isinstance(failing, Hang):  # no other call has so little time, also on a busy machine
        assert shop.put(template, {"model_settings": {"timeout": 0.2}}).status_code == 200
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
    # Only the message is stored.
    conversation = shop.get(f"/conversations/{body['conversation_id']}").get_json()
    assert (conversation["stage_id"], conversation["collected_data"], conversation["status"]) == (None, {}, "active")
    [message] = shop.get(f"/conversations/{body['conversation_id']}/messages").get_json()
    assert message["message_id"] == body["message_id"]
    assert message["message_content"] == "Where is A-10433?"
    # The next message is answered as usual.
    assert shop.put(template, {"model_settings": {}}).status_code == 200
    model.respond = by_step()
    after = shop.say("Are you there?", conversation_id=body["conversation_id"])
    assert after.get_json()["response"] == REPLY
    assert "Customer: Where is A-10433?" in str(model.requests[-1]["messages"])


def test_business_whose_requests_fail_does_not_affect_others(
    shop: Shop, other_shop: Shop, model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For example, because of a schema with which the server cannot work."""
    monkeypatch.setattr("llm.retries._BACKOFF", 0)
    model.respond = lambda body: Status(500)
    failures = 0
    while failures < MAX_FAILURES:
        turn = shop.trace(shop.say("Hello").get_json()["turn_id"])
        failures += sum(len(step["calls"]) for step in turn["steps"])
    assert "circuit" in str(shop.trace(shop.say("Hello").get_json()["turn_id"])["steps"])
    model.respond = by_step()
    assert other_shop.say("Hello").status_code == 200


def test_turn_that_the_database_rejects_fails_and_is_not_retried(shop: Shop, model: FakeModel, sql: Connection) -> None:
    """PostgreSQL limits the size of an index entry. No real index contains text of a turn, so the test adds one."""
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
