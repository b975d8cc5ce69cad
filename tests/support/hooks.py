"""Creates hooks and sends signed deliveries to them."""

import json
from typing import Any

from werkzeug.test import TestResponse

from background.hooks.signatures import Encoding, sign
from tests.support.factories import Shop, made

SECRET = "a secret of the sender"
HOOK = {
    "name": "Warehouse",
    "resource": "orders",
    "signature_header": "X-Signature",
    "signature_encoding": "hex",
    "delivery_header": "X-Delivery",
    "secret": SECRET,
    "mapping": [
        {"field": "order_number", "pointers": ["/order/number"]},
        {"field": "user.external_id", "pointers": ["/buyer/id"]},
        {"field": "status", "pointers": ["/order/state"]},
    ],
}


def make_hook(shop: Shop, **values: Any) -> str:
    """The ID of a new hook."""
    return str(made(shop.post("/hooks", {**HOOK, **values}))["hook_id"])


def an_order(number: Any = "A-1", state: Any = "paid", buyer: Any = "c-1") -> dict[str, Any]:
    """What the sender of `HOOK` sends."""
    return {"order": {"number": number, "state": state}, "buyer": {"id": buyer}}


def deliver(
    shop: Shop, hook_id: str, body: Any, headers: dict[str, str] | None = None, *, hook: dict[str, Any] = HOOK
) -> TestResponse:
    """Send a signed delivery, without a credential."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    encoding: Encoding = hook["signature_encoding"]
    signature = sign(str(hook.get("secret", SECRET)), raw, encoding)
    sent = {"Content-Type": "application/json", hook["signature_header"]: signature, **(headers or {})}
    return shop.client.post(f"/api/v1/hooks/{hook_id}", data=raw, headers=sent)
