"""Signing up: an account with a business, for everyone, for people with an operator's link, or for no one."""

import uuid
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from werkzeug.test import TestResponse

from repositories.accounts import MAX_OWNED_BUSINESSES
from tests.conftest import make_config, running_app
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.staff import PASSWORD, Staff, make_member, sign_in

Master = dict[str, str]


@pytest.fixture(scope="module")
def by_invitation(database_url: str, model_server: FakeModel) -> Iterator[CheckedClient]:
    with running_app(make_config(database_url, OPENAI_BASE_URL=model_server.base_url, SIGNUP="invited")) as app:
        yield app.test_client()


def test_sign_up_creates_an_account_with_its_business(client: CheckedClient) -> None:
    values = {"first_name": "Una", "language": "de", "timezone": "Europe/Berlin", "bearer": True}
    created = made(_sign_up(client, **values))
    assert (created["kind"], created["role"], created["is_operator"]) == ("login", "owner", False)
    una = _staff(client, created)
    business = una.send("GET", f"/businesses/{created['business_id']}").get_json()
    assert business["settings"]["timezone"] == "Europe/Berlin"
    assert una.send("POST", "/stages", {"business_id": created["business_id"], "stage_name": "Hi"}).status_code == 201
    assert sign_in(client, una.email).status_code == 200
    entries = una.send("GET", "/audit-log").get_json()
    assert ("login", "create", "business") in [
        (each["actor_type"], each["action"], each["resource"]) for each in entries
    ]
    assert PASSWORD not in str(entries)


def test_sign_up_sets_the_login_cookie(client: CheckedClient) -> None:
    answer = _sign_up(client)
    assert "access_token" not in made(answer)
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert client.get("/api/v1/auth/me").get_json()["user"] == answer.get_json()["user"]


def test_sign_up_with_a_taken_address_or_name_creates_nothing(
    client: CheckedClient, shop: Shop, sql: Connection
) -> None:
    first = made(_sign_up(client, bearer=True))
    before = _counts(sql)
    for body in ({"email": first["user"]["email"].upper()}, {"business_name": first["businesses"][0]["business_name"]}):
        answer = _sign_up(client, **body)
        assert (answer.status_code, "access_token" in answer.text, "Set-Cookie" in answer.headers) == (
            409,
            False,
            False,
        )
    assert _counts(sql) == before


def test_member_of_another_business_gets_no_access_by_signing_up(
    client: CheckedClient, shop: Shop, master: Master
) -> None:
    """The password of an existing account cannot be replaced by signing up."""
    member = make_member(shop, master, "viewer")
    assert _sign_up(client, email=member.email, password="a password of somebody else").status_code == 409
    assert sign_in(client, member.email, "a password of somebody else").status_code == 401
    assert sign_in(client, member.email).status_code == 200


def test_signed_in_user_creates_a_business_of_their_own(
    client: CheckedClient, shop: Shop, master: Master, sql: Connection
) -> None:
    una = _staff(client, made(_sign_up(client, bearer=True)))
    created = made(una.send("POST", "/businesses", {"business_name": _name()}))
    businesses = una.send("GET", "/auth/me").get_json()["businesses"]
    assert [each["role"] for each in businesses] == ["owner", "owner"]
    assert created["business_id"] == businesses[1]["business_id"]
    for owner in (
        {"owner_id": shop.owner_id},
        {"owner": {"first_name": "A", "last_name": "B", "email": "a@b.example"}},
    ):
        assert una.send("POST", "/businesses", {"business_name": _name(), **owner}).status_code == 403
    assert (
        shop.post("/businesses", {"business_name": _name()}).status_code == 403
    )  # a business key belongs to no person
    sql.execute(
        "INSERT INTO businesses (owner_id, business_name) SELECT %s, 'B ' || n FROM generate_series(3, %s) n",
        [una.user_id, MAX_OWNED_BUSINESSES],
    )
    assert una.send("POST", "/businesses", {"business_name": _name()}).status_code == 409


def test_link_of_an_operator_works_once(by_invitation: CheckedClient, master: Master, sql: Connection) -> None:
    client = by_invitation
    assert client.get("/api/v1/auth/options").get_json()["signup"] == "invited"
    link = made(client.post("/api/v1/signup-invitations", headers=master))
    token = link["url"].partition("#invitation=")[2]
    assert sql.execute("SELECT FROM signup_invitations WHERE token_hash = %s", [token]).fetchone() is None
    assert _sign_up(client).status_code == 400
    assert _sign_up(client, invitation="unknown").status_code == 400
    codes: list[int] = []
    threads = [
        Thread(target=lambda: codes.append(_sign_up(client.application.test_client(), invitation=token).status_code))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [201, 400, 400]


def test_failed_sign_up_does_not_use_up_the_link(by_invitation: CheckedClient, master: Master, shop: Shop) -> None:
    link = made(by_invitation.post("/api/v1/signup-invitations", headers=master))
    token = link["url"].partition("#invitation=")[2]
    taken = shop.get(f"/businesses/{shop.business_id}").get_json()["business_name"]
    assert _sign_up(by_invitation, invitation=token, business_name=taken).status_code == 409
    assert _sign_up(by_invitation, invitation=token).status_code == 201


def test_revoked_or_expired_link_does_not_work(by_invitation: CheckedClient, master: Master, sql: Connection) -> None:
    client = by_invitation
    revoked, expired = (made(client.post("/api/v1/signup-invitations", headers=master)) for _ in range(2))
    path = f"/api/v1/signup-invitations/{revoked['invitation_id']}"
    assert client.delete(path, headers=master).status_code == 204
    assert client.delete(path, headers=master).status_code == 404
    sql.execute("UPDATE signup_invitations SET expires_at = now() WHERE invitation_id = %s", [expired["invitation_id"]])
    for link in (revoked, expired):
        assert _sign_up(client, invitation=link["url"].partition("#invitation=")[2]).status_code == 400
    entries = client.get("/api/v1/audit-log", query_string={"resource": "signup_invitation"}, headers=master).get_json()
    assert ("delete", revoked["invitation_id"]) in [(each["action"], each["resource_id"]) for each in entries]


def test_users_cannot_create_businesses_unless_sign_up_is_open(by_invitation: CheckedClient, master: Master) -> None:
    link = made(by_invitation.post("/api/v1/signup-invitations", headers=master))
    body = {"invitation": link["url"].partition("#invitation=")[2], "bearer": True}
    una = _staff(by_invitation, made(_sign_up(by_invitation, **body)))
    assert una.send("POST", "/businesses", {"business_name": _name()}).status_code == 403
    assert una.send("POST", "/signup-invitations").status_code == 403


def test_closed_server_accepts_no_sign_up(database_url: str, model_server: FakeModel, master: Master) -> None:
    settings = {"SIGNUP": "closed", "RATE_LIMIT_LOGIN": "4 per minute"}
    with running_app(make_config(database_url, OPENAI_BASE_URL=model_server.base_url, **settings)) as app:
        client = app.test_client()
        assert client.get("/api/v1/auth/options").get_json()["signup"] == "closed"
        link = made(client.post("/api/v1/signup-invitations", headers=master))
        token = link["url"].partition("#invitation=")[2]
        # The fifth attempt exceeds the limit of logins, which also counts attempts to sign up.
        codes = [_sign_up(client, invitation=token).status_code for _ in range(5)]
        assert codes == [403, 403, 403, 403, 429]


def _name() -> str:
    return f"Signed up {uuid.uuid4().hex}"


def _sign_up(client: CheckedClient, **values: Any) -> TestResponse:
    body = {"email": f"{uuid.uuid4().hex}@example.com", "password": PASSWORD, "business_name": _name(), **values}
    return client.post("/api/v1/auth/signup", json=body)


def _staff(client: CheckedClient, created: dict[str, Any]) -> Staff:
    return Staff(client, created["user"]["user_id"], created["user"]["email"], created["access_token"])


def _counts(sql: Connection) -> tuple[Any, Any]:
    row = sql.execute(
        "SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM businesses) AS businesses"
    ).fetchone()
    assert row is not None
    return row["users"], row["businesses"]
