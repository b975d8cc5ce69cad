"""Products and orders: kept by the business, told to its prompts."""

from uuid import uuid4

import pytest

from tests.support.factories import Shop, made

MUG = {"product_name": "Tideline mug", "sku": "MUG", "price": 18, "currency": "EUR", "description": "Stoneware."}


@pytest.mark.parametrize("room", ["products", "orders"])
def test_create_read_update_delete(shop: Shop, room: str) -> None:
    name = room[:-1]
    body = (
        MUG
        if room == "products"
        else {"user_id": shop.user_id, "order_number": "A-1", "items": [{"product_name": "x"}]}
    )
    change = {"price": 19.5} if room == "products" else {"status": "shipped", "tracking_number": "T-1"}
    row_id = made(shop.post(f"/{room}", body))[f"{name}_id"]
    assert shop.get(f"/{room}/{row_id}").get_json().items() >= body.items()
    assert shop.put(f"/{room}/{row_id}", change).get_json().items() >= {**body, **change}.items()
    assert [row[f"{name}_id"] for row in shop.get(f"/{room}").get_json()] == [row_id]
    assert shop.delete(f"/{room}/{row_id}").status_code == 204
    assert shop.get(f"/{room}/{row_id}").status_code == 404
    assert shop.put(f"/{room}/{row_id}", change).status_code == 404


def test_another_tenant_sees_and_changes_nothing(shop: Shop, other_shop: Shop) -> None:
    product_id = made(shop.post("/products", MUG))["product_id"]
    order_id = made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-1"}))["order_id"]
    for path, change in ((f"/products/{product_id}", {"price": 1}), (f"/orders/{order_id}", {"status": "lost"})):
        assert other_shop.get(path).status_code == other_shop.put(path, change).status_code == 404
        assert other_shop.delete(path).status_code == 404
        assert shop.get(path).status_code == 200
    assert other_shop.get("/products").get_json() == other_shop.get("/orders").get_json() == []
    # Nor can an order be given to another business's customer.
    stranger = {"user_id": other_shop.user_id, "order_number": "A-2"}
    assert shop.post("/orders", stranger).status_code == 404
    assert shop.put(f"/orders/{order_id}", {"user_id": other_shop.user_id}).status_code == 400


def test_numbers_and_skus_are_unique_in_a_business(shop: Shop, other_shop: Shop) -> None:
    order = {"order_number": "A-1"}
    made(shop.post("/orders", {"user_id": shop.user_id, **order}))
    made(other_shop.post("/orders", {"user_id": other_shop.user_id, **order}))
    again = shop.post("/orders", {"user_id": shop.user_id, **order})
    assert (again.status_code, again.get_json()["error_code"]) == (409, "CONFLICT")
    made(shop.post("/products", MUG))
    assert shop.post("/products", MUG).status_code == 409
    made(shop.post("/products", {"product_name": "Without a sku"}))
    made(shop.post("/products", {"product_name": "Without a sku either"}))


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
def test_malformed_bodies_are_refused(shop: Shop, path: str, body: dict[str, object]) -> None:
    refused = shop.post(path, body)
    assert (refused.status_code, refused.get_json()["error_code"]) == (400, "INVALID_REQUEST")
    assert refused.get_json()["details"]
    assert shop.get(path).get_json() == []


def test_lists_are_filtered(shop: Shop) -> None:
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
    ):
        assert [row["order_number"] for row in shop.get("/orders", **query).get_json()] == numbers
    page = shop.get("/orders", limit=2)
    assert 'rel="next"' in page.headers["Link"]


def test_variables_show_them_to_prompts(shop: Shop, other_shop: Shop) -> None:
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
