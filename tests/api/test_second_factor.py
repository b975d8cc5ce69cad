"""Second factors: codes of an authenticator app, each of which works once, and recovery codes."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
from werkzeug.test import TestResponse

from core.encryption import Cipher
from repositories.login_failures import FREE_FAILURES
from security.rotate_keys import rotate_keys
from security.second_factor import STEP
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.staff import PASSWORD, Staff, make_member, make_owner, secret_of, sign_in

Master = dict[str, str]


class Authenticator:
    """The app of a user who has set up a second factor, and their recovery codes."""

    def __init__(self, staff: Staff, sql: Connection) -> None:
        self._sql, self._staff = sql, staff
        setup = made(staff.send("POST", "/auth/totp", {"password": PASSWORD}))
        assert setup["qr_code"].startswith("data:image/svg+xml")
        assert setup["secret"] in setup["url"]
        self._totp = pyotp.TOTP(setup["secret"])
        confirmed = staff.send("POST", "/auth/totp/confirm", {"code": self.code()})
        assert confirmed.status_code == 200, confirmed.text
        self.recovery_codes: list[str] = confirmed.get_json()["recovery_codes"]

    def code(self, steps: int = 0) -> str:
        """The code that the app shows now, or that many steps later. Each is accepted again, as if time had passed."""
        self._sql.execute("UPDATE totp SET last_step = 0 WHERE user_id = %s", [self._staff.user_id])
        return self._totp.at(int(time.time()) + steps * STEP)


@pytest.fixture
def owner(shop: Shop, master: Master) -> Staff:
    return make_owner(shop, master)


@pytest.fixture
def app_of_owner(owner: Staff, sql: Connection) -> Authenticator:
    return Authenticator(owner, sql)


def test_login_requires_a_code_only_after_the_correct_password(
    client: CheckedClient, owner: Staff, app_of_owner: Authenticator
) -> None:
    for code in ({}, {"code": "000000"}, {"code": "nonsense"}, {"code": "٠" * 6}):
        _expect_code_required(sign_in(client, owner.email, **code))
    wrong = sign_in(client, owner.email, "not the password", code=app_of_owner.code())
    assert (wrong.status_code, wrong.get_json()["error_code"]) == (401, "UNAUTHORIZED")
    code = app_of_owner.code()
    assert sign_in(client, owner.email, code=f"{code[:3]} {code[3:]}").status_code == 200
    security = owner.send("GET", "/auth/security").get_json()
    assert (security["has_totp"], security["recovery_codes"]) == (True, 10)


def test_code_works_once(client: CheckedClient, owner: Staff, app_of_owner: Authenticator) -> None:
    code = app_of_owner.code()
    assert sign_in(client, owner.email, code=code).status_code == 200
    _expect_code_required(sign_in(client, owner.email, code=code))
    code = app_of_owner.code()

    def attempt(_: int) -> int:
        return sign_in(client.application.test_client(), owner.email, code=code).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(attempt, range(4))) == [200, 401, 401, 401]


def test_earlier_code_does_not_work_after_a_later_one(
    client: CheckedClient, owner: Staff, app_of_owner: Authenticator
) -> None:
    before, now, far = app_of_owner.code(-1), app_of_owner.code(), app_of_owner.code(3)
    assert sign_in(client, owner.email, code=now).status_code == 200
    for code in (before, far):
        _expect_code_required(sign_in(client, owner.email, code=code))
    next_code = app_of_owner.code(1)  # of a device whose clock is ahead
    assert sign_in(client, owner.email, code=next_code).status_code == 200


def test_recovery_code_works_once_and_is_stored_as_a_hash(
    client: CheckedClient, owner: Staff, app_of_owner: Authenticator, sql: Connection
) -> None:
    first, second, *_ = app_of_owner.recovery_codes
    stored = str(sql.execute("SELECT * FROM recovery_codes WHERE user_id = %s", [owner.user_id]).fetchall())
    assert first not in stored and first.replace("-", "") not in stored
    assert sign_in(client, owner.email, code=f" {first.upper().replace('-', ' ')}").status_code == 200
    _expect_code_required(sign_in(client, owner.email, code=first))
    assert owner.send("GET", "/auth/security").get_json()["recovery_codes"] == 9
    body = {"password": PASSWORD, "code": app_of_owner.code()}
    replaced = owner.send("POST", "/auth/totp/recovery-codes", body).get_json()["recovery_codes"]
    assert len(replaced) == 10 and second not in replaced
    _expect_code_required(sign_in(client, owner.email, code=second))
    assert sign_in(client, owner.email, code=replaced[0]).status_code == 200


def test_guessed_codes_delay_the_next_attempt(
    client: CheckedClient, owner: Staff, app_of_owner: Authenticator, shop: Shop
) -> None:
    answers = [sign_in(client, owner.email, code="000000").status_code for _ in range(FREE_FAILURES + 1)]
    assert answers == [401] * FREE_FAILURES + [429]
    entries = shop.get("/audit-log", action="sign_in_failed").get_json()
    assert len(entries) == FREE_FAILURES


def test_second_factor_is_enabled_only_with_password_and_code(
    client: CheckedClient, owner: Staff, sql: Connection
) -> None:
    wrong = owner.send("POST", "/auth/totp", {"password": "not the password"})
    assert [each["path"] for each in wrong.get_json()["details"]] == ["$.password"]
    setup = made(owner.send("POST", "/auth/totp", {"password": PASSWORD}))
    stored = sql.execute("SELECT * FROM totp WHERE user_id = %s", [owner.user_id]).fetchone()
    assert stored is not None and setup["secret"].encode() not in bytes(stored["encrypted_secret"])
    assert owner.send("POST", "/auth/totp/confirm", {"code": "000000"}).status_code == 400
    assert sign_in(client, owner.email).status_code == 200  # it is not asked for yet
    elsewhere = sign_in(client, owner.email, bearer=True).get_json()["access_token"]
    code = pyotp.TOTP(setup["secret"]).now()
    assert owner.send("POST", "/auth/totp/confirm", {"code": code}).status_code == 200
    headers = {"Authorization": f"Bearer {elsewhere}"}
    assert client.get("/api/v1/auth/me", headers=headers).status_code == 401  # has signed in with the password only
    assert owner.send("POST", "/auth/totp/confirm", {"code": code}).status_code == 400
    assert owner.send("POST", "/auth/totp", {"password": PASSWORD}).status_code == 409


def test_stolen_session_cannot_remove_the_second_factor(
    client: CheckedClient, owner: Staff, app_of_owner: Authenticator
) -> None:
    for path in ("/auth/totp/remove", "/auth/totp/recovery-codes"):
        wrong_code = owner.send("POST", path, {"password": PASSWORD, "code": "000000"})
        wrong_password = owner.send("POST", path, {"password": "wrong", "code": app_of_owner.code()})
        problems = [each.get_json()["details"][0]["path"] for each in (wrong_code, wrong_password)]
        assert problems == ["$.code", "$.password"]
    body = {"password": PASSWORD, "code": app_of_owner.code()}
    assert owner.send("POST", "/auth/totp/remove", body).status_code == 204
    assert owner.send("POST", "/auth/totp/remove", body).status_code == 404
    assert sign_in(client, owner.email).status_code == 200


def test_links_do_not_replace_the_second_factor(
    client: CheckedClient, shop: Shop, other_shop: Shop, master: Master, owner: Staff, app_of_owner: Authenticator
) -> None:
    """The owner's account is verified, because an operator has created the link with which it was set up."""
    link = made(client.post(f"/api/v1/users/{owner.user_id}/invitation", headers=master))
    body = {"token": secret_of(link), "password": "another long password", "bearer": True}
    _expect_code_required(client.post("/api/v1/auth/invitation", json=body))
    assert sign_in(client, owner.email, code=app_of_owner.code()).status_code == 200  # nothing has changed
    accepted = client.post("/api/v1/auth/invitation", json={**body, "code": app_of_owner.code()})
    assert accepted.status_code == 200
    other_owner = make_owner(other_shop, master)
    invited = {"email": owner.email, "first_name": "O", "last_name": "O", "role": "viewer"}
    offer = made(other_owner.send("POST", f"/businesses/{other_shop.business_id}/members", invited))["invitation"]
    body = {"token": secret_of(offer), "password": "another long password"}
    _expect_code_required(client.post("/api/v1/auth/invitation", json=body))
    joined = client.post("/api/v1/auth/invitation", json={**body, "code": app_of_owner.code()})
    assert (joined.status_code, joined.get_json()["business_id"]) == (200, other_shop.business_id)


def test_link_of_an_operator_ends_the_second_factor_of_an_unverified_account(
    client: CheckedClient, shop: Shop, master: Master, owner: Staff, sql: Connection
) -> None:
    """The person who has set it up may not be the owner of the address."""
    member = make_member(shop, owner.headers, "viewer")
    Authenticator(member, sql)
    link = made(client.post(f"/api/v1/users/{member.user_id}/invitation", headers=master))
    body = {"token": secret_of(link), "password": "another long password"}
    assert client.post("/api/v1/auth/invitation", json=body).status_code == 200
    assert sign_in(client, member.email, "another long password").status_code == 200


def test_operator_removes_the_second_factor_of_a_user(
    client: CheckedClient, shop: Shop, owner: Staff, master: Master, app_of_owner: Authenticator
) -> None:
    path = f"/api/v1/users/{owner.user_id}/totp"
    assert owner.send("DELETE", f"/users/{owner.user_id}/totp").status_code == 403
    assert client.delete(path, headers=master).status_code == 204
    assert client.delete(path, headers=master).status_code == 404
    assert sign_in(client, owner.email).status_code == 200
    entry = client.get("/api/v1/audit-log", query_string={"resource_id": owner.user_id}, headers=master).get_json()[-2]
    assert (entry["actor_type"], entry["action"], entry["fields"]) == ("master", "update", ["totp"])


def test_secrets_are_re_encrypted_when_keys_are_rotated(
    client: CheckedClient, owner: Staff, app_of_owner: Authenticator, sql: Connection
) -> None:
    context: Any = client.application.extensions["icmp"]
    keys = context.config.encryption_keys
    new = "new-" * 10
    assert rotate_keys(context.database, Cipher((new, *keys)))[1] == 0
    row = sql.execute("SELECT key_id FROM totp WHERE user_id = %s", [owner.user_id]).fetchone()
    assert row == {"key_id": Cipher([new]).key_id}
    _expect_code_required(sign_in(client, owner.email, code=app_of_owner.code()))  # this process has the old key only
    assert rotate_keys(context.database, Cipher((*keys, new)))[1] == 0
    assert sign_in(client, owner.email, code=app_of_owner.code()).status_code == 200


def _expect_code_required(answer: TestResponse) -> None:
    assert (answer.status_code, answer.get_json()["error_code"]) == (401, "CODE_REQUIRED"), answer.text
    assert "Set-Cookie" not in answer.headers and "access_token" not in answer.text
