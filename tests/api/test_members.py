"""Members of a business: who can add, change and remove them."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.staff import Staff, accept, make_member, make_operator, make_owner

pytestmark = pytest.mark.usefixtures("empty_database")

Headers = dict[str, str]


def person(email: str, role: str = "agent") -> dict[str, Any]:
    return {"email": email, "first_name": "Ann", "last_name": "Agent", "role": role}


def test_owner_lists_adds_changes_and_removes_members(client: CheckedClient, shop: Shop, owner: Staff) -> None:
    path = f"/businesses/{shop.business_id}/members"
    agent = make_member(shop, owner.headers, "agent")
    assert agent.send("POST", "/stages", {"stage_name": "New"}).status_code == 403
    rows = owner.send("GET", path).get_json()
    assert [(row["email"], row["role"], row["has_password"]) for row in rows] == [
        (owner.email, "owner", True),
        (agent.email, "agent", True),
    ]
    page = client.get(f"/api/v1{path}", query_string={"limit": 1}, headers=owner.headers)
    assert 'rel="next"' in page.headers["Link"]
    assert owner.send("PUT", f"{path}/{agent.user_id}", {"role": "owner"}).get_json()["role"] == "owner"
    assert agent.send("POST", "/stages", {"stage_name": "New"}).status_code == 201
    assert owner.send("PUT", f"{path}/{agent.user_id}", {"role": "viewer"}).get_json()["role"] == "viewer"
    assert agent.send("POST", "/stages", {"stage_name": "Newer"}).status_code == 403  # immediately, with the same token
    assert owner.send("DELETE", f"{path}/{agent.user_id}").status_code == 204
    assert agent.send("GET", "/stages").status_code == 403
    assert agent.send("GET", "/auth/me").get_json()["role"] is None
    assert owner.send("DELETE", f"{path}/{agent.user_id}").status_code == 404
    assert owner.send("PUT", f"{path}/{uuid4()}", {"role": "viewer"}).status_code == 404
    entries = owner.send("GET", "/audit-log?resource=member").get_json()
    assert [(each["action"], each["resource_id"]) for each in entries] == [
        (action, agent.user_id) for action in ("create", "update", "update", "delete")
    ]
    # The user joined; the owner did the rest.
    assert [each["actor_id"] for each in entries] == [agent.user_id, *[owner.user_id] * 3]
    assert {each["actor_type"] for each in entries} == {"login"}


def test_business_key_cannot_manage_members(shop: Shop, owner: Staff) -> None:
    path = f"/businesses/{shop.business_id}/members"
    assert shop.get(path).status_code == 403
    assert shop.post(path, person("ann@example.com")).status_code == 403
    assert shop.delete(f"{path}/{owner.user_id}").status_code == 403
    assert shop.post(f"{path}/{owner.user_id}/invitation").status_code == 403
    assert shop.put(f"/users/{owner.user_id}", {"first_name": "Mallory"}).status_code == 404


def test_users_cannot_raise_their_own_role(client: CheckedClient, shop: Shop, owner: Staff, master: Headers) -> None:
    path = f"/businesses/{shop.business_id}/members"
    operator = make_operator(client, master)
    for role in ("agent", "viewer"):
        member = make_member(shop, owner.headers, role)
        assert member.send("PUT", f"{path}/{member.user_id}", {"role": "owner"}).status_code == 403
        assert member.send("POST", path, person(f"friend-of-{role}@example.com")).status_code == 403
        assert member.send("PUT", f"/users/{member.user_id}", {"is_admin": True}).status_code == 403
    assert operator.send("POST", path, {"user_id": operator.user_id, "role": "owner"}).status_code == 403
    assert operator.send("POST", path, {**person(operator.email, "owner")}).status_code == 403
    assert operator.send("POST", path, {"user_id": operator.user_id, "role": "viewer"}).status_code == 201
    assert operator.send("PUT", f"{path}/{operator.user_id}", {"role": "owner"}).status_code == 403
    assert owner.send("PUT", f"{path}/{operator.user_id}", {"role": "owner"}).status_code == 200
    customer = shop.add_customer("c-9")
    for who in (owner.headers, shop.headers):
        for body in ({"is_admin": True}, {"is_admin": False}):
            assert client.put(f"/api/v1/users/{customer}", json=body, headers=who).status_code == 403
        assert client.post("/api/v1/users", json={"is_admin": True}, headers=who).status_code == 403
    assert client.put(f"/api/v1/users/{customer}", json={"is_admin": True}, headers=master).status_code == 400


def test_last_owner_cannot_be_removed(shop: Shop, owner: Staff, sql: Connection) -> None:
    path = f"/businesses/{shop.business_id}/members"
    assert owner.send("PUT", f"{path}/{owner.user_id}", {"role": "viewer"}).status_code == 409
    assert owner.send("DELETE", f"{path}/{owner.user_id}").status_code == 409
    heir = make_member(shop, owner.headers, "owner")
    assert owner.send("DELETE", f"{path}/{owner.user_id}").status_code == 204
    named = sql.execute("SELECT owner_id FROM businesses WHERE business_id = %s", [shop.business_id]).fetchone()
    assert named is not None and str(named["owner_id"]) == heir.user_id
    assert heir.send("DELETE", f"{path}/{heir.user_id}").status_code == 409


def test_concurrent_role_changes_keep_one_owner(app: Flask, shop: Shop, owner: Staff, sql: Connection) -> None:
    owners = [owner, make_member(shop, owner.headers, "owner")]
    statuses: list[int] = []

    def step_down(who: Staff) -> None:
        path = f"/api/v1/businesses/{shop.business_id}/members/{who.user_id}"
        statuses.append(app.test_client().put(path, json={"role": "viewer"}, headers=who.headers).status_code)

    threads = [threading.Thread(target=step_down, args=(who,)) for who in owners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 200 in statuses and set(statuses) <= {200, 403, 409}
    assert sql.execute("SELECT count(*) AS n FROM business_members WHERE role = 'owner'").fetchone() == {"n": 1}


def test_password_link_ends_when_its_user_gains_permissions(
    client: CheckedClient, shop: Shop, owner: Staff, master: Headers
) -> None:
    path = f"/businesses/{shop.business_id}/members"
    future_operator, future_owner = (
        made(client.post(f"/api/v1{path}", json=person(email), headers=master))
        for email in ("otto@example.com", "olga@example.com")
    )
    made_operator = client.put(f"/api/v1/users/{future_operator['user_id']}", json={"is_admin": True}, headers=master)
    assert made_operator.get_json()["is_admin"] is True
    made(
        client.post(
            "/api/v1/businesses",
            json={"business_name": "Olga's", "owner_id": future_owner["user_id"]},
            headers=master,
        )
    )
    for each in (future_operator, future_owner):
        assert accept(client, each["invitation"]).status_code == 400
        assert owner.send("POST", f"{path}/{each['user_id']}/invitation").status_code == 409


def test_operator_adds_a_member_without_invitation(
    client: CheckedClient, shop: Shop, other_shop: Shop, master: Headers
) -> None:
    owner, other_owner = make_owner(shop, master), make_owner(other_shop, master)
    path = f"/businesses/{shop.business_id}/members"
    body = person(other_owner.email.upper(), "viewer")
    pending = made(owner.send("POST", path, body))
    added = made(client.post(f"/api/v1{path}", json=body, headers=master))
    assert added == {"user_id": other_owner.user_id, "role": "viewer", "invitation": None}
    assert accept(client, pending["invitation"]).status_code == 400  # there is no invitation to accept
    assert owner.send("POST", path, person(other_owner.email)).status_code == 409
    assert owner.send("POST", path, {"user_id": other_owner.user_id, "role": "owner"}).status_code == 409
    names = other_owner.send("GET", "/auth/me").get_json()["user"]
    assert names["first_name"] == "Olive"  # the existing name is kept
    assert owner.send("DELETE", f"{path}/{other_owner.user_id}").status_code == 204


def test_removing_a_pending_member_deletes_the_user(
    client: CheckedClient, shop: Shop, owner: Staff, master: Headers, sql: Connection
) -> None:
    path = f"/businesses/{shop.business_id}/members"
    pending = made(client.post(f"/api/v1{path}", json=person("ann@example.com"), headers=master))
    assert owner.send("DELETE", f"{path}/{pending['user_id']}").status_code == 204
    assert accept(client, pending["invitation"]).status_code == 400
    assert sql.execute("SELECT FROM users WHERE email = 'ann@example.com'").fetchone() is None
    made(owner.send("POST", path, person("ann@example.com")))


def test_customers_cannot_be_members(
    client: CheckedClient, shop: Shop, other_shop: Shop, owner: Staff, master: Headers
) -> None:
    path = f"/businesses/{shop.business_id}/members"
    for customer in (shop.user_id, other_shop.user_id, str(uuid4())):
        for who in (owner.headers, master):
            body = {"user_id": customer, "role": "viewer"}
            assert client.post(f"/api/v1{path}", json=body, headers=who).status_code == 404
    assert client.post(f"/api/v1/users/{shop.user_id}/invitation", headers=master).status_code == 409
    nameless = made(client.post("/api/v1/users", json={"first_name": "No Address"}, headers=master))["user_id"]
    assert client.post(f"/api/v1/users/{nameless}/invitation", headers=master).status_code == 409
    added = client.post(f"/api/v1{path}", json={"user_id": nameless, "role": "viewer"}, headers=master)
    assert added.status_code == 409
    shop.add_customer("c-2", email="ann@example.com")
    made(owner.send("POST", path, person("ann@example.com")))  # a customer may have the same address


def test_person_is_invited_by_first_name_alone(client: CheckedClient, shop: Shop, owner: Staff) -> None:
    invited = {"email": "noor@example.com", "first_name": "Noor", "role": "agent"}
    path = f"/businesses/{shop.business_id}/members"
    accepted = accept(client, made(owner.send("POST", path, invited))["invitation"])
    assert (accepted.status_code, accepted.get_json()["user"]["last_name"]) == (200, None)


def test_malformed_member_names_the_field(shop: Shop, owner: Staff) -> None:
    path = f"/businesses/{shop.business_id}/members"
    bodies: list[Any] = [
        {},
        {"role": "agent"},
        {"role": "operator", "user_id": owner.user_id},
        {**person("ann@example.com"), "user_id": owner.user_id},
        person("no address"),
        {**person("ann@example.com"), "is_admin": True},
        {**person("ann@example.com"), "first_name": "\x00"},
        [],
    ]
    for body in bodies:
        assert owner.send("POST", path, body).status_code == 400, body
    assert owner.send("PUT", f"{path}/{owner.user_id}", {"role": "operator"}).status_code == 400
    assert owner.send("PUT", f"{path}/not-an-id", {"role": "agent"}).status_code == 400
    arabic = {**person("noor@example.com"), "first_name": "نور 🙂"}
    made(owner.send("POST", path, arabic))
    invited = owner.send("GET", f"/businesses/{shop.business_id}/invitations").get_json()
    assert [each["first_name"] for each in invited] == ["نور 🙂"]
