"""Hours in which a figure was unusual: found by a background job, listed, and sent to webhooks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask

from background import runner
from tests.support.database import Connection, connect
from tests.support.factories import Shop, make_shop
from tests.support.os_users import wait_for
from tests.support.webhooks import Receiver, add_webhook

HOUR = timedelta(hours=1)


@pytest.fixture
def hooks_sql(hooks_database: str) -> Iterator[Connection]:
    with connect(hooks_database) as sql:
        yield sql


@pytest.fixture(autouse=True)
def quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "POLL_INTERVAL", 0.05)


def make_counted_shop(app: Flask, sql: Connection, master: dict[str, str], name: str) -> Shop:
    """A business whose figures the server does not count again: there are no turns behind them."""
    shop = make_shop(app.test_client(), master, name, with_stages=False)
    sql.execute(
        """
        INSERT INTO analytics_state (business_id, rolled_up_at, complete_from)
        VALUES (%(business_id)s, '9999-01-01', '9999-01-01')
        """,
        {"business_id": UUID(shop.business_id)},
    )
    return shop


def add_hour(sql: Connection, shop: Shop, hour: datetime, failed: int, handovers: int = 0) -> None:
    """Figures of 40 turns that were received at this hour."""
    parameters = {"business_id": UUID(shop.business_id), "hour": hour, "failed": failed, "handovers": handovers}
    sql.execute(
        """
        INSERT INTO analytics_turns (business_id, period, bucket, channel, turns, completed, failed, held, by_model,
            by_rules, by_fallback, handed_over, with_missing_fields, rated_good, rated_bad, marked_good, marked_bad,
            confidence, first_token, full_answer, queueing, calls, failed_calls, unpriced_calls, prompt_tokens,
            completion_tokens, cost_usd)
        VALUES (%(business_id)s, 'quarter_hour', %(hour)s + interval '45 minutes', 'api', 40, 40 - %(failed)s,
            %(failed)s, 0, 40 - %(failed)s, 0, 0, 0, 0, 0, 0, 0, 0, '{}', '{{70,40}}', '{{75,40}}', '{{1,40}}', 80,
            0, 0, 1000, 500, 0.5)
        """,
        parameters,
    )
    sql.execute(
        """
        INSERT INTO analytics_handovers (business_id, period, bucket, channel, reason, handovers, answered, waiting)
        VALUES (%(business_id)s, 'quarter_hour', %(hour)s, 'api', 'keyword', %(handovers)s, 0, '{}')
        """,
        parameters,
    )


def find_anomalies(sql: Connection) -> None:
    """Let the job run now, and wait until it has ended."""
    start = "UPDATE jobs SET run_at = now() WHERE kind = 'find_anomalies'"
    wait_for(lambda: sql.execute(start).rowcount, "the job")
    due = "SELECT FROM jobs WHERE kind = 'find_anomalies' AND (lease_owner IS NOT NULL OR run_at <= now())"
    wait_for(lambda: not sql.execute(due).fetchall(), "the end of the job")


def test_unusual_hour_is_listed_once_and_sent_to_webhooks(
    hooks_app: Flask, hooks_sql: Connection, master: dict[str, str]
) -> None:
    shop = make_counted_shop(hooks_app, hooks_sql, master, "Unusual Lamps")
    unknown = """
        UPDATE businesses SET settings = settings || '{"timezone": "Mars/Base"}' WHERE business_id = %(business_id)s
        """
    hooks_sql.execute(unknown, {"business_id": UUID(shop.business_id)})  # as in an older database
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - HOUR
    for week in range(1, 5):
        add_hour(hooks_sql, shop, hour - timedelta(weeks=week), failed=week % 2, handovers=2)
    add_hour(hooks_sql, shop, hour, failed=10, handovers=3)
    with Receiver() as receiver:
        add_webhook(shop, receiver, ("anomaly.found",))
        for _ in range(2):
            find_anomalies(hooks_sql)
        [anomaly] = shop.get("/anomalies", order="newest").get_json()
        wait_for(lambda: bool(receiver.requests), "the event")
        [event] = receiver.events()
    assert datetime.fromisoformat(anomaly["hour"]) == hour
    assert (anomaly["figure"], anomaly["value"], anomaly["usual"], anomaly["turns"]) == ("errors", 0.25, 0.0125, 40)
    assert event["type"] == "anomaly.found"
    assert {name: event["data"][name] for name in ("anomaly_id", "figure", "value")} == {
        name: anomaly[name] for name in ("anomaly_id", "figure", "value")
    }
    assert "business_id" not in event["data"]


def test_hour_with_changes_that_are_not_counted_yet_is_checked_later(
    hooks_app: Flask, hooks_sql: Connection, master: dict[str, str]
) -> None:
    shop = make_counted_shop(hooks_app, hooks_sql, master, "Late Lamps")
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - HOUR
    for week in range(5):
        add_hour(hooks_sql, shop, hour - timedelta(weeks=week), failed=0 if week else 20)
    change = {"business_id": UUID(shop.business_id), "hour": hour}
    hooks_sql.execute(
        "INSERT INTO analytics_changes (business_id, turn_bucket) VALUES (%(business_id)s, %(hour)s)", change
    )
    find_anomalies(hooks_sql)
    assert shop.get("/anomalies").get_json() == []
    hooks_sql.execute("DELETE FROM analytics_changes WHERE business_id = %(business_id)s", change)
    find_anomalies(hooks_sql)
    assert [row["figure"] for row in shop.get("/anomalies").get_json()] == ["errors"]
