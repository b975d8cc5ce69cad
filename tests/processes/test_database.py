"""Turns survive when PostgreSQL restarts, and when it closes connections again and again."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.processes.conftest import Business, Deployment, echo, step_of
from tests.support.database import connect
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated
from tests.support.server import Server

COUNT = 100

Disturb = Callable[[threading.Event], None]


def send_messages_during(business: Business, disturb: Disturb) -> list[httpx2.Response]:
    """Send COUNT messages with idempotency keys and call `disturb` when all turns wait for their second model answer.

    `disturb` sets the event that it receives to let the turns continue.
    """
    gate = threading.Event()
    business.model.respond = lambda body: Gated(str(echo(body)), gate) if step_of(body) == "extraction" else echo(body)
    with ThreadPoolExecutor(COUNT) as pool:
        answers: list[Future[httpx2.Response]] = [
            pool.submit(business.say, f"c-{n}", f"message {n}", idempotency_key=f"k-{n}") for n in range(COUNT)
        ]
        try:
            business.model.wait_for_requests(2 * COUNT)
            disturb(gate)
        finally:
            gate.set()
        return [answer.result() for answer in answers]


def check_all_answered_once(business: Business, responses: list[httpx2.Response]) -> None:
    """Check that each message is stored and answered once, where necessary after a 503 and a retry."""
    for number, response in enumerate(responses):
        if response.status_code == 503:
            assert response.json()["error_code"] == "DATABASE_UNAVAILABLE"
            response = business.say(f"c-{number}", f"message {number}", idempotency_key=f"k-{number}")
        assert response.status_code == 200, response.text
    assert business.texts("user") == sorted(f"message {n}" for n in range(COUNT))
    assert business.texts("assistant") == sorted(f"Reply to message {n}" for n in range(COUNT))


@pytest.mark.slow
def test_turns_survive_repeatedly_closed_connections(business: Business) -> None:
    def close_connections(gate: threading.Event) -> None:
        with connect(business.database_url) as conn:
            for number in range(20):
                if number == 5:
                    gate.set()
                conn.execute(
                    """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE datname = current_database() AND pid <> pg_backend_pid()"""
                )
                time.sleep(0.05)  # between two interruptions

    check_all_answered_once(business, send_messages_during(business, close_connections))
    # The pool has recovered: more simultaneous requests than it has connections succeed.
    business.model.respond = echo
    with ThreadPoolExecutor(30) as pool:
        statuses = list(pool.map(lambda n: business.say(f"d-{n}", "hello").status_code, range(30)))
    assert statuses == [200] * 30


def test_turns_survive_database_restart(tmp_path: Path) -> None:
    from dev.postgres import EmbeddedPostgres

    database = EmbeddedPostgres(tmp_path / "data", durable=False)
    url = database.start()

    def restart(gate: threading.Event) -> None:
        database.stop()
        gate.set()
        database.start()

    try:
        with (
            FakeModel(echo) as model,
            Server(url, tmp_path / "server.log", OPENAI_BASE_URL=model.base_url) as server,
        ):
            business = Deployment(server, model, url).add_business()
            check_all_answered_once(business, send_messages_during(business, restart))
            assert server.http.get("/api/v1/health").json().items() >= {"status": "ok", "database": "ok"}.items()
    finally:
        database.stop()
