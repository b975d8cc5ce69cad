"""Invitations: users join a business only by accepting, and responses do not reveal which addresses have accounts."""

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from security.tokens import LOGIN_COOKIE
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.staff import OUR_ORIGIN, PASSWORD, Staff, accept, make_owner, secret_of, sign_in

pytestmark = pytest.mark.usefixtures("empty_database")

Headers = dict[str, str]
ANOTHER = "another horse battery staple"


@pytest.fixture
def other_owner(other_shop: Shop, master: Headers) -> Staff:
    """The owner of another business, who has an account."""
    return make_owner(other_shop, master)


def invite(shop: Shop, by: Staff, email: str, role: str = "agent") -> dict[str, Any]:
    body = {"email": email, "first_name": "Ann", "last_name": "Agent", "role": role}
    return made(by.send("POST", f"/businesses/{shop.business_id}/members", body))


def join(who: Staff, invitation: dict[str, Any]) -> TestResponse:
    """Accept as the signed-in user."""
    return who.send("POST", "/auth/invitation", {"token": secret_of(invitation)})


def emails_of(shop: Shop, by: Staff) -> list[str]:
    return [row["email"] for row in by.send("GET", f"/businesses/{shop.business_id}/members").get_json()]


def pending_of(shop: Shop, by: Staff) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = by.send("GET", f"/businesses/{shop.business_id}/invitations").get_json()
    return rows


def test_response_does_not_reveal_whether_an_address_has_an_account(
    shop: Shop, owner: Staff, other_owner: Staff
) -> None:
    known, unknown = invite(shop, owner, other_owner.email.upper()), invite(shop, owner, "nobody@example.com")
    for each in (known, unknown):
        assert set(each) == {"invitation_id", "role", "invitation"}
        assert each["invitation"]["url"].startswith("http://localhost/app/invitation#join=")
    assert len(known["invitation"]["url"]) == len(unknown["invitation"]["url"])
    first, second = pending_of(shop, owner)
    assert (first["email"], second["email"]) == (other_owner.email.upper(), "nobody@example.com")
    assert first["first_name"] == second["first_name"] == "Ann"  # as written in the invitation, not in the account
    assert emails_of(shop, owner) == [owner.email]


def test_invitation_names_the_business_and_the_person_who_invites(
    shop: Shop, owner: Staff, client: CheckedClient, master: Headers
) -> None:
    def details(invitation: dict[str, Any]) -> Any:
        return client.post("/api/v1/auth/invitation/details", json={"token": secret_of(invitation)})

    invited = invite(shop, owner, "Ann@example.com")["invitation"]
    name = shop.get(f"/businesses/{shop.business_id}").get_json()["business_name"]
    assert details(invited).get_json() == {
        "email": "Ann@example.com",
        "business_name": name,
        "role": "agent",
        "invited_by": "Olive Owner",
        "expires_at": invited["expires_at"],
    }
    again = invite(shop, owner, "ann@example.com")["invitation"]
    assert details(invited).status_code == 400  # replaced
    path = f"/api/v1/users/{owner.user_id}/invitation"
    reset = details(made(client.post(path, headers=master))).get_json()
    assert (reset["email"], reset["business_name"], reset["invited_by"]) == (owner.email, None, None)
    assert accept(client, again).status_code == 200
    assert details(again).status_code == 400  # used


def test_signed_in_user_accepts_without_a_password(
    shop: Shop, other_shop: Shop, owner: Staff, other_owner: Staff
) -> None:
    invited = invite(shop, owner, other_owner.email, "viewer")
    assert other_owner.send("POST", "/auth/refresh", {"business_id": shop.business_id}).status_code == 403
    answer = join(other_owner, invited["invitation"])
    assert answer.status_code == 200
    assert (answer.get_json()["business_id"], answer.get_json()["role"]) == (shop.business_id, "viewer")
    assert {each["business_id"] for each in answer.get_json()["businesses"]} == {
        shop.business_id,
        other_shop.business_id,
    }
    there = Staff(shop.client, other_owner.user_id, other_owner.email, answer.get_json()["access_token"])
    assert there.send("GET", "/stages").status_code == 200
    assert other_owner.send("GET", "/stages").status_code == 200  # the token for the own business stays valid
    assert emails_of(shop, owner) == [owner.email, other_owner.email]
    assert pending_of(shop, owner) == []
    again = join(other_owner, invited["invitation"])
    assert (again.status_code, again.get_json()["details"][0]["path"]) == (400, "$.token")
    entries = owner.send("GET", f"/audit-log?resource_id={invited['invitation_id']}").get_json()
    assert [(each["action"], each["resource_id"], each["actor_id"]) for each in entries] == [
        ("create", invited["invitation_id"], owner.user_id),
        ("accept", invited["invitation_id"], other_owner.user_id),
    ]
    assert other_owner.email not in str(entries)


def test_cookie_accepts_only_from_our_origin(
    client: CheckedClient, shop: Shop, owner: Staff, other_owner: Staff
) -> None:
    body = {"token": secret_of(invite(shop, owner, other_owner.email)["invitation"])}
    assert sign_in(client, other_owner.email).status_code == 200
    foreign = client.post("/api/v1/auth/invitation", json=body, headers={"Origin": "https://evil.example.com"})
    assert foreign.status_code == 403
    before = client.get_cookie(LOGIN_COOKIE)
    answer = client.post("/api/v1/auth/invitation", json=body, headers=OUR_ORIGIN)
    assert (answer.status_code, answer.get_json()["business_id"]) == (200, shop.business_id)
    assert "access_token" not in answer.get_json()
    assert client.get_cookie(LOGIN_COOKIE) != before
    assert client.get("/api/v1/auth/me").get_json()["role"] == "agent"


def test_user_with_an_account_accepts_with_the_current_password(
    client: CheckedClient, shop: Shop, owner: Staff, other_owner: Staff
) -> None:
    link = invite(shop, owner, other_owner.email)["invitation"]
    wrong = accept(client, link, ANOTHER)  # a link never changes the password of an existing account
    assert (wrong.status_code, wrong.get_json()["error_code"]) == (401, "UNAUTHORIZED")
    assert emails_of(shop, owner) == [owner.email]
    assert accept(client, link).get_json()["business_id"] == shop.business_id
    assert other_owner.send("GET", "/stages").status_code == 200
    assert sign_in(client, other_owner.email, ANOTHER).status_code == 401
    assert accept(client, link).status_code == 400


def test_new_user_sets_a_password(client: CheckedClient, shop: Shop, owner: Staff, sql: Connection) -> None:
    link = invite(shop, owner, "ann@example.com")["invitation"]
    assert secret_of(link) not in str(sql.execute("SELECT * FROM member_invitations").fetchall())
    assert sql.execute("SELECT FROM users WHERE email = 'ann@example.com'").fetchone() is None
    assert sign_in(client, "ann@example.com", ANOTHER).status_code == 401
    assert accept(client, link, "short").status_code == 400
    answer = accept(client, link, ANOTHER).get_json()
    assert (answer["user"]["first_name"], answer["role"]) == ("Ann", "agent")
    assert sign_in(client, "ann@example.com", ANOTHER).get_json()["business_id"] == shop.business_id


def test_another_user_cannot_accept_and_the_invitation_stays_valid(
    client: CheckedClient, shop: Shop, owner: Staff, other_owner: Staff, master: Headers
) -> None:
    link = invite(shop, owner, "ann@example.com")["invitation"]
    wrong = join(other_owner, link)
    assert wrong.status_code == 403
    assert "different address" in wrong.get_json()["message"]
    for headers in ({}, master, shop.headers):  # a key is not a user
        answer = client.post("/api/v1/auth/invitation", json={"token": secret_of(link)}, headers=headers)
        assert (answer.status_code, "requires a login or a password" in answer.get_json()["message"]) == (401, True)
    assert emails_of(shop, owner) == [owner.email]
    assert accept(client, link).status_code == 200


def test_expired_and_revoked_invitations_are_rejected(
    client: CheckedClient, shop: Shop, other_shop: Shop, owner: Staff, other_owner: Staff, sql: Connection
) -> None:
    path = f"/businesses/{shop.business_id}/invitations"
    invited = invite(shop, owner, other_owner.email)
    sql.execute("UPDATE member_invitations SET expires_at = now()")
    for refused in (join(other_owner, invited["invitation"]), accept(client, invited["invitation"])):
        assert refused.status_code == 400
    renewed = invite(shop, owner, other_owner.email.upper(), "viewer")
    assert renewed["invitation_id"] == invited["invitation_id"]  # one invitation per address
    assert join(other_owner, invited["invitation"]).status_code == 400  # replaced by the new link
    foreign = f"/businesses/{other_shop.business_id}/invitations/{renewed['invitation_id']}"
    assert other_owner.send("DELETE", foreign).status_code == 404
    assert owner.send("DELETE", f"{path}/{renewed['invitation_id']}").status_code == 204
    assert owner.send("DELETE", f"{path}/{renewed['invitation_id']}").status_code == 404
    assert join(other_owner, renewed["invitation"]).status_code == 400
    assert pending_of(shop, owner) == []
    entries = owner.send("GET", f"/audit-log?resource_id={invited['invitation_id']}").get_json()
    assert [each["action"] for each in entries] == ["create", "create", "delete"]


def test_invitation_gives_no_access_to_another_business(
    client: CheckedClient, shop: Shop, other_shop: Shop, owner: Staff, other_owner: Staff, master: Headers
) -> None:
    """The inviting business knows the link and could set the password. That password gives no access elsewhere."""
    ours, theirs = (invite(each, by, "ann@example.com") for each, by in ((shop, owner), (other_shop, other_owner)))
    first_account = accept(client, ours["invitation"], ANOTHER).get_json()
    assert [each["business_id"] for each in first_account["businesses"]] == [shop.business_id]
    assert accept(client, theirs["invitation"]).status_code == 401  # the first business set another password
    added = {"email": "bob@example.com", "first_name": "Bob", "last_name": "B", "role": "owner"}
    path = f"/api/v1/businesses/{shop.business_id}/members"
    first = made(client.post(path, json=added, headers=master))  # has no password yet
    second = invite(other_shop, other_owner, "bob@example.com")
    assert accept(client, second["invitation"], ANOTHER).status_code == 401
    assert accept(client, first["invitation"]).status_code == 200
    assert accept(client, second["invitation"], PASSWORD).status_code == 200


def test_new_address_invited_by_two_businesses(
    app: Flask, client: CheckedClient, shop: Shop, other_shop: Shop, owner: Staff, other_owner: Staff
) -> None:
    first, second = invite(shop, owner, "ann@example.com"), invite(other_shop, other_owner, "ann@example.com", "viewer")
    ann = accept(client, first["invitation"]).get_json()
    there = Staff(client, ann["user"]["user_id"], "ann@example.com", ann["access_token"])
    assert join(there, second["invitation"]).get_json()["details"][0]["path"] == "$.new_password"
    body = {"token": secret_of(second["invitation"]), "new_password": ANOTHER}
    answer = there.send("POST", "/auth/invitation", body)
    assert [(each["business_id"], each["role"]) for each in answer.get_json()["businesses"]] == [
        (shop.business_id, "agent"),
        (other_shop.business_id, "viewer"),
    ]
    assert there.send("GET", "/auth/me").status_code == 401  # others who knew the password are signed out
    assert sign_in(client, "ann@example.com").status_code == 401
    assert sign_in(client, "ann@example.com", ANOTHER).status_code == 200


def test_owners_list_and_revoke_invitations(client: CheckedClient, shop: Shop, owner: Staff) -> None:
    agent = accept(client, invite(shop, owner, "ann@example.com")["invitation"]).get_json()
    headers = {"Authorization": f"Bearer {agent['access_token']}"}
    path = f"/api/v1/businesses/{shop.business_id}/invitations"
    for who in (headers, shop.headers):
        assert client.get(path, headers=who).status_code == 403
    for number in range(3):
        invite(shop, owner, f"n-{number}@example.com")
    page = client.get(path, query_string={"limit": 2}, headers=owner.headers)
    assert [each["email"] for each in page.get_json()] == ["n-0@example.com", "n-1@example.com"]
    assert 'rel="next"' in page.headers["Link"]


@pytest.mark.parametrize("change", ["removed", "demoted"])
def test_invitations_of_a_removed_owner_are_revoked(
    client: CheckedClient, shop: Shop, owner: Staff, master: Headers, change: str
) -> None:
    joined = accept(client, invite(shop, owner, "olive@example.com", "owner")["invitation"]).get_json()
    olive = Staff(client, joined["user"]["user_id"], "olive@example.com", joined["access_token"])
    kept = invite(shop, olive, "sock@example.com", "owner")
    path = f"/api/v1/businesses/{shop.business_id}/members/{olive.user_id}"
    if change == "removed":
        assert client.delete(path, headers=owner.headers).status_code == 204
    else:
        assert client.put(path, json={"role": "viewer"}, headers=owner.headers).status_code == 200
    assert accept(client, kept["invitation"], ANOTHER).status_code == 400
    assert pending_of(shop, owner) == []
