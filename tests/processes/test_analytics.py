"""Figures stay exact when the process that counts, or one whose turns are counted, is killed."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from analytics.rebuild import rebuild
from tests.conftest import MASTER_KEY, NO_ENV_FILE
from tests.processes.conftest import Business, StartDeployment, echo, step_of
from tests.processes.test_survival import TAKEOVER_SECONDS, wait_until_completed
from tests.support.analytics import count_changes, counting, total
from tests.support.database import connect
from tests.support.model_replies import Gated
from tests.support.os_users import wait_for
from tests.support.server import ROOT

# A statement that waits for the locked table, and a transaction that writes to it.
_WAITING = """
SELECT FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%DELETE FROM analytics_paths%'
"""
_WRITING = "SELECT FROM pg_locks WHERE relation = 'analytics_paths'::regclass AND mode = 'RowExclusiveLock'"
_FIGURES = """
SELECT 'turns', to_jsonb(t) AS row FROM analytics_turns t WHERE business_id = %(business_id)s
UNION ALL
SELECT 'conversations', to_jsonb(t) FROM analytics_conversations t WHERE business_id = %(business_id)s
UNION ALL
SELECT 'changes', to_jsonb(t) FROM analytics_changes t WHERE business_id = %(business_id)s
ORDER BY 1, 2
"""


def test_killed_count_leaves_the_figures_as_they_were(business: Business) -> None:
    business.say("ana", "one")
    with counting(business.database_url) as database:
        count_changes(database, business.business_id)
    business.say("ana", "two")
    business.say("bea", "three")
    before = business.select(_FIGURES)
    with connect(business.database_url, autocommit=False) as lock, connect(business.database_url) as sql:
        lock.execute("LOCK TABLE analytics_paths IN SHARE MODE")  # which is written to after most other tables
        counter = subprocess.Popen(
            [sys.executable, "-m", "analytics.rebuild", "--business", business.business_id],
            cwd=ROOT,
            env={**os.environ, **NO_ENV_FILE, "DATABASE_URL": business.database_url, "ICMP_API_KEY": MASTER_KEY},
        )
        wait_for(lambda: bool(sql.execute(_WAITING).fetchall()), "the count to reach the locked table")
        counter.kill()
        counter.wait()
        lock.rollback()
        wait_for(lambda: not sql.execute(_WRITING).fetchall(), "the end of the transaction")
        assert business.select(_FIGURES) == before
        assert total(sql, business.business_id, "analytics_turns", "turns") == 1
        check_figures(business, 3)


@pytest.mark.slow
def test_turns_of_a_killed_server_are_counted_once(start_deployment: StartDeployment) -> None:
    gate = threading.Event()
    with start_deployment(processes=1) as deployment, ThreadPoolExecutor(8) as pool:
        business = deployment.add_business()
        business.model.respond = lambda body: (
            Gated(str(echo(body)), gate) if step_of(body) == "response" else echo(body)
        )
        for number in range(8):
            pool.submit(business.say, f"c-{number}", "Hello")
        business.model.wait_for_requests(24)
        check_figures(business, 0)
        business.server.kill()
        gate.set()
        business.server.start()
        wait_until_completed(business, 8, time.monotonic() + TAKEOVER_SECONDS)
        check_figures(business, 8)


def check_figures(business: Business, turns: int) -> None:
    """Check that counting again finds no difference, and that this number of turns is counted with all their calls."""
    with counting(business.database_url) as database, connect(business.database_url) as sql:
        assert rebuild(database, UUID(business.business_id)) == []
        assert total(sql, business.business_id, "analytics_turns", "turns", "day") == turns
        calls = business.select(
            """
            SELECT count(*) AS calls FROM llm_calls l JOIN turns t USING (business_id, turn_id)
            WHERE business_id = %(business_id)s AND t.status IN ('completed', 'failed', 'held')
            """
        )
        assert total(sql, business.business_id, "analytics_calls", "calls") == calls[0]["calls"]
