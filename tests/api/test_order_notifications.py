"""Customers are told about changes of their orders: once per change, in their latest open conversation."""

import time
from typing import Any

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.imports import run_import

NOTIFY = {"notify_field": "status", "notify_text": "Order {order_number} is now {status}. {tracking_number}"}
HEADER = "order_number,user.external_id,status,tracking_number\n"


def wait_for_statuses(sql: Connection, shop: Shop, count: int) -> list[str]:
    """The statuses of the business's notifications, once none is waiting."""
    deadline = time.monotonic() + 15
    while True:
        rows = sql.execute(
            "SELECT status FROM order_notifications WHERE business_id = %(id)s ORDER BY created_at, notification_id",
            {"id": shop.business_id},
        ).fetchall()
        statuses = [row["status"] for row in rows]
        if len(statuses) == count and "waiting" not in statuses:
            return statuses
        assert time.monotonic() < deadline, statuses
        time.sleep(0.05)


def said(shop: Shop, conversation_id: str) -> list[str]:
    rows = shop.get(f"/conversations/{conversation_id}/messages").get_json()
    return [row["message_content"] for row in rows if row["sender_type"] == "assistant" and row["turn_id"] is None]


def change(shop: Shop, status: str, tracking: str = "", **query: Any) -> None:
    run_import(shop, "orders", f"{HEADER}A-1,c-1,{status},{tracking}\n", **(query or NOTIFY))


def test_customer_is_told_once_per_change_of_the_field(shop: Shop, sql: Connection) -> None:
    conversation_id = shop.say("Where is my order?").get_json()["conversation_id"]
    change(shop, "paid")  # a new order is no change
    change(shop, "paid", "T-1")  # another field
    change(shop, "shipped", "T-1")
    change(shop, "shipped", "T-1")  # nothing has changed
    assert wait_for_statuses(sql, shop, 1) == ["sent"]
    change(shop, "delivered")
    assert wait_for_statuses(sql, shop, 2) == ["sent", "sent"]
    assert said(shop, conversation_id) == ["Order A-1 is now shipped. T-1", "Order A-1 is now delivered. T-1"]


def test_later_prompts_contain_the_message(shop: Shop, sql: Connection, fake_model: Any) -> None:
    shop.say("Where is my order?")
    change(shop, "paid")
    change(shop, "shipped")
    wait_for_statuses(sql, shop, 1)
    fake_model.forget()
    assert shop.say("Thanks!").status_code == 200
    assert "Order A-1 is now shipped." in str(fake_model.requests)


def test_nothing_is_written_while_a_person_handles_the_conversation(shop: Shop, sql: Connection) -> None:
    conversation_id = shop.say("Hello").get_json()["conversation_id"]
    assert shop.post(f"/conversations/{conversation_id}/takeover").status_code == 200
    change(shop, "paid")
    change(shop, "shipped")
    assert wait_for_statuses(sql, shop, 1) == ["skipped"]
    assert shop.post(f"/conversations/{conversation_id}/release", {"answer": "none"}).status_code == 200
    assert said(shop, conversation_id) == []


def test_nothing_is_written_without_an_open_conversation_or_while_paused(shop: Shop, sql: Connection) -> None:
    change(shop, "paid")
    change(shop, "shipped")
    assert wait_for_statuses(sql, shop, 1) == ["skipped"]
    conversation_id = shop.say("Hello").get_json()["conversation_id"]
    assert shop.post(f"/conversations/{conversation_id}/pause").status_code == 200
    change(shop, "delivered")
    assert wait_for_statuses(sql, shop, 2) == ["skipped"] * 2
    assert shop.post(f"/conversations/{conversation_id}/resume", {"answer": "none"}).status_code == 200
    assert shop.post(f"/conversations/{conversation_id}/complete").status_code == 200
    change(shop, "returned")
    assert wait_for_statuses(sql, shop, 3) == ["skipped"] * 3
    assert said(shop, conversation_id) == []


def test_braces_in_a_value_are_not_placeholders(shop: Shop, sql: Connection) -> None:
    conversation_id = shop.say("Hello").get_json()["conversation_id"]
    change(shop, "paid")
    change(shop, "{order_number}", "{status}")
    wait_for_statuses(sql, shop, 1)
    assert said(shop, conversation_id) == ["Order A-1 is now {order_number}. {status}"]
