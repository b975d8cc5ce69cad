"""The connection pool: dead connections are replaced, and callers wait when all connections are in use."""

import dataclasses
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack

import pytest
from flask import Flask

from core import metrics
from core.errors import Conflict, DatabaseUnavailable
from db import Database
from tests.conftest import make_config, own_database, running_app
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection, ReadOnlySqlTransaction, connect
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.os_users import wait_for

POOL_SIZE = 2


@pytest.fixture(scope="module")
def database_url(server_url: str, template_database: str) -> Iterator[str]:
    """A database of this module's own, because its tests cut all connections."""
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture(scope="module")
def app(database_url: str, model_server: FakeModel) -> Iterator[Flask]:
    with running_app(make_config(database_url, OPENAI_BASE_URL=model_server.base_url)) as app:
        yield app


@pytest.fixture
def database(database_url: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A pool of two connections whose callers wait half a second, or the given time."""
    database = Database(database_url, POOL_SIZE, timeout=getattr(request, "param", 0.5))
    yield database
    database.close()


@pytest.fixture
def app_with_small_pool(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application on the pool of two connections."""
    context = app.extensions["icmp"]
    monkeypatch.setitem(app.extensions, "icmp", dataclasses.replace(context, database=database))
    return app


CUT_CONNECTIONS_TO = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %(name)s"
OTHER_CONNECTIONS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def count_connections(conn: Connection, application: str) -> int:
    row = conn.execute(
        f"SELECT count(*) AS connections {OTHER_CONNECTIONS} AND application_name = %(application)s",
        {"application": application},
    ).fetchone()
    return int(row["connections"])


def cut_connections(database_url: str) -> int:
    """End every other connection to the database, as a restart or a failover does. Returns how many there were."""
    with connect(database_url) as conn:
        return len(conn.execute(f"SELECT pg_terminate_backend(pid, 5000) {OTHER_CONNECTIONS}").fetchall())


def test_cut_connections_are_replaced_on_the_next_request(
    app: Flask, client: CheckedClient, shop: Shop, database_url: str, fake_model: FakeModel
) -> None:
    for _ in range(3):
        assert cut_connections(database_url) > 0
        assert client.get("/api/v1/health").get_json().items() >= {"status": "ok", "database": "ok"}.items()
    cut_connections(database_url)
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda _: app.test_client().get("/health"), range(16)))
    assert [answer.status_code for answer in answers] == [200] * 16
    cut_connections(database_url)
    fake_model.reply("Greeting", "{}", "Hello!")
    assert shop.say("Hello").get_json()["response"] == "Hello!"


def test_connections_cut_during_a_model_call_do_not_fail_the_turn(
    shop: Shop, database_url: str, fake_model: FakeModel
) -> None:
    def respond(body: dict[str, object]) -> str:
        cut_connections(database_url)
        return "Greeting"

    fake_model.respond = respond
    answer = shop.say("Hello")
    assert (answer.status_code, answer.get_json()["response"]) == (200, "Greeting")


def test_transaction_whose_connection_is_cut_raises_and_writes_nothing(database: Database, database_url: str) -> None:
    with pytest.raises(DatabaseUnavailable), database.transaction() as conn:
        conn.execute("INSERT INTO users (first_name) VALUES ('lost')")
        cut_connections(database_url)
        conn.execute("SELECT 1")
    with database.transaction() as conn:
        assert conn.execute("SELECT 1 FROM users WHERE first_name = 'lost'").fetchall() == []


def test_twenty_callers_share_two_connections(database_url: str) -> None:
    """All are served, and there is never another connection."""
    database = Database(f"{database_url}?application_name=twenty-callers", POOL_SIZE)
    counts, lock, start = list[int](), threading.Lock(), threading.Barrier(20)

    def use(number: int) -> int:
        start.wait()
        with database.transaction() as conn, lock:
            counts.append(count_connections(watcher, "twenty-callers"))
            row = conn.execute("SELECT %(number)s AS number", {"number": number}).fetchone()
            return int(row["number"])  # type: ignore[index]

    try:
        with connect(database_url) as watcher, ThreadPoolExecutor(20) as threads:
            assert list(threads.map(use, range(20))) == list(range(20))
        assert set(counts) == {POOL_SIZE + 1}  # and the lease monitor's
    finally:
        database.close()


def connections_waited_for() -> float:
    lines = metrics.render().decode().splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("icmp_database_connections_waited_for "))


@pytest.mark.parametrize("database", [30.0], indirect=True)
def test_request_waits_for_a_free_connection(
    app_with_small_pool: Flask, database: Database, master: dict[str, str]
) -> None:
    with ThreadPoolExecutor(1) as thread, ExitStack() as held:
        for _ in range(POOL_SIZE):
            held.enter_context(database.transaction())
        waiting = thread.submit(lambda: app_with_small_pool.test_client().get("/api/v1/users", headers=master))
        while connections_waited_for() == 0:
            wait([waiting], timeout=0.01)
            assert not waiting.done()
        held.close()
        assert waiting.result().status_code == 200


def test_exhausted_pool_answers_503_with_retry_after(
    app_with_small_pool: Flask, database: Database, master: dict[str, str]
) -> None:
    client = app_with_small_pool.test_client()
    with ExitStack() as held:
        for _ in range(POOL_SIZE):
            held.enter_context(database.transaction())
        answer = client.get("/api/v1/users", headers=master)
        assert client.get("/health").status_code == 200  # it needs no connection of the pool
    assert (answer.status_code, answer.get_json()["error_code"]) == (503, "DATABASE_UNAVAILABLE")
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/api/v1/users", headers=master).status_code == 200


def test_database_that_refuses_connections_is_503_until_it_returns(
    app_with_small_pool: Flask, database_url: str
) -> None:
    client, name = app_with_small_pool.test_client(), database_url.rsplit("/", 1)[1]
    with connect(database_url.replace(name, "postgres")) as conn:
        try:
            conn.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            conn.execute(CUT_CONNECTIONS_TO, {"name": name})
            answer = client.get("/health")
            assert (answer.status_code, answer.get_json()["database"]) == (503, "unavailable")
        finally:
            conn.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert client.get("/health").status_code == 200


def test_request_waits_while_the_database_restarts(
    client: CheckedClient, database_url: str, master: dict[str, str]
) -> None:
    """A request that arrives during a restart is answered once the database is back."""
    name = database_url.rsplit("/", 1)[1]
    with connect(database_url.replace(name, "postgres")) as conn:
        try:
            conn.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            conn.execute(CUT_CONNECTIONS_TO, {"name": name})
            reopen = threading.Timer(0.3, conn.execute, [f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"])
            reopen.start()
            assert client.get("/api/v1/users", headers=master).status_code == 200
            reopen.join()
        finally:
            conn.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_violated_constraint_raises_conflict_and_rolls_back(database: Database) -> None:
    with pytest.raises(Conflict, match="external_id"), database.transaction() as conn:
        owner = conn.execute("INSERT INTO users (first_name) VALUES ('rolled back') RETURNING user_id").fetchone()
        business = conn.execute(
            "INSERT INTO businesses (owner_id, business_name) VALUES (%(owner)s, 'x') RETURNING business_id",
            {"owner": owner["user_id"]},  # type: ignore[index]
        ).fetchone()
        for _ in range(2):
            conn.execute(
                "INSERT INTO users (business_id, external_id) VALUES (%(business)s, 'same')",
                {"business": business["business_id"]},  # type: ignore[index]
            )
    with database.transaction() as conn:
        assert conn.execute("SELECT 1 FROM users WHERE first_name = 'rolled back'").fetchall() == []


def test_read_only_connection_rejects_writes_and_is_writable_again_in_the_pool(database: Database) -> None:
    with pytest.raises(ReadOnlySqlTransaction), database.read_only() as conn:
        conn.execute("INSERT INTO users (first_name) VALUES ('x')")
    for _ in range(POOL_SIZE):
        with database.transaction() as conn:
            conn.execute("INSERT INTO users (first_name) VALUES ('x')")


def test_closed_pool_raises_database_unavailable(database_url: str) -> None:
    database = Database(database_url, 1, timeout=0.1)
    database.close()
    database.close()
    with pytest.raises(DatabaseUnavailable), database.transaction():
        pass


def test_database_that_does_not_answer_raises_when_the_pool_opens() -> None:
    with pytest.raises(DatabaseUnavailable):
        Database("postgresql://icmp@127.0.0.1:1/icmp", 1)


@pytest.fixture
def read_only_database(app: Flask, database_url: str) -> Iterator[None]:
    """The database rejects all writes, as a standby does after a failover."""
    name = database_url.rsplit("/", 1)[1]
    with connect(database_url.replace(name, "postgres")) as conn:
        conn.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        conn.execute(CUT_CONNECTIONS_TO, {"name": name})
        yield
        conn.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
        conn.execute(CUT_CONNECTIONS_TO, {"name": name})


def health_cause(client: CheckedClient) -> str:
    answer = client.get("/health")
    assert (answer.status_code, answer.get_json()["database"]) == (503, "unavailable")
    return str(answer.get_json()["cause"])


def test_read_only_database_answers_writes_with_503_and_is_unhealthy(
    client: CheckedClient, shop: Shop, read_only_database: None
) -> None:
    answer = shop.say("Hello")
    assert (answer.status_code, answer.get_json()["error_code"]) == (503, "DATABASE_UNAVAILABLE")
    assert answer.get_json()["message"] == "The database is read-only."
    assert shop.get("/stages").status_code == 200
    assert health_cause(client) == "The database is read-only."


LOCK_WAITERS = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.mark.parametrize(
    "table",
    ["turns", *(pytest.param(table, marks=pytest.mark.soak) for table in ("conversations", "messages", "processes"))],
)
def test_locked_table_is_unhealthy(client: CheckedClient, database_url: str, table: str) -> None:
    with connect(database_url, autocommit=False) as conn, connect(database_url) as watcher:
        conn.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        # The lease monitor waits for the table already, so it cannot check the database at once.
        wait_for(lambda: watcher.execute(LOCK_WAITERS).fetchall(), "a wait for the lock")
        assert health_cause(client) == "Tables of the database are locked."
    assert client.get("/health").status_code == 200
