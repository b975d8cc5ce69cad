"""Fifty events a second for a minute, none lost (`make soak`)."""

import threading
import time
import uuid
from pathlib import Path

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.server import Server

RATE, SECONDS, SENDERS = 50, 60, 10


@pytest.mark.soak
@pytest.mark.timeout(180)
def test_fifty_events_a_second_for_a_minute_are_all_kept(
    shop: Shop, database_url: str, tmp_path: Path, sql: Connection
) -> None:
    ids = [str(uuid.uuid4()) for _ in range(RATE * SECONDS)]
    answers: list[tuple[int, str]] = []
    late: list[float] = []
    with Server(database_url, tmp_path / "server.log") as server:
        began = time.monotonic() + 0.5

        def send(first: int) -> None:
            for number in range(first, len(ids), SENDERS):
                due = began + number / RATE
                time.sleep(max(0.0, due - time.monotonic()))
                event = {"event_id": ids[number], "event_type": "click", "custom_event_properties": {"number": number}}
                response = server.request("POST", "/events", shop.key, json=event)
                answers.append((response.status_code, response.json()["event_id"]))
                late.append(time.monotonic() - due)

        senders = [threading.Thread(target=send, args=(first,)) for first in range(SENDERS)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    assert sorted(answers) == sorted((201, event_id) for event_id in ids)
    kept = sql.execute(
        "SELECT event_id::text, (custom_event_properties ->> 'number')::int AS number FROM events WHERE verified"
    ).fetchall()
    assert {row["event_id"]: row["number"] for row in kept} == {event_id: at for at, event_id in enumerate(ids)}
    assert max(late[-RATE:]) < 1  # the last second's were not sent into a queue that had grown all along
