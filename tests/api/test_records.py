"""Users, agents, products, orders and variables: create, read, update and delete."""

from typing import Any

import pytest

from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, made

UNKNOWN = "00000000-0000-4000-8000-00000000abcd"

# For each resource: the name of its ID, a body with every field, and a change.
RESOURCES: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "/users": (
        "user_id",
        {
            "external_id": "c-77",
            "first_name": "Ana",
            "last_name": "Lima",
            "email": "ana@example.com",
            "phone": "+55 11",
            "language": "pt",
            "timezone": "America/Sao_Paulo",
            "metadata": {"tier": "gold"},
            "is_test": True,
        },
        {"phone": None},
    ),
    "/agents": (
        "agent_id",
        {"agent_name": "Ann", "agent_type": "human", "description": "Sales", "member_ids": []},
        {"description": None},
    ),
    "/canned-replies": (
        "canned_reply_id",
        {"shortcut": "hello", "title": "Greeting", "content": "Hello {user_name}"},
        {"content": "Good evening"},
    ),
    "/analytics/views": (
        "view_id",
        {"name": "Returns in July", "page": "overview", "query": {"channel": "whatsapp", "by": "week"}},
        {"query": {}},
    ),
    "/products": (
        "product_id",
        {
            "product_name": "Lamp",
            "description": "Warm",
            "price": 19.9,
            "currency": "EUR",
            "kind": "product",
            "sku": "L-1",
            "metadata": {"colour": "red"},
        },
        {"price": 21.5},
    ),
    "/articles": (
        "article_id",
        {
            "title": "Returns",
            "content": "# Time limit\n\nThirty days.",
            "language": "de",
            "tags": ["returns"],
            "valid_from": "2026-01-02T03:04:05+00:00",
            "valid_until": "2126-01-02T03:04:05+00:00",
        },
        {"content": "Two months."},
    ),
    "/orders": (
        "order_id",
        {
            "order_number": "A-10433",
            "status": "shipped",
            "items": [{"product_name": "Lamp", "quantity": 2, "price": 19.9}],
            "order_total": 39.8,
            "currency": "EUR",
            "shipping_address": "1 Harbour Street",
            "billing_address": "2 Harbour Street",
            "payment_method": "card",
            "tracking_number": "T-1",
            "shipping_carrier": "Post",
            "order_date": "2026-01-02T03:04:05+00:00",
        },
        {"status": "delivered"},
    ),
}


@pytest.mark.parametrize("path", RESOURCES)
def test_create_read_update_and_delete(shop: Shop, path: str) -> None:
    id_field, values, change = RESOURCES[path]
    given = {**values, **({"user_id": shop.user_id} if path == "/orders" else {})}
    answer = shop.post(path, given)
    row_id = made(answer)[id_field]
    assert answer.get_json().keys() == {id_field}
    row = shop.get(f"{path}/{row_id}").get_json()
    assert {name: row[name] for name in given} == given
    assert row["created_at"].endswith("+00:00")
    assert row_id in [each[id_field] for each in shop.get(path).get_json()]
    changed = shop.put(f"{path}/{row_id}", change)
    assert changed.status_code == 200
    assert {name: changed.get_json()[name] for name in given} == {**given, **change}
    assert shop.get(f"{path}/{row_id}").get_json() == changed.get_json()
    assert shop.put(f"{path}/{row_id}", {}).status_code == 400
    assert shop.put(f"{path}/{row_id}", {"nobody_knows": 1}).status_code == 400
    deleted = shop.delete(f"{path}/{row_id}")
    assert (deleted.status_code, deleted.data) == (204, b"")
    for gone in (shop.get(f"{path}/{row_id}"), shop.put(f"{path}/{row_id}", change), shop.delete(f"{path}/{row_id}")):
        assert gone.status_code == 404


@pytest.mark.parametrize("path", RESOURCES)
def test_create_with_required_fields_only(shop: Shop, path: str) -> None:
    least = {
        "/users": {"first_name": "Ana"},
        "/agents": {"agent_name": "Ann"},
        "/canned-replies": {"shortcut": "bye", "title": "Bye", "content": "Goodbye"},
        "/analytics/views": {"name": "All", "page": "overview", "query": {}},
        "/products": {"product_name": "Lamp"},
        "/articles": {"title": "Returns", "content": "Thirty days."},
        "/orders": {"user_id": shop.user_id, "order_number": "A-1"},
    }[path]
    id_field = RESOURCES[path][0]
    row_id = made(shop.post(path, least))[id_field]
    assert shop.put(f"{path}/{row_id}", RESOURCES[path][2]).status_code == 200


def test_unique_fields(shop: Shop) -> None:
    made(shop.post("/users", {"external_id": "1", "email": "Ana@example.com"}))
    for taken in ({"external_id": "1"}, {"email": "ana@EXAMPLE.com"}):
        assert shop.post("/users", taken).status_code == 409
    other = made(shop.post("/users", {"external_id": "2"}))["user_id"]
    assert shop.put(f"/users/{other}", {"external_id": "1"}).status_code == 409
    for _ in range(2):  # missing values do not conflict
        made(shop.post("/users", {"first_name": "Ana"}))
    made(shop.post("/products", {"product_name": "Lamp", "sku": "L"}))
    assert shop.post("/products", {"product_name": "Lamp", "sku": "L"}).status_code == 409
    made(shop.post("/products", {"product_name": "Lamp"}))
    order = {"user_id": shop.user_id, "order_number": "A-1"}
    made(shop.post("/orders", order))
    assert shop.post("/orders", order).status_code == 409


@pytest.mark.usefixtures("empty_database")
def test_operators_see_all_users_and_businesses_their_customers(
    shop: Shop, other_shop: Shop, client: CheckedClient, master: dict[str, str]
) -> None:
    assert {row["business_id"] for row in shop.get("/users").get_json()} == {shop.business_id}
    everybody = client.get("/api/v1/users?limit=200", headers=master).get_json()
    assert {shop.user_id, shop.owner_id, other_shop.user_id} <= {row["user_id"] for row in everybody}
    of_one = client.get("/api/v1/users", query_string={"business_id": shop.business_id}, headers=master).get_json()
    assert of_one == shop.get("/users").get_json()
    without_business = made(client.post("/api/v1/users", json={"first_name": "Free"}, headers=master))["user_id"]
    assert client.get(f"/api/v1/users/{without_business}", headers=master).get_json()["business_id"] is None
    assert shop.get(f"/users/{without_business}").status_code == 404
    assert shop.get(f"/users/{shop.owner_id}").status_code == 404  # staff users are not customers
    for refused, status in (({"is_admin": True}, 403), ({"password_hash": "x"}, 400), ({"user_id": UNKNOWN}, 400)):
        assert shop.post("/users", refused).status_code == status
        assert shop.put(f"/users/{shop.user_id}", refused).status_code == status


def test_email_is_unique_among_staff(shop: Shop, client: CheckedClient, master: dict[str, str]) -> None:
    email = client.get(f"/api/v1/users/{shop.owner_id}", headers=master).get_json()["email"]
    assert client.post("/api/v1/users", json={"email": email.upper()}, headers=master).status_code == 409
    made(shop.post("/users", {"email": email}))  # a customer may have the same address


def test_business_variables(shop: Shop) -> None:
    built_in = {row["name"]: row for row in shop.get("/variables").get_json()}
    assert built_in["user_message"]["aliases"] == ["message", "customer_message", "message_content"]
    assert all(row["description"] and row["source"] == "built_in" for row in built_in.values())
    variable_id = made(shop.post("/variables", {"name": "Opening  Hours", "value": "9 to 18"}))["variable_id"]
    [own] = [row for row in shop.get("/variables").get_json() if row["source"] == "business"]
    assert (own["name"], own["value"], own["variable_id"]) == ("opening_hours", "9 to 18", variable_id)
    for body, status in (
        ({"name": "opening hours", "value": "x"}, 409),
        ({"name": "USER name", "value": "x"}, 400),
        ({"name": "message", "value": "x"}, 400),
        ({"name": "last_7_messages", "value": "x"}, 400),
        ({"name": "a.b", "value": "x"}, 400),
        ({"name": "1st", "value": "x"}, 400),
        ({"name": "שעות", "value": "x"}, 400),
        ({"name": "ok"}, 400),
    ):
        assert shop.post("/variables", body).status_code == status, body
    changed = shop.put(f"/variables/{variable_id}", {"value": "10 to 17"}).get_json()
    assert (changed["name"], changed["value"], changed["description"]) == ("opening_hours", "10 to 17", None)
    assert shop.post("/templates/preview", {"content": "{Opening hours}"}).get_json()["rendered"] == "10 to 17"
    assert shop.put(f"/variables/{variable_id}", {"name": "user_name"}).status_code == 400
    assert shop.delete(f"/variables/{variable_id}").status_code == 204
    assert shop.delete(f"/variables/{variable_id}").status_code == 404
    assert len(shop.get("/variables").get_json()) == len(built_in)
