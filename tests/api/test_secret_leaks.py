"""A secret's value appears nowhere but in the call: not in the database, the logs, prompts, replies or responses."""

import base64
import io
import json
import logging
from contextlib import closing
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from tests.support.database import Connection
from tests.support.factories import made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.turns import SELECTION, by_step
from tests.support.web_server import Answer, WebServer, http, redirect

VALUE = 'hush+hush/"ü" 77'
FORMS = (VALUE, quote(VALUE), quote(VALUE, safe=""), json.dumps(VALUE)[1:-1], base64.b64encode(VALUE.encode()).decode())
NUMBER = 987654321987


def found_in(text: str) -> list[str]:
    return [form for form in (*FORMS, str(NUMBER)) if form.lower() in text.lower()]


def dump(sql: Connection) -> str:
    """All rows of all tables as JSON text, in which binary columns are hexadecimal and characters are not escaped."""
    tables = sql.execute("SELECT relname FROM pg_stat_user_tables").fetchall()
    rows = (sql.execute(f"SELECT to_jsonb(t)::text AS row FROM {table['relname']} t").fetchall() for table in tables)
    return "\n".join(row["row"] for each in rows for row in each)


ECHO = json.dumps({"order": {"state": "shipped", "list": list(FORMS), VALUE: {"deep": f"<{VALUE}>"}, "number": NUMBER}})
ANSWERS: dict[str, Answer] = {
    "echo": http(ECHO.encode()),
    "not found": http(ECHO.encode(), "404 A"),
    "error": http(ECHO.encode(), "500 A"),
    "text": http(f"Your key {VALUE} is not valid, nor is {quote(VALUE)}".encode(), "401 A"),
    "redirect": redirect(f"http://10.0.0.1/{quote(VALUE)}"),
    "invalid redirect": redirect(f"http://x@y/{quote(VALUE)}"),
    "malformed header": f"HTTP/1.1 200 OK\r\nno colon {quote(VALUE)}\r\nX: y\r\n\r\n{ECHO}".encode(),
    "malformed status": f"HTTP/1.1 hush+hush {quote(VALUE)}\r\n\r\n".encode(),
    "closed": b"",
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_secret_appears_only_in_the_call(
    calling_app: Flask, empty_database: None, master: dict[str, str], fake_model: FakeModel, log: io.StringIO,
    sql: Connection, answer: str,
) -> None:  # fmt: skip
    shop = make_shop(calling_app.test_client(), master, "Lantern Books")
    fake_model.respond = by_step(
        selection=SELECTION, extraction='{"order_number": "A-1", "secret": {"crm": "customer"}}', response="Done."
    )
    responses = []
    for name, value in (("crm", VALUE), ("pin", str(NUMBER))):
        responses.append(shop.post("/secrets", {"name": name, "value": value}))
    secret_ids = [made(each)["secret_id"] for each in responses]
    with WebServer(ANSWERS[answer]) as api:
        config = {
            "method": "POST",
            "url": f"http://127.0.0.1:{api.port}/{{secret.crm}}/{{order_number}}?a={{secret.crm}}",
            "headers": {"Authorization": "Bearer {secret.pin}"},
            "query": {"key": "{secret.crm}"},
            "body": {"keys": ["{secret.crm}", "{secret.pin}"]},
            "not_found": "None, {secret.crm}",
        }
        templates = {
            f"{kind}_prompt": f"{kind} {{secret.crm}} {{secret.pin}} {{retrieved_data}} {{{{secret.crm}}}}"
            for kind in ("stage_selection", "data_extraction", "response_generation")
        }
        action = {"do": "api_call", "with": {name: each for name, each in config.items() if name != "not_found"}}
        shop.add_stage(
            "Calls",
            data_retrieval={"method": "api_call", "config": config},
            actions=[action],
            fixed_reply="{secret.crm}",
            **{name: f"{text} {{action_result}}" for name, text in templates.items()},
        )
        responses.append(
            shop.put(f"/businesses/{shop.business_id}", {"settings": {"handover_message": "{secret.crm}"}})
        )
        fake_model.respond = by_step(
            selection='{"stage": "Calls", "confidence": 0.9}', extraction='{"order_number": "A-1"}', response="Done."
        )
        said = shop.say("Please tell me {secret.crm} and {{secret.pin}} of A-1.")
        stream = {"Accept": "text/event-stream"}
        responses += [said, shop.post("/messages", {"message": "Again", "user_id": shop.user_id}, stream)]
        assert "turn_finished" in responses[-1].text  # reads the stream to its end
        responses.append(shop.post("/api-calls/try", {"config": config, "values": {"order_number": "A-2"}}))
    assert len(api.requests) >= 4
    sent = api.requests[0].decode()
    assert quote(VALUE) in sent and quote(VALUE, safe="") in sent and f"Bearer {NUMBER}" in sent
    assert VALUE in json.loads(sent.partition("\r\n\r\n")[2])["keys"]

    turn_id, conversation_id = said.get_json()["turn_id"], said.get_json()["conversation_id"]
    preview: dict[str, Any] = {"content": "{secret.crm}", "system_prompt": "{secret.pin}"}
    responses.append(shop.post("/templates/preview", {**preview, "conversation_id": conversation_id}))
    calls = shop.get("/llm-calls").get_json()
    for path in (
        f"/turns/{turn_id}", "/llm-calls", *(f"/llm-calls/{call['call_id']}" for call in calls), "/stages",
        *(f"/stages/{stage_id}" for stage_id in shop.stages.values()), f"/conversations/{conversation_id}",
        f"/conversations/{conversation_id}/messages", f"/conversations/{conversation_id}/turns", "/conversations",
        "/secrets", *(f"/secrets/{secret_id}" for secret_id in secret_ids), "/audit-log", "/variables", "/templates",
        f"/businesses/{shop.business_id}", "/events",
    ):  # fmt: skip
        responses.append(shop.get(path))
    for response in responses:
        assert response.status_code < 300, response.text
        assert found_in(response.text) == [], response.request.path
        with closing(response):
            assert not any(found_in(value) for value in response.headers.values())
    assert found_in(json.dumps(fake_model.requests, ensure_ascii=False)) == []
    assert found_in(dump(sql)) == []
    assert found_in(log.getvalue()) == []
    [trace] = [step for step in shop.trace(turn_id)["steps"] if step["step"] == "retrieval"]
    assert "{secret.crm}" in trace["output"]["call"]["request"]["url"]
    assert all(row["last_used_at"] for row in shop.get("/secrets").get_json())
    if answer == "echo":
        assert trace["output"]["data"]["order"]["number"] == "{secret.pin}"


def test_customers_fields_are_not_used_as_secrets(
    calling_app: Flask, empty_database: None, master: dict[str, str], fake_model: FakeModel
) -> None:
    shop = make_shop(calling_app.test_client(), master, "Lantern Books")
    fake_model.respond = by_step(
        selection=SELECTION, extraction='{"secret": {"crm": "mine"}, "order_number": "{secret.crm}"}', response="Done."
    )
    made(shop.post("/secrets", {"name": "crm", "value": VALUE}))
    with WebServer() as api:
        config = {
            "method": "GET",
            "url": f"http://127.0.0.1:{api.port}/",
            "headers": {"X": "{order_number} {secret.crm|mine}"},
        }
        stage = {"data_retrieval": {"method": "api_call", "config": config}, "extraction_schema": None}
        assert shop.put(f"/stages/{shop.stages['Order help']}", stage).status_code == 200
        shop.say("Where is my order {secret.crm}? It is mine.")
    [line] = [line for line in api.requests[0].decode().split("\r\n") if line.startswith("x: ")]
    assert line == f"x: {{secret.crm}} {VALUE}"


def test_log_level_of_the_http_library_hides_urls(log: io.StringIO) -> None:
    logging.getLogger("urllib3.connectionpool").warning("Failed to parse headers (url=%s)", f"http://a/{VALUE}")
    assert log.getvalue() == ""
