"""The pool: connections that die are replaced, one that is empty makes callers wait and then says so."""

import dataclasses
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack

import psycopg
import pytest
from flask import Flask

from core.errors import Conflict, DatabaseUnavailable
from db import Database
from tests.conftest import own_database
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel

SIZE = 2


@pytest.fixture
def small(database_url: str) -> Iterator[Database]:
    """A pool of two connections whose callers wait half a second."""
    database = Database(database_url, SIZE, wait=0.5)
    yield database
    database.close()


@pytest.fixture
def cramped(app: Flask, small: Database) -> Flask:
    """The application over the small pool."""
    app.extensions["icmp"] = dataclasses.replace(app.extensions["icmp"], database=small)
    return app


def count_connections(database_url: str) -> int:
    with psycopg.connect(database_url) as conn:
        return conn.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()[0]  # type: ignore[index]


def drop_connections(database_url: str) -> int:
    """What a restart or a failover does to a pool; returns how many were ended."""
    with psycopg.connect(database_url) as conn:
        return len(
            conn.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ).fetchall()
        )


def test_dropped_connections_heal_on_the_next_request(
    shop: Shop, client: CheckedClient, database_url: str, fake_model: FakeModel
) -> None:
    for _ in range(3):
        assert drop_connections(database_url) > 0
        assert client.get("/api/v1/health").get_json() == {"status": "ok", "database": "ok"}
    drop_connections(database_url)
    with ThreadPoolExecutor(8) as threads:  # all of them at once
        answers = list(threads.map(lambda _: shop.client.application.test_client().get("/health"), range(16)))
    assert [answer.status_code for answer in answers] == [200] * 16
    drop_connections(database_url)
    fake_model.reply("Greeting", "{}", "Hello!")
    assert shop.say("Hello").get_json()["response"] == "Hello!"


def test_a_whole_pool_that_died_is_noticed_at_once(app: Flask, database_url: str) -> None:
    """Found one by one, with the library's pauses of one, two, four seconds between, eight would take longer than the
    caller waits."""
    wide = Database(database_url, 8, wait=3)
    try:
        app.extensions["icmp"] = dataclasses.replace(app.extensions["icmp"], database=wide)
        wide._pool.wait()
        drop_connections(database_url)
        assert app.test_client().get("/health").status_code == 200
    finally:
        wide.close()


def test_connections_that_drop_while_a_model_is_asked_cost_nothing(
    shop: Shop, database_url: str, fake_model: FakeModel
) -> None:
    def respond(body: dict[str, object]) -> str:
        drop_connections(database_url)
        return "Greeting"

    fake_model.respond = respond
    answer = shop.say("Hello")
    assert (answer.status_code, answer.get_json()["response"]) == (200, "Greeting")


def test_a_transaction_whose_connection_drops_is_a_503_and_leaves_nothing(small: Database, database_url: str) -> None:
    with pytest.raises(DatabaseUnavailable), small.transaction() as conn:
        conn.execute("INSERT INTO users (first_name) VALUES ('lost')")
        drop_connections(database_url)
        conn.execute("SELECT 1")
    with small.transaction() as conn:
        assert conn.execute("SELECT 1 FROM users WHERE first_name = 'lost'").fetchall() == []


def test_an_empty_pool_waits(cramped: Flask, small: Database) -> None:
    with ThreadPoolExecutor(1) as thread, ExitStack() as held:
        for _ in range(SIZE):
            held.enter_context(small.transaction())
        waiting = thread.submit(lambda: cramped.test_client().get("/api/v1/health"))
        while not small._pool.get_stats().get("requests_waiting"):
            wait([waiting], timeout=0.01)
            assert not waiting.done()
        held.close()
        assert waiting.result().status_code == 200


def test_a_pool_that_stays_empty_is_a_503_with_retry_after(
    cramped: Flask, small: Database, master: dict[str, str]
) -> None:
    client = cramped.test_client()
    with ExitStack() as held:
        for _ in range(SIZE):
            held.enter_context(small.transaction())
        answer = client.get("/api/v1/users", headers=master)
        assert client.get("/health").status_code == 503
    assert (answer.status_code, answer.get_json()["error_code"]) == (503, "DATABASE_UNAVAILABLE")
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/api/v1/users", headers=master).status_code == 200


def test_the_pool_never_grows(small: Database, database_url: str) -> None:
    others = count_connections(database_url)
    counts, started = [], threading.Barrier(20)

    def use(_: int) -> None:
        started.wait()
        try:
            with small.transaction() as conn:
                conn.execute("SELECT 1")
                counts.append(count_connections(database_url))
        except DatabaseUnavailable:
            pass

    with ThreadPoolExecutor(20) as threads:
        list(threads.map(use, range(20)))
    # Each one that counts sees the connections with which the others count, too: at most one for each in the pool.
    assert counts
    assert max(counts) <= others + SIZE * 2


def test_a_database_that_is_gone_is_a_503_and_comes_back(cramped: Flask, small: Database, database_url: str) -> None:
    client, name = cramped.test_client(), database_url.rsplit("/", 1)[1]
    with psycopg.connect(database_url.replace(name, "postgres"), autocommit=True) as conn:
        conn.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        conn.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %(name)s", {"name": name}
        )
        answer = client.get("/health")
        assert (answer.status_code, answer.get_json()["database"]) == (503, "unavailable")
        conn.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
    for _ in range(20):  # each waits half a second at most for the pool to notice
        if client.get("/health").status_code == 200:
            break
    assert client.get("/health").status_code == 200


def test_what_a_constraint_refuses_is_told_and_undone(small: Database) -> None:
    with pytest.raises(Conflict, match="external_id"), small.transaction() as conn:
        owner = conn.execute("INSERT INTO users (first_name) VALUES ('x') RETURNING user_id").fetchone()
        business = conn.execute(
            "INSERT INTO businesses (owner_id, business_name) VALUES (%(owner)s, 'x') RETURNING business_id",
            {"owner": owner["user_id"]},  # type: ignore[index]
        ).fetchone()
        for _ in range(2):
            conn.execute(
                "INSERT INTO users (business_id, external_id) VALUES (%(business)s, 'same')",
                {"business": business["business_id"]},  # type: ignore[index]
            )
    with small.transaction() as conn:
        assert conn.execute("SELECT 1 FROM users").fetchall() == []


def test_a_read_only_connection_writes_nothing_and_goes_back_as_it_was(small: Database) -> None:
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), small.read_only() as conn:
        conn.execute("INSERT INTO users (first_name) VALUES ('x')")
    for _ in range(SIZE):
        with small.transaction() as conn:
            conn.execute("INSERT INTO users (first_name) VALUES ('x')")


def test_two_databases_share_nothing(server_url: str, template_database: str, small: Database) -> None:
    """The tests' own ground: each has a copy."""
    with own_database(server_url, template_database) as other, psycopg.connect(other) as conn:
        conn.execute("INSERT INTO users (first_name) VALUES ('there')")
        conn.commit()
        with small.transaction() as here:
            assert here.execute("SELECT 1 FROM users").fetchall() == []
