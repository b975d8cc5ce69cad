"""Figures are those of the turns and conversations that are stored, whatever happens to these."""

import random
import threading
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from analytics.rebuild import rebuild
from db import Database
from tests.support.analytics import count_changes, counting, total
from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated, Status
from tests.support.os_users import wait_for
from tests.support.staff import Staff
from tests.support.turns import in_background

pytestmark = pytest.mark.usefixtures("empty_database")


@pytest.fixture
def figures(database_url: str) -> Iterator[Database]:
    with counting(database_url) as database:
        yield database


def answer(fake_model: FakeModel, stage: str = "Order help", fields: str = '{"order_number": "A-1"}') -> None:
    """Prepare the answers to one message."""
    fake_model.reply(f'{{"stage": "{stage}", "confidence": 0.87}}', fields, "A reply.")


def test_each_turn_is_counted_with_its_calls_and_fields(
    shop: Shop, fake_model: FakeModel, sql: Connection, figures: Database
) -> None:
    answer(fake_model, "Greeting", "{}")
    shop.say("Hello")
    answer(fake_model)
    shop.say("Where is A-1?")
    answer(fake_model, fields='{"order_number": "A-2"}')
    shop.say("I mean A-2")
    fake_model.reply(Status(401))
    failed = shop.say("And now?").get_json()["turn_id"]
    count_changes(figures, shop.business_id)

    def of_turns(column: str) -> int:
        return total(sql, shop.business_id, "analytics_turns", column)

    assert [of_turns(name) for name in ("turns", "completed", "failed", "by_model")] == [4, 3, 1, 3]
    assert of_turns("calls") == total(sql, shop.business_id, "analytics_calls", "calls") == 10
    assert of_turns("failed_calls") == 1
    rows = sql.execute(
        """
        SELECT stage_before, stage_id, sum(turns)::integer AS turns, merged_histogram_v1(confidence) AS confidence
        FROM analytics_turns WHERE business_id = %(id)s AND period = 'day' AND completed > 0 GROUP BY 1, 2
        """,
        {"id": shop.business_id},
    ).fetchall()
    greeting, order = (UUID(shop.stages[name]) for name in ("Greeting", "Order help"))
    assert {(row["stage_before"], row["stage_id"]): row["turns"] for row in rows} == {
        (None, greeting): 1,
        (greeting, order): 1,
        (order, order): 1,
    }
    assert [row["confidence"] for row in rows] == [[[8, 1]]] * 3
    fields = sql.execute("SELECT field, found, corrected FROM analytics_fields WHERE period = 'day'").fetchall()
    assert [dict(row) for row in fields] == [{"field": "order_number", "found": 2, "corrected": 1}]
    [path] = sql.execute("SELECT path, conversations FROM analytics_paths WHERE period = 'day'").fetchall()
    assert (path["path"], path["conversations"]) == ([greeting, order], 1)

    answer(fake_model)
    assert shop.post(f"/turns/{failed}/retry").status_code == 200
    count_changes(figures, shop.business_id)
    assert [of_turns(name) for name in ("turns", "completed", "failed")] == [4, 4, 0]
    assert of_turns("calls") == 13


def test_conversations_are_judged_by_how_they_ended(
    shop: Shop, fake_model: FakeModel, sql: Connection, figures: Database, anna: Staff
) -> None:
    def start(name: str, *replies: Any) -> str:
        fake_model.reply(*replies)
        return str(shop.say("Hello", user={"external_id": name}).get_json()["conversation_id"])

    good = ('{"stage": "Greeting", "confidence": 1}', "{}", "Hello.")
    missing = ('{"stage": "Order help", "confidence": 1}', "{}", "Which order?")
    for replies in (good, missing, (Status(401),)):
        shop.post(f"/conversations/{start(f'c-{len(replies)}', *replies)}/complete")
    start("c-open", *good)
    shop.post(f"/conversations/{start('c-person', *good)}/takeover")

    def outcomes() -> list[int]:
        count_changes(figures, shop.business_id)
        names = ("conversations", "resolved", "abandoned", "handed_over", "open")
        return [total(sql, shop.business_id, "analytics_conversations", name, "day") for name in names]

    assert outcomes() == [5, 1, 2, 1, 1]
    for statement in (
        "UPDATE messages SET created_at = created_at - interval '24 hours' WHERE business_id = %(id)s",
        "UPDATE analytics_due SET due_at = due_at - interval '24 hours' WHERE business_id = %(id)s",
    ):
        sql.execute(statement, {"id": shop.business_id})
    assert outcomes() == [5, 2, 2, 1, 0]
    assert rebuild(figures, UUID(shop.business_id)) == []


def test_steps_that_end_after_a_takeover_are_counted(
    shop: Shop, fake_model: FakeModel, sql: Connection, figures: Database, anna: Staff
) -> None:
    answer(fake_model)
    conversation = shop.say("Hello").get_json()["conversation_id"]
    gate = threading.Event()
    fake_model.respond = lambda body: Gated('{"stage": "Greeting", "confidence": 1}', gate)
    with in_background(lambda: shop.say("Where is A-1?")) as second:
        fake_model.wait_for_requests(4)
        assert anna.send("POST", f"/conversations/{conversation}/takeover").status_code == 200
        assert second.result().status_code == 202
        count_changes(figures, shop.business_id)
        assert total(sql, shop.business_id, "analytics_turns", "held") == 1
        gate.set()
        finished = (
            "SELECT FROM turn_steps s JOIN turns t USING (turn_id) WHERE t.status = 'held' AND s.step = 'response'"
        )
        wait_for(lambda: bool(sql.execute(finished).fetchall()), "the steps of the held turn")
    count_changes(figures, shop.business_id)
    assert total(sql, shop.business_id, "analytics_turns", "calls") == 6
    assert rebuild(figures, UUID(shop.business_id)) == []


def test_counting_again_finds_no_difference_whatever_happened(
    shop: Shop, fake_model: FakeModel, sql: Connection, figures: Database, anna: Staff
) -> None:
    """Things happen in a random order, and are counted in between."""
    chance = random.Random(42)
    customers = [f"c-{number}" for number in range(4)]

    def say(text: str = "Hello") -> Any:
        return shop.say(text, user={"external_id": chance.choice(customers)}).get_json()

    def answered() -> None:
        answer(fake_model, chance.choice(["Greeting", "Order help"]), chance.choice(["{}", '{"order_number": "A-1"}']))
        say(chance.choice(["Hello, where is my order?", "Hallo, wo ist meine Bestellung, bitte?"]))
        fake_model.forget()

    def failed() -> None:
        fake_model.reply(Status(401))
        turn = say()
        fake_model.forget()
        if "error_code" in turn and chance.random() < 0.5:
            answer(fake_model)
            shop.post(f"/turns/{turn['turn_id']}/retry")

    def conversation() -> str:
        rows = sql.execute(
            "SELECT conversation_id FROM conversations WHERE business_id = %(id)s", {"id": shop.business_id}
        )
        ids = sorted(str(row["conversation_id"]) for row in rows.fetchall())
        return f"/conversations/{chance.choice(ids)}"

    def customer() -> str:
        return str(made_customer(shop, chance.choice(customers)))

    things: list[Callable[[], Any]] = [
        answered,
        answered,
        answered,
        failed,
        lambda: anna.send("POST", f"{conversation()}/takeover", {"force": True}),
        lambda: shop.post(f"{conversation()}/takeover", {"force": True}),
        lambda: anna.send("POST", f"{conversation()}/messages", {"message": "A person writes."}),
        lambda: shop.post(f"{conversation()}/release", {"answer": chance.choice(["none", "last"])}),
        lambda: shop.post(f"{conversation()}/pause"),
        lambda: shop.post(f"{conversation()}/resume", {"answer": "none"}),
        lambda: shop.post(f"{conversation()}/complete"),
        lambda: shop.put(f"/users/{customer()}", {"is_test": chance.random() < 0.3}),
        lambda: shop.post(f"/users/{customer()}/merge", {"other_user_id": customer()}),
        lambda: shop.delete(f"/users/{customer()}"),
        lambda: sql.execute(_RATE, {"id": shop.business_id, "rating": chance.choice(["good", "bad"])}),
        lambda: shop.put(
            f"/businesses/{shop.business_id}",
            {"settings": {"speculation": "off", "timezone": chance.choice(["Asia/Kathmandu", "America/New_York"])}},
        ),
    ]
    answered()
    for _ in range(80):
        chance.choice(things)()
        fake_model.forget()
        if chance.random() < 0.3:
            count_changes(figures, shop.business_id)
    assert rebuild(figures, UUID(shop.business_id)) == []
    [row] = sql.execute(
        """
        SELECT count(*) AS turns FROM turns t JOIN conversations c USING (business_id, conversation_id)
        JOIN users u USING (user_id)
        WHERE t.business_id = %(id)s AND t.status IN ('completed', 'failed', 'held') AND NOT u.is_test
        """,
        {"id": shop.business_id},
    ).fetchall()
    assert total(sql, shop.business_id, "analytics_turns", "turns") == row["turns"] > 5
    for table, column in (("analytics_turns", "turns"), ("analytics_conversations", "conversations")):
        assert total(sql, shop.business_id, table, column) == total(sql, shop.business_id, table, column, "day")


def test_changes_of_many_quarters_of_an_hour_are_all_counted(shop: Shop, sql: Connection, figures: Database) -> None:
    """Also if those that are counted at once end in the middle of a change, which may name two of them."""
    count_changes(figures, shop.business_id)
    sql.execute(
        """
        INSERT INTO analytics_changes (business_id, turn_bucket, conversation_bucket)
        SELECT %(id)s, at, CASE WHEN n < 200 THEN at + interval '15 minutes' END
        FROM generate_series(1, 200) AS n,
             LATERAL (SELECT '2025-01-01Z'::timestamptz + n * interval '30 minutes') AS time (at)
        """,
        {"id": shop.business_id},
    )
    count_changes(figures, shop.business_id)
    assert sql.execute("SELECT FROM analytics_changes").fetchall() == []


_RATE = """
    INSERT INTO message_feedback (business_id, turn_id, source, message_id, rating)
    SELECT m.business_id, m.turn_id, 'customer', m.message_id, %(rating)s FROM messages m
    WHERE m.business_id = %(id)s AND m.turn_id IS NOT NULL AND m.sender_type = 'assistant'
    ORDER BY m.message_id LIMIT 1
    ON CONFLICT (business_id, turn_id, source) DO UPDATE SET rating = EXCLUDED.rating
"""


def made_customer(shop: Shop, external_id: str) -> str:
    """The ID of the customer, who is created if there is none."""
    for row in shop.get("/users").get_json():
        if row["external_id"] == external_id:
            return str(row["user_id"])
    return str(made(shop.post("/users", {"external_id": external_id}))["user_id"])
