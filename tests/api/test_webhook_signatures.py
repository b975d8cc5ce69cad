"""Requests of webhooks are signed as docs/webhooks.md says."""

import base64
import hmac
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from core.encryption import Cipher
from security.rotate_keys import rotate_keys
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.webhooks import Receiver, add_webhook

KEYS = ("another key of at least thirty-two characters",)
WEBHOOKS = Path(__file__).parents[2] / "docs" / "webhooks.md"


@pytest.fixture
def shop(hooks_app: Flask, fake_model: FakeModel, master: dict[str, str]) -> Shop:
    return make_shop(hooks_app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def test_example_of_the_documentation_checks_signatures(
    shop: Shop, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    webhook_id = add_webhook(shop, receiver)
    assert shop.post(f"/webhooks/{webhook_id}/test").status_code == 200
    head, _, body = receiver.requests[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    monkeypatch.setenv("WEBHOOK_SECRET", receiver.secret)
    [example] = re.findall(r"^```python\n(.*?)^```", WEBHOOKS.read_text(), re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {"__name__": "example"}
    exec(example, names)
    client = names["app"].test_client()
    assert [client.post("/icmp", data=body, headers=headers).status_code for _ in range(2)] == [204, 204]
    assert capsys.readouterr().out.splitlines() == [f"webhook.test {{'webhook_id': '{webhook_id}'}}"]
    assert client.post("/icmp", data=body + b" ", headers=headers).status_code == 401


def test_signature_is_what_the_documentation_says(shop: Shop, receiver: Receiver) -> None:
    """Computed without the library."""
    webhook_id = add_webhook(shop, receiver)
    assert shop.post(f"/webhooks/{webhook_id}/test").status_code == 200
    head, _, body = receiver.requests[0].partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(receiver.secret.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{signature}"


def test_rotated_keys_still_sign(shop: Shop, receiver: Receiver, hooks_app: Flask) -> None:
    webhook_id = add_webhook(shop, receiver)
    context = hooks_app.extensions["icmp"]
    other = Cipher((*KEYS, *context.config.encryption_keys))
    assert rotate_keys(context.database, other)[1] == 0
    assert shop.post(f"/webhooks/{webhook_id}/test").get_json()["error"] == "secret_unreadable"
    assert rotate_keys(context.database, Cipher((context.config.encryption_keys[0], *KEYS)))[1] == 0
    assert shop.post(f"/webhooks/{webhook_id}/test").get_json()["status"] == "delivered"
