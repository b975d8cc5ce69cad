"""One business can store, or read at once, a limited number of bytes, so that it cannot exhaust memory or disk."""

import uuid
from typing import Any

import pytest

from background.maintenance import delete_expired
from core.context import AppContext
from repositories import events
from repositories.releases import KEPT_RELEASES
from repositories.templates import KEPT_VERSIONS
from routes.pagination import MAX_PAGE_BYTES
from tests.conftest import make_config, running_app
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel

LARGE, ALLOWED = {"note": "é" * 8200}, {"note": "é" * 8100}


def sent_with(shop: Shop, where: str, metadata: dict[str, Any]) -> int:
    """The status of a request with metadata."""
    match where:
        case "new user":
            return shop.post("/users", {"first_name": "Ana", "metadata": metadata}).status_code
        case "user":
            return shop.put(f"/users/{shop.user_id}", {"metadata": metadata}).status_code
        case "new product":
            return shop.post("/products", {"product_name": "Lamp", "metadata": metadata}).status_code
        case "product":
            product = made(shop.post("/products", {"product_name": "Lamp"}))["product_id"]
            return shop.put(f"/products/{product}", {"metadata": metadata}).status_code
    user = {"external_id": "ana", "metadata": metadata}
    return shop.post("/messages", {"user": user, "message": "Hello"}).status_code


@pytest.mark.parametrize("where", ["new user", "user", "new product", "product", "message"])
def test_metadata_has_at_most_16_kb(shop: Shop, fake_model: FakeModel, where: str) -> None:
    fake_model.reply('{"stage": "Greeting", "confidence": 0.9}', "{}", "Hello.")
    assert sent_with(shop, where, LARGE) == 400
    assert sent_with(shop, where, ALLOWED) < 300


def test_metadata_that_messages_add_up_is_limited(shop: Shop) -> None:
    statuses = [sent_with(shop, "message", {f"note {number}": "x" * 15_000}) for number in range(3)]
    assert statuses[-1] == 400
    shop_users = [user for user in shop.get("/users").get_json() if user["external_id"] == "ana"]
    assert len(shop_users[0]["metadata"]) == 2


def test_schema_has_at_most_64_kb(shop: Shop) -> None:
    schema = {"properties": {"a": {"description": "x" * 66_000}}}
    for response in (
        shop.post("/stages", {"stage_name": "Large", "extraction_schema": schema}),
        shop.put(f"/stages/{shop.stages['Greeting']}", {"extraction_schema": schema}),
        shop.post("/event-property-schemas", {"event_type": "purchase", "property_schema": schema}),
    ):
        assert response.status_code == 400
        assert "64 KB" in response.get_json()["details"][0]["message"]


def read_pages(shop: Shop, path: str, limit: int) -> list[list[dict[str, Any]]]:
    pages, url = [], f"/api/v1{path}?limit={limit}"
    while url:
        response = shop.client.get(url, headers=shop.headers)
        pages.append(response.get_json())
        largest = max((len(str(row).encode()) for row in pages[-1]), default=0)
        assert len(response.data) <= max(MAX_PAGE_BYTES + 10_000, largest + 10_000)
        url = response.headers.get("Link", "").partition(">")[0].removeprefix("<").removeprefix("http://localhost")
    return pages


@pytest.mark.parametrize("kind", ["templates", "versions", "event-property-schemas"])
def test_page_has_at_most_two_megabytes(shop: Shop, kind: str) -> None:
    content, path, count = "😀" * 100_000, f"/{kind}", 12
    before = 0
    if kind == "event-property-schemas":
        count = 40
        for number in range(count):
            schema = {"description": "x" * 64_000}
            made(shop.post(path, {"event_type": f"type {number}", "property_schema": schema}))
    else:
        before = len(shop.get("/templates", limit="200").get_json()) if kind == "templates" else 0
        template = {"template_name": "Large", "template_type": "data_extraction", "content": content}
        ids = [made(shop.post("/templates", template))["template_id"]]
        for number in range(count - 1):
            if kind == "templates":
                ids.append(made(shop.post("/templates", template))["template_id"])
            else:
                assert shop.put(f"/templates/{ids[0]}", {"template_name": f"Large {number}"}).status_code == 200
        path = path if kind == "templates" else f"/templates/{ids[0]}/versions"
    pages = read_pages(shop, path, 200)
    assert len(pages) > 1
    rows = [row for page in pages for row in page]
    assert len(rows) == before + count
    assert len({str(row.get("version") if kind == "versions" else row) for row in rows}) == len(rows)


def test_versions_are_paged_and_old_ones_deleted(shop: Shop, sql: Connection) -> None:
    template = {"template_name": "T", "template_type": "data_extraction", "content": "Hello"}
    template_id = made(shop.post("/templates", template))["template_id"]
    for number in range(5):
        assert shop.put(f"/templates/{template_id}", {"content": f"Hello {number}"}).status_code == 200
    found = [[row["version"] for row in page] for page in read_pages(shop, f"/templates/{template_id}/versions", 4)]
    assert found == [[1, 2, 3, 4], [5, 6]]
    sql.execute(
        """
        INSERT INTO template_versions (template_id, version, template_name, content, model_settings, created_at)
        SELECT template_id, n, 'T', 'Hello', '{}', created_at FROM templates, generate_series(6, 299) AS n
        WHERE template_id = %(template_id)s
        """,
        {"template_id": template_id},
    )
    sql.execute("UPDATE templates SET version = 300 WHERE template_id = %(template_id)s", {"template_id": template_id})
    for number in range(2):
        assert shop.put(f"/templates/{template_id}", {"content": f"Bye {number}"}).status_code == 200
    versions = [row["version"] for page in read_pages(shop, f"/templates/{template_id}/versions", 200) for row in page]
    assert versions == list(range(302 - KEPT_VERSIONS, 303))
    restored = shop.post(f"/templates/{template_id}/restore", {"version": 299})
    assert restored.get_json()["content"] == "Hello"
    assert shop.post(f"/templates/{template_id}/restore", {"version": 5}).status_code == 404


def test_releases_without_turns_are_deleted(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    fake_model.reply('{"stage": "Greeting", "confidence": 0.9}', "{}", "Hello.")
    used = shop.get(f"/turns/{shop.say('Hello').get_json()['turn_id']}").get_json()["release_id"]
    for number in range(KEPT_RELEASES + 15):
        path = f"/stages/{shop.stages['Greeting']}"
        assert shop.put(path, {"stage_description": f"Description {number}"}).status_code == 200
    rows = sql.execute(
        "SELECT release_id::text AS id, number FROM releases WHERE business_id = %(business_id)s ORDER BY number",
        {"business_id": shop.business_id},
    ).fetchall()
    assert len(rows) == KEPT_RELEASES + 1
    assert rows[0]["id"] == used
    fake_model.reply('{"stage": "Greeting", "confidence": 0.9}', "{}", "Hello.")
    assert shop.say("Hello").status_code == 200


def test_events_have_a_daily_quota_and_a_retention_period(
    database_url: str, master: dict[str, str], sql: Connection
) -> None:
    with running_app(make_config(database_url, EVENT_QUOTA_MB="1")) as app:
        client: CheckedClient = app.test_client()  # type: ignore[assignment]
        shop, other = (
            make_shop(client, master, f"{name} {uuid.uuid4().hex[:8]}", with_stages=False)
            for name in ("Noisy", "Quiet")
        )
        event = {"event_type": "click", "custom_event_properties": {"text": "x" * 62_000}}
        for _ in range(20):
            assert client.post("/api/v1/events", json={**event, "business_id": shop.business_id}).status_code == 201
        statuses = [shop.post("/events", event).status_code for _ in range(20)]
        assert statuses == [201] * 16 + [429] * 4
        refused = shop.post("/events", event)
        assert 0 < int(refused.headers["Retry-After"]) <= 24 * 3600 + 1
        assert other.post("/events", event).status_code == 201
        count = "SELECT verified, count(*) FROM events WHERE business_id = %(business_id)s GROUP BY 1 ORDER BY 1"
        stored = sql.execute(count, {"business_id": shop.business_id}).fetchall()
        assert [row["count"] for row in stored] == [16, 16]

        sql.execute(
            "UPDATE events SET created_at = created_at - interval '31 days' WHERE business_id = %(b)s AND verified",
            {"b": shop.business_id},
        )
        context: AppContext = app.extensions["icmp"]
        delete_expired(context.database, events.delete_expired, 30, lambda conn: None)
        stored = sql.execute(count, {"business_id": shop.business_id}).fetchall()
        assert [(row["verified"], row["count"]) for row in stored] == [(False, 16)]
        assert len(other.get("/events").get_json()) == 1
