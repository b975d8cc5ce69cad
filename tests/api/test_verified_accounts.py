"""An account for another person's address does not give access to what that person is given later."""

from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.staff import PASSWORD, Staff, accept, make_member, make_owner, sign_in

pytestmark = pytest.mark.usefixtures("empty_database")

Headers = dict[str, str]
VICTIM = "ceo@victim.example"
NAMES = {"first_name": "Vic", "last_name": "Victim"}
OWN_PASSWORD = "the password of the real owner"


@pytest.fixture
def squatter(shop: Shop, master: Headers) -> Staff:
    """An owner of `shop` has invited the victim's address, and followed the link."""
    return make_member(shop, make_owner(shop, master).headers, "agent", VICTIM)


def businesses_of(who: Staff) -> list[str]:
    return [each["business_id"] for each in who.send("GET", "/auth/me").get_json()["businesses"]]


def add_by_email(client: CheckedClient, master: Headers, other: Shop, user_id: str) -> TestResponse:
    body = {"email": VICTIM.upper(), **NAMES, "role": "owner"}
    return client.post(f"/api/v1/businesses/{other.business_id}/members", json=body, headers=master)


def add_by_id(client: CheckedClient, master: Headers, other: Shop, user_id: str) -> TestResponse:
    body = {"user_id": user_id, "role": "viewer"}
    return client.post(f"/api/v1/businesses/{other.business_id}/members", json=body, headers=master)


def make_operator(client: CheckedClient, master: Headers, other: Shop, user_id: str) -> TestResponse:
    return client.put(f"/api/v1/users/{user_id}", json={"is_admin": True}, headers=master)


def make_owner_of_new_business(client: CheckedClient, master: Headers, other: Shop, user_id: str) -> TestResponse:
    body = {"business_name": "The Victim's", "owner_id": user_id}
    return client.post("/api/v1/businesses", json=body, headers=master)


Grant = Callable[[CheckedClient, Headers, Shop, str], TestResponse]


@pytest.mark.parametrize("grant", [add_by_email, add_by_id, make_operator, make_owner_of_new_business])
def test_unverified_account_gets_no_permissions(
    client: CheckedClient, other_shop: Shop, squatter: Staff, master: Headers, grant: Grant, sql: Connection
) -> None:
    before = businesses_of(squatter)
    response = grant(client, master, other_shop, squatter.user_id)
    assert businesses_of(squatter) == before
    for login in (squatter, _signed_in(client, squatter)):
        assert login.send("GET", "/auth/me").get_json()["is_operator"] is False
        assert login.send("GET", f"/stages?business_id={other_shop.business_id}").status_code == 403
        assert login.send("POST", "/auth/refresh", {"business_id": other_shop.business_id}).status_code == 403

    # The owner of the address gets access with a link from the operator, which ends the other person's access.
    if response.status_code == 201:
        link = response.get_json()["invitation"]
    else:
        assert response.status_code == 409
        assert "POST /users/{user_id}/invitation" in response.get_json()["remediation"]
        link = made(client.post(f"/api/v1/users/{squatter.user_id}/invitation", headers=master))
    accepted = accept(client, link, OWN_PASSWORD)
    assert accepted.status_code == 200, accepted.text
    assert squatter.send("GET", "/auth/me").status_code == 401
    assert sign_in(client, VICTIM, PASSWORD).status_code == 401
    assert sign_in(client, VICTIM, OWN_PASSWORD).status_code == 200
    victim = Staff(client, squatter.user_id, VICTIM, accepted.get_json()["access_token"])
    assert client.get(f"/api/v1/users/{squatter.user_id}", headers=master).get_json()["is_verified"] is True
    if response.status_code == 409:
        assert grant(client, master, other_shop, squatter.user_id).status_code in (200, 201)
    me = victim.send("GET", "/auth/me").get_json()
    assert me["is_operator"] is (grant is make_operator)
    assert len(me["businesses"]) == len(before) + (grant is not make_operator)
    assert sql.execute(
        "SELECT count(*) AS n FROM users WHERE lower(email) = %(email)s", {"email": VICTIM}
    ).fetchone() == {"n": 1}


def test_operator_promotes_only_verified_members(
    client: CheckedClient, shop: Shop, squatter: Staff, master: Headers
) -> None:
    path = f"/api/v1/businesses/{shop.business_id}/members/{squatter.user_id}"
    assert client.put(path, json={"role": "owner"}, headers=master).status_code == 409
    assert client.put(path, json={"role": "viewer"}, headers=master).status_code == 200
    assert (
        accept(client, made(client.post(f"/api/v1/users/{squatter.user_id}/invitation", headers=master))).status_code
        == 200
    )
    assert client.put(path, json={"role": "owner"}, headers=master).status_code == 200


def test_link_of_an_owner_does_not_verify(client: CheckedClient, shop: Shop, other_shop: Shop, master: Headers) -> None:
    owner = make_owner(shop, master)
    path = f"/api/v1/businesses/{shop.business_id}/members"
    member = made(client.post(path, json={"email": VICTIM, **NAMES, "role": "viewer"}, headers=master))
    link = made(owner.send("POST", f"/businesses/{shop.business_id}/members/{member['user_id']}/invitation"))
    squatter = accept(client, link).get_json()
    added = made(add_by_email(client, master, other_shop, member["user_id"]))
    assert set(added) == {"invitation_id", "role", "invitation"}
    login = Staff(client, member["user_id"], VICTIM, squatter["access_token"])
    assert businesses_of(login) == [shop.business_id]


def test_owner_of_another_business_cannot_take_over_an_unverified_account(
    client: CheckedClient, shop: Shop, other_shop: Shop, squatter: Staff, master: Headers
) -> None:
    """Otherwise an invitation would give its sender access to the other business of the invited person."""
    other_owner = make_owner(other_shop, master)
    body = {"email": VICTIM, **NAMES, "role": "viewer"}
    link = made(other_owner.send("POST", f"/businesses/{other_shop.business_id}/members", body))["invitation"]
    assert accept(client, link, OWN_PASSWORD).status_code == 401
    assert accept(client, link, PASSWORD).get_json()["details"][0]["path"] == "$.new_password"
    assert businesses_of(squatter) == [shop.business_id]


def test_owner_replaces_link_of_the_operator(
    client: CheckedClient, other_shop: Shop, squatter: Staff, master: Headers
) -> None:
    """The new link belongs to the owner, so it must not replace a password as the operator's would."""
    other_owner = make_owner(other_shop, master)
    first = made(add_by_email(client, master, other_shop, squatter.user_id))["invitation"]
    body: dict[str, Any] = {"email": VICTIM, **NAMES, "role": "viewer"}
    second = made(other_owner.send("POST", f"/businesses/{other_shop.business_id}/members", body))["invitation"]
    assert accept(client, first, OWN_PASSWORD).status_code == 400
    assert accept(client, second, OWN_PASSWORD).status_code == 401


def test_new_address_makes_an_account_unverified(
    client: CheckedClient, shop: Shop, other_shop: Shop, master: Headers
) -> None:
    owner = make_owner(shop, master)
    path = f"/api/v1/users/{owner.user_id}"
    for email, is_verified in ((owner.email.upper(), True), (VICTIM, False)):
        assert client.put(path, json={"email": email}, headers=master).get_json()["is_verified"] is is_verified
    assert "invitation_id" in made(add_by_email(client, master, other_shop, owner.user_id))


def _signed_in(client: CheckedClient, who: Staff) -> Staff:
    token = sign_in(client, who.email, bearer=True).get_json()["access_token"]
    return Staff(client, who.user_id, who.email, token)
