"""Fifty events per second for a minute, none of which is lost (`make soak`)."""

import threading
import time
import uuid

import pytest

from tests.processes.conftest import Business

RATE, SECONDS, SENDERS = 50, 60, 10


@pytest.mark.soak
@pytest.mark.timeout(180)
def test_fifty_events_per_second_are_all_stored(business: Business) -> None:
    ids = [str(uuid.uuid4()) for _ in range(RATE * SECONDS)]
    answers: list[tuple[int, str]] = []
    delays: dict[int, float] = {}
    start = time.monotonic() + 0.5

    def send(first: int) -> None:
        for number in range(first, len(ids), SENDERS):
            due = start + number / RATE
            time.sleep(max(0.0, due - time.monotonic()))
            event = {"event_id": ids[number], "event_type": "click", "custom_event_properties": {"number": number}}
            response = business.server.request("POST", "/events", business.key, json=event)
            answers.append((response.status_code, response.json()["event_id"]))
            delays[number] = time.monotonic() - due

    senders = [threading.Thread(target=send, args=(first,)) for first in range(SENDERS)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(answers) == sorted((201, event_id) for event_id in ids)
    stored = business.select(
        """SELECT event_id::text, (custom_event_properties ->> 'number')::int AS number FROM events
           WHERE business_id = %(business_id)s AND verified"""
    )
    assert {row["event_id"]: row["number"] for row in stored} == {event_id: n for n, event_id in enumerate(ids)}
    # The server keeps up with the rate: no queue has built up by the last second.
    assert max(delays[number] for number in range(len(ids) - RATE, len(ids))) < 1
