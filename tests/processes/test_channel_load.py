"""Many messages through channels of every kind, while the server is killed: each is answered once, and in order."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.processes.conftest import Business, Deployment, StartDeployment
from tests.support.channel_load import Adapter, Load, Providers, repeated
from tests.support.database import connect
from tests.support.os_users import wait_for

ERROR_RATE = 0.05
MAX_IN_FLIGHT = 8  # two processes send four messages of a business at the same time


@pytest.fixture(scope="module")
def providers() -> Iterator[Providers]:
    with Providers() as started:
        yield started


@pytest.fixture(scope="module")
def deployment(start_deployment: StartDeployment, providers: Providers) -> Iterator[Deployment]:
    with start_deployment(**providers.environment) as deployment:
        yield deployment


@pytest.fixture
def adapters(business: Business, providers: Providers) -> list[Adapter]:
    """A channel of each kind."""
    adapters = list(providers.adapters().values())
    for adapter in adapters:
        body = {"kind": adapter.kind, "name": adapter.kind, "settings": adapter.settings, "secrets": adapter.secrets}
        channel = business.request("POST", "/channels", json=body)
        adapter.path = f"/api/v1/channels/{channel['channel_id']}/webhook"
        adapter.provider.error_rate = ERROR_RATE
    return adapters


def kill_when(business: Business, load: Load, count: int) -> None:
    """Kill the server when it has accepted so many requests, and start it again."""
    wait_for(lambda: load.accepted >= count, "the requests before the kill", seconds=count + 60)
    business.server.kill()
    business.server.start()


def wait_until_idle(business: Business, load: Load, adapters: list[Adapter], seconds: float) -> None:
    """Wait until all turns have ended and nothing waits to be sent. The clock is simulated, so that attempts do not
    wait for their time."""
    deadline = time.monotonic() + seconds
    unfinished = """
        SELECT status FROM turns WHERE business_id = %(business_id)s AND status <> 'completed'
        UNION ALL
        SELECT status FROM channel_sends WHERE business_id = %(business_id)s AND status IN ('pending', 'sending')
    """
    with connect(business.database_url) as sql:
        while waiting := business.select(unfinished):
            assert time.monotonic() < deadline, waiting
            sql.execute(
                "UPDATE jobs SET run_at = run_at - interval '10 s' WHERE business_id = %(business_id)s",
                {"business_id": business.business_id},
            )
            load.send_receipts(business.server.http, adapters)
            time.sleep(0.2)
    load.send_receipts(business.server.http, adapters)


def sends(business: Business, channel_path: str) -> dict[str, list[dict[str, Any]]]:
    """The replies of a channel by recipient, in the order of the conversation: message_content and status."""
    rows = business.select(
        """
        SELECT cc.recipient_id, cc.channel_id::text, m.message_content, s.status FROM channel_sends s
        JOIN messages m USING (business_id, conversation_id, seq)
        JOIN channel_conversations cc USING (business_id, conversation_id)
        WHERE s.business_id = %(business_id)s ORDER BY s.conversation_id, s.seq
        """
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["channel_id"] in channel_path:
            found.setdefault(row["recipient_id"], []).append(row)
    return found


@pytest.mark.parametrize(
    ("customers", "messages"), [(3, 12), pytest.param(100, 1000, marks=[pytest.mark.soak, pytest.mark.timeout(1800)])]
)
def test_every_message_is_answered_once_and_in_order_although_the_server_is_killed(
    business: Business, adapters: list[Adapter], customers: int, messages: int
) -> None:
    load = Load(adapters, customers, messages)
    killer = threading.Thread(target=kill_when, args=(business, load, load.count // 2))
    killer.start()
    load.run(business.server.http, seconds=60 + messages)
    killer.join()
    wait_until_idle(business, load, adapters, seconds=60 + messages)

    written = [row for row in business.messages() if row["sender_type"] == "user"]
    assert len(written) == len(business.turns()) == load.count
    unknown = 0
    for adapter in adapters:
        replies = sends(business, adapter.path)
        for customer, texts in adapter.sent.items():
            received = adapter.received(customer)
            assert repeated(received) == []
            [rows] = [rows for recipient, rows in replies.items() if recipient.endswith(str(customer).zfill(5))]
            assert sorted(row["message_content"] for row in rows) == sorted(f"Reply to {text}" for text in texts)
            certain = [row["message_content"] for row in rows if row["status"] != "unknown"]
            assert [text for text in received if text in certain] == certain
            expected = [row["message_content"] for row in rows if row["message_content"] in received]
            assert received == expected
            unknown += len(rows) - len(certain)
            assert {row["status"] for row in rows} <= {"sent", "delivered", "read", "unknown"}
    assert unknown <= MAX_IN_FLIGHT
