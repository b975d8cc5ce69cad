"""Rate limits: which requests are counted together, and the headers of the response."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask

from core.view_spec import spec_of
from routes.limits import rate_limit_of
from tests.conftest import make_config, running_app
from tests.support.checked_client import CheckedClient
from tests.support.factories import make_shop
from tests.support.fake_model import FakeModel
from tests.support.staff import make_member, make_owner, sign_in

pytestmark = pytest.mark.usefixtures("empty_database")

Headers = dict[str, str]


@pytest.fixture
def app(database_url: str, fake_model: FakeModel) -> Iterator[Flask]:
    config = make_config(
        database_url,
        OPENAI_BASE_URL=fake_model.base_url,
        RATE_LIMIT_MESSAGES="2 per minute",
        RATE_LIMIT_BUSINESS="20 per minute",
        RATE_LIMIT_LOGIN="10 per minute",
        RATE_LIMIT_DEFAULT="5 per hour",
        TRUSTED_PROXIES="1",
    )
    with running_app(config) as app:
        yield app


def from_address(address: str) -> Headers:
    return {"X-Forwarded-For": address}


def test_ten_wrong_passwords_per_minute_are_allowed(client: CheckedClient) -> None:
    body = {"email": f"{uuid4()}@example.com", "password": "wrong"}
    for number in range(10):
        answer = client.post("/api/v1/auth/login", json=body, headers=from_address("198.51.100.7"))
        assert answer.status_code == 401
        assert answer.headers["RateLimit-Limit"] == "10"
        assert answer.headers["RateLimit-Remaining"] == str(9 - number)
        assert "Retry-After" not in answer.headers
    refused = client.post("/api/v1/auth/login", json=body, headers=from_address("198.51.100.7"))
    assert refused.status_code == 429
    assert refused.get_json()["error_code"] == "RATE_LIMITED"
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    assert 1 <= int(refused.headers["RateLimit-Reset"]) <= 61
    invitation = {"token": "x", "password": "long enough"}
    # Attempts with invitation tokens count towards the same limit.
    tried = client.post("/api/v1/auth/invitation", json=invitation, headers=from_address("198.51.100.7"))
    assert tried.status_code == 429
    body["email"] = f"{uuid4()}@example.com"  # accounts have limits of their own
    elsewhere = client.post("/api/v1/auth/login", json=body, headers=from_address("198.51.100.8"))
    assert elsewhere.status_code == 401


def test_ipv6_addresses_are_counted_by_network(client: CheckedClient) -> None:
    for number in range(5):
        assert client.get("/api/v1/stages", headers=from_address(f"2001:db8::{number + 1}")).status_code == 401
    assert client.get("/api/v1/stages", headers=from_address("2001:db8::ffff")).status_code == 429
    assert client.get("/api/v1/stages", headers=from_address("2001:db8:0:1::1")).status_code == 401


def test_customers_are_counted_separately(client: CheckedClient, master: Headers, fake_model: FakeModel) -> None:
    shop = make_shop(client, master, "Lantern Books")
    fake_model.reply(*['{"stage": "Greeting", "confidence": 0.9}', "{}", "Hello."] * 4)
    carla, david = {"external_id": "carla"}, {"external_id": "david"}
    answers = [shop.say("Hello", user=carla) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["RateLimit-Limit"] == "2"
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    body = {"business_id": shop.business_id, "user": carla, "message": "Hello"}
    assert client.post("/message", json=body, headers=master).status_code == 429  # the older path, another customer
    assert shop.say("Hello", user=david).status_code == 200
    assert shop.post("/messages", {"message": "Hello", "user": {"external_id": 7}}).status_code == 400
    other = make_shop(client, master, "Harbour Tea")
    assert other.say("Hello", user=carla).status_code == 200


def test_all_credentials_of_a_business_are_counted_together(client: CheckedClient, master: Headers) -> None:
    shop = make_shop(client, master, "Lantern Books", with_stages=False)
    owner = make_owner(shop, master)
    left = int(shop.get("/agents").headers["RateLimit-Remaining"])
    assert 10 < left < 20
    for number in range(left - 1):
        answer = owner.send("GET", "/agents") if number % 2 else shop.get("/agents")
        assert answer.status_code == 200
    by_master = client.get("/api/v1/agents", query_string={"business_id": shop.business_id}, headers=master)
    assert (by_master.status_code, by_master.headers["RateLimit-Remaining"]) == (200, "0")
    assert owner.send("GET", "/agents").status_code == 429
    assert shop.get("/agents").status_code == 429
    other = make_shop(client, master, "Harbour Tea", with_stages=False)
    assert other.get("/agents").status_code == 200
    assert client.get("/api/v1/businesses", headers=master).status_code == 200  # an operator without a business


def test_requests_without_credential_are_counted_by_address(client: CheckedClient, master: Headers) -> None:
    shop = make_shop(client, master, "Lantern Books", with_stages=False)
    for _ in range(5):
        assert client.get("/api/v1/stages", headers={"Authorization": "Bearer guess"}).status_code == 401
    for path in ("/api/v1/stages", "/api/v1/openapi.json", "/api"):
        assert client.get(path).status_code == 429
    assert client.post("/api/save-config", json={}).status_code == 429
    assert shop.get("/stages").status_code == 200  # the same address, with a key
    for path in ("/api/v1/health", "/api/v1/ping", "/ping", "/", "/docs/"):
        answer = client.get(path)
        assert answer.status_code in (200, 302, 308)
        assert "RateLimit-Limit" not in answer.headers
    assert client.options("/api/v1/stages").status_code == 200
    assert client.get("/api/v1/no-such-thing").status_code == 404
    assert sign_in(client, f"{uuid4()}@example.com").status_code == 401  # counted separately


def test_every_limited_route_counts_requests_without_credential(app: Flask) -> None:
    client = app.test_client()
    for number, rule in enumerate(app.url_map.iter_rules()):
        if rate_limit_of(spec_of(app.view_functions[rule.endpoint])) == "none":
            continue
        path = re.sub("<[^>]*>", str(uuid4()), rule.rule)
        method = min((rule.methods or set()) - {"HEAD", "OPTIONS"})
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"} if rule.websocket else {}
        for headers in ({}, {"Authorization": "Bearer guess"}):
            headers = {**headers, **upgrade, **from_address(f"10.0.{number}.1")}
            answer = client.open(path, method=method, headers=headers)
            assert answer.headers.get("RateLimit-Remaining"), rule


@pytest.mark.parametrize("caller", ["key", "owner", "former member", "user without a business"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_refused_requests_count_against_their_caller(
    client: CheckedClient, master: Headers, caller: str, method: str
) -> None:
    attacker, victim = (make_shop(client, master, name, with_stages=False) for name in ("Attacker", "Victim"))
    owner = make_owner(attacker, master)
    if caller == "key":
        headers = attacker.headers
    elif caller == "owner":
        headers = owner.headers
    else:
        member = make_member(victim, make_owner(victim, master).headers, "viewer")
        headers = member.headers
        path = f"/api/v1/businesses/{victim.business_id}/members/{member.user_id}"
        assert client.delete(path, headers=master).status_code == 204
        if caller == "user without a business":
            headers = {
                "Authorization": f"Bearer {sign_in(client, member.email, bearer=True).get_json()['access_token']}"
            }
    left = int(victim.get("/agents").headers["RateLimit-Remaining"])
    statuses = []
    for _ in range(25):
        if method == "GET":
            answer = client.get("/api/v1/agents", query_string={"business_id": victim.business_id}, headers=headers)
        else:
            body = {"business_id": victim.business_id, "user": {"external_id": "carla"}, "message": "Hello"}
            answer = client.post("/api/v1/messages", json=body, headers=headers)
        statuses.append(answer.status_code)
    assert set(statuses) == {403, 429}
    assert int(victim.get("/agents").headers["RateLimit-Remaining"]) == left - 1


def test_each_process_without_redis_allows_its_share(database_url: str) -> None:
    config = make_config(
        database_url, RATE_LIMIT_DEFAULT="9 per hour", RATE_LIMIT_LOGIN="1 per hour", WEB_CONCURRENCY="4"
    )
    with running_app(config) as app:
        client = app.test_client()
        answers = [client.get("/api/v1/stages") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [401, 401, 429]
        assert answers[0].headers["RateLimit-Limit"] == "2"
        assert sign_in(client, f"{uuid4()}@example.com").headers["RateLimit-Limit"] == "1"  # never none at all
