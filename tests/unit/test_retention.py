"""The job that deletes old data continues after a restart, and keeps the figures of what it deletes."""

from collections.abc import Iterator
from itertools import count
from uuid import UUID

import pytest

from background.jobs import Continue, Interrupted, Job
from background.retention import Retention
from db import Database
from repositories import jobs, leases
from repositories.jobs import add_recurring_job
from tests.support.database import Connection, connect
from tests.support.jobs import BUSINESSES, database_with_businesses, running, start_process
from tests.support.os_users import wait_for

OLD, KEPT, CALLS = 250, 30, 1200


@pytest.fixture
def database(new_database_url: str) -> Iterator[Database]:
    with database_with_businesses(new_database_url) as database:
        yield database


@pytest.fixture
def sql(new_database_url: str, database: Database) -> Iterator[Connection]:
    with connect(new_database_url) as conn:
        yield conn


def fill(sql: Connection) -> None:
    """Conversations of both businesses that are too old for the first one, and newer ones; and old calls."""
    sql.execute(
        """
        UPDATE businesses SET settings = '{"retention": {"messages": 30, "calls": 30}}'
        WHERE business_id = %(business_id)s
        """,
        {"business_id": BUSINESSES[0]},
    )
    sql.execute(
        """
        WITH customers AS (
            INSERT INTO users (business_id, external_id, first_name)
            SELECT business_id, 'c-1', 'Carla' FROM businesses
            RETURNING business_id, user_id),
        started AS (
            INSERT INTO conversations (business_id, user_id, session_id, start_time, last_updated)
            SELECT c.business_id, c.user_id, 's', at, at
            FROM customers c, generate_series(1, %(old)s + %(kept)s) AS n,
                 LATERAL (SELECT now() - CASE WHEN n <= %(old)s THEN 31 ELSE 29 END * interval '1 day') AS time (at)
            RETURNING business_id, conversation_id)
        INSERT INTO messages (business_id, conversation_id, seq, message_content, sender_type)
        SELECT business_id, conversation_id, seq, 'Hello', 'user' FROM started, generate_series(1, 3) AS seq
        """,
        {"old": OLD, "kept": KEPT},
    )
    sql.execute(
        """
        INSERT INTO llm_calls (business_id, call_id, step, model, request, response, latency_ms, attempt, status,
            prompt_tokens, created_at)
        SELECT %(business_id)s, overlay(uuidv7()::text PLACING left(lowest_uuidv7(at)::text, 13) FROM 1)::uuid,
            'response', 'm', '{"messages": []}', 'Hello', 1, 1, 'completed', 7, at
        FROM generate_series(1, %(calls)s) AS n,
             LATERAL (SELECT now() - CASE WHEN n %% 4 = 0 THEN 29 ELSE 31 END * interval '1 day') AS time (at)
        """,
        {"business_id": BUSINESSES[0], "calls": CALLS},
    )


def counts(sql: Connection, business_id: UUID) -> tuple[int, int, int]:
    """The numbers of conversations, messages, and calls without a prompt."""
    row = sql.execute(
        """
        SELECT (SELECT count(*) FROM conversations WHERE business_id = %(business_id)s) AS conversations,
               (SELECT count(*) FROM messages WHERE business_id = %(business_id)s) AS messages,
               (SELECT count(*) FROM llm_calls
                WHERE business_id = %(business_id)s AND request = '{}' AND response IS NULL
                  AND prompt_tokens = 7) AS calls
        """,
        {"business_id": business_id},
    ).fetchone()
    assert row is not None
    return row["conversations"], row["messages"], row["calls"]


def test_deletion_continues_after_its_process_has_died(database: Database, sql: Connection) -> None:
    fill(sql)
    [kind] = Retention(database, 365).kinds()
    dead = start_process(database)
    with database.transaction() as conn:
        add_recurring_job(conn, kind.name, 0)
    with database.statement() as conn:
        [claimed] = jobs.claim_jobs(conn, dead, [kind.name], [], 1)
    batches = count(1)
    with pytest.raises(Interrupted):
        kind.run(Job(claimed, dead, lambda: next(batches) > 8))
    left, messages, _ = counts(sql, BUSINESSES[0])
    assert KEPT < left < OLD + KEPT
    assert messages == 3 * left

    with database.transaction() as conn:
        leases.release_orphaned_jobs(conn, [dead])
    with running(database, kind):
        idle = "SELECT FROM jobs WHERE lease_owner IS NULL AND run_at > now() + interval '10 minutes'"
        wait_for(lambda: bool(sql.execute(idle).fetchall()), "the deletion")
    assert counts(sql, BUSINESSES[0]) == (KEPT, 3 * KEPT, CALLS * 3 // 4)
    assert counts(sql, BUSINESSES[1]) == (OLD + KEPT, 3 * (OLD + KEPT), 0)
    state = sql.execute(
        """
        SELECT complete_from BETWEEN now() - interval '30 days 1 hour' AND now() - interval '29 days 23 hours' AS fits
        FROM analytics_state WHERE business_id = %(business_id)s
        """,
        {"business_id": BUSINESSES[0]},
    ).fetchall()
    assert state == [{"fits": True}]
    figures = sql.execute(
        """
        SELECT sum(conversations) AS conversations FROM analytics_conversations
        WHERE business_id = %(business_id)s AND period = 'day'
        """,
        {"business_id": BUSINESSES[0]},
    ).fetchall()
    assert figures == [{"conversations": OLD + KEPT}]  # counted before they were deleted


def test_each_business_gets_its_turn(database: Database, sql: Connection) -> None:
    """A business with much to delete does not delay the others."""
    fill(sql)
    sql.execute("""UPDATE businesses SET settings = '{"retention": {"messages": 30}}'""")
    sql.execute(
        """
        INSERT INTO conversations (business_id, user_id, session_id, start_time, last_updated)
        SELECT u.business_id, u.user_id, 's', now() - interval '40 days', now() - interval '40 days'
        FROM users u, generate_series(1, 300) WHERE u.business_id IS NOT NULL
        """
    )
    [kind] = Retention(database, 365).kinds()
    process_id = start_process(database)
    with database.transaction() as conn:
        add_recurring_job(conn, kind.name, 0)
    with database.statement() as conn:
        [claimed] = jobs.claim_jobs(conn, process_id, [kind.name], [], 1)
    before = [counts(sql, business_id)[0] for business_id in BUSINESSES]
    with pytest.raises(Continue):
        kind.run(Job(claimed, process_id, lambda: False))
    after = [counts(sql, business_id)[0] for business_id in BUSINESSES]
    assert all(KEPT < left < all_of_it for left, all_of_it in zip(after, before, strict=True))
