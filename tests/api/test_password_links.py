"""One-time links that set a password, created by owners and operators."""

import threading

import pytest
from flask import Flask

from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.staff import (
    Staff,
    accept,
    secret_of,
    sign_in,
)

pytestmark = pytest.mark.usefixtures("empty_database")
Headers = dict[str, str]


def test_link_sets_a_password_once(
    client: CheckedClient, shop: Shop, owner: Staff, master: Headers, sql: Connection
) -> None:
    path = f"/businesses/{shop.business_id}/members"
    body = {"email": "vera@example.com", "first_name": "Vera", "last_name": "Viewer", "role": "viewer"}
    created = made(client.post(f"/api/v1{path}", json=body, headers=master))
    first = created["invitation"]
    assert first["url"].startswith("http://localhost/app/invitation#token=")
    assert secret_of(first) not in str(sql.execute("SELECT * FROM invitations").fetchall())
    second = made(owner.send("POST", f"{path}/{created['user_id']}/invitation"))
    assert accept(client, first).status_code == 400  # replaced by the second link
    sql.execute("UPDATE invitations SET expires_at = now()")
    assert accept(client, second).status_code == 400
    sql.execute("UPDATE invitations SET expires_at = now() + interval '1 minute'")
    assert accept(client, second, "short").status_code == 400
    without = client.post("/api/v1/auth/invitation", json={"token": secret_of(second)})
    assert [each["path"] for each in without.get_json()["details"]] == ["$.password"]
    answer = accept(client, second)
    assert (answer.get_json()["role"], answer.get_json()["business_id"]) == ("viewer", shop.business_id)
    assert accept(client, second).status_code == 400
    assert owner.send("POST", f"{path}/{created['user_id']}/invitation").status_code == 409
    assert sign_in(client, "vera@example.com").status_code == 200


@pytest.mark.parametrize("by", ["operator", "owner"])
def test_link_used_concurrently_succeeds_once(app: Flask, shop: Shop, owner: Staff, master: Headers, by: str) -> None:
    body = {"email": "vera@example.com", "first_name": "Vera", "last_name": "Viewer", "role": "viewer"}
    # An operator's link sets a password; an owner's invites to the business.
    path = f"/api/v1/businesses/{shop.business_id}/members"
    invitation = made(app.test_client().post(path, json=body, headers=master if by == "operator" else owner.headers))[
        "invitation"
    ]
    statuses: list[int] = []

    def use(number: int) -> None:
        statuses.append(accept(app.test_client(), invitation, f"a password of my own {number}").status_code)  # type: ignore[arg-type]

    threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 400, 400, 400]


def test_operator_creates_a_link_for_a_forgotten_password(client: CheckedClient, owner: Staff, master: Headers) -> None:
    link = made(client.post(f"/api/v1/users/{owner.user_id}/invitation", headers=master))
    assert owner.send("GET", "/stages").status_code == 200  # until the link is used
    assert accept(client, link, "the new password").status_code == 200
    assert owner.send("GET", "/stages").status_code == 401
    assert sign_in(client, owner.email).status_code == 401
