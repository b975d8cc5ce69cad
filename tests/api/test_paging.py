"""Paging through a list with `Link` while rows are created and deleted: each row is returned once, in order."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from tests.support.database import Connection
from tests.support.factories import Shop, made


def _create(path: str, id_name: str, body: Callable[[Shop], dict[str, Any]]) -> Callable[[Shop], str]:
    def create(shop: Shop) -> str:
        row_id: str = made(shop.post(path, body(shop)))[id_name]
        return row_id

    return create


# path, name of the ID, how to create a row
LISTS: dict[str, tuple[str, str, Callable[[Shop], str]]] = {
    "users": ("/users", "user_id", _create("/users", "user_id", lambda _: {"first_name": "Ana"})),
    "agents": ("/agents", "agent_id", _create("/agents", "agent_id", lambda _: {"agent_name": "Ada"})),
    # Before the stages, which create three templates each.
    "templates": (
        "/templates",
        "template_id",
        _create("/templates", "template_id", lambda _: {"template_name": "a", "template_type": "data_extraction"}),
    ),
    "stages": ("/stages", "stage_id", _create("/stages", "stage_id", lambda _: {"stage_name": str(uuid.uuid4())})),
    "products": ("/products", "product_id", _create("/products", "product_id", lambda _: {"product_name": "Lamp"})),
    "orders": (
        "/orders",
        "order_id",
        _create("/orders", "order_id", lambda s: {"user_id": s.user_id, "order_number": str(uuid.uuid4())}),
    ),
    "schemas": (
        "/event-property-schemas",
        "schema_id",
        _create(
            "/event-property-schemas",
            "schema_id",
            lambda _: {"event_type": str(uuid.uuid4()), "property_schema": {}},
        ),
    ),
}


def test_rows_created_and_deleted_during_paging_neither_repeat_nor_hide_others(shop: Shop) -> None:
    for path, id_name, create in LISTS.values():
        _check_paging(shop, path, id_name, create)


def _check_paging(shop: Shop, path: str, id_name: str, create: Callable[[Shop], str]) -> None:
    rows = [create(shop) for _ in range(20)]
    # Between the first two pages, delete a returned row, the last returned row, and one of a later page.
    removed = [rows[1], rows[4], rows[9]]
    added, found = [], []
    before = len(shop.get(path, limit=200).get_json()) - len(rows)
    for page in _pages(shop, path, limit=before + 5):
        found += [row[id_name] for row in page]
        if not added:
            for row_id in removed:
                assert shop.delete(f"{path}/{row_id}").status_code == 204
        if len(added) < 2:
            added.append(create(shop))
    assert len(found) == len(set(found))
    kept = [row for row in rows if row not in removed]
    assert [row for row in found if row in kept] == kept
    assert [row for row in found if row in added] == added  # rows created in the meantime are at the end
    assert [row for row in found if row in removed] == [rows[1], rows[4]]


def test_events_and_audit_log_can_be_paged_while_they_grow(shop: Shop) -> None:
    for path, id_name in (("/events", "event_id"), ("/audit-log", "entry_id")):
        for _ in range(5):
            made(shop.post("/events", {"event_type": "click"}))
        kept = [row[id_name] for row in shop.get(path, limit=200).get_json()]
        found: list[str] = []
        for page in _pages(shop, path, limit=2):
            found += [row[id_name] for row in page]
            if len(found) < 9:
                made(shop.post("/products", {"product_name": "Lamp"}))
                made(shop.post("/events", {"event_type": "click"}))
        assert len(found) == len(set(found)) > len(kept)
        assert found[: len(kept)] == kept


def test_rows_created_at_the_same_time_are_ordered_by_id(shop: Shop, sql: Connection) -> None:
    ids = [made(shop.post("/products", {"product_name": str(number)}))["product_id"] for number in range(7)]
    sql.execute("UPDATE products SET created_at = '2026-01-01T00:00:00.123456Z'")
    for limit in (1, 2, 3, 7, 8):
        found = [row["product_id"] for page in _pages(shop, "/products", limit=limit) for row in page]
        assert found == sorted(ids)


def test_conversations_and_calls_can_be_paged_newest_first(shop: Shop) -> None:
    for number in range(5):
        shop.say("Hello", session_id=str(number))
    for path, id_name in (("/conversations", "conversation_id"), ("/llm-calls", "call_id")):
        forwards = [row[id_name] for row in shop.get(path, limit=200).get_json()]
        assert len(forwards) >= 5
        for limit in (1, 2, len(forwards)):
            backwards = [row[id_name] for page in _pages(shop, path, limit=limit, order="newest") for row in page]
            assert backwards == forwards[::-1]


def test_link_keeps_the_path_and_filters_of_the_request(shop: Shop) -> None:
    for number in range(4):
        made(shop.post("/products", {"product_name": str(number), "kind": "service" if number % 2 else "product"}))
    first = shop.get("/products", kind="service", limit=1)
    link = first.headers["Link"]
    assert link.startswith("<http://localhost/api/v1/products?kind=service&limit=1&cursor=")
    assert link.endswith('>; rel="next"')
    second = shop.client.get(link[1:].partition(">")[0], headers=shop.headers)
    assert [row["product_name"] for row in first.get_json() + second.get_json()] == ["1", "3"]
    assert "Link" not in second.headers
    older = shop.client.get("/stages?limit=1", headers=shop.headers).headers["Link"]
    assert older.startswith("<http://localhost/stages?limit=1&cursor=")


def _pages(shop: Shop, path: str, **query: Any) -> Iterator[list[dict[str, Any]]]:
    response = shop.get(path, **query)
    while True:
        assert response.status_code == 200, response.text
        yield response.get_json()
        link = response.headers.get("Link")
        if link is None:
            return
        response = shop.client.get(link[1:].partition(">")[0], headers=shop.headers)
