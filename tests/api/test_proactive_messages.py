"""Messages that a business writes as its assistant: at once, or at the end of the customer's quiet hours."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.os_users import wait_for
from tests.support.turns import by_step

# In the future, so that a scheduled message is not due at once.
NIGHT = datetime(2046, 7, 1, 2, 30, tzinfo=UTC)  # 22:30 of the previous day in New York
MORNING = datetime(2046, 7, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def conversation_id(shop: Shop, fake_model: FakeModel) -> str:
    fake_model.respond = by_step()
    timezone = {"timezone": "America/New_York"}
    assert shop.put(f"/users/{shop.user_id}", timezone).status_code == 200
    settings = {"quiet_hours": {"start": "21:00", "end": "08:00"}, "timezone": "Europe/Berlin"}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200
    started: str = shop.say("hello").get_json()["conversation_id"]
    return started


def write(
    shop: Shop, conversation_id: str, message: str = "Your book has arrived.", key: str = "", **values: Any
) -> Any:
    body = {"message": message, "as": "assistant", **values}
    return shop.post(f"/conversations/{conversation_id}/messages", body, {"Idempotency-Key": key} if key else None)


def posted(shop: Shop, conversation_id: str) -> list[tuple[str, str]]:
    rows = shop.get(f"/conversations/{conversation_id}/messages").get_json()
    return [(row["sender_type"], row["message_content"]) for row in rows if row["turn_id"] is None]


def end_quiet_hours(app: Flask, sql: Connection) -> None:
    sql.execute("UPDATE jobs SET run_at = clock_timestamp() WHERE kind = 'scheduled_message'")
    app.extensions["icmp"].jobs.wake_up()


def test_message_of_the_assistant_is_posted_once(
    shop: Shop, conversation_id: str, set_clock: Callable[[datetime], None]
) -> None:
    set_clock(MORNING)
    first, again = write(shop, conversation_id, key="k-1"), write(shop, conversation_id, key="k-1")
    assert (first.status_code, first.get_json()["sender_type"]) == (201, "assistant")
    assert again.get_json() == first.get_json()
    assert write(shop, conversation_id, "Something else", key="k-1").status_code == 409
    assert write(shop, conversation_id, key="k-1", **{"as": "agent"}).status_code == 409
    assert posted(shop, conversation_id) == [("assistant", "Your book has arrived.")]


def test_message_waits_for_the_end_of_quiet_hours_of_the_customer(
    app: Flask, shop: Shop, conversation_id: str, set_clock: Callable[[datetime], None], sql: Connection
) -> None:
    set_clock(NIGHT)
    first, second = (write(shop, conversation_id, str(number), f"k-{number}") for number in (1, 2))
    assert (first.status_code, first.get_json()["status"]) == (202, "waiting")
    assert first.get_json()["scheduled_for"] == "2046-07-01T12:00:00+00:00"  # 08:00 in New York
    assert write(shop, conversation_id, "1", "k-1").get_json() == first.get_json()
    assert write(shop, conversation_id, "3", "k-1").status_code == 409
    assert posted(shop, conversation_id) == []
    path = f"/conversations/{conversation_id}/scheduled-messages"
    assert shop.get(path).get_json() == [first.get_json(), second.get_json()]
    first_page = shop.get(path, limit=1)
    assert [row["message_content"] for row in first_page.get_json()] == ["1"]
    next_page = shop.client.get(first_page.headers["Link"].partition("<")[2].partition(">")[0], headers=shop.headers)
    assert [row["message_content"] for row in next_page.get_json()] == ["2"]
    # People write when they like.
    assert write(shop, conversation_id, "Anna here", **{"as": "agent"}).status_code == 201
    end_quiet_hours(app, sql)
    expected = [("agent", "Anna here"), ("assistant", "1"), ("assistant", "2")]
    wait_for(lambda: posted(shop, conversation_id) == expected, "the message")
    assert shop.get(path).get_json() == []
    replayed = write(shop, conversation_id, "1", "k-1")
    assert (replayed.status_code, replayed.get_json()["message_content"]) == (201, "1")
    assert posted(shop, conversation_id) == expected


def test_scheduled_message_can_be_cancelled(
    app: Flask, shop: Shop, conversation_id: str, set_clock: Callable[[datetime], None], sql: Connection
) -> None:
    set_clock(NIGHT)
    cancelled, kept = (write(shop, conversation_id, text).get_json() for text in ("cancelled", "kept"))
    path = f"/scheduled-messages/{cancelled['scheduled_message_id']}"
    assert [shop.delete(path).status_code for _ in range(2)] == [204, 404]
    end_quiet_hours(app, sql)
    wait_for(lambda: posted(shop, conversation_id) == [("assistant", "kept")], "the message")
    assert shop.delete(f"/scheduled-messages/{kept['scheduled_message_id']}").status_code == 404


def test_assistant_writes_nothing_while_a_person_handles_the_conversation(
    app: Flask, shop: Shop, conversation_id: str, set_clock: Callable[[datetime], None], sql: Connection
) -> None:
    set_clock(NIGHT)
    assert write(shop, conversation_id, key="k-1").status_code == 202
    assert shop.post(f"/conversations/{conversation_id}/takeover").status_code == 200
    refused = write(shop, conversation_id)
    assert (refused.status_code, refused.get_json()["error_code"]) == (409, "CONFLICT")
    end_quiet_hours(app, sql)
    wait_for(lambda: write(shop, conversation_id, key="k-1").get_json()["status"] == "dropped", "the message")
    assert posted(shop, conversation_id) == []
    assert shop.post(f"/conversations/{conversation_id}/complete").status_code == 200
    assert write(shop, conversation_id).status_code == 409


def test_fields_that_do_not_fit_together_are_refused(shop: Shop, conversation_id: str) -> None:
    template = {"name": "order_ready", "language": "en_US"}
    for values in ({"is_note": True}, {"sender_user_id": shop.user_id}, {"template": {"name": "no language"}}):
        assert write(shop, conversation_id, **values).status_code == 400
    assert write(shop, conversation_id, **{"as": "agent", "is_note": True, "template": template}).status_code == 400
