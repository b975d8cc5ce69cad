"""Links that are mailed: for new passwords, to confirm addresses, and invitations. With a real SMTP server."""

import uuid
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from tests.conftest import make_config, own_database, running_app
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection, connect
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.mail_server import MailServer, link_in, text_of, token_in
from tests.support.os_users import wait_for
from tests.support.staff import PASSWORD, Staff, make_member, make_owner, sign_in

Master = dict[str, str]
NEW = "another long password"
PUBLIC_URL = "https://icmp.example.com"


@pytest.fixture(scope="module")
def own_url(server_url: str, template_database: str) -> Iterator[str]:
    """A database of these tests: processes of other tests, without a mail server, would take the jobs."""
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture(scope="module")
def client(own_url: str, model_server: FakeModel, server: MailServer) -> Iterator[CheckedClient]:
    settings = {
        "OPENAI_BASE_URL": model_server.base_url,
        "SMTP_URL": f"smtp://localhost:{server.port}",
        "MAIL_FROM": "ICMP <icmp@example.com>",
        "PUBLIC_URL": PUBLIC_URL,
    }
    with running_app(make_config(own_url, **settings)) as app:
        yield app.test_client()


@pytest.fixture
def sql(own_url: str) -> Iterator[Connection]:
    with connect(own_url) as conn:
        yield conn


@pytest.fixture
def shop(client: CheckedClient, master: Master) -> Shop:
    return make_shop(client, master, f"Lantern Books {uuid.uuid4().hex[:8]}", with_stages=False)


@pytest.fixture
def owner(shop: Shop, master: Master) -> Staff:
    return make_owner(shop, master)


def test_forgotten_password_is_replaced_once_and_sessions_end(
    client: CheckedClient, owner: Staff, server: MailServer, sql: Connection
) -> None:
    sql.execute("UPDATE users SET language = 'de' WHERE user_id = %s", [owner.user_id])
    answer = _forgot(client, owner.email.upper(), Host="evil.example")
    mail = server.wait_for(owner.email)
    assert mail["Subject"] == "Passwort zurücksetzen"
    assert link_in(mail).startswith(f"{PUBLIC_URL}/app/reset-password#token=")  # never the host of the request
    token = token_in(mail)
    assert token not in answer.text + _everything_stored(sql)
    codes: list[int] = []
    threads = [Thread(target=lambda: codes.append(_reset(client.application.test_client(), token))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [204, 400, 400]
    assert owner.send("GET", "/auth/me").status_code == 401
    assert [sign_in(client, owner.email, each).status_code for each in (PASSWORD, NEW)] == [401, 200]


def test_request_for_an_unknown_address_is_answered_alike_and_mails_nothing(
    client: CheckedClient, shop: Shop, owner: Staff, server: MailServer, sql: Connection
) -> None:
    customer = f"customer-{uuid.uuid4().hex}@example.com"
    made(shop.post("/users", {"email": customer}))
    unknown = f"unknown-{uuid.uuid4().hex}@example.com"
    answers = [_forgot(client, each) for each in (owner.email, unknown, customer, "not an address")]
    server.wait_for(owner.email)
    revealed = [(each.status_code, each.data, {name for name, _ in each.headers}) for each in answers]
    assert revealed[1:] == revealed[:1] * 3
    _wait_for_jobs(sql)
    assert server.mails_to(unknown) == server.mails_to(customer) == []


def test_account_gets_one_mail_in_five_minutes(
    client: CheckedClient, owner: Staff, server: MailServer, sql: Connection
) -> None:
    for _ in range(3):
        _forgot(client, owner.email)
        _wait_for_jobs(sql)
    assert len(server.mails_to(owner.email)) == 1
    sql.execute("UPDATE account_links SET created_at = created_at - interval '5 minutes'")
    _forgot(client, owner.email)
    second = server.wait_for(owner.email, 2)
    first = server.mails_to(owner.email)[0]
    assert [_reset(client, token_in(mail)) for mail in (first, second)] == [400, 204]


def test_mail_is_sent_again_after_a_failure(
    client: CheckedClient, owner: Staff, server: MailServer, sql: Connection
) -> None:
    server.refusals.append("451 Try again later")
    _forgot(client, owner.email)
    _wait_for_attempt(sql)
    sql.execute("UPDATE jobs SET run_at = now() WHERE kind = 'mail'")
    assert _reset(client, token_in(server.wait_for(owner.email))) == 204


def test_expired_link_and_link_to_a_former_address_do_not_work(
    client: CheckedClient, shop: Shop, owner: Staff, master: Master, server: MailServer, sql: Connection
) -> None:
    member = make_member(shop, master, "viewer")
    for each in (owner, member):
        _forgot(client, each.email)
    expired, former = (token_in(server.wait_for(each.email)) for each in (owner, member))
    sql.execute("UPDATE account_links SET expires_at = now() WHERE user_id = %s", [owner.user_id])
    body = {"email": f"new-{member.email}"}
    assert client.put(f"/api/v1/users/{member.user_id}", json=body, headers=master).status_code == 200
    assert [_reset(client, each) for each in (expired, former, "unknown")] == [400, 400, 400]


def test_address_is_confirmed_by_its_owner_while_signed_in(
    client: CheckedClient, server: MailServer, owner: Staff, sql: Connection
) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    body = {"email": email, "password": PASSWORD, "business_name": email, "language": "es", "bearer": True}
    created = made(client.post("/api/v1/auth/signup", json=body))
    una = Staff(client, created["user"]["user_id"], email, created["access_token"])
    token = token_in(server.wait_for(email))
    assert una.send("GET", "/auth/security").get_json()["is_verified"] is False
    path = "/auth/email-verification/confirm"
    assert client.application.test_client().post(f"/api/v1{path}", json={"token": token}).status_code == 401
    assert owner.send("POST", path, {"token": token}).status_code == 403
    assert _reset(client, token) == 400  # the link is for nothing else
    assert una.send("POST", path, {"token": token}).status_code == 204
    assert una.send("POST", path, {"token": token}).status_code == 400
    assert una.send("GET", "/auth/security").get_json()["is_verified"] is True
    assert una.send("POST", "/auth/email-verification").status_code == 204
    _wait_for_jobs(sql)
    assert len(server.mails_to(email)) == 1  # there is nothing to confirm any more


def test_owner_of_an_address_takes_back_an_account_that_another_person_has_created(
    client: CheckedClient, server: MailServer, sql: Connection
) -> None:
    email = f"{uuid.uuid4().hex}@example.com"
    body = {"email": email, "password": PASSWORD, "business_name": email, "bearer": True}
    created = made(client.post("/api/v1/auth/signup", json=body))
    stranger = Staff(client, created["user"]["user_id"], email, created["access_token"])
    server.wait_for(email)  # the link that confirms the address
    setup = made(stranger.send("POST", "/auth/totp", {"password": PASSWORD}))
    sql.execute("UPDATE totp SET is_enabled = true WHERE user_id = %s", [stranger.user_id])
    assert setup["secret"]
    _forgot(client, email)
    assert _reset(client, token_in(server.wait_for(email, 2))) == 204
    assert stranger.send("GET", "/auth/me").status_code == 401
    login = sign_in(client, email, NEW)  # the second factor of the other person has ended too
    assert login.status_code == 200
    assert client.get("/api/v1/auth/security").get_json()["is_verified"] is True


def test_invitation_is_mailed_and_not_shown(
    client: CheckedClient, shop: Shop, owner: Staff, server: MailServer, sql: Connection
) -> None:
    path, email = f"/businesses/{shop.business_id}/members", f"{uuid.uuid4().hex}@example.com"
    body = {"email": email, "first_name": "Ann", "last_name": "Agent", "role": "agent"}
    sql.execute("UPDATE users SET is_verified = false WHERE user_id = %s", [owner.user_id])
    assert owner.send("POST", path, body).status_code == 409  # strangers cannot make us send mail
    sql.execute("UPDATE users SET is_verified = true, language = 'de' WHERE user_id = %s", [owner.user_id])
    answer = owner.send("POST", path, body)
    assert made(answer)["invitation"]["url"] is None
    mail = server.wait_for(email)
    business = shop.get(f"/businesses/{shop.business_id}").get_json()["business_name"]
    assert mail["Subject"] == f"Einladung zu {business}"
    assert "lädt Sie in das Team" in text_of(mail)
    assert link_in(mail).startswith(f"{PUBLIC_URL}/app/invitation#join=")
    accepted = client.post(
        "/api/v1/auth/invitation", json={"token": token_in(mail), "password": PASSWORD, "bearer": True}
    )
    assert accepted.get_json()["role"] == "agent"
    ann = Staff(client, accepted.get_json()["user"]["user_id"], email, accepted.get_json()["access_token"])
    assert ann.send("GET", "/auth/security").get_json()["is_verified"] is True
    sql.execute(
        """
        INSERT INTO audit_log (business_id, actor_type, action, resource, resource_id)
        SELECT %s, 'login', 'create', 'invitation', gen_random_uuid() FROM generate_series(1, 100)
        """,
        [shop.business_id],
    )
    assert owner.send("POST", path, {**body, "email": f"b{email}"}).status_code == 429


def test_revoked_invitation_is_not_mailed_and_operators_see_links(
    client: CheckedClient, shop: Shop, owner: Staff, master: Master, server: MailServer, sql: Connection
) -> None:
    path, email = f"/businesses/{shop.business_id}/members", f"{uuid.uuid4().hex}@example.com"
    body = {"email": email, "first_name": "Ann", "last_name": "Agent", "role": "agent"}
    sql.execute("UPDATE users SET is_verified = true WHERE user_id = %s", [owner.user_id])
    server.refusals.append("451 Try again later")
    invitation_id = made(owner.send("POST", path, body))["invitation_id"]
    _wait_for_attempt(sql)
    invitations = f"/businesses/{shop.business_id}/invitations/{invitation_id}"
    assert owner.send("DELETE", invitations).status_code == 204
    sql.execute("UPDATE jobs SET run_at = now() WHERE kind = 'mail'")
    _wait_for_jobs(sql)
    assert server.mails_to(email) == []
    added = made(client.post(f"/api/v1{path}", json=body, headers=master))
    assert added["invitation"]["url"].startswith(f"{PUBLIC_URL}/app/invitation#token=")
    again = f"{path}/{added['user_id']}/invitation"
    assert made(owner.send("POST", again))["url"] is None
    link = link_in(server.wait_for(email))
    assert link.startswith(f"{PUBLIC_URL}/app/invitation#token=")


def _forgot(client: CheckedClient, email: str, **headers: str) -> Any:
    answer = client.post("/api/v1/auth/forgot-password", json={"email": email}, headers=headers)
    assert answer.status_code == 204
    return answer


def _reset(client: Any, token: str) -> int:
    status: int = client.post("/api/v1/auth/reset-password", json={"token": token, "password": NEW}).status_code
    return status


def _wait_for_jobs(sql: Connection) -> None:
    """Until all mails are sent."""
    wait_for(lambda: sql.execute("SELECT FROM jobs WHERE kind = 'mail'").fetchone() is None, "the mails")


def _wait_for_attempt(sql: Connection) -> None:
    """Until a mail has failed once, and waits."""
    failed = "SELECT FROM jobs WHERE kind = 'mail' AND attempts > 0 AND lease_owner IS NULL"
    wait_for(lambda: sql.execute(failed).fetchone() is not None, "a failed attempt")


def _everything_stored(sql: Connection) -> str:
    """The rows in which a token could be."""
    tables = ("jobs", "account_links", "audit_log")
    return str([sql.execute(f"SELECT * FROM {table}").fetchall() for table in tables])
