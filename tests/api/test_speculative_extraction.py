"""Speculative extraction: used if the conversation stays in its stage, ignored if it moves to another one."""

import threading
from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Reply, Status
from tests.support.turns import wait_for_steps

pytestmark = pytest.mark.usefixtures("empty_database")


@pytest.fixture
def quick_shop(shop: Shop) -> Shop:
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": {}}).status_code == 200
    return shop


def step_of(body: dict[str, Any]) -> str:
    prompt = "\n".join(message["content"] for message in body["messages"])
    last_lines = {"Which stage": "selection", "Which facts": "extraction", "Write the reply": "response"}
    return next(step for line, step in last_lines.items() if line in prompt)


def answer_by_step(**replies: Reply | list[Reply]) -> Any:
    """Returns a responder with a reply, or a list of replies, per step.

    If extraction has several replies, the first is for the speculative extraction. The reply to selection waits for
    that request.
    """
    queues = {step: iter(reply) if isinstance(reply, list) else None for step, reply in replies.items()}
    extraction_requested = threading.Event()

    def respond(body: dict[str, Any]) -> Reply:
        queue = queues[step_of(body)]
        if step_of(body) == "extraction":
            extraction_requested.set()
        elif step_of(body) == "selection" and queues["extraction"]:
            extraction_requested.wait(10)
        return next(queue) if queue else replies[step_of(body)]  # type: ignore[return-value]

    return respond


def test_selection_and_extraction_run_at_the_same_time(quick_shop: Shop, fake_model: FakeModel) -> None:
    both = threading.Event()

    def respond(body: dict[str, Any]) -> Reply:
        if step_of(body) == "response":
            return "Hello."
        if len(fake_model.requests) == 2:
            both.set()
        stays = '{"stage": "Greeting", "confidence": 0.9}'
        return Gated(stays if step_of(body) == "selection" else '{"name": "Ana"}', both)

    fake_model.respond = respond
    answer = quick_shop.say("I am Ana")  # would time out if the calls were sequential
    assert answer.get_json()["extracted_data"] == {"name": "Ana"}
    steps = quick_shop.trace(answer.get_json()["turn_id"])["steps"]
    assert [(step["step"], step["discarded"], len(step["calls"])) for step in steps] == [
        ("selection", False, 1),
        ("extraction", False, 1),
        ("retrieval", False, 0),
        ("response", False, 1),
    ]
    assert steps[2]["finished_at"] <= steps[3]["started_at"]  # even though both were committed together


def test_extraction_that_ends_first_is_committed_with_selection(
    quick_shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    """This saves the customer waiting for one more commit."""
    gate = threading.Event()
    fake_model.respond = answer_by_step(
        selection=Gated('{"stage": "Greeting", "confidence": 0.9}', gate), extraction='{"name": "Ana"}', response="Hi."
    )

    def open_when_found() -> None:
        fake_model.wait_for_requests(2)
        for thread in threading.enumerate():
            if thread.name.startswith("speculative-"):
                thread.join(10)
        gate.set()

    opener = threading.Thread(target=open_when_found)
    opener.start()
    assert quick_shop.say("I am Ana").get_json()["extracted_data"] == {"name": "Ana"}
    opener.join()
    rows = sql.execute("SELECT step, xmin FROM turn_steps").fetchall()
    commits = {row["step"]: row["xmin"] for row in rows}
    assert commits["selection"] == commits["extraction"] != commits["response"]


def test_extraction_for_another_stage_is_discarded(quick_shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    fake_model.respond = answer_by_step(
        selection='{"stage": "Order help", "confidence": 0.9}',
        extraction=['{"wrong": "where is"}', '{"order_number": "A-1"}'],
        response="It is on its way.",
    )
    answer = quick_shop.say("Where is A-1?").get_json()
    assert answer["extracted_data"] == answer["collected_data"] == {"order_number": "A-1"}
    steps = wait_for_steps(quick_shop, answer["turn_id"], 5)
    extractions = {step["discarded"]: step for step in steps if step["step"] == "extraction"}
    assert extractions[True]["output"]["fields"] == {"wrong": "where is"}
    assert [call["response"] for call in extractions[True]["calls"]] == ['{"wrong": "where is"}']
    assert [call["response"] for call in extractions[False]["calls"]] == ['{"order_number": "A-1"}']
    assert sql.execute("SELECT field FROM collected_fields").fetchall() == [{"field": "order_number"}]
    assert len(quick_shop.get("/llm-calls", turn_id=answer["turn_id"]).get_json()) == 4


def test_turn_does_not_wait_for_a_discarded_extraction(quick_shop: Shop, fake_model: FakeModel) -> None:
    late = threading.Event()
    fake_model.respond = answer_by_step(
        selection='{"stage": "Order help", "confidence": 0.9}',
        extraction=[Gated('{"wrong": 1}', late), '{"order_number": "A-1"}'],
        response="It is on its way.",
    )
    answer = quick_shop.say("Where is A-1?").get_json()
    assert answer["response"] == "It is on its way."
    assert not late.is_set()
    late.set()
    steps = wait_for_steps(quick_shop, answer["turn_id"], 5)
    assert [step["step"] for step in steps if step["discarded"]] == ["extraction"]
    assert quick_shop.trace(answer["turn_id"])["status"] == "completed"


def test_failed_extraction_for_another_stage_does_not_fail_the_turn(quick_shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = answer_by_step(
        selection='{"stage": "Order help", "confidence": 0.9}',
        extraction=[Status(401), '{"order_number": "A-1"}'],
        response="It is on its way.",
    )
    answer = quick_shop.say("Where is A-1?")
    assert answer.status_code == 200
    steps = wait_for_steps(quick_shop, answer.get_json()["turn_id"], 5)
    dropped = next(step for step in steps if step["discarded"])
    assert (dropped["status"], dropped["calls"][0]["status"]) == ("failed", "failed")


def test_failed_extraction_for_the_same_stage_fails_the_turn(quick_shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = answer_by_step(
        selection='{"stage": "Greeting", "confidence": 0.9}',
        extraction=[Status(401), "{}"],
        response="Hello.",
    )
    failed = quick_shop.say("hello")
    assert failed.status_code == 503
    again = quick_shop.post(f"/turns/{failed.get_json()['turn_id']}/retry")
    assert again.get_json()["response"] == "Hello."
    assert [step_of(body) for body in fake_model.requests].count("selection") == 1


def test_extraction_is_discarded_if_selection_fails(quick_shop: Shop, fake_model: FakeModel) -> None:
    fake_model.respond = answer_by_step(selection=Status(401), extraction='{"name": "Ana"}', response="Hello.")
    failed = quick_shop.say("I am Ana")
    assert failed.status_code == 503
    steps = wait_for_steps(quick_shop, failed.get_json()["turn_id"], 2)
    assert {(step["step"], step["status"], step["discarded"]) for step in steps} == {
        ("selection", "failed", False),
        ("extraction", "completed", True),
    }


def test_business_can_turn_it_off(quick_shop: Shop, fake_model: FakeModel) -> None:
    settings = {"settings": {"speculation": "off"}}
    assert quick_shop.put(f"/businesses/{quick_shop.business_id}", settings).status_code == 200
    fake_model.reply('{"stage": "Order help", "confidence": 0.9}', '{"order_number": "A-1"}', "Here.")
    answer = quick_shop.say("Where is A-1?").get_json()
    assert answer["extracted_data"] == {"order_number": "A-1"}
    assert len(fake_model.requests) == 3
