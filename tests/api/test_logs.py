"""What the logs hold: enough to find a failure by its request_id, and never what people wrote, a prompt or a key."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from core import logs
from tests.conftest import MASTER_KEY
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made
from tests.support.fake_model import Empty, FakeModel, NotJson, Refuse, Status

SECRET = "the-customer-wrote-this"
PROMPT = "the-business-wrote-this"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the server would write to stderr."""
    root, written = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(written), root.level
    handler.setFormatter(logs.JsonFormatter())
    chatty = {name: logging.getLogger(name).level for name in logs.CHATTY}
    for name in logs.CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)
    for name, each in chatty.items():
        logging.getLogger(name).setLevel(each)


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_crash_shows_no_exception_and_is_found_by_its_request_id(
    shop: Shop, log: io.StringIO, database_url: str
) -> None:
    with psycopg.connect(database_url) as conn:
        conn.execute("ALTER TABLE products RENAME TO products_away")
    answer = shop.get("/products")
    with psycopg.connect(database_url) as conn:
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
    assert shop.get("/products").get_json() == []


def test_every_request_has_a_line(shop: Shop, log: io.StringIO) -> None:
    answer = shop.get("/stages")
    [line] = [line for line in lines(log) if line["request_id"] == answer.headers["X-Request-Id"]]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/v1/stages", 200)
    assert line["business_id"] == shop.business_id
    assert line["logger"] == "icmp"
    assert line["time"].endswith("+00:00")


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
    # Every way in which a turn may go.
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
    # Every way in which a request may fail, with the text at each place that a log might quote.
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
    with psycopg.connect(database_url) as conn:
        conn.execute("ALTER TABLE agents RENAME TO agents_away")
    client.post("/api/v1/agents", json={"agent_name": SECRET}, headers=shop.headers)
    with psycopg.connect(database_url) as conn:
        conn.execute("ALTER TABLE agents_away RENAME TO agents")
    assert len(lines(log)) > 15
    assert {line["level"] for line in lines(log)} >= {"info", "error"}
    for unsaid in (PROMPT, shop.key, MASTER_KEY):
        assert unsaid not in log.getvalue()
    leaks = [line for line in lines(log) if SECRET in json.dumps({**line, "path": ""})]
    assert leaks == []  # a path is an address that somebody typed: it is logged as such, without its query
    assert f"?{SECRET}" not in log.getvalue()
