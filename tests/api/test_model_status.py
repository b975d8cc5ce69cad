"""Whether the model answers: `GET /health`, `GET /model-status`, and the failure that a turn shows."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.conftest import make_config, running_app
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import CutStream, Hang, Reply, Status
from tests.support.os_users import wait_for

MAX_SECONDS = 10  # until a failure or a recovery is shown


@pytest.fixture
def own_app(new_database_url: str, fake_model: FakeModel) -> Iterator[Flask]:
    """An application that has not called the model yet. Calls time out after a second."""
    config = make_config(new_database_url, OPENAI_BASE_URL=fake_model.base_url, MODEL_TIMEOUT="1", TURN_TIME_LIMIT="4")
    with running_app(config) as app:
        yield app


@pytest.fixture
def own_shop(own_app: Flask, master: dict[str, str]) -> Shop:
    """A shop of this application, with one stage, which has a fixed reply."""
    shop = make_shop(own_app.test_client(), master, "Lantern Books", with_stages=False)
    shop.add_stage("Greeting", stage_description="The customer says hello", fixed_reply="We will be right back.")
    shop.user_id = shop.add_customer("c-1")
    return shop


def statuses(shop: Shop) -> tuple[dict[str, Any], dict[str, Any]]:
    """The status in `/health` and that of the business."""
    health = shop.client.get("/api/v1/health")
    assert health.status_code == 200
    return health.get_json()["model"], shop.get("/model-status").get_json()


def wait_for_status(shop: Shop, status: str) -> None:
    """Wait until both statuses are this one."""
    wait_for(lambda: {each["status"] for each in statuses(shop)} == {status}, status, MAX_SECONDS, pause=0.1)


def failure_of(shop: Shop, turn_id: str) -> dict[str, Any]:
    """The failure of a turn, which both the turn and the list of turns contain. So does the list of conversations, if
    the turn is the last one."""
    turn = shop.get(f"/turns/{turn_id}").get_json()
    listed = shop.get(f"/conversations/{turn['conversation_id']}/turns", limit=200).get_json()
    assert next(each for each in listed if each["turn_id"] == turn_id)["failure"] == turn["failure"]
    last = next(
        row["last_message"]
        for row in shop.get("/conversations").get_json()
        if row["conversation_id"] == turn["conversation_id"]
    )
    assert last["turn_id"] != turn_id or last["failure"] == turn["failure"]
    failure: dict[str, Any] = turn["failure"]
    return failure


@pytest.mark.parametrize(
    ("reply", "cause", "status_code"),
    [
        (Status(400), "400 bad request", 400),
        pytest.param(Status(500), "500 internal server error", 500, marks=pytest.mark.soak),
        (Hang(30), "timeout: the server did not answer in time", None),
        pytest.param(
            CutStream(2),
            "connection: the server was unreachable or closed the connection",
            None,
            marks=pytest.mark.soak,
        ),
    ],
)
def test_outage_and_recovery_are_shown(
    own_shop: Shop, fake_model: FakeModel, reply: Reply, cause: str, status_code: int | None
) -> None:
    assert [each["status"] for each in statuses(own_shop)] == ["unknown", "unknown"]
    answered = own_shop.say("hello").get_json()
    assert statuses(own_shop) == ({"status": "ok"}, {"status": "ok"})

    fake_model.respond = lambda body: reply
    fallback = own_shop.say("hello").get_json()
    failure = failure_of(own_shop, fallback["turn_id"])
    wait_for_status(own_shop, "down")
    for status in statuses(own_shop):
        assert status["cause"] == cause
        assert status["since"] > own_shop.trace(fallback["turn_id"])["created_at"]

    fake_model.respond = lambda body: "OK"
    recovered = own_shop.say("hello").get_json()
    wait_for_status(own_shop, "ok")

    assert [each["engine"] for each in (answered, fallback, recovered)] == ["model", "fallback", "model"]
    assert failure_of(own_shop, answered["turn_id"]) is failure_of(own_shop, recovered["turn_id"]) is None
    assert failure_of(own_shop, fallback["turn_id"]) == failure
    call = own_shop.get(f"/llm-calls/{failure.pop('call_id')}").get_json()
    assert failure == {
        "step": "extraction",
        "cause": cause,
        **({"status_code": status_code} if status_code else {}),
    }
    assert (call["turn_id"], call["step"], call["status"], call["error"]) == (
        fallback["turn_id"],
        "extraction",
        "failed",
        cause,
    )


def test_turn_that_failed_because_of_the_model_shows_the_failure(shop: Shop, fake_model: FakeModel) -> None:
    fake_model.reply('{"stage": "Order help", "confidence": 0.9}')
    fake_model.respond = lambda body: Status(401)
    failed = shop.say("Where is my order?").get_json()
    trace = shop.trace(failed["turn_id"])
    assert trace["error"] == {"error_code": "LLM_UNAVAILABLE", "message": "The language model did not respond."}
    (call,) = trace["by_step"]["extraction"]["calls"]
    expected = {"step": "extraction", "cause": "401 unauthorized", "status_code": 401, "call_id": call["call_id"]}
    assert failure_of(shop, failed["turn_id"]) == expected

    fake_model.respond = lambda body: "{}"
    assert shop.post(f"/turns/{failed['turn_id']}/retry").status_code == 200
    assert failure_of(shop, failed["turn_id"]) is None


def test_status_of_a_business_does_not_depend_on_others(shop: Shop, other_shop: Shop, fake_model: FakeModel) -> None:
    shop.say("hello")
    fake_model.respond = lambda body: Status(400)
    other_shop.say("hello")
    assert shop.get("/model-status").get_json() == {"status": "ok"}
    assert other_shop.get("/model-status").get_json()["status"] == "down"


def test_rules_mode_has_no_model(new_database_url: str, master: dict[str, str]) -> None:
    with running_app(make_config(new_database_url)) as app:
        client: CheckedClient = app.test_client()
        shop = make_shop(client, master, "Lantern Books", with_stages=False)
        assert statuses(shop) == ({"status": "none"}, {"status": "none"})
