"""Rows that a business creates or updates by its own number, SKU or ID."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.factories import Shop

pytestmark = pytest.mark.usefixtures("empty_database")

NAMES = ["A-1", "2026/11 #7", "نمبر ٧", "🛒 42", "100%", "a+b"]
RESOURCES: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    ("orders/by-number", "order_number", "orders", {"user": {"external_id": "c-9"}, "status": "paid"},
     {"user": {"external_id": "c-9"}, "status": "shipped"}),
    ("products/by-sku", "sku", "products", {"product_name": "Lamp", "price": 5}, {"product_name": "Lamp", "price": 6}),
    ("users/by-external-id", "external_id", "users", {"first_name": "Mia"}, {"last_name": "Wong"}),
]  # fmt: skip


def put(shop: Shop, path: str, name: str, body: dict[str, Any]) -> Any:
    return shop.put(f"/{path}/{quoted(name)}", body)


def quoted(name: str) -> str:
    return name.replace("%", "%25").replace("#", "%23")


@pytest.mark.parametrize(("path", "field", "kind", "first", "second"), RESOURCES, ids=lambda each: str(each)[:12])
@pytest.mark.parametrize("name", NAMES)
def test_row_is_created_and_then_updated(
    shop: Shop, path: str, field: str, kind: str, first: dict[str, Any], second: dict[str, Any], name: str
) -> None:
    created = put(shop, path, name, first)
    assert (created.status_code, created.get_json()[field]) == (201, name)
    updated = put(shop, path, name, second)
    assert updated.status_code == 200
    expected = {key: value for key, value in {**first, **second}.items() if key != "user"}
    assert {key: updated.get_json()[key] for key in expected} == expected
    again = put(shop, path, name, second).get_json()
    unchanged = {key: value for key, value in again.items() if key != "updated_at"}
    assert unchanged == {key: value for key, value in updated.get_json().items() if key != "updated_at"}
    rows = [row for row in shop.get(f"/{kind}").get_json() if row[field] == name]
    assert len(rows) == 1
    resource = kind.removesuffix("s")
    log = shop.get("/audit-log", resource=resource, resource_id=rows[0][f"{resource}_id"]).get_json()
    names = [sorted(set(body) - ({"product_name"} if body is second else set())) for body in (first, second)]
    names[1] = [each for each in names[1] if each != "user"]
    assert [(row["action"], row["fields"]) for row in log] == [("create", names[0]), ("update", names[1])]


@pytest.mark.parametrize(("path", "field", "kind", "first", "second"), RESOURCES, ids=lambda each: str(each)[:12])
def test_simultaneous_requests_create_one_row(
    shop: Shop, path: str, field: str, kind: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = [each.result() for each in [pool.submit(put, shop, path, "N-1", first) for _ in range(8)]]
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert sum(row[field] == "N-1" for row in shop.get(f"/{kind}").get_json()) == 1


def test_invalid_upserts_change_nothing(shop: Shop, other_shop: Shop) -> None:
    assert put(shop, "orders/by-number", "B-1", {"status": "paid"}).status_code == 400  # no customer
    assert put(shop, "orders/by-number", "B-1", {"user_id": other_shop.user_id}).status_code == 404
    assert put(shop, "products/by-sku", "S-1", {"price": 1}).status_code == 400
    assert put(shop, "products/by-sku", "S" * 101, {"product_name": "Lamp"}).status_code == 400
    item = {"product_name": "Lamp", "product_id": other_shop.user_id}
    assert put(shop, "orders/by-number", "B-1", {"user_id": shop.user_id, "items": [item]}).status_code == 404
    assert shop.get("/orders").get_json() == shop.get("/products").get_json() == []
    assert put(shop, "orders/by-number", "B-1", {"user_id": shop.user_id}).status_code == 201
    another = shop.add_customer("c-2")
    assert put(shop, "orders/by-number", "B-1", {"user_id": another}).status_code == 409
    # The same number of another business is another order.
    assert put(other_shop, "orders/by-number", "B-1", {"user_id": other_shop.user_id}).status_code == 201
