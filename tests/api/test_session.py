"""The cookie that a page gets for a business key: `POST /save-config` and `POST /validate_config`."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app import close_app, create_app
from tests.conftest import MASTER_KEY, make_config, running_app
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop

OURS, FOREIGN = "http://localhost:3000", "https://evil.example"
UNKNOWN = "00000000-0000-4000-8000-00000000abcd"


def config_of(shop: Shop, **values: Any) -> dict[str, Any]:
    return {"userId": shop.owner_id, "businessId": shop.business_id, "businessApiKey": shop.key} | values


def connect(shop: Shop, **values: Any) -> TestResponse:
    return shop.client.post("/api/save-config", json=config_of(shop, **values))


@pytest.fixture
def page(app: Flask, shop: Shop) -> CheckedClient:
    """A client with the cookie of the shop's key."""
    page: CheckedClient = app.test_client()
    assert page.post("/api/save-config", json=config_of(shop)).status_code == 200
    return page


def test_cookie_does_not_contain_the_key(shop: Shop) -> None:
    answer = connect(shop)
    assert (answer.status_code, answer.get_json()) == (200, {"success": True})
    [cookie] = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("businessApiKey=")]
    value, *flags = cookie.split("; ")
    assert value.startswith("businessApiKey=")
    assert shop.key not in cookie
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(flags)
    assert "Secure" not in flags
    assert any(flag.startswith("Max-Age=") for flag in flags)


@pytest.fixture(scope="module")
def production(database_url: str) -> Iterator[Flask]:
    config = make_config(
        database_url, ICMP_ENV="production", COOKIE_SAMESITE="None", CORS_ORIGINS="https://pages.example"
    )
    with running_app(config) as app:
        yield app


def test_cookie_is_secure_in_production(production: Flask, shop: Shop) -> None:
    answer = production.test_client().post("/api/save-config", json=config_of(shop))
    assert {"HttpOnly", "SameSite=None", "Secure"} <= set(answer.headers["Set-Cookie"].split("; "))


def test_only_configured_origins_write_in_production(production: Flask, shop: Shop) -> None:
    page = production.test_client()
    page.post("/api/save-config", json=config_of(shop), base_url="https://localhost")
    for origin, status in (("https://pages.example", 201), (OURS, 403), ("https://localhost", 201)):
        answer = page.post(
            "/api/v1/agents", json={"agent_name": origin}, headers={"Origin": origin}, base_url="https://localhost"
        )
        assert answer.status_code == status, origin


def test_only_users_of_the_business_can_connect(shop: Shop, other_shop: Shop) -> None:
    assert connect(shop, userId=shop.user_id).status_code == 200
    for user_id in (other_shop.user_id, other_shop.owner_id, UNKNOWN, "no-uuid", "x" * 5000, "\u202e💥"):
        assert connect(shop, userId=user_id).status_code == 401


def test_rejection_contains_the_older_error_fields(shop: Shop, other_shop: Shop) -> None:
    def refused(answer: TestResponse, status: int, code: str, error: str) -> None:
        assert answer.status_code == status, answer.text
        body = answer.get_json()
        assert (body["success"], body["error"], body["error_code"]) == (False, error, code)
        assert "Set-Cookie" not in answer.headers

    for name in ("userId", "businessId", "businessApiKey"):
        for nothing in (None, ""):
            refused(connect(shop, **{name: nothing}), 400, "INVALID_REQUEST", "Missing parameters")
        for wrong in (5, [shop.key], {"a": 1}, True):
            refused(connect(shop, **{name: wrong}), 400, "INVALID_REQUEST", "Invalid parameter types")
        body = config_of(shop)
        del body[name]
        refused(shop.client.post("/api/save-config", json=body), 400, "INVALID_REQUEST", "Missing parameters")
        refused(connect(shop, **{name: UNKNOWN}), 401, "UNAUTHORIZED", "Invalid credentials")
    refused(connect(shop, businessApiKey=other_shop.key), 401, "UNAUTHORIZED", "Invalid credentials")
    refused(connect(shop, businessApiKey=MASTER_KEY), 401, "UNAUTHORIZED", "Invalid credentials")
    refused(shop.client.post("/api/save-config", json=[]), 400, "INVALID_REQUEST", "Missing parameters")


def test_cookie_reads_the_same_data_as_the_key(page: CheckedClient, shop: Shop) -> None:
    assert page.get("/api/v1/stages").get_json() == shop.get("/stages").get_json()
    assert page.get("/api/v1/businesses").status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 201),  # not a browser: curl, Postman
        ({"Origin": OURS}, 201),
        ({"Origin": "http://localhost"}, 201),  # the server's own origin
        ({"Origin": FOREIGN}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:3000.evil.example"}, 403),
        ({"Origin": "https://localhost:3000"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 201),
        ({"Origin": FOREIGN, "Sec-Fetch-Site": "same-site"}, 403),
        # The browser compares the origins itself, also behind a proxy that changes the host.
        ({"Origin": FOREIGN, "Sec-Fetch-Site": "same-origin"}, 201),
    ],
)
def test_cookie_writes_only_from_our_origin(
    page: CheckedClient, shop: Shop, headers: dict[str, str], status: int
) -> None:
    answer = page.post("/api/v1/agents", json={"agent_name": "by cookie"}, headers=headers)
    assert answer.status_code == status
    assert len(shop.get("/agents").get_json()) == (status == 201)


def test_bearer_token_needs_no_origin(shop: Shop) -> None:
    assert shop.post("/agents", {"agent_name": "x"}, headers={"Origin": FOREIGN}).status_code == 201


@pytest.mark.parametrize("value", ["Bearer unknown", "Bearer ", "Basic eDp5", "bearer", "", "Token x", "Bearer a b"])
def test_invalid_authorization_header_does_not_fall_back_to_the_cookie(page: CheckedClient, value: str) -> None:
    assert page.get("/api/v1/stages").status_code == 200
    assert page.get("/api/v1/stages", headers={"Authorization": value}).status_code == 401


def test_bearer_token_takes_precedence_over_the_cookie(page: CheckedClient, other_shop: Shop) -> None:
    answer = page.get(f"/api/v1/businesses/{other_shop.business_id}", headers=other_shop.headers)
    assert answer.get_json()["business_id"] == other_shop.business_id


@pytest.mark.parametrize("change", ["cut", "flipped", "nonsense", "key"])
def test_modified_cookie_is_401(app: Flask, shop: Shop, change: str) -> None:
    good = connect(shop).headers["Set-Cookie"].split(";")[0].removeprefix("businessApiKey=")
    bad = {
        "cut": good[:-4],
        "flipped": ("A" if good[0] != "A" else "B") + good[1:],
        "nonsense": "💥",
        "key": shop.key,
    }[change]
    client = app.test_client(use_cookies=False)
    answer = client.get("/api/v1/stages", headers={"Cookie": f"businessApiKey={bad}"})
    assert answer.status_code == 401


def test_cookie_signed_with_another_secret_is_401(app: Flask, database_url: str, shop: Shop) -> None:
    other = create_app(make_config(database_url, SECRET_KEY="another secret of this server"))
    try:
        cookie = other.test_client().post("/api/save-config", json=config_of(shop)).headers["Set-Cookie"].split(";")[0]
    finally:
        close_app(other)
    assert app.test_client(use_cookies=False).get("/api/v1/stages", headers={"Cookie": cookie}).status_code == 401


def test_cookie_ends_with_its_key(page: CheckedClient, shop: Shop, sql: Any) -> None:
    sql.execute(
        "UPDATE api_keys SET expires_at = now() WHERE business_id = %(business_id)s", {"business_id": shop.business_id}
    )
    assert page.get("/api/v1/stages").status_code == 401
    assert shop.get("/stages").status_code == 401


def test_cookie_ends_with_its_business(page: CheckedClient, shop: Shop, master: dict[str, str]) -> None:
    assert shop.client.delete(f"/api/v1/businesses/{shop.business_id}", headers=master).status_code == 204
    assert page.get("/api/v1/stages").status_code == 401


def test_validate_config(shop: Shop, other_shop: Shop, master: dict[str, str]) -> None:
    def is_valid(**values: Any) -> bool:
        body = {**config_of(shop), "apiKey": MASTER_KEY, **values}
        answer = shop.client.post("/validate_config", json=body, headers=master)
        assert answer.status_code == 200, answer.text
        return bool(answer.get_json()["isValid"])

    assert is_valid()
    assert is_valid(userId=shop.user_id)
    for wrong in (
        {"userId": other_shop.owner_id},
        {"businessId": other_shop.business_id},
        {"apiKey": "not the master key"},
        {"apiKey": "schlüssel"},
        {"businessApiKey": other_shop.key},
        {"businessApiKey": "clé"},
        {"userId": "no-uuid"},
    ):
        assert not is_valid(**wrong), wrong
    body = {**config_of(shop), "apiKey": MASTER_KEY}
    assert shop.client.post("/validate_config", json=body, headers=shop.headers).status_code == 403
    assert shop.client.post("/validate_config", json=body).status_code == 401


def test_master_key_must_name_the_business(
    shop: Shop, other_shop: Shop, client: CheckedClient, master: dict[str, str]
) -> None:
    for path in ("/api/v1/stages", "/api/v1/conversations", "/api/v1/agents"):
        assert client.get(path, headers=master).status_code == 400
        answer = client.get(path, query_string={"business_id": shop.business_id}, headers=master)
        assert answer.get_json() == client.get(path, headers=shop.headers).get_json()
        assert client.get(path, query_string={"business_id": UNKNOWN}, headers=master).status_code == 404
    body = {"agent_name": "Ann", "business_id": shop.business_id}
    assert client.post("/api/v1/agents", json=body, headers=master).status_code == 201
    assert [row["agent_name"] for row in shop.get("/agents").get_json()] == ["Ann"]
    query = {"business_id": other_shop.business_id}
    assert client.post("/api/v1/agents", json=body, query_string=query, headers=master).status_code == 400


def test_responses_contain_no_key(shop: Shop, client: CheckedClient, master: dict[str, str], sql: Any) -> None:
    row = sql.execute("SELECT key_hash FROM api_keys WHERE business_id = %(id)s", {"id": shop.business_id}).fetchone()
    for path in (f"/businesses/{shop.business_id}", "/businesses?limit=200", "/users?limit=200"):
        answer = client.get(f"/api/v1{path}", headers=master)
        for secret in (shop.key, row["key_hash"], MASTER_KEY, "password_hash"):
            assert secret not in answer.text
