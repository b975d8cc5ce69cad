"""Actions that call other systems."""

import json

import pytest

from tests.support.actions import (
    CHANGE,
    FOUND,
    IN_ADDRESS,
    MOVED,
    NEW,
    OLD,
    address_of,
    find_address_first,
    make_address_shop,
    outcomes,
    prompt_of_reply,
    results_of,
)
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.turns import by_step
from tests.support.web_server import WebServer, http

CALL = {"do": "api_call", "name": "Book", "with": {}}


@pytest.fixture
def caller(calling_shop: Shop, fake_model: FakeModel) -> Shop:
    """A business that may call servers of the test."""
    find_address_first(fake_model)
    return calling_shop


def test_copies_and_test_customers_leave_real_data_and_systems_alone(
    caller: Shop, api: WebServer, fake_model: FakeModel
) -> None:
    call = {**CALL, "with": {"method": "POST", "url": f"http://127.0.0.1:{api.port}/book"}}
    make_address_shop(caller, CHANGE, call)
    original = caller.say(MOVED).get_json()
    assert caller.put(f"/orders/{caller.order_id}", {"shipping_address": OLD}).status_code == 200
    assert len(api.requests) == 1
    copied = made(caller.post(f"/conversations/{original['conversation_id']}/copy", {}))
    fake_model.respond = by_step(selection=IN_ADDRESS, extraction=FOUND, response="Here.")
    ids = {"user_id": copied["user_id"], "conversation_id": copied["conversation_id"]}
    assert outcomes(caller, **ids) == [("skipped", "copy"), ("skipped", "copy")]
    tester = caller.add_customer("t-1", is_test=True)
    assert caller.put(f"/orders/{caller.order_id}", {"order_number": "A-1"}).status_code == 200
    order = {"user_id": tester, "order_number": "A-10433", "shipping_address": OLD}
    caller.order_id = made(caller.post("/orders", order))["order_id"]
    assert outcomes(caller, user_id=tester) == [("done", None), ("skipped", "test_customer")]
    assert address_of(caller) == NEW
    assert len(api.requests) == 1


def test_call_carries_an_idempotency_key_and_its_response_reaches_the_reply(
    caller: Shop, fake_model: FakeModel
) -> None:
    with WebServer(http(b'{"ticket": {"id": "T-7"}}', "201 Created")) as api:
        config = {
            "method": "POST",
            "url": f"http://127.0.0.1:{api.port}/tickets",
            "body": {"text": "{user_message}", "order": "{order_number}"},
            "fields": {"ticket": "/ticket/id"},
        }
        make_address_shop(caller, {**CALL, "with": config})
        answer = caller.say(MOVED)
    [result] = results_of(caller, answer)
    assert (result["status"], result["data"], result["call"]["status"]) == ("done", {"ticket": "T-7"}, 201)
    head, _, body = api.requests[0].partition(b"\r\n\r\n")
    assert f"idempotency-key: {answer.get_json()['turn_id']}:0".encode() in head.lower()
    assert json.loads(body) == {"text": MOVED, "order": "A-10433"}
    assert '{"action": "Book", "status": "done", "data": {"ticket": "T-7"}}' in prompt_of_reply(fake_model)


@pytest.mark.parametrize(
    ("response", "status", "cause"),
    [
        (http(b"OK", "200 OK"), "done", None),
        (http(b"", "204 No Content"), "done", None),
        (http(b"{}", "404 Not Found"), "failed", "status_404"),
        (http(b"{}", "500 Internal Server Error"), "failed", "status_500"),
    ],
)
def test_status_of_the_response_decides_whether_a_call_is_done(
    caller: Shop, response: bytes, status: str, cause: str | None
) -> None:
    with WebServer(response) as api:
        call = {**CALL, "with": {"method": "POST", "url": f"http://127.0.0.1:{api.port}/"}}
        make_address_shop(caller, call)
        assert outcomes(caller) == [(status, cause)]
    assert len(api.requests) == 1


def test_confirmed_call_sends_the_values_of_the_question(caller: Shop, fake_model: FakeModel) -> None:
    with WebServer(http(b"{}")) as api:
        config = {"method": "POST", "url": f"http://127.0.0.1:{api.port}/", "body": {"to": "{shipping_address}"}}
        make_address_shop(caller, {**CALL, "with": config, "confirm": "Send it to {shipping_address}?"})
        assert caller.say(f"{MOVED} {{secret.crm}}").get_json()["response"] == f"Send it to {NEW}?"
        assert api.requests == []
        assert outcomes(caller, "Yes") == [("done", None)]
    assert json.loads(api.requests[0].partition(b"\r\n\r\n")[2]) == {"to": NEW}
