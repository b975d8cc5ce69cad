"""Signing in and out: cookies, bearer tokens, what ends a session, and what responses reveal."""

import statistics
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_jwt_extended import create_access_token, decode_token

from security.passwords import hash_password, is_password
from security.tokens import LOGIN_COOKIE, TOKEN_LIFETIME
from tests.conftest import make_config
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.staff import (
    OUR_ORIGIN,
    PASSWORD,
    Staff,
    make_member,
    make_operator,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("empty_database")

Headers = dict[str, str]


def test_login_sets_an_http_only_cookie(client: CheckedClient, shop: Shop, owner: Staff) -> None:
    answer = sign_in(client, owner.email)
    assert answer.get_json()["business_id"] == shop.business_id
    assert answer.get_json()["role"] == "owner"
    assert "access_token" not in answer.get_json()
    cookie = client.get_cookie(LOGIN_COOKIE)
    assert cookie is not None and cookie.http_only and cookie.same_site == "Lax" and cookie.path == "/"
    assert client.get("/api/v1/stages").status_code == 200
    assert client.get("/api/v1/auth/me").get_json()["user"]["email"] == owner.email


def test_bearer_login_returns_the_token_without_a_cookie(client: CheckedClient, owner: Staff) -> None:
    answer = sign_in(client, f" {owner.email.upper()} ", bearer=True)
    assert "Set-Cookie" not in answer.headers
    token = answer.get_json()["access_token"]
    assert client.get("/api/v1/stages", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_password_is_normalised() -> None:
    composed, decomposed = "caf\u00e9 au lait 🙂", "cafe\u0301 au lait 🙂"
    assert is_password(decomposed, hash_password(composed))


def test_response_does_not_reveal_whether_an_address_exists(
    client: CheckedClient, shop: Shop, owner: Staff, master: Headers
) -> None:
    customer = shop.add_customer("c-2", email="customer@example.com")
    body = {"email": "new@example.com", "first_name": "N", "last_name": "N", "role": "viewer"}
    made(client.post(f"/api/v1/businesses/{shop.business_id}/members", json=body, headers=master))
    assert customer
    answers = []
    for email in (owner.email, "nobody@example.com", "customer@example.com", "new@example.com", "no address", "🙂"):
        answer = sign_in(client, email, "not the password")
        assert answer.status_code == 401
        answers.append({**answer.get_json(), "request_id": None})
    assert all(answer == answers[0] for answer in answers)


def test_response_time_does_not_reveal_whether_an_address_exists(client: CheckedClient, owner: Staff) -> None:
    """Without hashing a dummy password, an unknown address would be rejected ten times as fast."""

    def seconds(email: str) -> float:
        start = time.perf_counter()
        assert sign_in(client, email, "not the password").status_code == 401
        return time.perf_counter() - start

    pairs = [(seconds(owner.email), seconds("nobody@example.com")) for _ in range(9)]
    known, unknown = (statistics.median(times) for times in zip(*pairs, strict=True))
    assert unknown > known / 2


def test_malformed_login_names_the_field(client: CheckedClient) -> None:
    cases: list[tuple[Any, str]] = [
        ({}, "$.email"),
        ({"email": 1, "password": "x"}, "$.email"),
        ({"email": "a@example.com", "password": ""}, "$.password"),
        ({"email": "a@example.com", "password": "x" * 1001}, "$.password"),
        ({"email": "a@example.com", "password": "x\x00"}, "$.password"),
        ({"email": "a@example.com", "password": "x", "admin": True}, "$.admin"),
    ]
    for body, path in cases:
        answer = client.post("/api/v1/auth/login", json=body)
        assert answer.status_code == 400
        assert path in [each["path"] for each in answer.get_json()["details"]]


def test_logout_ends_the_session_of_cookie_and_token(client: CheckedClient, owner: Staff) -> None:
    sign_in(client, owner.email)
    cookie = client.get_cookie(LOGIN_COOKIE)
    assert cookie is not None
    assert client.post("/api/v1/auth/logout", headers=OUR_ORIGIN).status_code == 204
    assert client.get_cookie(LOGIN_COOKIE) is None
    stolen = client.get("/api/v1/stages", headers={"Authorization": f"Bearer {cookie.value}"})
    assert stolen.status_code == 401
    assert owner.send("GET", "/stages").status_code == 200  # another session of the same user


def test_logout_removes_the_cookie_of_a_business_key(client: CheckedClient, shop: Shop) -> None:
    config = {"userId": shop.owner_id, "businessId": shop.business_id, "businessApiKey": shop.key}
    assert client.post("/api/save-config", json=config).status_code == 200
    assert client.get("/api/v1/stages").status_code == 200
    assert client.post("/api/v1/auth/logout", headers=OUR_ORIGIN).status_code == 204
    assert client.get_cookie("businessApiKey") is None
    assert client.post("/api/v1/auth/logout").status_code == 204  # already signed out


def test_new_login_replaces_the_other_cookie(client: CheckedClient, shop: Shop, owner: Staff) -> None:
    config = {"userId": shop.owner_id, "businessId": shop.business_id, "businessApiKey": shop.key}
    sign_in(client, owner.email)
    client.post("/api/save-config", json=config)
    assert client.get("/api/v1/auth/me").get_json()["kind"] == "business"
    sign_in(client, owner.email)
    assert client.get("/api/v1/auth/me").get_json()["kind"] == "login"
    assert client.get_cookie("businessApiKey") is None


def test_expired_session_is_401(app: Flask, client: CheckedClient, owner: Staff, sql: Connection) -> None:
    with app.app_context():
        claims = {name: decode_token(owner.token)[name] for name in ("session_id", "business_id")}
        late = create_access_token(owner.user_id, expires_delta=timedelta(seconds=-1), additional_claims=claims)
        ours = create_access_token(owner.user_id, expires_delta=timedelta(seconds=60), additional_claims=claims)
    assert client.get("/api/v1/stages", headers={"Authorization": f"Bearer {ours}"}).status_code == 200
    assert client.get("/api/v1/stages", headers={"Authorization": f"Bearer {late}"}).status_code == 401
    sql.execute("UPDATE sessions SET expires_at = now()")
    assert owner.send("GET", "/stages").status_code == 401
    assert owner.send("POST", "/auth/refresh").status_code == 401
    sign_in(client, owner.email)
    assert sql.execute("SELECT count(*) AS n FROM sessions").fetchone() == {"n": 1}  # the expired session was deleted


def test_foreign_or_modified_token_is_401(client: CheckedClient, owner: Staff) -> None:
    head, claims, signature = owner.token.split(".")
    unsigned = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0." + claims + "."
    for token in (unsigned, f"{head}.{claims}x.{signature}", f"{head}.{claims}.{signature[:-2]}AA", "eyJ.eyJ.x"):
        assert client.get("/api/v1/stages", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_deleted_user_is_signed_out(client: CheckedClient, shop: Shop, owner: Staff, master: Headers) -> None:
    viewer = make_member(shop, owner.headers, "viewer")
    assert client.delete(f"/api/v1/users/{viewer.user_id}", headers=master).status_code == 204
    assert viewer.send("GET", "/stages").status_code == 401


def test_password_change_ends_other_sessions(client: CheckedClient, owner: Staff) -> None:
    other = sign_in(client, owner.email, bearer=True).get_json()["access_token"]
    wrong = owner.send("POST", "/auth/password", {"current_password": "wrong", "new_password": "another password"})
    assert wrong.status_code == 400
    short = owner.send("POST", "/auth/password", {"current_password": PASSWORD, "new_password": "short"})
    assert short.get_json()["details"][0]["path"] == "$.new_password"
    assert client.get("/api/v1/stages", headers={"Authorization": f"Bearer {other}"}).status_code == 200
    changed = owner.send("POST", "/auth/password", {"current_password": PASSWORD, "new_password": "another password"})
    assert changed.status_code == 204
    assert client.get("/api/v1/stages", headers={"Authorization": f"Bearer {other}"}).status_code == 401
    assert owner.send("GET", "/stages").status_code == 200
    assert sign_in(client, owner.email).status_code == 401
    assert sign_in(client, owner.email, "another password").status_code == 200
    noted = owner.send("GET", f"/audit-log?resource_id={owner.user_id}").get_json()
    assert [(each["action"], each["actor_id"]) for each in noted if each["fields"] == ["password"]] == [
        ("update", owner.user_id)
    ]


def test_one_of_two_concurrent_password_changes_succeeds(app: Flask, client: CheckedClient, owner: Staff) -> None:
    tokens = [sign_in(client, owner.email, bearer=True).get_json()["access_token"] for _ in range(4)]
    statuses: list[int] = []

    def change(number: int) -> None:
        body = {"current_password": PASSWORD, "new_password": f"another password {number}"}
        headers = {"Authorization": f"Bearer {tokens[number]}"}
        statuses.append(app.test_client().post("/api/v1/auth/password", json=body, headers=headers).status_code)

    threads = [threading.Thread(target=change, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 400, 401, 409}


def test_switch_to_another_business_of_the_user(
    client: CheckedClient, shop: Shop, other_shop: Shop, owner: Staff, master: Headers, sql: Connection
) -> None:
    for business_id in (other_shop.business_id, str(UUID(int=7))):
        assert sign_in(client, owner.email, business_id=business_id).status_code == 403
    assert sql.execute("SELECT count(*) AS n FROM sessions").fetchone() == {"n": 1}
    body = {"user_id": owner.user_id, "role": "viewer"}
    refused = owner.send("POST", "/auth/refresh", {"business_id": other_shop.business_id})
    assert refused.status_code == 403
    path = f"/api/v1/businesses/{other_shop.business_id}/members"
    assert made(client.post(path, json=body, headers=master))["invitation"] is None
    before = owner.send("GET", f"/stages?business_id={other_shop.business_id}")
    assert before.status_code == 403
    switched = owner.send("POST", "/auth/refresh", {"business_id": other_shop.business_id}).get_json()
    assert (switched["business_id"], switched["role"]) == (other_shop.business_id, "viewer")
    assert [each["role"] for each in switched["businesses"]] == ["owner", "viewer"]
    assert owner.send("GET", "/auth/me").status_code == 401
    there = Staff(client, owner.user_id, owner.email, switched["access_token"])
    assert {stage["stage_id"] for stage in there.send("GET", "/stages").get_json()} == set(other_shop.stages.values())
    assert there.send("POST", "/stages", {"stage_name": "New"}).status_code == 403
    assert there.send("POST", "/auth/refresh", {"business_id": None}).status_code == 400
    chosen = sign_in(client, owner.email, business_id=other_shop.business_id)
    assert chosen.get_json()["business_id"] == other_shop.business_id


def test_refreshed_cookie_expires_with_the_session(client: CheckedClient, owner: Staff, sql: Connection) -> None:
    ends = datetime.fromisoformat(sign_in(client, owner.email).get_json()["expires_at"])
    assert abs(ends - datetime.now(UTC) - TOKEN_LIFETIME) < timedelta(minutes=1)
    foreign = client.post("/api/v1/auth/refresh", headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    answer = client.post("/api/v1/auth/refresh", headers=OUR_ORIGIN)
    assert LOGIN_COOKIE in answer.headers["Set-Cookie"]
    sql.execute("UPDATE sessions SET expires_at = now() + interval '1 minute'")
    answer = client.post("/api/v1/auth/refresh", headers=OUR_ORIGIN)
    assert datetime.fromisoformat(answer.get_json()["expires_at"]) <= datetime.now(UTC) + timedelta(minutes=1)


def test_operator_acts_for_any_business_or_none(
    client: CheckedClient, shop: Shop, other_shop: Shop, master: Headers
) -> None:
    operator = make_operator(client, master)
    me = operator.send("GET", "/auth/me").get_json()
    assert (me["is_operator"], me["business_id"], me["businesses"]) == (True, None, [])
    assert len(operator.send("GET", "/businesses").get_json()) == 2
    assert operator.send("GET", "/stages").status_code == 400  # no business selected
    assert operator.send("GET", f"/stages?business_id={shop.business_id}").status_code == 200
    switched = operator.send("POST", "/auth/refresh", {"business_id": shop.business_id}).get_json()
    assert (switched["business_id"], switched["role"], switched["businesses"][0]["role"]) == (
        shop.business_id,
        None,
        None,
    )
    there = Staff(client, operator.user_id, operator.email, switched["access_token"])
    assert {stage["stage_id"] for stage in there.send("GET", "/stages").get_json()} == set(shop.stages.values())
    assert there.send("GET", f"/stages?business_id={other_shop.business_id}").status_code == 200
    assert there.send("POST", "/auth/refresh", {"business_id": str(UUID(int=7))}).status_code == 404
    without = there.send("POST", "/auth/refresh", {"business_id": None}).get_json()
    assert without["business_id"] is None
    operator = Staff(client, operator.user_id, operator.email, without["access_token"])
    chosen = sign_in(client, operator.email, business_id=shop.business_id, bearer=True).get_json()
    there = Staff(client, operator.user_id, operator.email, chosen["access_token"])
    assert client.delete(f"/api/v1/businesses/{shop.business_id}", headers=master).status_code == 204
    assert there.send("GET", "/auth/me").get_json()["businesses"] == []
    assert there.send("GET", "/stages").status_code == 404
    assert client.put(f"/api/v1/users/{operator.user_id}", json={"is_admin": False}, headers=master).status_code == 200
    assert operator.send("GET", "/businesses").status_code == 403


def test_me_describes_a_key(client: CheckedClient, shop: Shop, master: Headers) -> None:
    me = shop.get("/auth/me").get_json()
    assert (me["kind"], me["user"], me["role"]) == ("business", None, None)
    assert [each["business_id"] for each in me["businesses"]] == [shop.business_id]
    assert client.get("/api/v1/auth/me", headers=master).get_json()["kind"] == "master"
    assert shop.post("/auth/refresh").status_code == 403
    assert client.get("/api/v1/auth/me").status_code == 401


def test_agent_writes_only_as_themselves(client: CheckedClient, shop: Shop, owner: Staff, fake_model: Any) -> None:
    fake_model.reply('{"stage": "Greeting", "confidence": 0.9}', "{}", "Hello.")
    conversation_id = shop.say("Hello").get_json()["conversation_id"]
    agent = make_member(shop, owner.headers, "agent")
    path = f"/conversations/{conversation_id}/messages"
    assert made(agent.send("POST", path, {"message": "Hi, I am Ann."}))["sender_user_id"] == agent.user_id
    forged = agent.send("POST", path, {"message": "Hi", "sender_user_id": owner.user_id})
    assert forged.status_code == 403


def test_cookies_are_secure_in_production_and_with_same_site_none() -> None:
    url = "postgresql://nobody@localhost/none"
    assert not make_config(url).has_secure_cookies
    assert make_config(url, COOKIE_SAMESITE="None").has_secure_cookies
    assert make_config(url, ICMP_ENV="production").has_secure_cookies
    assert len(make_config(url, SECRET_KEY="short").token_key) >= 32
