"""Inbound hooks: signed JSON of other systems becomes orders, products and customers."""

import hashlib
import hmac
import json
import threading
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from background.hooks.deliveries import KEPT_DAYS
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.hooks import HOOK, SECRET, an_order, deliver, make_hook
from tests.support.staff import make_member, make_owner


def orders(shop: Shop) -> dict[str, Any]:
    return {row["order_number"]: row for row in shop.get("/orders").get_json()}


def results(shop: Shop, hook_id: str) -> list[tuple[str, str | None]]:
    rows = shop.get(f"/hooks/{hook_id}/deliveries").get_json()
    return [(row["result"], row["row_name"]) for row in rows][::-1]


def test_delivery_creates_then_updates_an_order(shop: Shop) -> None:
    hook_id = make_hook(shop)
    assert deliver(shop, hook_id, an_order("Ü-1 🛒")).get_json()["result"] == "created"
    assert deliver(shop, hook_id, an_order("Ü-1 🛒")).get_json()["result"] == "unchanged"
    row = orders(shop)["Ü-1 🛒"]
    assert deliver(shop, hook_id, an_order("Ü-1 🛒", "shipped")).get_json()["result"] == "updated"
    assert orders(shop)["Ü-1 🛒"]["status"] == "shipped"
    assert row["updated_at"] == row["created_at"] or row["status"] == "paid"
    assert results(shop, hook_id) == [(each, "Ü-1 🛒") for each in ("created", "unchanged", "updated")]


def test_products_and_customers_can_be_mapped(shop: Shop) -> None:
    rows: list[tuple[str, list[dict[str, Any]], dict[str, Any]]] = [
        ("products", [{"field": "sku", "pointers": ["/a~1b"]}, {"field": "product_name", "value": "Lamp"},
                      {"field": "price", "pointers": ["/none", "/prices/1"]}], {"a/b": 17, "prices": [1, "12.50"]}),
        ("users", [{"field": "external_id", "pointers": ["/id"]}, {"field": "metadata", "pointers": ["/extra"]}],
         {"id": 4711, "extra": {"tier": "gold"}}),
    ]  # fmt: skip
    for resource, mapping, body in rows:
        hook_id = make_hook(shop, name=resource, resource=resource, mapping=mapping)
        assert deliver(shop, hook_id, body).get_json()["result"] == "created"
        assert deliver(shop, hook_id, body).get_json()["result"] == "unchanged"
    [product] = shop.get("/products").get_json()
    assert (product["sku"], product["price"]) == ("17", 12.5)
    [customer] = [row for row in shop.get("/users").get_json() if row["external_id"] == "4711"]
    assert customer["metadata"] == {"tier": "gold"}


@pytest.mark.parametrize("encoding", ["hex", "base64"])
def test_signature_is_the_hmac_of_the_body_in_the_named_header(shop: Shop, encoding: str) -> None:
    hook_id = make_hook(shop, signature_header="X-Sig", signature_encoding=encoding)
    raw = json.dumps(an_order()).encode()
    digest = hmac.new(SECRET.encode(), raw, hashlib.sha256).digest()
    right = digest.hex() if encoding == "hex" else b64encode(digest).decode()
    wrong = hmac.new(b"another secret", raw, hashlib.sha256).digest()

    def send(signature: str | None, body: bytes = raw) -> int:
        headers = {"Content-Type": "application/json"} | ({} if signature is None else {"X-Sig": signature})
        return shop.client.post(f"/api/v1/hooks/{hook_id}", data=body, headers=headers).status_code

    for signature in (None, "", "é", wrong.hex(), b64encode(wrong).decode(), right[:-1], right + right):
        assert send(signature) == 401
    assert send(right, raw + b" ") == 401
    assert orders(shop) == {}
    assert [send(right), send(f" sha256={right} ")] == [200, 200]
    [first, *_] = shop.get(f"/hooks/{hook_id}/deliveries").get_json()[::-1]
    assert (first["result"], first["problems"][0]["message"]) == (
        "rejected", "The header X-Sig with the signature is missing.",
    )  # fmt: skip
    assert results(shop, hook_id) == [("rejected", None), ("created", "A-1"), ("unchanged", "A-1")]


def test_repeated_delivery_changes_nothing(shop: Shop) -> None:
    hook_id = make_hook(shop)
    first = deliver(shop, hook_id, an_order(state="paid"), {"X-Delivery": "d-1"}).get_json()
    deliver(shop, hook_id, an_order(state="shipped"), {"X-Delivery": "d-2"})
    again = deliver(shop, hook_id, an_order(state="paid"), {"X-Delivery": "d-1"})
    assert again.get_json() == first
    assert orders(shop)["A-1"]["status"] == "shipped"
    assert len(results(shop, hook_id)) == 2


def test_simultaneous_repetitions_are_processed_once(shop: Shop) -> None:
    hook_id = make_hook(shop)
    barrier = threading.Barrier(4)

    def send(_: int) -> Any:
        barrier.wait()
        return deliver(shop, hook_id, an_order(), {"X-Delivery": "d-1"}).get_json()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert results(shop, hook_id) == [("created", "A-1")]


def test_delivery_that_was_invalid_can_be_repeated(shop: Shop) -> None:
    hook_id = make_hook(shop)
    bad = deliver(shop, hook_id, an_order(buyer=None), {"X-Delivery": "d-1"})
    assert bad.status_code == 400
    assert bad.get_json()["details"] == [{"path": "$", "message": "One of these is required: `user_id` or `user`."}]
    assert results(shop, hook_id) == [("invalid", "A-1")]
    assert deliver(shop, hook_id, an_order(), {"X-Delivery": "d-1"}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[1, 2]", b'"text"', b'{"order": 1}', b'{"order": {"number": ["A-1"]}}', b"\xff", b"[" * 10_000,
     b'{"order": {"number": "A-1\\u0000"}, "buyer": {"id": "c-1"}}', b'{"order": {"number": 1e999}}',
     b'{"order": {"number": true}, "buyer": {"id": {}}}', b'{"a": 1, "a": 2}'],
)  # fmt: skip
def test_signed_body_that_is_no_row_is_invalid(shop: Shop, body: bytes) -> None:
    hook_id = make_hook(shop)
    assert deliver(shop, hook_id, body).status_code == 400
    assert [result for result, _ in results(shop, hook_id)] == ["invalid"]
    assert orders(shop) == {}


def test_order_of_another_customer_is_not_changed(shop: Shop) -> None:
    hook_id = make_hook(shop)
    deliver(shop, hook_id, an_order(buyer="c-1"))
    answer = deliver(shop, hook_id, an_order(state="stolen", buyer="c-2"))
    assert (answer.status_code, orders(shop)["A-1"]["status"]) == (400, "paid")
    assert answer.get_json()["details"][0]["message"] == "The order belongs to another customer."


def test_guests_with_the_id_zero_are_not_one_customer(shop: Shop) -> None:
    mapping = [*HOOK["mapping"][::2], {"field": "user.external_id", "pointers": ["/buyer/id", "/order/number"]}]
    hook_id = make_hook(shop, mapping=mapping)
    for number in ("A-1", "A-2"):
        assert deliver(shop, hook_id, an_order(number, buyer=0)).status_code == 200
    assert {"A-1", "A-2", "c-1"} <= {row["external_id"] for row in shop.get("/users").get_json()}


def test_body_above_the_limit_is_refused(shop: Shop) -> None:
    assert deliver(shop, make_hook(shop), {"x": "y" * 600_000}).status_code == 413


def test_test_form_of_woocommerce_is_ignored(shop: Shop) -> None:
    hook_id = make_hook(shop)
    answer = shop.client.post(f"/api/v1/hooks/{hook_id}", data={"webhook_id": "3"})
    assert (answer.status_code, answer.get_json()) == (200, {"delivery_id": None, "result": "ignored"})
    assert results(shop, hook_id) == []


def test_disabled_deleted_and_unknown_hooks_look_like_wrong_signatures(shop: Shop) -> None:
    hook_id = make_hook(shop)
    assert shop.put(f"/hooks/{hook_id}", {"is_enabled": False}).status_code == 200
    disabled = deliver(shop, hook_id, an_order())
    assert shop.put(f"/hooks/{hook_id}", {"is_enabled": True}).status_code == 200
    assert deliver(shop, hook_id, an_order()).status_code == 200
    assert shop.delete(f"/hooks/{hook_id}").status_code == 204
    deleted = deliver(shop, hook_id, an_order())
    unknown = deliver(shop, "00000000-0000-4000-8000-000000000000", an_order())
    wrong = deliver(shop, make_hook(shop), an_order(), {"X-Signature": "wrong"})
    answers = [disabled, deleted, unknown, wrong]
    assert [each.status_code for each in answers] == [401] * 4
    assert len({each.get_json()["message"] for each in answers}) == 1


def test_secret_is_shown_once_and_stored_encrypted(shop: Shop, sql: Connection) -> None:
    body = {name: value for name, value in HOOK.items() if name != "secret"}
    created = made(shop.post("/hooks", body))
    hook_id, secret = created["hook_id"], created["secret"]
    assert created["url"] == f"http://localhost/api/v1/hooks/{hook_id}"
    assert len(secret) > 30
    for path in ("/hooks", f"/hooks/{hook_id}", f"/hooks/{hook_id}/deliveries", "/audit-log"):
        assert secret not in shop.get(path).text
    stored = sql.execute("SELECT to_jsonb(h)::text AS row FROM hooks h WHERE hook_id = %(id)s", {"id": hook_id})
    assert secret not in str(stored.fetchone())
    assert deliver(shop, hook_id, an_order(), hook={**HOOK, "secret": secret}).status_code == 200
    assert shop.put(f"/hooks/{hook_id}", {"secret": "replaced later"}).status_code == 200
    assert deliver(shop, hook_id, an_order(), hook={**HOOK, "secret": secret}).status_code == 401
    assert deliver(shop, hook_id, an_order(), hook={**HOOK, "secret": "replaced later"}).status_code == 200


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"mapping": [{"field": "colour", "pointers": ["/a"]}]}, "$.mapping[0].field"),
        ({"mapping": [*HOOK["mapping"], HOOK["mapping"][0]]}, "$.mapping[3].field"),
        ({"mapping": [{"field": "order_number", "pointers": ["no slash"]}]}, "$.mapping[0].pointers[0]"),
        ({"mapping": HOOK["mapping"][:1]}, "$.mapping"),
        ({"mapping": HOOK["mapping"][1:]}, "$.mapping"),
        ({"mapping": [*HOOK["mapping"], {"field": "user_id", "pointers": ["/a"]}]}, "$.mapping"),
        ({"mapping": [*HOOK["mapping"], {"field": "items.price", "pointers": ["/a"]}]}, "$.mapping"),
        ({"mapping": []}, "$.mapping"),
        ({"mapping": [{"field": "order_number"}]}, "$.mapping[0]"),
        ({"resource": "products"}, "$.mapping[0].field"),
        ({"signature_header": "X Signature"}, "$.signature_header"),
        ({"signature_encoding": "md5"}, "$.signature_encoding"),
        ({"secret": "short"}, "$.secret"),
        ({"notify": {"field": "status", "text": "{nothing}"}}, "$.notify.text"),
        ({"notify": {"field": "items", "text": "x"}}, "$.notify"),
    ],
)  # fmt: skip
def test_hook_that_cannot_work_is_refused(shop: Shop, change: dict[str, Any], path: str) -> None:
    answer = shop.post("/hooks", {**HOOK, **change})
    assert answer.status_code == 400
    assert path in [each["path"] for each in answer.get_json()["details"]]


def test_names_are_unique(shop: Shop) -> None:
    make_hook(shop)
    assert shop.post("/hooks", HOOK).status_code == 409


def test_only_owners_manage_hooks(shop: Shop, master: dict[str, str]) -> None:
    hook_id = make_hook(shop)
    owner = make_owner(shop, master)
    assert owner.send("GET", f"/hooks/{hook_id}").status_code == 200
    for role in ("agent", "viewer"):
        member = make_member(shop, owner.headers, role)
        for method, path in (
            ("GET", "/hooks"), ("GET", f"/hooks/{hook_id}"), ("GET", f"/hooks/{hook_id}/deliveries"),
            ("PUT", f"/hooks/{hook_id}"), ("DELETE", f"/hooks/{hook_id}"), ("POST", "/hooks"),
        ):  # fmt: skip
            assert member.send(method, path, None if method in ("GET", "DELETE") else HOOK).status_code == 403


def test_audit_log_shows_what_a_hook_has_changed(shop: Shop) -> None:
    hook_id = make_hook(shop)
    deliver(shop, hook_id, an_order())
    deliver(shop, hook_id, an_order(state="shipped"))
    entries = shop.get("/audit-log", actor_id=hook_id).get_json()
    order_id = orders(shop)["A-1"]["order_id"]
    assert [
        (row["actor_type"], row["action"], row["resource"], row["resource_id"], row["fields"]) for row in entries
    ] == [
        ("hook", "create", "order", order_id, ["order_number", "status", "user"]),
        ("hook", "update", "order", order_id, ["status"]),
    ]


def test_old_deliveries_are_deleted_with_the_next_one(shop: Shop, sql: Connection) -> None:
    hook_id = make_hook(shop)
    deliver(shop, hook_id, an_order("A-1"))
    sql.execute(
        "UPDATE hook_deliveries SET received_at = now() - make_interval(days => %(days)s) WHERE hook_id = %(id)s",
        {"days": KEPT_DAYS + 1, "id": hook_id},
    )
    deliver(shop, hook_id, an_order("A-2"))
    assert results(shop, hook_id) == [("created", "A-2")]


def test_requests_to_a_hook_are_limited(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = deliver(shop, make_hook(shop), an_order())
    assert answer.headers["RateLimit-Limit"] == "600"
