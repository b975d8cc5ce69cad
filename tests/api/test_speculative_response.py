"""`speculation: full` through the API: what customers see, what the trace records, and what it costs."""

import threading
from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Reply, Status
from tests.support.turns import (
    EXTRACTION,
    SELECTION,
    after_response,
    by_step,
    in_background,
    step_of,
    wait_for_steps,
)

QUESTION = "When will my order arrive?"
MOVES = '{"stage": "Greeting", "confidence": 0.9}'


@pytest.fixture
def full_shop(empty_database: None, shop: Shop, fake_model: FakeModel) -> Shop:
    """A shop that allows everything, and whose customer is in the stage Order help with a known order number."""
    settings = {"speculation": "full", "model": "gpt-4.1-mini"}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    fake_model.respond = by_step(selection=SELECTION, extraction=EXTRACTION, response="Which one?")
    assert shop.say("Where is my order A-10433?").get_json()["stage"]["stage_name"] == "Order help"
    fake_model.forget()
    return shop


def join_speculative_threads() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("speculative-response"):
            thread.join(30)


def test_turn_in_a_stable_stage_waits_for_one_call(full_shop: Shop, fake_model: FakeModel) -> None:
    all_asked = threading.Barrier(3)
    answers = by_step(selection=SELECTION, extraction="{}", response="Tomorrow.")

    def respond(body: dict[str, Any]) -> Reply:
        all_asked.wait(30)  # would break if the calls were sequential
        return answers(body)

    fake_model.respond = respond
    answer = full_shop.say(QUESTION).get_json()
    assert answer["response"] == "Tomorrow."
    steps = full_shop.trace(answer["turn_id"])["steps"]
    assert [(step["step"], step["discarded"], len(step["calls"])) for step in steps] == [
        ("selection", False, 1),
        ("extraction", False, 1),
        ("retrieval", False, 0),
        ("response", False, 1),
    ]
    response = steps[3]
    assert response["output"]["saved_ms"] >= 0
    assert f"saved {response['output']['saved_ms']} ms" in response["decision"]


def test_discarded_response_is_recorded_and_priced(full_shop: Shop, fake_model: FakeModel) -> None:
    answers = by_step(selection=MOVES, extraction="{}", response=["Tomorrow.", "Hello."])
    fake_model.respond = after_response(answers)
    answer = full_shop.say(QUESTION).get_json()
    assert (answer["response"], answer["stage"]["stage_name"]) == ("Hello.", "Greeting")
    steps = wait_for_steps(full_shop, answer["turn_id"], 6)
    responses = {step["discarded"]: step for step in steps if step["step"] == "response"}
    assert responses[False]["output"] == {"reply": "Hello."}
    assert responses[True]["output"] == {"reply": "Tomorrow."}
    assert responses[True]["decision"].startswith('Discarded: The message belongs to "Greeting".')
    [call] = responses[True]["calls"]
    assert call["cost_usd"] > 0
    assert len(full_shop.get("/llm-calls", turn_id=answer["turn_id"]).get_json()) == 5
    messages = full_shop.get(f"/conversations/{answer['conversation_id']}/messages").get_json()
    assert "Tomorrow." not in [message["message_content"] for message in messages]


def test_stream_starts_when_the_stage_is_confirmed(full_shop: Shop, fake_model: FakeModel) -> None:
    selection = threading.Event()
    fake_model.respond = by_step(selection=Gated(SELECTION, selection), extraction="{}", response="It comes tomorrow.")
    response = full_shop.say(QUESTION, stream=True)
    events = events_of(response)
    first = [next(events), next(events)]
    assert [event for event, _ in first] == ["turn_started", "step_started"]
    fake_model.wait_for_requests(3)
    selection.set()
    rest = list(events)
    names = [event for event, _ in rest]
    assert names.index("message_delta") > names.index("step_finished")
    assert "".join(data for event, data in rest if event == "message_delta").count("tomorrow") == 1
    assert names[-1] == "turn_finished"


def test_stream_never_contains_a_discarded_response(full_shop: Shop, fake_model: FakeModel) -> None:
    answers = by_step(selection=MOVES, extraction="{}", response=["It comes tomorrow.", "Hello again."])
    fake_model.respond = after_response(answers)
    events = list(events_of(full_shop.say(QUESTION, stream=True)))
    assert not any("tomorrow" in data for _, data in events)
    assert any("Hello" in data for event, data in events if event == "message_delta")


def test_nothing_speculative_is_stored_before_it_is_used(
    full_shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    """A process that dies meanwhile leaves nothing behind; the next one starts over."""
    gate = threading.Event()
    fake_model.respond = by_step(selection=Gated(SELECTION, gate), extraction="{}", response="Tomorrow.")
    count = "SELECT count(*) AS count FROM turn_steps WHERE business_id = %(business_id)s"
    before = sql.execute(count, {"business_id": full_shop.business_id}).fetchone()
    with in_background(lambda: full_shop.say(QUESTION)) as answer:
        fake_model.wait_for_requests(3)
        join_speculative_threads()
        assert sql.execute(count, {"business_id": full_shop.business_id}).fetchone() == before
        gate.set()
        assert answer.result().get_json()["response"] == "Tomorrow."


def test_response_is_kept_back_if_a_person_takes_over_meanwhile(
    full_shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    gate = threading.Event()
    fake_model.respond = by_step(selection=Gated(SELECTION, gate), extraction="{}", response="Tomorrow.")
    conversation = full_shop.get("/conversations").get_json()[0]["conversation_id"]
    with in_background(lambda: full_shop.say(QUESTION, stream=True)) as answer:
        fake_model.wait_for_requests(3)
        sql.execute("UPDATE conversations SET handled_by = 'human'")
        gate.set()
        events = list(events_of(answer.result()))
    assert events[-1][0] == "turn_held"
    messages = full_shop.get(f"/conversations/{conversation}/messages").get_json()
    assert "Tomorrow." not in [message["message_content"] for message in messages]


def test_failed_speculative_call_is_repeated(full_shop: Shop, fake_model: FakeModel) -> None:
    answers = by_step(selection=SELECTION, extraction="{}", response=[Status(401), "Tomorrow."])

    def respond(body: dict[str, Any]) -> Reply:
        if step_of(body) == "selection":
            fake_model.wait_for_requests(3)
            join_speculative_threads()
        return answers(body)

    fake_model.respond = respond
    answer = full_shop.say(QUESTION)
    assert answer.get_json()["response"] == "Tomorrow."
    steps = wait_for_steps(full_shop, answer.get_json()["turn_id"], 5)
    assert [(step["status"], step["discarded"]) for step in steps if step["step"] == "response"] in (
        [("failed", True), ("completed", False)],
        [("completed", False), ("failed", True)],
    )


def test_setting_names_one_of_three_modes(shop: Shop) -> None:
    for value in (True, "always", None):
        answer = shop.put(f"/businesses/{shop.business_id}", {"settings": {"speculation": value}})
        assert answer.status_code == 400


def events_of(response: Any) -> Any:
    """The name and the data of each server-sent event, as text."""
    buffer = ""
    for chunk in response.response:
        buffer += chunk if isinstance(chunk, str) else chunk.decode()
        while "\n\n" in buffer:
            block, _, buffer = buffer.partition("\n\n")
            lines = dict(line.partition(": ")[::2] for line in block.splitlines() if ": " in line)
            if "event" in lines:
                yield lines["event"], lines.get("data", "")
