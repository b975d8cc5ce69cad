"""Outgoing webhooks: which events they receive, and how they are managed."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from tests.support.checked_client import CheckedClient
from tests.support.database import Connection, connect
from tests.support.factories import Shop, made, make_shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Status
from tests.support.os_users import wait_for
from tests.support.web_server import http, redirect
from tests.support.webhooks import Receiver, add_webhook, pending


@pytest.fixture
def sql(hooks_database: str) -> Iterator[Connection]:
    with connect(hooks_database) as conn:
        yield conn


@pytest.fixture
def shop(hooks_app: Flask, fake_model: FakeModel, master: dict[str, str]) -> Shop:
    return make_shop(hooks_app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def wait_for_deliveries(sql: Connection, shop: Shop) -> None:
    wait_for(lambda: pending(sql, shop.business_id) == 0, "the deliveries")


def types_of(receiver: Receiver) -> list[str]:
    return [event["type"] for event in receiver.events()]


def test_events_of_a_conversation_arrive_in_order(shop: Shop, sql: Connection, receiver: Receiver) -> None:
    add_webhook(shop, receiver)
    answer = shop.say("Hello").get_json()
    path = f"/conversations/{answer['conversation_id']}"
    assert shop.post(f"{path}/takeover").status_code == 200
    assert shop.post(f"{path}/messages", {"message": "A person writes."}).status_code == 201
    assert shop.post(f"{path}/complete").status_code == 200
    wait_for_deliveries(sql, shop)
    events = receiver.events()
    assert [event["type"] for event in events] == [
        "conversation.started",
        "message.created",
        "message.created",
        "conversation.handed_over",
        "message.created",
        "conversation.completed",
    ]
    assert {event["data"]["conversation_id"] for event in events} == {answer["conversation_id"]}
    assert {event["data"]["user_id"] for event in events} == {shop.user_id}
    written = [event["data"] for event in events if event["type"] == "message.created"]
    assert [(each["sender_type"], each["message_content"]) for each in written] == [
        ("user", "Hello"),
        ("assistant", answer["response"]),
        ("agent", "A person writes."),
    ]
    stored = shop.get(f"{path}/messages").get_json()
    times = [datetime.fromisoformat(each.pop("created_at")) for each in [*written, *stored]]
    assert times[:3] == times[3:]
    for sent, shown in zip(written, stored, strict=True):
        assert (shown.pop("delivery"), shown.pop("feedback")) == (None, [])
        assert sent | {"sender_name": shown["sender_name"]} == shown | {"user_id": shop.user_id, "external_id": "c-1"}
    assert events[0]["data"]["status"] == "active"
    assert events[-1]["data"]["status"] == "completed"


def test_notes_and_test_customers_are_not_sent(shop: Shop, sql: Connection, receiver: Receiver) -> None:
    add_webhook(shop, receiver)
    conversation_id = shop.say("Hello").get_json()["conversation_id"]
    path = f"/conversations/{conversation_id}"
    assert shop.post(f"{path}/messages", {"message": "Between us.", "is_note": True}).status_code == 201
    copy_id = made(shop.post(f"{path}/copy", {}))["conversation_id"]
    test_customer = shop.get(f"/conversations/{copy_id}").get_json()["user_id"]
    assert shop.say("Hello again", user_id=test_customer, conversation_id=copy_id).status_code == 200
    wait_for_deliveries(sql, shop)
    assert types_of(receiver) == ["conversation.started", "message.created", "message.created"]


def test_failed_turn_is_sent(
    shop: Shop, sql: Connection, receiver: Receiver, fake_model: FakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llm.retries._BACKOFF", 0)
    add_webhook(shop, receiver, ("turn.failed",))
    fake_model.respond = lambda body: Status(500)
    answer = shop.say("Hello")
    assert answer.status_code == 503
    wait_for_deliveries(sql, shop)
    [event] = receiver.events()
    assert event["data"]["turn_id"] == answer.get_json()["turn_id"]
    assert event["data"]["error_code"] == answer.get_json()["error_code"]


def test_changed_order_is_sent_with_the_names_of_its_changed_fields(
    shop: Shop, sql: Connection, receiver: Receiver
) -> None:
    add_webhook(shop, receiver)
    order_id = made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-1"}))["order_id"]
    changed = shop.put(f"/orders/{order_id}", {"status": "shipped", "shipping_address": "1 Quay"}).get_json()
    assert shop.put(f"/orders/{order_id}", {"status": "shipped"}).status_code == 200  # no change
    wait_for_deliveries(sql, shop)
    [event] = receiver.events()
    assert event["type"] == "order.updated"
    assert event["data"]["changed"] == ["shipping_address", "status"]
    assert {**event["data"]["order"], **dict.fromkeys(("updated_at", "created_at", "order_date"))} == {
        **changed,
        **dict.fromkeys(("updated_at", "created_at", "order_date")),
    }


def test_done_actions_are_sent_once(shop: Shop, sql: Connection, receiver: Receiver) -> None:
    """From the checkpoint of the step, also if the turn runs again after a takeover, and repeats the result."""
    add_webhook(shop, receiver, ("action.done",))
    answer = shop.say("Hello").get_json()
    for attempt in (1, 2):
        parameters = {"turn_id": UUID(answer["turn_id"]), "attempt": attempt}
        sql.execute("UPDATE turn_steps SET discarded = true WHERE turn_id = %(turn_id)s", parameters)
        sql.execute(
            """
            INSERT INTO turn_steps (business_id, turn_id, step, attempt, status, output, started_at, finished_at)
            SELECT business_id, turn_id, 'actions', %(attempt)s, 'completed',
                '{"results": [{"index": 0, "do": "tag", "status": "done", "values": {"tag": "vip"}},
                              {"index": 1, "do": "update_order", "status": "failed"}]}', now(), now()
            FROM turns WHERE turn_id = %(turn_id)s
            """,
            parameters,
        )
    wait_for_deliveries(sql, shop)
    [event] = receiver.events()
    ids = {name: answer[name] for name in ("turn_id", "conversation_id")} | {"user_id": shop.user_id}
    done = {"index": 0, "do": "tag", "values": {"tag": "vip"}}
    assert event["data"] | {"external_id": None} == {**ids, "external_id": None, **done}


def test_event_is_stored_only_with_its_change(
    shop: Shop, sql: Connection, hooks_database: str, receiver: Receiver
) -> None:
    add_webhook(shop, receiver)
    order_id = made(shop.post("/orders", {"user_id": shop.user_id, "order_number": "A-1"}))["order_id"]
    with pytest.raises(ZeroDivisionError), connect(hooks_database, autocommit=False) as conn:
        conn.execute("UPDATE orders SET status = 'lost' WHERE order_id = %(id)s", {"id": UUID(order_id)})
        raise ZeroDivisionError
    rows = sql.execute(
        "SELECT FROM outbox_events WHERE business_id = %(id)s", {"id": UUID(shop.business_id)}
    ).fetchall()
    assert rows == []


def test_webhook_receives_only_the_types_that_it_names(shop: Shop, sql: Connection, receiver: Receiver) -> None:
    with Receiver() as other:
        add_webhook(shop, receiver, ("message.created",))
        add_webhook(shop, other, ("conversation.started", "order.updated"))
        assert shop.say("Hello").status_code == 200
        wait_for_deliveries(sql, shop)
        assert types_of(receiver) == ["message.created", "message.created"]
        assert types_of(other) == ["conversation.started"]


def test_nothing_is_stored_without_webhooks(shop: Shop, sql: Connection, receiver: Receiver) -> None:
    webhook_id = add_webhook(shop, receiver)
    assert shop.put(f"/webhooks/{webhook_id}", {"enabled": False}).get_json()["disabled_at"] is not None
    assert shop.say("Hello").status_code == 200
    rows = sql.execute(
        "SELECT FROM outbox_events WHERE business_id = %(id)s", {"id": UUID(shop.business_id)}
    ).fetchall()
    assert rows == []


def test_secret_is_shown_once_and_stored_encrypted(shop: Shop, sql: Connection, receiver: Receiver) -> None:
    webhook_id = add_webhook(shop, receiver)
    assert receiver.secret.startswith("whsec_")
    shown = [shop.get(path).text for path in ("/webhooks", f"/webhooks/{webhook_id}", "/audit-log")]
    stored = str(sql.execute("SELECT * FROM webhooks").fetchall())
    assert receiver.secret not in "".join([*shown, stored])


def test_invalid_webhooks_are_rejected(shop: Shop) -> None:
    events = ["message.created"]
    for url in ("ftp://example.com/", "https://user:secret@example.com/", "https://exa mple.com/", "example.com"):
        rejected = shop.post("/webhooks", {"url": url, "events": events})
        assert (rejected.status_code, rejected.get_json()["details"][0]["path"]) == (400, "$.url"), url
    for types in ([], ["message.deleted"], [*events, *events]):
        assert shop.post("/webhooks", {"url": "https://example.com/", "events": types}).status_code == 400, types


def test_business_has_at_most_twenty_webhooks(shop: Shop) -> None:
    body = {"url": "https://example.com/", "events": ["message.created"]}
    assert [shop.post("/webhooks", body).status_code for _ in range(21)] == [201] * 20 + [409]


def test_test_event_is_sent_at_once_and_recorded(shop: Shop, receiver: Receiver) -> None:
    webhook_id = add_webhook(shop, receiver)
    assert shop.put(f"/webhooks/{webhook_id}", {"enabled": False}).status_code == 200
    delivery = shop.post(f"/webhooks/{webhook_id}/test").get_json()
    assert (delivery["status"], delivery["response_status"], delivery["attempts"]) == ("delivered", 204, 1)
    [event] = receiver.events()
    assert (event["type"], event["data"], event["id"]) == (
        "webhook.test",
        {"webhook_id": webhook_id},
        delivery["event_id"],
    )
    assert shop.get(f"/webhooks/{webhook_id}/deliveries").get_json() == [delivery]
    [entry] = shop.get("/audit-log", resource="webhook", action="test").get_json()
    assert entry["resource_id"] == webhook_id


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (http(b"", "500 Internal Server Error"), "status_500"),
        (http(b"", "404 Not Found"), "status_404"),
        (redirect("/elsewhere"), "status_302"),  # following it would lose the event
    ],
)
def test_test_event_reports_what_is_wrong(shop: Shop, answer: bytes, error: str) -> None:
    with Receiver(answer) as receiver:
        webhook_id = add_webhook(shop, receiver)
        delivery = shop.post(f"/webhooks/{webhook_id}/test").get_json()
        assert (delivery["status"], delivery["error"]) == ("failed", error)
        assert len(receiver.requests) == 1


def test_private_addresses_are_refused_and_recorded(client: CheckedClient, master: dict[str, str]) -> None:
    """The shared application allows no hosts."""
    with Receiver() as receiver:
        shop = make_shop(client, master, f"Lantern Books {uuid.uuid4().hex[:8]}")
        webhook_id = add_webhook(shop, receiver)
        delivery = shop.post(f"/webhooks/{webhook_id}/test").get_json()
        assert (delivery["status"], delivery["error"]) == ("failed", "address_refused")
        assert receiver.connections == 0


def test_deliveries_are_listed_with_what_was_sent(shop: Shop, sql: Connection, receiver: Receiver) -> None:
    webhook_id = add_webhook(shop, receiver)
    shop.say("Hello")
    wait_for_deliveries(sql, shop)
    path = f"/webhooks/{webhook_id}/deliveries"
    rows = shop.get(path).get_json()
    assert [row["type"] for row in rows] == ["conversation.started", "message.created", "message.created"]
    assert shop.get(path, order="newest").get_json() == rows[::-1]
    assert shop.get(path, status="failed").get_json() == []
    pages: list[Any] = []
    answer = shop.get(path, limit=2)
    pages += answer.get_json()
    link = answer.headers["Link"].partition(">")[0].removeprefix("<http://localhost")
    pages += shop.client.get(link, headers=shop.headers).get_json()
    assert pages == rows
    detail = shop.get(f"{path}/{rows[1]['delivery_id']}").get_json()
    sent = receiver.events()[1]
    assert {**detail["payload"], "id": detail["event_id"]} == sent


def test_webhooks_are_deleted_with_their_deliveries(shop: Shop, sql: Connection, receiver: Receiver) -> None:
    webhook_id = add_webhook(shop, receiver)
    shop.say("Hello")
    assert shop.delete(f"/webhooks/{webhook_id}").status_code == 204
    assert shop.get(f"/webhooks/{webhook_id}").status_code == 404
    assert pending(sql, shop.business_id) == 0


def test_events_are_deleted_with_their_customer(shop: Shop, sql: Connection, receiver: Receiver) -> None:
    add_webhook(shop, receiver)
    shop.say("Hello")
    assert shop.delete(f"/users/{shop.user_id}").status_code == 204
    rows = sql.execute(
        "SELECT FROM outbox_events WHERE business_id = %(id)s", {"id": UUID(shop.business_id)}
    ).fetchall()
    assert rows == []
