"""Businesses with a model server of their own, and the models that the platform allows."""

import io
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.conftest import make_config, running_app
from tests.support.database import Connection
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Hang, Status
from tests.support.turns import REPLY, by_step, in_background

PLATFORM_KEY = "sk-key-of-the-platform"
OWN_KEY = "sk-key-of-the-business"


@pytest.fixture(scope="module")
def platform_app(database_url: str, model_server: FakeModel) -> Iterator[Flask]:
    """An application that may call servers on this machine, and allows two models."""
    settings = {"OPENAI_BASE_URL": model_server.base_url, "OPENAI_API_KEY": PLATFORM_KEY, "DB_POOL_SIZE": "2"}
    allowed = {"API_CALL_ALLOWED_HOSTS": "127.0.0.1", "ALLOWED_MODELS": "gpt-4.1-nano"}
    with running_app(make_config(database_url, **settings, **allowed)) as app:
        yield app


@pytest.fixture
def platform_shop(platform_app: Flask, empty_database: None, master: dict[str, str], fake_model: FakeModel) -> Shop:
    fake_model.respond = by_step()
    return make_shop(platform_app.test_client(), master, "Lantern Books")


@pytest.fixture
def own_server() -> Iterator[FakeModel]:
    with FakeModel(by_step()) as fake:
        yield fake


def save(shop: Shop, **settings: Any) -> TestResponse:
    return shop.put(f"/businesses/{shop.business_id}", {"settings": {"speculation": "off", **settings}})


def use_own_server(shop: Shop, server: FakeModel, **settings: Any) -> None:
    made(shop.post("/secrets", {"name": "model_server_key", "value": f"{OWN_KEY}\n"}))
    own = {"url": f"{server.base_url}/chat/completions", "model": "llama", "secret": "model_server_key"}
    saved = save(shop, model_server=own, **settings)
    assert saved.status_code == 200, saved.text
    assert saved.get_json()["settings"]["model_server"] == {**own, "url": server.base_url}


def test_own_server_answers_with_the_key_and_settings_of_the_business(
    platform_shop: Shop, own_server: FakeModel, fake_model: FakeModel, log: io.StringIO, sql: Connection
) -> None:
    own_server.respond = by_step(response=f"The key {OWN_KEY} is yours.")
    use_own_server(platform_shop, own_server, temperature=0.3, max_tokens=77)
    answer = platform_shop.say("Where is my order A-10433?").get_json()
    assert answer["response"] == "The key [key] is yours."
    assert fake_model.requests == []
    assert {each["authorization"] for each in own_server.headers} == {f"Bearer {OWN_KEY}"}
    assert {(each["model"], each["temperature"], each["max_tokens"]) for each in own_server.requests} == {
        ("llama", 0.3, 77)
    }
    streamed = platform_shop.post(
        "/messages", {"message": "And now?", "user_id": platform_shop.user_id}, {"Accept": "text/event-stream"}
    ).text
    assert "The key " in streamed and OWN_KEY not in streamed

    trace = platform_shop.trace(answer["turn_id"])
    assert {call["model"] for step in trace["steps"] for call in step["calls"]} == {"llama"}
    decision = "The model wrote the reply. The model server 127.0.0.1 of the business answered."
    assert trace["by_step"]["response"]["decision"] == decision
    assert platform_shop.get("/model-status").get_json() == {"status": "ok"}
    assert platform_shop.get("/secrets").get_json()[0]["last_used_at"]
    stored = sql.execute("SELECT to_jsonb(llm_calls) FROM llm_calls").fetchall()
    for text in (json.dumps(trace), json.dumps(stored, default=str), log.getvalue()):
        assert OWN_KEY not in text and PLATFORM_KEY not in text
    assert PLATFORM_KEY not in str(own_server.headers)


def test_broken_and_slow_server_of_a_business_affects_no_other(
    platform_app: Flask,
    platform_shop: Shop,
    own_server: FakeModel,
    master: dict[str, str],
    log: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = make_shop(platform_app.test_client(), master, "Harbour Tea")
    use_own_server(platform_shop, own_server, timeout=0.4)
    monkeypatch.setattr("llm.retries.MAX_ATTEMPTS", 1)
    own_server.respond = lambda _: Hang(30)
    failed = platform_shop.say("Where is my order?")
    assert (failed.status_code, failed.get_json()["error_code"]) == (504, "LLM_TIMEOUT")
    own_server.respond = lambda _: Status(500, {}, {"error": {"code": OWN_KEY}})
    for _ in range(3):
        failed = platform_shop.say("Where is my order?")
        assert (failed.status_code, failed.get_json()["error_code"]) == (503, "LLM_UNAVAILABLE")
    assert platform_shop.get("/model-status").get_json()["status"] == "down"
    assert other.say("Hello!").get_json()["response"] == REPLY
    assert other.client.get("/api/v1/health").get_json()["model"]["status"] == "ok"
    assert OWN_KEY not in log.getvalue() and platform_shop.business_id in log.getvalue()


def test_secret_that_was_deleted_and_refused_address_are_shown_as_the_cause(
    platform_shop: Shop, own_server: FakeModel
) -> None:
    platform_shop.put(f"/stages/{platform_shop.stages['Greeting']}", {"fixed_reply": "A person will answer."})
    use_own_server(platform_shop, own_server)
    [secret] = platform_shop.get("/secrets").get_json()
    assert platform_shop.delete(f"/secrets/{secret['secret_id']}").status_code == 204
    answer = platform_shop.say("Hello!").get_json()
    assert (answer["response"], answer["engine"]) == ("A person will answer.", "fallback")
    failure = platform_shop.trace(answer["turn_id"])["failure"]
    assert failure["cause"] == "secret_missing: There is no secret named model_server_key."
    save(platform_shop, model_server={"url": "http://10.0.0.1/v1", "model": "a"})
    failure = platform_shop.trace(platform_shop.say("Hello!").get_json()["turn_id"])["failure"]
    assert failure["cause"].startswith("address_refused: The address is not public.")
    assert own_server.requests == []


def test_settings_are_tested_before_they_are_saved(
    platform_shop: Shop, own_server: FakeModel, fake_model: FakeModel, sql: Connection
) -> None:
    def tried(**body: Any) -> dict[str, Any]:
        response = platform_shop.post("/model/test", body)
        assert response.status_code == 200, response.text
        result: dict[str, Any] = response.get_json()
        return result

    own_server.respond = fake_model.respond = lambda body: f"This is {body['model']}, {OWN_KEY}"
    own = {"url": own_server.base_url, "model": "llama"}
    result = tried(model_server=own, api_key=OWN_KEY, temperature=1, max_tokens=5)
    assert (result["status"], result["answer"], result["error"]) == ("answered", "This is llama, [key]", None)
    assert 0 <= result["duration_ms"] < 10_000
    assert own_server.headers[0]["authorization"] == f"Bearer {OWN_KEY}"
    assert tried(model="gpt-4.1-nano")["model"] == "gpt-4.1-nano"
    assert tried()["model"] == "gpt-4.1-mini"
    own_server.respond = lambda _: Status(401, {}, {"error": {"code": "invalid_api_key"}})
    assert tried(model_server=own)["error"] == "401 unauthorized: invalid_api_key"
    assert tried(model_server={**own, "secret": "nothing"})["error"].startswith("secret_missing")
    for key in ("with\na line", "with\u200b invisible"):
        assert tried(model_server=own, api_key=key)["error"].startswith("invalid_request: The key contains characters")
    own_server.respond = lambda _: "Hello."
    assert tried(model_server=own, api_key=f"{OWN_KEY}\n")["answer"] == "Hello."
    private = tried(model_server={"url": "http://192.168.0.1/v1", "model": "a"}, api_key=OWN_KEY)
    assert (private["status"], private["error"].split(":")[0]) == ("failed", "address_refused")
    assert sql.execute("SELECT FROM llm_calls").fetchall() == []
    assert PLATFORM_KEY not in str(own_server.headers)


def test_number_of_tests_at_the_same_time_is_limited(platform_shop: Shop, own_server: FakeModel) -> None:
    gate = threading.Event()
    own_server.respond = lambda _: Gated("Hello.", gate)
    own = {"model_server": {"url": own_server.base_url, "model": "llama"}}

    def test() -> TestResponse:
        return platform_shop.post("/model/test", own)

    with in_background(test) as first, in_background(test) as second:
        own_server.wait_for_requests(2)
        assert test().status_code == 429
        gate.set()
        assert [each.result().status_code for each in (first, second)] == [200, 200]
    assert test().status_code == 200


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"model": "gpt-5"}, "$.settings.model"),
        ({"model_server": {"url": "file:///etc/passwd", "model": "a"}}, "$.settings.model_server.url"),
        ({"model_server": {"url": "http://u:p@a.example", "model": "a"}}, "$.settings.model_server.url"),
        ({"model_server": {"url": "http://[::1", "model": "a"}}, "$.settings.model_server.url"),
        ({"model_server": {"url": "https://\U0001f4a5.example", "model": "a"}}, "$.settings.model_server.url"),
        ({"model_server": {"url": "https://a.example/v1/models", "model": "a"}}, "$.settings.model_server.url"),
        ({"model_server": {"url": "https://a.example", "model": "a", "secret": "b"}}, "$.settings.model_server.secret"),
        ({"model_server": {"url": "https://a.example"}}, "$.settings.model_server.model"),
    ],
)
def test_settings_that_cannot_work_are_rejected(platform_shop: Shop, settings: dict[str, Any], path: str) -> None:
    response = save(platform_shop, **settings)
    assert (response.status_code, response.get_json()["details"][0]["path"]) == (400, path)


def test_only_allowed_models_of_the_platform_are_asked(
    platform_shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    assert platform_shop.get("/model").get_json() == {
        "is_connected": True,
        "default_model": "gpt-4.1-mini",
        "allowed_models": ["gpt-4.1-mini", "gpt-4.1-nano"],
        "timeout": 30,
    }
    stage = platform_shop.get(f"/stages/{platform_shop.stages['Greeting']}").get_json()
    template = stage["stage_selection_template_id"]
    for name in ("model", "fallback_model"):
        response = platform_shop.put(f"/templates/{template}", {"model_settings": {name: "gpt-5"}})
        assert response.get_json()["details"] == [
            {
                "path": f"$.model_settings.{name}",
                "message": "The operator of this server allows only: gpt-4.1-mini, gpt-4.1-nano.",
            }
        ]
    assert save(platform_shop, model="gpt-4.1-nano").status_code == 200
    platform_shop.say("Hello!")
    assert {each["model"] for each in fake_model.requests} == {"gpt-4.1-nano"}

    # A model that was chosen before the operator has limited them.
    fake_model.requests.clear()
    sql.execute('UPDATE businesses SET settings = settings || \'{"model": "gpt-5"}\'')
    assert platform_shop.put(f"/templates/{template}", {"model_settings": {"temperature": 0}}).status_code == 200
    platform_shop.say("Hello again!")
    assert {each["model"] for each in fake_model.requests} == {"gpt-4.1-mini"}
    assert save(platform_shop, model="gpt-5", idle_minutes=5).status_code == 200  # another setting was changed


def test_own_server_answers_where_the_platform_has_no_model(
    database_url: str, empty_database: None, master: dict[str, str], own_server: FakeModel
) -> None:
    with running_app(make_config(database_url, API_CALL_ALLOWED_HOSTS="127.0.0.1", DB_POOL_SIZE="2")) as app:
        shop = make_shop(app.test_client(), master, "Lantern Books")
        assert shop.get("/model").get_json()["is_connected"] is False
        assert shop.post("/model/test", {}).status_code == 409
        assert shop.say("Hello!").get_json()["engine"] == "rules"
        use_own_server(shop, own_server)
        answer = shop.say("Where is my order A-10433?", user={"external_id": "c-2"}).get_json()
        assert (answer["engine"], answer["response"]) == ("model", REPLY)
        assert shop.get("/model-status").get_json()["status"] == "ok"
