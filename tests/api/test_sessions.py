"""Sessions of users and of pages that are connected with a business key: listed, revoked, refreshed and ended."""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.staff import OUR_ORIGIN, Staff, make_owner, sign_in

Headers = dict[str, str]


def signed_in(shop: Shop, owner: Staff) -> Staff:
    token = sign_in(shop.client, owner.email, bearer=True).get_json()["access_token"]
    return Staff(shop.client, owner.user_id, owner.email, token)


def connect(app: Flask, shop: Shop) -> CheckedClient:
    """A browser whose page is connected with the business's key."""
    page: CheckedClient = app.test_client()
    config = {"userId": shop.owner_id, "businessId": shop.business_id, "businessApiKey": shop.key}
    assert page.post("/api/save-config", json=config, headers={"User-Agent": "Browser/1"}).status_code == 200
    return page


def test_user_lists_and_revokes_logins(shop: Shop, owner: Staff, other_shop: Shop, master: Headers) -> None:
    second = signed_in(shop, owner)
    rows = second.send("GET", "/auth/sessions").get_json()
    assert [row["is_current"] for row in rows] == [False, True]
    assert rows[0]["user_agent"].startswith("Werkzeug/")
    path = f"/auth/sessions/{rows[0]['session_id']}"
    assert make_owner(other_shop, master).send("DELETE", path).status_code == 404
    assert shop.delete(path).status_code == 404  # a key cannot end the login of a user
    assert second.send("DELETE", path).status_code == 204
    assert owner.send("GET", "/auth/me").status_code == 401
    assert second.send("DELETE", path).status_code == 404
    assert [row["is_current"] for row in second.send("GET", "/auth/sessions").get_json()] == [True]
    [entry] = second.send("GET", "/audit-log?resource=session").get_json()
    assert (entry["action"], entry["resource_id"]) == ("delete", rows[0]["session_id"])


def test_key_lists_and_revokes_its_pages(app: Flask, shop: Shop, other_shop: Shop, master: Headers) -> None:
    page, other_page = connect(app, shop), connect(app, shop)
    connect(app, other_shop)
    rows = shop.get("/auth/sessions").get_json()
    assert [(row["user_agent"], row["is_current"]) for row in rows] == [("Browser/1", False)] * 2
    assert [row["is_current"] for row in page.get("/api/v1/auth/sessions").get_json()] == [True, False]
    path = f"/auth/sessions/{rows[0]['session_id']}"
    assert other_shop.delete(path).status_code == 404
    assert shop.delete(path).status_code == 204
    assert page.get("/api/v1/stages").status_code == 401
    assert other_page.get("/api/v1/stages").status_code == 200
    assert shop.client.get("/api/v1/auth/sessions", headers=master).get_json() == []


def test_logout_ends_the_session_of_a_copied_key_cookie(app: Flask, shop: Shop) -> None:
    page = connect(app, shop)
    cookie = page.get_cookie("businessApiKey")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("businessApiKey", cookie.value)
    assert thief.get("/api/v1/stages").status_code == 200
    assert page.post("/api/v1/auth/logout", headers=OUR_ORIGIN).status_code == 204
    assert thief.get("/api/v1/stages").status_code == 401
    assert shop.get("/stages").status_code == 200  # the key itself is still valid


def test_logout_ends_the_sessions_of_both_cookies(app: Flask, shop: Shop, owner: Staff) -> None:
    page = connect(app, shop)
    page.set_cookie("icmpLogin", owner.token)
    copies = {name: page.get_cookie(name) for name in ("businessApiKey", "icmpLogin")}
    assert page.post("/api/v1/auth/logout").status_code == 204
    for name, cookie in copies.items():
        assert cookie is not None
        thief = app.test_client()
        thief.set_cookie(name, cookie.value)
        assert thief.get("/api/v1/auth/me").status_code == 401


@pytest.mark.parametrize("cookie", ["", "icmpLogin=expired", "businessApiKey=expired"])
def test_logout_from_another_site_deletes_no_cookie(app: Flask, cookie: str) -> None:
    """Also without valid cookies: a form on another site sends none, but the browser would accept the deletion."""
    client = app.test_client(use_cookies=False)

    def log_out(headers: Headers) -> TestResponse:
        return client.post("/api/v1/auth/logout", headers={"Cookie": cookie, **headers})

    for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        refused = log_out(foreign)
        assert refused.status_code == 403
        assert "Set-Cookie" not in refused.headers
    assert len(log_out(OUR_ORIGIN).headers.getlist("Set-Cookie")) == 2


def test_refresh_ends_the_previous_token(client: CheckedClient, shop: Shop, owner: Staff, sql: Connection) -> None:
    def rows() -> list[dict[str, str]]:
        listed: list[dict[str, str]] = owner.send("GET", "/auth/sessions").get_json()
        return [{name: row[name] for name in ("created_at", "expires_at")} for row in listed]

    before = rows()
    previous = Staff(client, owner.user_id, owner.email, owner.token)
    owner.token = previous.send("POST", "/auth/refresh").get_json()["access_token"]
    assert previous.send("GET", "/auth/me").status_code == 401
    assert previous.send("POST", "/auth/refresh").status_code == 401
    assert rows() == before  # the same login, until its original end
    assert owner.send("POST", "/auth/refresh", {"business_id": str(shop.stages["Greeting"])}).status_code == 403
    assert owner.send("GET", "/auth/me").status_code == 200  # a rejected request ends nothing


def test_expired_sessions_are_not_listed(app: Flask, shop: Shop, sql: Connection) -> None:
    page = connect(app, shop)
    sql.execute(
        "UPDATE sessions SET expires_at = now() WHERE business_id = %(business_id)s", {"business_id": shop.business_id}
    )
    assert page.get("/api/v1/stages").status_code == 401
    assert shop.get("/auth/sessions").get_json() == []
    connect(app, shop)
    kept = sql.execute("SELECT FROM sessions WHERE business_id = %(id)s", {"id": shop.business_id}).fetchall()
    assert len(kept) == 1
