"""Webhooks whose receivers are down, slow or broken: every event arrives, in order per conversation. Time is simulated:
`advance_clock` moves the times of deliveries into the past."""

import threading
import uuid
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from background import runner
from tests.support.database import Connection, connect
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.os_users import wait_for
from tests.support.web_server import http
from tests.support.webhooks import Receiver, add_webhook, advance_clock, pending

DAY = 86_400.0
DOWN = http(b"", "503 Service Unavailable")
ACCEPTED = http(b"", "204 No Content")


@pytest.fixture(autouse=True)
def quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "POLL_INTERVAL", 0.05)


@pytest.fixture(autouse=True)
def no_circuit_breaker(monkeypatch: pytest.MonkeyPatch) -> None:
    """A circuit breaker opens for five seconds of real time, which the simulated clock does not advance."""
    monkeypatch.setattr("core.circuit_breaker.MAX_FAILURES", 1_000_000)


@pytest.fixture
def sql(hooks_database: str) -> Iterator[Connection]:
    with connect(hooks_database) as conn:
        yield conn


@pytest.fixture
def shop(hooks_app: Flask, fake_model: FakeModel, master: dict[str, str]) -> Shop:
    return make_shop(hooks_app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}")


def write(shop: Shop, conversations: int, messages: int) -> dict[str, list[str]]:
    """Let customers write and be answered; returns the texts of each conversation."""
    written: dict[str, list[str]] = {}
    for number in range(messages):
        for customer in range(conversations):
            text = f"{customer}-{number}"
            answer = shop.say(text, user={"external_id": f"w-{customer}"}).get_json()
            written.setdefault(answer["conversation_id"], []).extend([text, answer["response"]])
    return written


def texts(receiver: Receiver) -> dict[str, list[str]]:
    """The texts of the messages that have arrived."""
    return {
        conversation: [event["data"]["message_content"] for event in events]
        for conversation, events in receiver.by_conversation().items()
    }


def attempts(sql: Connection, shop: Shop) -> list[int]:
    rows = sql.execute(
        "SELECT attempts FROM webhook_deliveries WHERE business_id = %(id)s ORDER BY number",
        {"id": UUID(shop.business_id)},
    ).fetchall()
    return [row["attempts"] for row in rows]


def wait_until_idle(sql: Connection, shop: Shop) -> None:
    """Wait until no job of the business is due or running."""
    busy = """
        SELECT FROM jobs WHERE business_id = %(id)s AND (lease_owner IS NOT NULL OR run_at <= now())
    """
    wait_for(lambda: not sql.execute(busy, {"id": UUID(shop.business_id)}).fetchall(), "the jobs")


def let_time_pass(sql: Connection, shop: Shop, seconds: float, step: float) -> None:
    """Advance the clock in steps, and let everything happen that is due."""
    for _ in range(round(seconds / step)):
        wait_until_idle(sql, shop)
        advance_clock(sql, shop.business_id, step)
    wait_until_idle(sql, shop)


def disabled_entries(shop: Shop) -> list[Any]:
    rows: list[Any] = shop.get("/audit-log", resource="webhook", action="disable").get_json()
    return rows


def test_every_event_arrives_in_order_after_the_receiver_was_down_for_ten_minutes(shop: Shop, sql: Connection) -> None:
    with Receiver(DOWN) as receiver:
        add_webhook(shop, receiver, ("message.created",))
        written = write(shop, conversations=3, messages=3)
        let_time_pass(sql, shop, 600, 30)
        failed = len(receiver.requests)
        assert receiver.by_conversation().keys() == written.keys()
        assert failed == 3 * 5  # the first event of each conversation, at 0 s, 5 s, 35 s, 2.6 min and 7.6 min
        receiver.requests.clear()
        receiver.answers[:] = [ACCEPTED]
        later = write(shop, conversations=3, messages=1)
        let_time_pass(sql, shop, 600, 100)
        assert pending(sql, shop.business_id) == 0
        assert texts(receiver) == {name: written[name] + later[name] for name in written}
        assert len(receiver.requests) == 3 * 8  # each once


def test_unreachable_receiver_is_tried_again(shop: Shop, sql: Connection) -> None:
    with Receiver() as receiver:
        port = receiver.port
    add_webhook(shop, receiver, ("message.created",))
    written = write(shop, conversations=2, messages=1)
    wait_until_idle(sql, shop)
    assert pending(sql, shop.business_id) == 4
    with Receiver(port=port) as again:
        again.secret = receiver.secret
        let_time_pass(sql, shop, 60, 10)
        assert pending(sql, shop.business_id) == 0
        assert texts(again) == written


def test_slow_receiver_gets_every_event_in_order_and_delays_no_other_business(
    shop: Shop, hooks_app: Flask, sql: Connection, master: dict[str, str]
) -> None:
    gate = threading.Event()

    def answer_late(connection: Any) -> None:
        gate.wait(20)
        connection.sendall(ACCEPTED)

    other_shop = make_shop(hooks_app.test_client(), master, f"Harbour Tea {uuid.uuid4().hex[:8]}")
    with Receiver(answer_late) as slow, Receiver() as quick:
        add_webhook(shop, slow, ("message.created",))
        add_webhook(other_shop, quick, ("message.created",))
        written = write(shop, conversations=12, messages=2)
        wait_for(lambda: len(slow.requests) == runner.MAX_JOBS_OF_GROUP, "requests to the slow receiver")
        others = write(other_shop, conversations=1, messages=2)
        wait_for(lambda: texts(quick) == others, "the events of the other business")
        assert len(slow.requests) == runner.MAX_JOBS_OF_GROUP
        gate.set()
        wait_for(lambda: pending(sql, shop.business_id) == 0, "the events")
        assert texts(slow) == written
        assert len(slow.requests) == 12 * 4


def test_event_that_fails_does_not_delay_other_conversations(shop: Shop, sql: Connection) -> None:
    with Receiver(http(b"", "400 Bad Request"), ACCEPTED) as receiver:
        add_webhook(shop, receiver, ("message.created",))
        first = write(shop, conversations=1, messages=1)
        wait_until_idle(sql, shop)
        second = write(shop, conversations=2, messages=1)
        wait_for(lambda: pending(sql, shop.business_id) == 4, "the events of the other conversation")
        [blocked] = first
        assert {name: texts(receiver)[name] for name in second if name != blocked} == {
            name: second[name] for name in second if name != blocked
        }
        assert texts(receiver)[blocked] == first[blocked][:1]
        let_time_pass(sql, shop, 5, 5)
        assert texts(receiver)[blocked] == first[blocked] + second[blocked]


def test_event_is_given_up_after_a_day_and_can_be_sent_again(shop: Shop, sql: Connection) -> None:
    with Receiver(DOWN) as receiver:
        webhook_id = add_webhook(shop, receiver, ("message.created",))
        written = write(shop, conversations=1, messages=1)
        let_time_pass(sql, shop, DAY, 1800)
        path = f"/webhooks/{webhook_id}/deliveries"
        rows = shop.get(path).get_json()
        assert [row["status"] for row in rows] == ["failed", "failed"]
        assert [row["error"] for row in rows] == ["status_503", "status_503"]
        assert attempts(sql, shop)[0] > 10
        assert attempts(sql, shop)[1] in (1, 2)  # after the first one was given up, and at its own deadline
        assert shop.get("/webhooks").get_json()[0]["failing_since"] is not None
        receiver.requests.clear()
        receiver.answers[:] = [ACCEPTED]
        for row in rows:
            again = shop.post(f"{path}/{row['delivery_id']}/resend")
            assert (again.status_code, again.get_json()["status"]) == (202, "pending")
            wait_for(lambda: pending(sql, shop.business_id) == 0, "the event")
        assert [row["event_id"] for row in rows] == [event["id"] for event in receiver.events()]
        assert list(texts(receiver).values()) == list(written.values())
        assert shop.get("/webhooks").get_json()[0]["failing_since"] is None


def test_delivery_that_waits_for_its_next_attempt_can_be_sent_now(shop: Shop, sql: Connection) -> None:
    with Receiver(DOWN) as receiver:
        webhook_id = add_webhook(shop, receiver, ("conversation.started",))
        shop.say("Hello")
        let_time_pass(sql, shop, 600, 60)
        receiver.answers[:] = [ACCEPTED]
        path = f"/webhooks/{webhook_id}/deliveries"
        [row] = shop.get(path).get_json()
        assert (row["status"], row["next_attempt_at"] is not None) == ("pending", True)
        assert shop.post(f"{path}/{row['delivery_id']}/resend").status_code == 202
        wait_for(lambda: pending(sql, shop.business_id) == 0, "the event")


def test_webhook_that_fails_for_three_days_is_disabled_and_its_owner_told(shop: Shop, sql: Connection) -> None:
    with Receiver(DOWN) as receiver:
        webhook_id = add_webhook(shop, receiver, ("message.created",))
        for _ in range(3):
            shop.say("Hello")
            let_time_pass(sql, shop, DAY * 0.99, DAY * 0.99 / 24)
        assert shop.get(f"/webhooks/{webhook_id}").get_json()["enabled"] is True
        shop.say("Hello")
        let_time_pass(sql, shop, 7200, 3600)
        webhook = shop.get(f"/webhooks/{webhook_id}").get_json()
        assert (webhook["enabled"], webhook["disabled_reason"]) == (False, "failing")
        assert pending(sql, shop.business_id) == 0
        [entry] = disabled_entries(shop)
        assert (entry["actor_type"], entry["resource_id"], entry["fields"]) == ("system", webhook_id, ["enabled"])
        failed = len(receiver.requests)
        shop.say("Hello")
        latest = shop.get(f"/webhooks/{webhook_id}/deliveries", order="newest").get_json()[0]
        assert latest["error"] == "webhook_disabled"
        assert shop.post(f"/webhooks/{webhook_id}/deliveries/{latest['delivery_id']}/resend").status_code == 409
        # The owner enables it again.
        receiver.answers[:] = [ACCEPTED]
        webhook = shop.put(f"/webhooks/{webhook_id}", {"enabled": True}).get_json()
        assert (webhook["enabled"], webhook["disabled_reason"], webhook["failing_since"]) == (True, None, None)
        shop.say("Hello again")
        wait_for(lambda: len(receiver.requests) == failed + 2, "the events")


def test_webhook_that_fails_sometimes_is_not_disabled(shop: Shop, sql: Connection) -> None:
    with Receiver(*[DOWN, ACCEPTED] * 20) as receiver:
        webhook_id = add_webhook(shop, receiver, ("conversation.started",))
        for day in range(5):
            shop.say("Hello", user={"external_id": f"d-{day}"})
            let_time_pass(sql, shop, DAY, DAY / 4)
        assert pending(sql, shop.business_id) == 0
        assert shop.get(f"/webhooks/{webhook_id}").get_json()["enabled"] is True
        assert len(receiver.requests) == 10


def test_receiver_that_is_gone_is_disabled_at_once(shop: Shop, sql: Connection) -> None:
    with Receiver(http(b"", "410 Gone")) as receiver:
        webhook_id = add_webhook(shop, receiver, ("message.created",))
        shop.say("Hello")
        wait_until_idle(sql, shop)
        webhook = shop.get(f"/webhooks/{webhook_id}").get_json()
        assert (webhook["enabled"], webhook["disabled_reason"]) == (False, "gone")
        assert len(receiver.requests) == 1
        assert len(disabled_entries(shop)) == 1


def test_event_with_which_several_processes_died_is_skipped(shop: Shop, sql: Connection) -> None:
    with Receiver(DOWN) as receiver:
        add_webhook(shop, receiver, ("message.created",))
        [conversation] = write(shop, conversations=1, messages=2).values()
        wait_until_idle(sql, shop)
        receiver.requests.clear()
        receiver.answers[:] = [ACCEPTED]
        sql.execute(
            "UPDATE jobs SET takeovers = 4, run_at = now() WHERE business_id = %(id)s", {"id": UUID(shop.business_id)}
        )
        wait_for(lambda: pending(sql, shop.business_id) == 0, "the events")
        assert list(texts(receiver).values()) == [conversation[1:]]


def test_circuit_breaker_limits_the_requests_to_a_server_that_is_down(
    shop: Shop, sql: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Attempts that it refuses do not count."""
    monkeypatch.setattr("core.circuit_breaker.MAX_FAILURES", 10)
    with Receiver(DOWN) as receiver:
        add_webhook(shop, receiver, ("conversation.started",))
        write(shop, conversations=30, messages=1)
        wait_until_idle(sql, shop)
        assert 10 <= len(receiver.requests) < 20
        assert sum(attempts(sql, shop)) == len(receiver.requests)
        assert pending(sql, shop.business_id) == 30
