"""A server that is killed while it deletes old conversations goes on after its restart, and deletes nothing else."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.processes.conftest import Business, StartDeployment
from tests.support.analytics import total
from tests.support.database import Connection, connect
from tests.support.os_users import wait_for

OLD, RECENT, NEW = 200, 20, 6

# A deletion that waits for the locked message.
_WAITING = """
SELECT FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%DELETE FROM conversations%'
"""


def insert_conversations(sql: Connection, business: Business) -> None:
    """Conversations with three messages, of which the first OLD are 31 to 230 days old and the others 29 days."""
    sql.execute(
        """
        WITH customer AS (
            INSERT INTO users (business_id, external_id, first_name) VALUES (%(business_id)s, 'old', 'Olga')
            RETURNING business_id, user_id),
        started AS (
            INSERT INTO conversations (business_id, user_id, session_id, start_time, last_updated)
            SELECT c.business_id, c.user_id, 'old', at, at
            FROM customer c, generate_series(1, %(old)s + %(recent)s) AS n,
                 LATERAL (SELECT now() - CASE WHEN n <= %(old)s THEN 30 + n ELSE 29 END * interval '1 day') AS time (at)
            RETURNING business_id, conversation_id)
        INSERT INTO messages (business_id, conversation_id, seq, message_content, sender_type)
        SELECT business_id, conversation_id, seq, 'Hello', 'user' FROM started, generate_series(1, 3) AS seq
        """,
        {"business_id": business.business_id, "old": OLD, "recent": RECENT},
    )


def old_conversations(business: Business) -> int:
    [row] = business.select(
        """
        SELECT count(*) AS old FROM conversations
        WHERE business_id = %(business_id)s AND last_updated < now() - interval '30 days'
        """
    )
    return int(row["old"])


def run_now(sql: Connection) -> None:
    """Let the job run at once: the first run of a server is a minute after its start."""
    due = "UPDATE jobs SET run_at = now() WHERE kind = 'apply_retention' AND lease_owner IS NULL RETURNING job_id"
    wait_for(lambda: bool(sql.execute(due).fetchall()), "the job")


@pytest.mark.slow
def test_deletion_goes_on_after_a_kill_while_messages_arrive(start_deployment: StartDeployment) -> None:
    with start_deployment(processes=1) as deployment, connect(deployment.database_url) as sql:
        business, other = deployment.add_business(), deployment.add_business()
        for each in (business, other):
            insert_conversations(sql, each)
        business.request(
            "PUT", f"/businesses/{business.business_id}", json={"settings": {"retention": {"messages": 30}}}
        )
        with connect(deployment.database_url, autocommit=False) as lock, ThreadPoolExecutor(NEW) as pool:
            lock.execute(
                """
                SELECT FROM messages m JOIN conversations c USING (business_id, conversation_id)
                WHERE business_id = %(business_id)s AND c.last_updated < now() - interval '100 days'
                ORDER BY c.last_updated DESC LIMIT 1 FOR UPDATE OF m
                """,
                {"business_id": business.business_id},
            )
            run_now(sql)
            wait_for(lambda: bool(sql.execute(_WAITING).fetchall()), "the deletion to reach the locked message")
            assert 0 < old_conversations(business) < OLD
            answers = list(pool.map(lambda number: business.say(f"new-{number}", "Hello"), range(NEW)))
            assert [each.status_code for each in answers] == [200] * NEW
            business.server.kill()
            lock.rollback()
            deleted = OLD - old_conversations(business)
        business.server.start()
        run_now(sql)
        wait_for(lambda: old_conversations(business) == 0, "the rest of the deletion")
        assert 0 < deleted < OLD

        [kept] = business.select("SELECT count(*) FROM conversations WHERE business_id = %(business_id)s")
        assert kept["count"] == RECENT + NEW
        assert len(business.messages()) == 3 * RECENT + 2 * NEW
        assert old_conversations(other) == OLD
        # The figures of what was deleted were counted before.
        figure = total(sql, business.business_id, "analytics_conversations", "conversations", "day")
        assert figure >= OLD + RECENT
