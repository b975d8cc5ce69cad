"""Secrets: their values go in and never come out, and can only be decrypted in their own row."""

import subprocess
import sys
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from core.encryption import Cipher, DecryptionFailed, Encrypted
from routes.secrets import MAX_SECRETS
from tests.conftest import MASTER_KEY, NO_ENV_FILE, make_config, running_app
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection, connect
from tests.support.factories import Shop, made, make_shop
from tests.support.hooks import an_order, deliver, make_hook

ROOT = Path(__file__).parents[2]
VALUE = "sk-live-hush-hush"


def add(shop: Shop, name: str = "crm", value: str = VALUE) -> str:
    return str(made(shop.post("/secrets", {"name": name, "value": value}))["secret_id"])


def stored(sql: Connection, secret_id: str) -> dict[str, Any]:
    row = sql.execute("SELECT * FROM secrets WHERE secret_id = %(id)s", {"id": secret_id}).fetchone()
    assert row is not None
    return row


def decrypted(cipher: Cipher, row: dict[str, Any], **ids: Any) -> str:
    row = {**row, **ids}
    return cipher.decrypt(Encrypted(row["key_id"], bytes(row["encrypted_value"])), row["business_id"], row["secret_id"])


def test_value_is_write_only(shop: Shop, sql: Connection) -> None:
    secret_id = add(shop)
    listed = shop.get("/secrets")
    assert [row["name"] for row in listed.get_json()] == ["crm"]
    assert listed.get_json() == [shop.get(f"/secrets/{secret_id}").get_json()]
    assert listed.get_json()[0]["last_used_at"] is None
    replaced = shop.put(f"/secrets/{secret_id}", {"value": "another value"})
    assert replaced.status_code == 200
    assert VALUE not in listed.text + replaced.text and "another" not in replaced.text
    row = stored(sql, secret_id)
    assert VALUE.encode() not in bytes(row["encrypted_value"])
    assert decrypted(Cipher(make_config("postgresql://host/icmp").encryption_keys), row) == "another value"
    assert shop.delete(f"/secrets/{secret_id}").status_code == 204
    assert shop.get("/secrets").get_json() == []
    assert shop.get(f"/secrets/{secret_id}").status_code == 404


def test_names_are_unique_and_simple(shop: Shop, other_shop: Shop) -> None:
    add(shop)
    add(other_shop)
    assert shop.post("/secrets", {"name": "crm", "value": VALUE}).status_code == 409
    for name in ("", "CRM", "a b", "a.b", "1a", "a-b", "{a}", "a" * 65):
        assert shop.post("/secrets", {"name": name, "value": VALUE}).status_code == 400, name


@pytest.mark.parametrize(
    "value", ["hush-17", " " * 9, "hush-hush" * 500, ["hush-hush"], {"a": "hush-hush"}, 12345678901]
)
def test_error_does_not_repeat_the_value(shop: Shop, value: Any) -> None:
    secret_id = add(shop)
    for refused in (
        shop.post("/secrets", {"name": "other", "value": value}),
        shop.put(f"/secrets/{secret_id}", {"value": value}),
    ):
        assert refused.status_code == 400
        assert "hush" not in refused.text and "12345678901" not in refused.text


def test_number_of_secrets_is_limited(shop: Shop) -> None:
    for number in range(MAX_SECRETS):
        add(shop, f"s{number}")
    assert shop.post("/secrets", {"name": "more", "value": VALUE}).status_code == 409


def test_row_copied_to_another_business_does_not_decrypt(shop: Shop, other_shop: Shop, sql: Connection) -> None:
    cipher, row = Cipher(make_config("postgresql://host/icmp").encryption_keys), stored(sql, add(shop))
    assert decrypted(cipher, row) == VALUE
    for change in (
        {"business_id": UUID(other_shop.business_id)},
        {"secret_id": uuid.uuid4()},
        {"encrypted_value": bytes(row["encrypted_value"])[:-1] + b"\0"},
        {"encrypted_value": b""},
        {"key_id": "00000000"},
    ):
        with pytest.raises(DecryptionFailed):
            decrypted(cipher, row, **change)


def test_same_value_is_encrypted_differently_each_time(shop: Shop, sql: Connection) -> None:
    rows = [stored(sql, add(shop, name)) for name in ("one", "two")]
    assert len({bytes(row["encrypted_value"]) for row in rows}) == 2


def rotate(url: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**NO_ENV_FILE, "DATABASE_URL": url, "ICMP_API_KEY": MASTER_KEY, **settings}
    return subprocess.run(
        [sys.executable, "-m", "security.rotate_keys"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip


def test_rotation_re_encrypts_with_the_first_key(new_database_url: str, master: dict[str, str]) -> None:
    old, new = "old-" * 10, "new-" * 10
    with running_app(make_config(new_database_url, ICMP_ENCRYPTION_KEY=old)) as app, connect(new_database_url) as sql:
        client: CheckedClient = app.test_client()
        shops = [make_shop(client, master, f"Shop {number}", with_stages=False) for number in range(3)]
        values = {add(shop, f"s{number}", f"value-{number}-of-it"): f"value-{number}-of-it"
                  for shop in shops for number in range(67)}  # fmt: skip
        before = {secret_id: stored(sql, secret_id) for secret_id in values}
        assert {row["key_id"] for row in before.values()} == {Cipher([old]).key_id}
        hook_id = make_hook(shops[0])
        # Without the old key nothing is lost.
        failed = rotate(new_database_url, ICMP_ENCRYPTION_KEYS=new)
        assert failed.returncode == 1 and "202 secrets cannot be decrypted" in failed.stderr
        assert {secret_id: stored(sql, secret_id) for secret_id in values} == before
        rotated = rotate(new_database_url, ICMP_ENCRYPTION_KEYS=f"{new},{old}")
        assert rotated.returncode == 0 and "202 secrets re-encrypted" in rotated.stdout
        cipher = Cipher([new])
        assert {secret_id: decrypted(cipher, stored(sql, secret_id)) for secret_id in values} == values
        assert "0 secrets re-encrypted" in rotate(new_database_url, ICMP_ENCRYPTION_KEYS=new).stdout
    with running_app(make_config(new_database_url, ICMP_ENCRYPTION_KEY=new)) as app:
        shop = replace(shops[0], client=app.test_client())
        assert deliver(shop, hook_id, an_order()).status_code == 200  # its secret was re-encrypted too
