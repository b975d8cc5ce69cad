"""PostgreSQL restarted, and its connections cut again and again, while a hundred turns are on their way."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import httpx2

from tests.processes.conftest import Served, echo, serve_business, step_of
from tests.support.database import connect
from tests.support.fake_model import FakeModel, Gated
from tests.support.server import Server

COUNT = 100


def say_a_hundred(served: Served, disturb: Callable[[], None]) -> list[httpx2.Response]:
    """A hundred turns with keys of their own; `disturb` runs while each of them hangs in its second prompt."""
    gate = threading.Event()
    served.model.respond = lambda body: Gated(str(echo(body)), gate) if step_of(body) == "extraction" else echo(body)
    with ThreadPoolExecutor(COUNT) as pool:
        answers: list[Future[httpx2.Response]] = [
            pool.submit(served.say, f"c-{n}", f"message {n}", idempotency_key=f"k-{n}") for n in range(COUNT)
        ]
        served.model.wait_for_requests(2 * COUNT, timeout=60)
        opener = threading.Timer(0.3, gate.set)  # so that turns go on while the database is disturbed
        opener.start()
        disturb()
        return [answer.result() for answer in answers]


def check_all_answered_once(served: Served, answers: list[httpx2.Response]) -> None:
    """Failures were 503 and a retry with the same key answered; nothing is doubled."""
    assert {answer.status_code for answer in answers} <= {200, 503}
    for number, answer in enumerate(answers):
        if answer.status_code == 503:
            assert answer.json()["error_code"] == "DATABASE_UNAVAILABLE"
            again = served.say(f"c-{number}", f"message {number}", idempotency_key=f"k-{number}")
            assert again.status_code == 200, again.text
    rows = served.messages()
    said = sorted(row["message_content"] for row in rows if row["sender_type"] == "user")
    replies = sorted(row["message_content"] for row in rows if row["sender_type"] == "assistant")
    assert said == sorted(f"message {n}" for n in range(COUNT))
    assert replies == sorted(f"Reply to message {n}" for n in range(COUNT))


def test_connections_are_cut_again_and_again(served: Served) -> None:
    def cut() -> None:
        with connect(served.database_url) as conn:
            for _ in range(20):
                conn.execute(
                    """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE datname = current_database() AND pid <> pg_backend_pid()"""
                )
                time.sleep(0.05)  # the rhythm of the disturbance

    check_all_answered_once(served, say_a_hundred(served, cut))
    # The pool has healed: more requests at once than it has connections.
    served.model.respond = echo
    with ThreadPoolExecutor(30) as pool:
        statuses = list(pool.map(lambda n: served.say(f"d-{n}", "hello").status_code, range(30)))
    assert statuses == [200] * 30


def test_the_database_is_restarted(tmp_path: Path) -> None:
    from dev.postgres import EmbeddedPostgres

    database = EmbeddedPostgres(tmp_path / "data", durable=False)
    url = database.start()
    try:
        with (
            FakeModel(echo) as model,
            Server(url, tmp_path / "server.log", OPENAI_BASE_URL=model.base_url) as server,
        ):
            served = serve_business(server, model, url)

            def restart() -> None:
                database.stop()
                database.start()

            check_all_answered_once(served, say_a_hundred(served, restart))
            assert server.http.get("/api/v1/health").json() == {"status": "ok", "database": "ok"}
    finally:
        database.stop()
