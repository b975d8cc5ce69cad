"""Retention: exactly what is too old is deleted, while messages arrive."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from flask import Flask

from background import runner
from background.retention import Retention
from core.context import AppContext
from tests.support.ageing import make_older
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.jobs import running
from tests.support.os_users import wait_for
from tests.support.turns import by_step

MAX_EVENT_DAYS = 100


@pytest.fixture
def apply_retention(app: Flask, sql: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Runs the job to its end."""
    monkeypatch.setattr(runner, "FIRST_DELAY", 0.0)
    context: AppContext = app.extensions["icmp"]

    def run() -> None:
        sql.execute("DELETE FROM jobs WHERE kind = 'apply_retention' AND lease_owner IS NULL")
        with running(context.database, *Retention(context.database, MAX_EVENT_DAYS).kinds()):
            waiting = "SELECT FROM jobs WHERE kind = 'apply_retention' AND run_at > now() + interval '10 minutes'"
            idle = f"{waiting} AND lease_owner IS NULL AND attempts = 0"
            wait_for(lambda: bool(sql.execute(idle).fetchall()), "the deletion")

    yield run
    sql.execute("DELETE FROM jobs WHERE kind = 'apply_retention' AND lease_owner IS NULL")


def set_retention(shop: Shop, **days: int | None) -> None:
    settings = {"speculation": "off", "idle_minutes": 525_600, "retention": days}
    assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 200


def converse(shop: Shop, url: str, *ages: float) -> str:
    """A conversation with a message for each age in days, the oldest first. Returns its ID."""
    conversation_id = ""
    for age, next_age in zip(ages, (*ages[1:], 0.0), strict=True):
        response = shop.say("Where is A-1?", user={"external_id": f"{ages}"})
        assert response.status_code == 200
        conversation_id = response.get_json()["conversation_id"]
        make_older(url, conversation_id, age - next_age)
    return conversation_id


def left_of(shop: Shop, conversation_id: str) -> tuple[int, list[bool], list[bool]]:
    """The number of messages that are left of a conversation, and whether each turn has steps, and prompts."""
    found = shop.get(f"/conversations/{conversation_id}/messages")
    if found.status_code == 404:
        assert shop.get("/llm-calls", conversation_id=conversation_id).get_json() == []
        return 0, [], []
    has_steps, has_prompts = [], []
    for turn in shop.get(f"/conversations/{conversation_id}/turns").get_json():
        has_steps.append(bool(shop.get(f"/turns/{turn['turn_id']}").get_json()["steps"]))
        calls = shop.get("/llm-calls", turn_id=turn["turn_id"]).get_json()
        details = [shop.get(f"/llm-calls/{call['call_id']}").get_json() for call in calls]
        assert len(details) == 3
        assert all(each["prompt_tokens"] and each["completion_tokens"] for each in details)
        [is_kept] = {each["request"] != {} for each in details}
        assert all((each["response"] is not None) == is_kept for each in details)
        has_prompts.append(is_kept)
    return len(found.get_json()), has_steps, has_prompts


def test_exactly_what_is_too_old_is_deleted_while_messages_arrive(
    shop: Shop, other_shop: Shop, fake_model: FakeModel, sql: Connection, database_url: str,
    apply_retention: Callable[[], None],
) -> None:  # fmt: skip
    fake_model.respond = by_step(extraction='{"order_number": "A-1"}')
    set_retention(shop, messages=30, traces=20, calls=10, events=5, feedback=15)
    set_retention(other_shop)
    left = {
        (30.01,): (0, [], []),
        (29.99,): (2, [False], [False]),
        (20.01,): (2, [False], [False]),
        (19.99,): (2, [True], [False]),
        (10.01,): (2, [True], [False]),
        (9.99,): (2, [True], [True]),
        (40, 15, 1): (6, [False, True, True], [False, False, True]),
    }
    left_of_other = {(400,): (2, [True], [False]), (90.01,): (2, [True], [False]), (89.99,): (2, [True], [True])}
    expected = [
        (each, converse(each, database_url, *ages), found)
        for each, cases in ((shop, left), (other_shop, left_of_other))
        for ages, found in cases.items()
    ]
    for age in (5.01, 4.99):
        event_id = made(shop.post("/events", {"event_type": "click", "message_text": f"{age} days"}))["event_id"]
        sql.execute(
            "UPDATE events SET created_at = created_at - %(age)s * interval '1 day' WHERE event_id = %(event_id)s",
            {"age": age, "event_id": event_id},
        )

    rate = {"business_id": UUID(shop.business_id)}
    sql.execute(
        """
        INSERT INTO message_feedback (business_id, turn_id, source, message_id, rating, created_at)
        SELECT business_id, turn_id, 'customer', uuidv7(), 'bad', created_at FROM turns
        WHERE business_id = %(business_id)s
        """,
        rate,
    )
    sql.execute(
        """
        INSERT INTO conversation_ratings (business_id, conversation_id, rating, created_at)
        SELECT business_id, conversation_id, 1, last_updated FROM conversations WHERE business_id = %(business_id)s
        """,
        rate,
    )
    revived = converse(shop, database_url, 35)  # its customer writes again, so it may be kept
    is_over = threading.Event()

    def write(number: int) -> list[str]:
        customer = "(35,)" if number == 0 else f"new-{number}"
        turn_ids: list[str] = []
        while not is_over.is_set() or not turn_ids:
            response = shop.say("And A-1?", user={"external_id": customer})
            assert response.status_code == 200
            turn_ids.append(response.get_json()["turn_id"])
        return turn_ids

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(write, number) for number in range(3)]
        apply_retention()
        is_over.set()
        arrived = [turn_id for writer in writers for turn_id in writer.result()]
    for _ in range(2):
        assert [left_of(each, conversation_id) for each, conversation_id, _ in expected] == [e[2] for e in expected]
        assert all(shop.get(f"/turns/{turn_id}").get_json()["status"] == "completed" for turn_id in arrived)
        assert [event["message_text"] for event in shop.get("/events").get_json()] == ["4.99 days"]
        ratings = sql.execute(
            """
            SELECT (SELECT count(*) FROM message_feedback WHERE business_id = %(business_id)s) AS of_turns,
                   (SELECT count(*) FROM conversation_ratings WHERE business_id = %(business_id)s) AS of_conversations
            """,
            rate,
        ).fetchall()
        assert ratings == [{"of_turns": 3, "of_conversations": 3}]  # 10.01, 9.99 and 1 day old
        apply_retention()
    turns = sql.execute("SELECT count(*) FROM turns WHERE conversation_id = %(id)s", {"id": UUID(revived)}).fetchone()
    assert turns is not None
    assert turns["count"] in (0, sum(turn_id in writers[0].result() for turn_id in arrived) + 1)


def test_days_must_be_whole_numbers_or_unlimited(shop: Shop) -> None:
    for days in (0, -1, 1.5, "30"):
        settings = {"retention": {"messages": days}}
        assert shop.put(f"/businesses/{shop.business_id}", {"settings": settings}).status_code == 400
