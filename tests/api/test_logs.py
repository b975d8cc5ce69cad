"""The logs contain enough to find a failure by its request_id, and no message text, prompt or key."""

import ast
import io
import json
import logging
import sys
import uuid
from typing import Any

import pytest

from core import logs
from tests.architecture.sources import calls_of, module_name, sources
from tests.conftest import MASTER_KEY
from tests.support.checked_client import CheckedClient
from tests.support.database import connect
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Empty, NotJson, Refuse, Status

SECRET = "the-customer-wrote-this"
PROMPT = "the-business-wrote-this"


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_crash_hides_the_exception_and_is_logged_with_the_request_id(
    shop: Shop, log: io.StringIO, database_url: str
) -> None:
    with connect(database_url) as conn:
        conn.execute("ALTER TABLE products RENAME TO products_away")
    answer = shop.get("/products")
    with connect(database_url) as conn:
        conn.execute("ALTER TABLE products_away RENAME TO products")
    body = answer.get_json()
    assert (answer.status_code, body["error_code"], body["details"]) == (500, "SERVER_ERROR", [])
    for word in ("products", "relation", "psycopg", "Undefined", "SELECT", "Traceback"):
        assert word not in answer.text
    [crash] = [line for line in lines(log) if line["level"] == "error"]
    assert crash["request_id"] == body["request_id"]
    assert (crash["exception"], crash["error_code"], crash["path"]) == (
        "UndefinedTable",
        "SERVER_ERROR",
        "/api/v1/products",
    )
    assert any("repositories/products.py" in place for place in crash["stack"])
    causes = [line["cause"] for line in lines(log) if line["message"] == "database error"]
    assert causes == ['relation "products" does not exist']  # PostgreSQL's own words, for the log only
    assert shop.get("/products").get_json() == []


def test_every_request_is_logged(shop: Shop, log: io.StringIO) -> None:
    answer = shop.get("/stages")
    [line] = [line for line in lines(log) if line["request_id"] == answer.headers["X-Request-Id"]]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/v1/stages", 200)
    assert line["business_id"] == shop.business_id
    assert line["logger"] == "icmp"
    assert line["level"] == "info"
    assert line["time"].endswith("+00:00")
    assert "error_code" not in line and "turn_id" not in line


def test_request_line_carries_turn_and_error_code(shop: Shop, log: io.StringIO, fake_model: FakeModel) -> None:
    fake_model.reply('{"stage": "Greeting", "confidence": 0.9}', "{}", "Hello!")
    answered = shop.say("Hello").get_json()
    fake_model.forget()
    fake_model.reply(*[Status(401)] * 6)
    failed = shop.say("Hello again").get_json()
    unknown = shop.get(f"/stages/{uuid.uuid4()}").get_json()
    requests = [line for line in lines(log) if line["message"] == "request"]
    turns = {line["turn_id"]: line.get("error_code") for line in requests if "turn_id" in line}
    assert turns == {answered["turn_id"]: None, failed["turn_id"]: failed["error_code"]}
    [line] = [line for line in requests if line["request_id"] == unknown["request_id"]]
    assert (line["error_code"], line["status"]) == ("NOT_FOUND", 404)


@pytest.mark.parametrize("prefix", ["", "/api", "/api/v1"])
def test_health_checks_are_logged_at_debug(client: CheckedClient, log: io.StringIO, prefix: str) -> None:
    for path in ("/health", "/ping", "/health/"):
        assert client.get(prefix + path).status_code == 200
    assert [line["level"] for line in lines(log) if "path" in line] == ["debug"] * 3


def test_log_level_applies_to_own_loggers_only() -> None:
    for level, others in (("debug", "WARNING"), ("info", "WARNING"), ("warning", "WARNING"), ("error", "ERROR")):
        config = logs.logging_config(level)
        assert {config["loggers"][name]["level"] for name in logs.OWN_LOGGERS} == {level.upper()}
        assert (config["root"]["level"], config["loggers"]["werkzeug"]["level"]) == (others, others)


def test_every_logger_is_known() -> None:
    """One that is missing from OWN_LOGGERS would ignore LOG_LEVEL."""
    used = {
        call.args[0].value if isinstance(call.args[0], ast.Constant) else module_name(path)
        for path, tree in sources().items()
        for call in calls_of(tree, "getLogger")
    }
    assert {name.split(".")[0] for name in used} <= set(logs.OWN_LOGGERS)


def test_exception_is_logged_without_its_text() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        record = logging.LogRecord("icmp", logging.ERROR, __file__, 1, "failed", None, sys.exc_info())
    record.other_field = SECRET
    line = json.loads(logs.JsonFormatter().format(record))
    assert line.keys() == {"time", "level", "logger", "message", "request_id", "exception", "stack"}
    assert (line["exception"], line["message"]) == ("ValueError", "failed")
    assert SECRET not in json.dumps(line)


@pytest.mark.parametrize("is_terminal", [True, False])
def test_announcement_is_plain_on_a_terminal_and_json_elsewhere(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    written = io.StringIO()
    monkeypatch.setattr(written, "isatty", lambda: is_terminal)
    monkeypatch.setattr(sys, "stdout", written)
    logs.announce('ICMP serves on "here"')
    said = written.getvalue()
    if is_terminal:
        assert said == 'ICMP serves on "here"\n'
    else:
        line = json.loads(said)
        assert (line["message"], line["level"], line["logger"]) == ('ICMP serves on "here"', "info", "icmp")


def test_no_text_prompt_or_key_is_logged(
    shop: Shop, client: CheckedClient, log: io.StringIO, fake_model: FakeModel, database_url: str
) -> None:
    shop.put(f"/stages/{shop.stages['Greeting']}", {"fixed_reply": PROMPT, "stage_description": PROMPT})
    template = made(
        shop.post("/templates", {"template_name": PROMPT, "template_type": "response_generation", "content": PROMPT})
    )
    shop.put(f"/stages/{shop.stages['Greeting']}", {"response_generation_template_id": template["template_id"]})
    made(shop.post("/variables", {"name": "motto", "value": PROMPT}))
    user = shop.add_customer(SECRET, first_name=SECRET, email=f"{SECRET}@example.com")
    # Every way in which a turn can end.
    for answers in (
        ['{"stage": "Greeting", "confidence": 0.9}', f"{SECRET} {{", SECRET],
        [
            Status(500, body={"error": {"message": SECRET}}),
            Status(429, {"Retry-After": "0"}),
            "Greeting",
            SECRET,
            SECRET,
        ],
        [Status(401, body={"error": {"message": SECRET}})] * 6,
        [NotJson(SECRET), Empty(), Refuse("temperature"), "Greeting", SECRET, SECRET],
    ):
        fake_model.reply(*answers)
        shop.say(f"{SECRET}?", user_id=user)
        fake_model.forget()
    # Every way in which a request can fail, with the text in each place that a log line could quote.
    shop.say(SECRET, user_id=user, conversation_id=SECRET)
    shop.post("/stages", {"stage_name": "Greeting", "stage_description": SECRET})
    shop.post("/stages", {SECRET: SECRET})
    shop.get("/conversations", q=SECRET, status=SECRET)
    client.post("/api/v1/messages", data=f'{{"{SECRET}', headers={**shop.headers, "Content-Type": "application/json"})
    client.get("/api/v1/stages", headers={"Authorization": f"Bearer {SECRET}"})
    client.get("/api/v1/stages", headers={"Authorization": f"{SECRET}"})
    config = {"userId": user, "businessId": shop.business_id, "businessApiKey": shop.key}
    client.post("/api/save-config", json=config)
    client.post("/api/save-config", json={**config, "businessApiKey": SECRET})
    client.get(f"/{SECRET}?{SECRET}")
    with connect(database_url) as conn:
        conn.execute("ALTER TABLE agents RENAME TO agents_away")
    client.post("/api/v1/agents", json={"agent_name": SECRET}, headers=shop.headers)
    with connect(database_url) as conn:
        conn.execute("ALTER TABLE agents_away RENAME TO agents")
    assert len(lines(log)) > 15
    assert {line["level"] for line in lines(log)} >= {"info", "error"}
    for unsaid in (PROMPT, shop.key, MASTER_KEY):
        assert unsaid not in log.getvalue()
    leaks = [line for line in lines(log) if SECRET in json.dumps({**line, "path": ""})]
    assert leaks == []  # the path is logged as the client sent it, without the query
    assert f"?{SECRET}" not in log.getvalue()
