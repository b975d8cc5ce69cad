"""Products and orders: validation, filters, and their variables in prompts."""

from uuid import uuid4

import pytest

from tests.support.factories import Shop, made

UNKNOWN = "00000000-0000-4000-8000-00000000abcd"
MUG = {"product_name": "Tideline mug", "sku": "MUG", "price": 18, "currency": "EUR", "description": "Stoneware."}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/products", {}),
        ("/products", {**MUG, "price": -1}),
        ("/products", {**MUG, "currency": "euro"}),
        ("/products", {**MUG, "kind": "thing"}),
        ("/products", {**MUG, "colour": "blue"}),
        ("/products", {**MUG, "product_name": "a\0b"}),
        ("/orders", {"order_number": "A-1"}),
        ("/orders", {"user_id": "nobody", "order_number": "A-1"}),
        ("/orders", {"user_id": str(uuid4()), "order_number": " "}),
        ("/orders", {"user_id": str(uuid4()), "order_number": "A-1", "order_date": "yesterday"}),
        ("/orders", {"user_id": str(uuid4()), "order_number": "A-1", "items": [{"quantity": 1}]}),
    ],
)
def test_malformed_bodies_are_rejected(shop: Shop, path: str, body: dict[str, object]) -> None:
    refused = shop.post(path, body)
    assert (refused.status_code, refused.get_json()["error_code"]) == (400, "INVALID_REQUEST")
    assert refused.get_json()["details"]
    assert shop.get(path).get_json() == []


def test_lists_can_be_filtered(shop: Shop) -> None:
    made(shop.post("/products", MUG))
    made(shop.post("/products", {"product_name": "Repair", "kind": "service"}))
    assert [row["product_name"] for row in shop.get("/products", kind="service").get_json()] == ["Repair"]
    second = shop.add_customer("c-2")
    for number, user_id, status in (
        ("A-1", shop.user_id, "placed"),
        ("A-2", second, "placed"),
        ("A-3", second, "sent"),
    ):
        made(shop.post("/orders", {"order_number": number, "user_id": user_id, "status": status}))
    for query, numbers in (
        ({"user_id": second}, ["A-2", "A-3"]),
        ({"status": "placed"}, ["A-1", "A-2"]),
        ({"order_number": "A-3"}, ["A-3"]),
        ({"order_number": "A-9"}, []),
        ({"user_id": second, "status": "placed"}, ["A-2"]),
    ):
        assert [row["order_number"] for row in shop.get("/orders", **query).get_json()] == numbers


def test_variables_contain_products_and_orders(shop: Shop, other_shop: Shop) -> None:
    made(shop.post("/products", MUG))
    made(shop.post("/products", {"product_name": "Repair", "kind": "service"}))
    made(other_shop.post("/products", {"product_name": "Something else"}))
    order = {"order_number": "A-1", "status": "sent", "items": [{"product_name": "Tideline mug", "quantity": 2}]}
    order |= {"order_total": 36, "currency": "EUR", "order_date": "2026-03-12T10:00:00Z", "tracking_number": "T-1"}
    made(shop.post("/orders", {"user_id": shop.user_id, **order}))
    made(shop.post("/orders", {"user_id": shop.add_customer("c-2"), "order_number": "A-2"}))
    conversation_id = shop.say("hello").get_json()["conversation_id"]
    body = {"content": "{products}\n{services}\n{orders}", "conversation_id": conversation_id}
    assert shop.post("/templates/preview", body).get_json()["rendered"].splitlines() == [
        "- Tideline mug: 18.00 EUR. Stoneware.",
        "- Repair",
        "- A-1 of 2026-03-12: sent; 2 x Tideline mug; 36.00 EUR; tracking T-1",
    ]


def test_amounts_are_exact(shop: Shop) -> None:
    for price in (0, 0.1, 19.99, 999_999_999_999, 1234567.89):
        product_id = made(shop.post("/products", {"product_name": "x", "price": price}))["product_id"]
        assert shop.get(f"/products/{product_id}").get_json()["price"] == price
    for price in (-1, 1e15, "19.90", True):
        assert shop.post("/products", {"product_name": "x", "price": price}).status_code == 400


def test_order_must_name_customers_and_products_of_the_business(shop: Shop) -> None:
    assert shop.post("/orders", {"user_id": UNKNOWN, "order_number": "A-1"}).status_code == 404
    product_id = made(shop.post("/products", {"product_name": "Lamp"}))["product_id"]
    items = [{"product_name": "Lamp", "product_id": product_id}, {"product_name": "By hand"}]
    order_id = made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-1", "items": items}))["order_id"]
    unknown = [{"product_name": "Lamp", "product_id": UNKNOWN}]
    assert shop.put(f"/orders/{order_id}", {"items": unknown}).status_code == 404
    assert shop.get(f"/orders/{order_id}").get_json()["items"] == items
    shop.delete(f"/products/{product_id}")
    kept = shop.put(f"/orders/{order_id}", {"items": items[:1], "status": "shipped"})
    assert (kept.status_code, kept.get_json()["items"]) == (200, items[:1])  # the product existed when it was ordered
    assert shop.put(f"/orders/{order_id}", {"user_id": shop.user_id}).status_code == 400
