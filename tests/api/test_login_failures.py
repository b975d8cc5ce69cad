"""Failed logins are counted per account over all processes, delayed, and recorded in the audit log."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from repositories.login_failures import FREE_FAILURES, MAX_DELAY
from tests.conftest import make_config, running_app
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.staff import PASSWORD, Staff, accept, make_owner, secret_of, sign_in

pytestmark = pytest.mark.usefixtures("empty_database")

Headers = dict[str, str]
WRONG = "not the password"


@pytest.fixture(scope="module")
def other_process(database_url: str) -> Iterator[Flask]:
    with running_app(make_config(database_url)) as app:
        yield app


def end_delay(sql: Connection) -> None:
    sql.execute("UPDATE login_failures SET retry_at = now()")


def delay_of(response: TestResponse) -> int:
    assert (response.status_code, response.get_json()["error_code"]) == (429, "RATE_LIMITED"), response.text
    return int(response.headers["Retry-After"])


def test_delay_grows_over_all_processes_without_locking_the_account(
    client: CheckedClient, other_process: Flask, owner: Staff, sql: Connection
) -> None:
    processes = [client, other_process.test_client()]
    for number in range(FREE_FAILURES):
        assert sign_in(processes[number % 2], owner.email, WRONG).status_code == 401  # type: ignore[arg-type]
    delays = []
    for number in range(8):
        # The delay applies to the right password too, or guessing would continue.
        delays.append(delay_of(sign_in(processes[number % 2], owner.email.upper(), PASSWORD)))  # type: ignore[arg-type]
        end_delay(sql)
        assert sign_in(client, owner.email, WRONG).status_code == 401
    assert delays == [1, 2, 4, 8, 16, 32, MAX_DELAY, MAX_DELAY]
    end_delay(sql)
    assert sign_in(client, owner.email).status_code == 200
    assert sign_in(client, owner.email, WRONG).status_code == 401  # counted from the beginning again


def test_all_spellings_that_belong_to_an_account_are_counted_together(
    client: CheckedClient, owner: Staff, sql: Connection
) -> None:
    for letter, other in (("i", "İ"), ("k", "K"), ("s", "S")):
        email = f"{letter * 3}-{uuid4()}@example.com"
        sql.execute("UPDATE users SET email = %(email)s WHERE user_id = %(id)s", {"email": email, "id": owner.user_id})
        for number in range(3):
            spelling = email.replace(letter, other, number)
            is_same = sql.execute(
                "SELECT lower(%(one)s) = lower(%(two)s) AS is_same", {"one": spelling, "two": email}
            ).fetchall()[0]["is_same"]
            assert sign_in(client, spelling, WRONG).status_code == 401
            if is_same:
                counted = sql.execute("SELECT max(failures) AS failures FROM login_failures").fetchall()
                assert counted[0]["failures"] == number + 1
        sql.execute("DELETE FROM login_failures")


def test_simultaneous_attempts_are_counted(app: Flask, client: CheckedClient, owner: Staff, sql: Connection) -> None:
    assert sign_in(client, owner.email, WRONG).status_code == 401
    sql.execute("UPDATE login_failures SET failures = %(many)s", {"many": FREE_FAILURES + 10})

    def attempt(_: int) -> int:
        return sign_in(app.test_client(), owner.email, WRONG).status_code  # type: ignore[arg-type]

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(attempt, range(6)))
    assert sorted(statuses) == [401] + [429] * 5


def test_unknown_address_is_delayed_like_a_known_one(client: CheckedClient, owner: Staff, sql: Connection) -> None:
    def statuses(email: str) -> list[int]:
        return [sign_in(client, email, WRONG).status_code for _ in range(FREE_FAILURES + 2)]

    assert statuses(f"{uuid4()}@example.com") == statuses(owner.email)
    assert "@" not in str(sql.execute("SELECT * FROM login_failures").fetchall())


def test_every_way_to_check_a_password_is_counted(
    client: CheckedClient, shop: Shop, other_shop: Shop, owner: Staff, master: Headers
) -> None:
    other_owner = make_owner(other_shop, master)
    body = {"email": other_owner.email, "first_name": "A", "last_name": "B", "role": "viewer"}
    link = made(owner.send("POST", f"/businesses/{shop.business_id}/members", body))["invitation"]
    for _ in range(FREE_FAILURES - 1):
        assert accept(client, link, WRONG).status_code == 401
    passwords = {"current_password": WRONG, "new_password": "a new password"}
    assert other_owner.send("POST", "/auth/password", passwords).status_code == 400
    delay_of(accept(client, link))
    delay_of(other_owner.send("POST", "/auth/password", passwords))
    delay_of(sign_in(client, other_owner.email))
    assert secret_of(link)


def test_old_failures_are_forgotten(client: CheckedClient, owner: Staff, sql: Connection) -> None:
    for _ in range(FREE_FAILURES):
        sign_in(client, owner.email, WRONG)
    sql.execute("UPDATE login_failures SET last_failed_at = now() - interval '25 hours'")
    assert sign_in(client, f"{uuid4()}@example.com", WRONG).status_code == 401
    assert sql.execute("SELECT count(*) AS n FROM login_failures").fetchone() == {"n": 1}


def test_sign_ins_failures_invitations_and_keys_are_in_the_audit_log(
    client: CheckedClient, shop: Shop, owner: Staff, master: Headers
) -> None:
    made(client.post(f"/api/v1/businesses/{shop.business_id}/api-keys", json={"grace_seconds": 60}, headers=master))
    config = {"userId": shop.owner_id, "businessId": shop.business_id, "businessApiKey": shop.key}
    assert client.post("/api/save-config", json=config).status_code == 200
    assert sign_in(client, owner.email, WRONG).status_code == 401
    assert sign_in(client, f"{uuid4()}@example.com", WRONG).status_code == 401
    assert sign_in(client, owner.email).status_code == 200
    entries = owner.send("GET", "/audit-log?limit=200").get_json()
    found = [(entry["actor_type"], entry["action"], entry["resource"]) for entry in entries]
    assert found[-3:] == [
        ("business", "sign_in", "api_key"),
        ("anonymous", "sign_in_failed", "user"),
        ("login", "sign_in", "user"),
    ]
    assert [entry["resource_id"] for entry in entries[-2:]] == [owner.user_id] * 2
    assert {("master", "create", "api_key"), ("master", "create", "invitation")} <= set(found)
    assert found.count(("login", "sign_in", "user")) == 2  # the first one with the invitation
