"""Webhooks and background jobs in several server processes, which are killed."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx2
import pytest

from tests.processes.conftest import Business, Deployment, StartDeployment
from tests.support.database import connect
from tests.support.os_users import wait_for
from tests.support.web_server import http
from tests.support.webhooks import Receiver, advance_clock

TAKEOVER_SECONDS = 20
DOWN = http(b"", "503 Service Unavailable")
ACCEPTED = http(b"", "204 No Content")


@pytest.fixture(scope="module")
def deployment(start_deployment: StartDeployment) -> Iterator[Deployment]:
    with start_deployment(API_CALL_ALLOWED_HOSTS="127.0.0.1") as deployment:
        yield deployment


def add_webhook(business: Business, receiver: Receiver) -> None:
    body = {"url": receiver.url, "events": ["message.created", "conversation.started"]}
    receiver.secret = business.request("POST", "/webhooks", json=body)["secret"]


def wait_until_delivered(business: Business, seconds: float) -> None:
    """Wait until all events are delivered. The clock is simulated, so that attempts do not wait for their time."""
    deadline = time.monotonic() + seconds
    unfinished = """
        SELECT delivery_id FROM webhook_deliveries WHERE business_id = %(business_id)s AND status = 'pending'
        UNION ALL
        SELECT job_id FROM jobs WHERE business_id = %(business_id)s
    """
    with connect(business.database_url) as sql:
        while business.select(unfinished):
            assert time.monotonic() < deadline, business.select("SELECT *, now() AS now FROM jobs")
            advance_clock(sql, business.business_id, 5)
            time.sleep(0.2)


def sent_texts(business: Business) -> dict[str, list[str]]:
    """The texts of the messages of each conversation, in order."""
    rows = business.select(
        """
        SELECT conversation_id::text, array_agg(message_content ORDER BY seq) AS texts FROM messages
        WHERE business_id = %(business_id)s GROUP BY 1
        """
    )
    return {row["conversation_id"]: row["texts"] for row in rows}


def received_texts(receiver: Receiver) -> dict[str, list[str]]:
    return {
        conversation: [event["data"]["message_content"] for event in events if event["type"] == "message.created"]
        for conversation, events in receiver.by_conversation().items()
    }


@pytest.mark.parametrize("kills", [1, pytest.param(8, marks=pytest.mark.soak)])
def test_every_event_arrives_in_order_although_the_sender_is_killed(business: Business, kills: int) -> None:
    """While it sends, while customers write, and while events wait for their next attempt."""
    with Receiver(*[DOWN, ACCEPTED, ACCEPTED] * 8, ACCEPTED) as receiver, ThreadPoolExecutor(6) as pool:
        add_webhook(business, receiver)

        def write(customer: int) -> None:
            for number in range(3):
                with suppress(httpx2.HTTPError):  # the connection broke
                    business.say(f"c-{customer}", f"{customer}-{number}", idempotency_key=f"{customer}-{number}")

        for kill in range(kills):
            writers = [pool.submit(write, 10 * kill + customer) for customer in range(6)]
            deadline = time.monotonic() + 30
            while len(receiver.requests) < 8 * (kill + 1) and time.monotonic() < deadline:
                time.sleep(0.01)
            business.server.kill()
            for writer in writers:
                writer.result()
            business.server.start()
        unfinished = "SELECT FROM turns WHERE business_id = %(business_id)s AND status IN ('accepted', 'running')"
        wait_for(lambda: not business.select(unfinished), "the end of all turns", TAKEOVER_SECONDS, pause=0.1)
        wait_until_delivered(business, TAKEOVER_SECONDS + 60)
        assert received_texts(receiver) == sent_texts(business)
        assert len(sent_texts(business)) >= 6


@pytest.mark.slow
def test_stopped_server_does_not_send_events_twice(business: Business) -> None:
    """It finishes the request that it is sending, and saves the result."""
    with Receiver(ACCEPTED) as receiver:
        add_webhook(business, receiver)
        for number in range(5):
            business.say(f"c-{number}", "hello")
        business.server.stop()
        business.server.start()
        wait_until_delivered(business, 60)
        ids = [event["id"] for event in receiver.events()]
        assert len(ids) == len(set(ids))
        assert received_texts(receiver) == sent_texts(business)
