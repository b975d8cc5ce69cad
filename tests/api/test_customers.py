"""Search, merge, export and complete erasure of customers."""

import json
from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.hooks import an_order, deliver, make_hook
from tests.support.imports import run_import
from tests.support.os_users import wait_for
from tests.support.staff import make_member

Master = dict[str, str]

# They occur nowhere but in the data of one customer.
WORDS = ("quillafen", "brastowick", "zephyrline", "vexillum", "778899")
CUSTOMER = {
    "external_id": "cust-quillafen",
    "first_name": "quillafen",
    "last_name": "brastowick",
    "email": "q@brastowick.example",
    "phone": "+49 5550 778899",
    "metadata": {"pet": "zephyrline"},
}
ORDERS = "order_number,user.external_id,status,shipping_address\nO-vexillum,cust-quillafen,{},vexillum road 9\n"


def tables_with(sql: Connection, words: tuple[str, ...]) -> dict[str, int]:
    """The number of rows that contain one of the words, in any column, by table."""
    tables = sql.execute(
        """
        SELECT relname FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        """
    ).fetchall()
    assert len(tables) > 40
    found = {}
    patterns = "|".join(form for word in words for form in (word, word.encode().hex()))  # files are stored as bytes
    for table in tables:
        statement = f"SELECT count(*) AS rows FROM {table['relname']} AS t WHERE t::text ~* %(patterns)s"
        row = sql.execute(statement, {"patterns": patterns}).fetchone()
        if row and row["rows"]:
            found[table["relname"]] = row["rows"]
    return found


def fill(shop: Shop, fake_model: FakeModel, sql: Connection) -> dict[str, Any]:
    """Let the customer of WORDS leave traces in every table; returns the answer to their message."""
    made(shop.post("/webhooks", {"url": "http://127.0.0.1:9/", "events": ["message.created", "order.updated"]}))
    fake_model.reply('{"stage": "Order help", "confidence": 1}', '{"order_number": "zephyrline"}', "zephyrline broke")
    said: dict[str, Any] = shop.say("my zephyrline vase", user=CUSTOMER, session_id="s-vexillum").get_json()
    conversation = f"/conversations/{said['conversation_id']}"
    said["user_id"] = shop.get(conversation).get_json()["user_id"]
    made(shop.post(f"{conversation}/messages", {"message": "knows brastowick", "is_note": True}))
    assert shop.client.patch(
        f"/api/v1{conversation}", json={"tags": ["zephyrline"]}, headers=shop.headers
    ).status_code == 200  # fmt: skip
    made(shop.post(f"{conversation}/copy", {}))
    notify = {"notify_field": "status", "notify_text": "{order_number} has changed."}
    assert run_import(shop, "orders", ORDERS.format("paid"))["created"] == 1
    assert run_import(shop, "orders", ORDERS.format("shipped"), **notify)["updated"] == 1
    users = 'external_id,first_name,metadata\ncust-quillafen,quillafen,"{""zephyrline"": 1}"\n'
    assert run_import(shop, "users", users)["updated"] == 1
    assert run_import(shop, "users", "cust-quillafen,quillafen\n")["status"] == "failed"
    hook_id = make_hook(shop)
    assert deliver(shop, hook_id, an_order("O-vexillum", "sent", "cust-quillafen")).status_code == 200
    assert deliver(shop, hook_id, an_order("O-vexillum", "x" * 101, "cust-quillafen")).status_code == 400
    [order] = shop.get("/orders", user_id=said["user_id"]).get_json()
    for event in (
        {"user_id": said["user_id"], "custom_event_properties": {"a": "zephyrline"}},
        {"session_id": "s-vexillum", "message_text": "anonymous zephyrline"},
        {"order_id": order["order_id"], "message_text": "zephyrline"},
    ):
        made(shop.post("/events", {"event_type": "click", **event}))
    parameters = {"business_id": shop.business_id, "conversation_id": said["conversation_id"]}
    for statement in (  # what earlier versions have stored, and what a turn leaves only for a moment
        """
        INSERT INTO import_problems (business_id, import_id, line, problems)
        SELECT business_id, import_id, 7, '[{"path": "$.email", "message": "''quillafen'' is too short"}]' FROM imports
        WHERE business_id = %(business_id)s LIMIT 1
        """,
        """
        INSERT INTO llm_calls (business_id, conversation_id, step, model, request, latency_ms, attempt, status,
            created_at)
        SELECT business_id, conversation_id, 'summary', 'm', '"zephyrline"', 1, 1, 'completed', now()
        FROM conversations
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        """
        INSERT INTO pending_actions (business_id, conversation_id, turn_id, stage_id, action_index, action, given,
            question, times_asked)
        SELECT business_id, conversation_id, uuidv7(), stage_id, 0, '{}', '"zephyrline"', 'zephyrline?', 1
        FROM conversations
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
        """
        UPDATE conversations SET conversation_summary = '{"overview": "zephyrline"}'
        WHERE business_id = %(business_id)s AND conversation_id = %(conversation_id)s
        """,
    ):
        sql.execute(statement, parameters)
    posted = "SELECT FROM order_notifications WHERE business_id = %(business_id)s AND status = 'sent'"
    wait_for(lambda: sql.execute(posted, parameters).fetchone() is not None, "the message about the order")
    return said


@pytest.mark.usefixtures("empty_database")
def test_deleting_a_customer_erases_every_trace(shop: Shop, fake_model: FakeModel, sql: Connection) -> None:
    fake_model.reply("Greeting", "{}", "Hello")
    made(shop.post("/events", {"event_type": "click", "session_id": "shared"}))
    other = shop.say("Hi", session_id="shared").get_json()
    said = fill(shop, fake_model, sql)
    fake_model.reply("Greeting", "{}", "Hello")
    shop.say("Hi", user={"external_id": "cust-quillafen"}, session_id="shared")
    filled = tables_with(sql, WORDS)
    assert filled.keys() == {
        "users", "conversations", "conversation_tags", "messages", "turns", "turn_steps", "collected_fields",
        "llm_calls", "pending_actions", "orders", "order_notifications", "events", "outbox_events",
        "hook_deliveries", "imports", "import_problems", "import_changes",
    }  # fmt: skip
    assert shop.delete(f"/users/{said['user_id']}").status_code == 204
    assert tables_with(sql, WORDS) == {}
    # A job that was to send events to the webhook finds none, and ends.
    assert tables_with(sql, (said["user_id"], said["conversation_id"])).keys() <= {"audit_log", "jobs"}
    assert [row["action"] for row in shop.get("/audit-log", resource_id=said["user_id"]).get_json()] == ["delete"]
    # Nothing else is deleted.
    assert [row["conversation_id"] for row in shop.get("/conversations").get_json()] == [other["conversation_id"]]
    assert [row["session_id"] for row in shop.get("/events").get_json()] == ["shared"]
    assert shop.trace(other["turn_id"])["by_step"].keys() >= {"selection", "response"}


def test_customer_is_not_erased_while_a_file_is_imported(shop: Shop, sql: Connection) -> None:
    found = run_import(shop, "users", "external_id\nc-1\n")
    for status, expected in (("running", 409), ("finished", 204)):
        sql.execute("UPDATE imports SET status = %s WHERE import_id = %s", [status, found["import_id"]])
        assert shop.delete(f"/users/{shop.user_id}").status_code == expected


@pytest.mark.usefixtures("empty_database")
def test_merged_customer_has_everything_of_both(
    shop: Shop, other_shop: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    said = fill(shop, fake_model, sql)
    other_id = said["user_id"]
    fake_model.reply("Greeting", "{}", "Hello")
    own = shop.say("Hi").get_json()
    made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-1"}))
    merge = f"/users/{shop.user_id}/merge"
    for problem in (shop.user_id, other_shop.user_id):
        assert shop.post(merge, {"other_user_id": problem}).status_code in (400, 404)
    tester = shop.add_customer("tester", is_test=True)
    assert shop.post(merge, {"other_user_id": tester}).status_code == 409
    merged = shop.post(merge, {"other_user_id": other_id})
    assert merged.status_code == 200
    row = merged.get_json()
    assert (row["first_name"], row["external_id"], row["email"]) == ("Carla", "c-1", CUSTOMER["email"])
    assert row["metadata"] == {"zephyrline": 1}
    assert shop.get(f"/users/{other_id}").status_code == 404
    listed = shop.get(f"/users/{shop.user_id}/conversations").get_json()
    assert {each["conversation_id"] for each in listed} == {own["conversation_id"], said["conversation_id"]}
    orders = {each["order_number"] for each in shop.get("/orders", user_id=shop.user_id).get_json()}
    assert orders == {"A-1", "O-vexillum"}
    assert len(shop.get("/events", user_id=shop.user_id).get_json()) == 1
    fake_model.reply('{"stage": "Order help", "confidence": 1}', "{}", "Soon")
    assert shop.say("And now?", conversation_id=said["conversation_id"]).status_code == 200
    # Everything of both can be erased, also the copies.
    assert shop.delete(f"/users/{shop.user_id}").status_code == 204
    assert tables_with(sql, WORDS) == {}


def test_export_contains_everything_about_one_customer(
    shop: Shop, fake_model: FakeModel, sql: Connection, master: Master
) -> None:
    said = fill(shop, fake_model, sql)
    path = f"/users/{said['user_id']}/export"
    exported = shop.get(path)
    assert exported.status_code == 200
    assert exported.headers["Content-Disposition"].startswith("attachment")
    records = [json.loads(line) for line in exported.text.splitlines()]
    assert [record["type"] for record in records] == [
        "customer", "order", "event", "conversation", "message", "message", "message", "message"
    ]  # fmt: skip
    by_type = {record["type"]: record for record in records}
    assert by_type["customer"]["email"] == CUSTOMER["email"]
    assert by_type["conversation"]["collected_data"] == {"order_number": "zephyrline"}
    assert [record["sender_type"] for record in records[4:]] == ["user", "assistant", "note", "assistant"]
    [entry] = shop.get("/audit-log", resource_id=said["user_id"]).get_json()
    assert entry["action"] == "export"
    agent = make_member(shop, master, "agent")
    assert agent.send("GET", path).status_code == 403
    assert shop.get(f"/users/{said['conversation_id']}/export").status_code == 404


def test_search_finds_customers_by_name_email_id_and_order_number(shop: Shop, other_shop: Shop) -> None:
    ann = shop.add_customer("c-77", first_name="Annette", last_name="Müller", email="Ann@example.com")
    bob = shop.add_customer("c-78", first_name="Bob", last_name="Anders")
    other_shop.add_customer("c-77", first_name="Annette")
    made(shop.post("/orders", {"user_id": bob, "order_number": "A-77"}))

    def found(words: str, **query: Any) -> list[str]:
        return [row["user_id"] for row in shop.get("/users", q=words, **query).get_json()]

    assert found("annet") == found("müller ann") == found("ann@EXAMPLE.com") == found("c-77") == [ann]
    assert found("A-77") == found("Bob") == [bob]
    assert found("nobody") == found("%") == found("c-7") == []
    assert found("anne", order="newest") == [ann]
    newest = [row["user_id"] for row in shop.get("/users", order="newest").get_json()]
    assert newest == [row["user_id"] for row in shop.get("/users").get_json()][::-1]


def test_search_finds_products_by_name_and_sku(shop: Shop) -> None:
    lamp = made(shop.post("/products", {"product_name": "Desk lamp, green", "sku": "L-1"}))["product_id"]
    made(shop.post("/products", {"product_name": "Lampshade repair", "kind": "service"}))

    def found(words: str, **query: Any) -> list[str]:
        return [row["product_id"] for row in shop.get("/products", q=words, **query).get_json()]

    assert found("green desk") == found("L-1") == found("lamp", kind="product") == [lamp]
    assert len(found("lamp")) == 2
    assert found("lamp", order="newest") == found("lamp")[::-1]
