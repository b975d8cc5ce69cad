"""Deletion of customers and businesses with all of their data, also during a turn."""

import threading
import time
import uuid
from typing import Any

import pytest

from core.errors import DatabaseUnavailable
from repositories import businesses
from tests.support.analytics import count_changes, counting
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection, connect
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated
from tests.support.staff import make_owner

pytestmark = pytest.mark.usefixtures("empty_database")

Master = dict[str, str]

# Tables that `_create_rows` leaves empty.
_NOT_FILLED = {
    "analytics_actions",
    "analytics_changes",
    "analytics_due",
    "anomalies",
    "secrets",
    "adoption_notes",
    "hold_requests",
    "pending_actions",
    "jobs",
    "channels",
    "channel_conversations",
    "channel_sends",
    "attachments",
    "webhooks",
    "outbox_events",
    "webhook_deliveries",
    "imports",
    "import_chunks",
    "exports",
    "export_chunks",
    "business_deletions",
    "import_problems",
    "import_names",
    "import_changes",
    "order_notifications",
    "scheduled_messages",
    "hooks",
    "hook_deliveries",
    "stage_agents",
    "agent_members",
    "canned_replies",
    "analytics_views",
    "conversation_reads",
    "conversation_tags",
    "unanswered_questions",
    "message_feedback",
    "conversation_ratings",
    "retention_progress",
    "test_cases",
    "test_runs",
    "test_results",
    "replays",
    "replay_results",
    "simulations",
}
_TABLES_OF_A_CUSTOMER = (
    "conversations",
    "turns",
    "turn_steps",
    "messages",
    "collected_fields",
    "llm_calls",
    "budget_turns",
    "orders",
    "events",
)


def test_deleting_a_customer_deletes_their_data(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    other = shop.add_customer("c-2")
    _set_budget(shop)
    for user_id in (shop.user_id, other):
        fake_model.reply('{"stage": "Order help", "confidence": 1}', '{"order_number": "A-1"}', "Soon")
        assert shop.say("Where is A-1?", user_id=user_id).status_code == 200
        made(shop.post("/orders", {"user_id": user_id, "order_number": f"A-{user_id}"}))
        made(shop.post("/events", {"event_type": "click", "user_id": user_id}))
    before = _counts(sql)
    assert shop.delete(f"/users/{shop.user_id}").status_code == 204
    for table, count in _counts(sql).items():
        assert count == before[table] / 2, table
    assert [row["user_id"] for row in shop.get("/conversations").get_json()] == [other]
    assert shop.get(f"/users/{shop.user_id}").status_code == 404
    assert shop.delete(f"/users/{shop.user_id}").status_code == 404


def test_owner_of_a_business_cannot_be_deleted(shop: Shop, client: CheckedClient, master: Master) -> None:
    path = f"/api/v1/users/{shop.owner_id}"
    assert client.delete(path, headers=master).status_code == 409
    assert client.delete(f"/api/v1/businesses/{shop.business_id}", headers=master).status_code == 204
    assert client.get(path, headers=master).status_code == 200
    assert client.delete(path, headers=master).status_code == 204


def test_deleting_a_business_deletes_its_data(
    shop: Shop,
    other_shop: Shop,
    client: CheckedClient,
    master: Master,
    fake_model: FakeModel,
    sql: Connection,
    database_url: str,
) -> None:
    for each in (shop, other_shop):
        _create_rows(each, fake_model)
        with counting(database_url) as database:
            count_changes(database, each.business_id)
        invited = {"email": "ann@example.com", "first_name": "Ann", "last_name": "Agent", "role": "agent"}
        made(make_owner(each, master).send("POST", f"/businesses/{each.business_id}/members", invited))
    path = f"/api/v1/businesses/{shop.business_id}"
    name = client.get(path, headers=master).get_json()["business_name"]
    assert client.delete(path, headers=master).status_code == 204
    tables = sql.execute(
        """
        SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        WHERE attname = 'business_id' AND relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND NOT relispartition
        """
    ).fetchall()
    assert len(tables) > 15
    for row in tables:
        table = row["relname"]
        counted = {
            each.business_id: sql.execute(
                f"SELECT count(*) FROM {table} WHERE business_id = %s",
                [each.business_id],
            ).fetchone()
            for each in (shop, other_shop)
        }
        assert counted[shop.business_id] == {"count": 0}, table
        assert counted[other_shop.business_id] != {"count": 0} or table in _NOT_FILLED, table
    assert client.get(path, headers=master).status_code == 404
    assert client.delete(path, headers=master).status_code == 404
    assert shop.get("/stages").status_code == 401
    assert other_shop.say("Hi").status_code == 200
    again = {"business_name": name, "owner_id": shop.owner_id}
    made(client.post("/api/v1/businesses", json=again, headers=master))


@pytest.mark.parametrize("deleted", ["user", "business"])
@pytest.mark.parametrize("calls", [1, 3])
def test_turn_of_a_deleted_customer_or_business_is_404(
    shop: Shop,
    client: CheckedClient,
    master: Master,
    fake_model: FakeModel,
    sql: Connection,
    caplog: pytest.LogCaptureFixture,
    deleted: str,
    calls: int,
) -> None:
    """During the first and the last model call, with a second message of the conversation waiting."""
    gate = threading.Event()
    fake_model.reply(*['{"stage": "Greeting", "confidence": 1}', "{}"][: calls - 1], Gated("Greeting", gate))
    answers: list[Any] = []
    asking = [threading.Thread(target=lambda: answers.append(shop.say("Hello"))) for _ in range(2)]
    asking[0].start()
    fake_model.wait_for_requests(calls)
    asking[1].start()
    _wait_for_turns(sql, 2)
    path = f"/users/{shop.user_id}" if deleted == "user" else f"/businesses/{shop.business_id}"
    query = {"business_id": shop.business_id}
    assert client.delete(f"/api/v1{path}", query_string=query, headers=master).status_code == 204
    gate.set()
    for thread in asking:
        thread.join()
    assert [answer.status_code for answer in answers] == [404, 404]
    assert set(_counts(sql).values()) == {0}
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_message_waits_for_the_deletion_of_its_customer_without_a_deadlock(
    shop: Shop, fake_model: FakeModel, database_url: str, sql: Connection
) -> None:
    """If the message locked the conversation first, both would wait for each other."""
    fake_model.respond = lambda body: "Greeting"
    shop.say("Hello")
    with connect(database_url, autocommit=False) as deleting:
        deleting.execute("SELECT 1 FROM users WHERE user_id = %(user_id)s FOR UPDATE", {"user_id": shop.user_id})
        answers: list[int] = []
        talking = threading.Thread(target=lambda: answers.append(shop.say("And now?").status_code))
        talking.start()
        waits = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        while not sql.execute(waits).fetchone():
            assert talking.is_alive()
            threading.Event().wait(0.01)
        deleting.execute("SELECT 1 FROM conversations FOR UPDATE NOWAIT")
        deleting.execute("DELETE FROM users WHERE user_id = %(user_id)s", {"user_id": shop.user_id})
    talking.join()
    assert answers == [404]


def test_large_business_is_deleted_in_batches(
    shop: Shop,
    other_shop: Shop,
    fake_model: FakeModel,
    sql: Connection,
    master: Master,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No statement deletes more than a batch, and a deletion that was interrupted can be repeated."""
    for number in range(7):
        for each in (shop, other_shop):
            fake_model.reply("Greeting", "{}", "Hello.")
            each.say(f"Hello {number}", user={"external_id": f"c-{number}"})
    monkeypatch.setattr(businesses, "MAX_DELETED_ROWS", 2)
    counts: list[int] = []
    delete_rows = businesses.delete_rows

    def delete_some(conn: Connection, business_id: uuid.UUID) -> int:
        if len(counts) == 5:
            counts.append(0)
            raise DatabaseUnavailable
        counts.append(delete_rows(conn, business_id))
        return counts[-1]

    monkeypatch.setattr(businesses, "delete_rows", delete_some)
    path = f"/api/v1/businesses/{shop.business_id}"
    assert shop.client.delete(path, headers=master).status_code == 503
    assert shop.get("/stages").status_code == 401  # the key is revoked first
    assert shop.client.delete(path, headers=master).status_code == 204
    assert max(counts) == 2
    for table in ("turns", "messages", "conversations", "llm_calls", "stages", "releases"):
        rows = sql.execute(f"SELECT business_id, count(*) FROM {table} GROUP BY 1").fetchall()
        assert [str(row["business_id"]) for row in rows] == [other_shop.business_id]


def _set_budget(shop: Shop) -> None:
    settings = {"speculation": "off", "budget": {"per_day": 100, "then": "person"}}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200


def _create_rows(shop: Shop, fake_model: FakeModel) -> None:
    _set_budget(shop)
    agent_id = made(shop.post("/agents", {"agent_name": "Ada"}))["agent_id"]
    shop.put(f"/stages/{shop.stages['Order help']}", {"agent_id": agent_id})
    shop.put(f"/businesses/{shop.business_id}", {"default_stage_id": shop.stages["Order help"]})
    fake_model.reply('{"stage": "Order help", "confidence": 1}', '{"order_number": "A-1"}', "Soon")
    conversation = f"/conversations/{shop.say('Where is A-1?').get_json()['conversation_id']}"
    for path, body in ((f"{conversation}/takeover", None), (f"{conversation}/release", {"answer": "none"})):
        assert shop.post(path, body).status_code == 200
    made(shop.post("/variables", {"name": "motto", "value": "Light"}))
    product_id = made(shop.post("/products", {"product_name": "Lamp"}))["product_id"]
    made(shop.post("/articles", {"title": "Returns", "content": "Thirty days."}))
    order_id = made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-1"}))["order_id"]
    made(shop.post("/event-property-schemas", {"event_type": "click", "property_schema": {}}))
    event = {
        "event_type": "click",
        "user_id": shop.user_id,
        "agent_id": agent_id,
        "stage_id": shop.stages["Greeting"],
        "product_id": product_id,
        "order_id": order_id,
    }
    made(shop.post("/events", event))
    config = {"userId": shop.user_id, "businessId": shop.business_id, "businessApiKey": shop.key}
    assert shop.client.post("/api/save-config", json=config).status_code == 200


def _wait_for_turns(sql: Connection, count: int) -> None:
    deadline = time.monotonic() + 10
    while sql.execute("SELECT count(*) FROM turns").fetchone() != {"count": count}:
        assert time.monotonic() < deadline
        time.sleep(0.02)  # there is no event to wait for


def _counts(sql: Connection) -> dict[str, int]:
    counts = {}
    for table in _TABLES_OF_A_CUSTOMER:
        query = f"SELECT count(*) AS rows FROM {table}"
        row = sql.execute(query).fetchone()
        assert row is not None
        counts[table] = int(row["rows"])
    return counts
