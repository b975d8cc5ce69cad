"""Connection parameters: what a URL contains is kept, and connections to a host that has disappeared fail."""

import socket
import time
from urllib.parse import quote, urlsplit
from uuid import uuid4

import psycopg2
import pytest
from psycopg2.extensions import parse_dsn

from app import create_app
from core.database_errors import own_words, translate_errors
from core.database_url import with_timeouts
from core.errors import DatabaseUnavailable
from core.settings import StartupError
from db import Database
from migrations import SchemaError, migrate
from migrations.connections import check_connection_limits
from tests.conftest import make_config, running_app, with_database
from tests.support.broken_network import BrokenNetwork
from tests.support.database import connect
from tests.support.factories import make_shop
from tests.support.fake_model import FakeModel


def test_parameters_of_the_url_are_kept() -> None:
    given = parse_dsn(with_timeouts("postgresql://host/icmp?options=-csearch_path%3Da&connect_timeout=1"))
    assert (given["options"], given["connect_timeout"]) == ("-csearch_path=a", "1")
    assert given["tcp_user_timeout"] == "15000"
    assert parse_dsn(with_timeouts("postgresql://host/icmp"))["keepalives_idle"] == "5"


def test_application_runs_in_the_schema_of_the_url_options(
    empty_database_url: str, model_server: FakeModel, master: dict[str, str]
) -> None:
    with connect(empty_database_url) as conn:
        conn.execute("CREATE SCHEMA elsewhere")
        url = f"{empty_database_url}?options={quote('-csearch_path=elsewhere')}"
        with running_app(make_config(url, OPENAI_BASE_URL=model_server.base_url)) as app:
            make_shop(app.test_client(), master, "Lantern Books")
            row = conn.execute("SELECT business_name FROM elsewhere.businesses").fetchone()
    assert row == {"business_name": "Lantern Books"}


def test_every_connection_has_keepalives_and_a_time_limit_for_sent_data(database_url: str) -> None:
    database = Database(database_url, 1)
    with database.own_connection() as own, database.transaction() as pooled:
        for conn in (own, pooled):
            with socket.socket(fileno=socket.dup(conn.fileno())) as each:
                assert each.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
                assert each.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 15_000
    database.close()


def test_statement_fails_when_the_network_stops_without_closing_the_connection(database_url: str) -> None:
    with BrokenNetwork(database_url) as network:
        database = Database(network.url, 2, timeout=1)
        with database.transaction() as first, database.transaction() as second:
            for conn in (first, second):
                conn.response_timeout = 1
                conn.execute("SELECT 1")
        network.drop()
        with pytest.raises(DatabaseUnavailable), database.transaction() as conn:
            conn.execute("SELECT 1")
        network.restore()
        started = time.monotonic()
        for _ in range(3):  # the other connection is replaced too, without a wait
            with database.transaction() as conn:
                assert conn.execute("SELECT 1 AS one").fetchone() == {"one": 1}
        assert time.monotonic() - started < 1
        database.close()


def test_settings_apply_to_each_transaction_and_end_with_it(database_url: str) -> None:
    database = Database(database_url, 1)
    settings = "SELECT current_setting('statement_timeout') AS limit, current_setting('timezone') AS zone"
    for _ in range(2):
        for opened in (database.transaction, database.statement, database.read_only):
            with opened() as conn:
                assert conn.execute(settings).fetchone() == {"limit": "25s", "zone": "UTC"}
    with database.statement() as conn:
        conn.local_settings = ""
        row = conn.execute(settings).fetchone()
        assert row
        assert row["limit"] == "0"
    database.close()


def test_errors_are_in_the_words_of_postgresql(database_url: str, server_url: str) -> None:
    missing = with_database(server_url, "no_such_database")
    with pytest.raises(SchemaError, match='FATAL:  database "no_such_database" does not exist'):
        migrate(missing, wait=0)
    with connect(database_url) as conn, pytest.raises(psycopg2.Error) as raised, translate_errors():
        conn.execute("SELECT no_such_column FROM turns")
    assert own_words(raised.value) == 'column "no_such_column" does not exist'
    with connect(database_url) as conn, pytest.raises(psycopg2.Error) as raised:
        conn.execute("SELECT 'the secret of a customer'::int")
    assert own_words(raised.value) == "InvalidTextRepresentation"


@pytest.fixture
def limited_url(new_database_url: str, server_url: str) -> "str":
    """A URL with a role that may open three connections."""
    role = f"limited_{uuid4().hex[:8]}"
    with connect(new_database_url) as conn:
        conn.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x' CONNECTION LIMIT 3")
        conn.execute(f"GRANT pg_read_all_data, pg_write_all_data TO {role}")
    parts = urlsplit(new_database_url)
    return parts._replace(netloc=f"{role}:x@{parts.netloc.rpartition('@')[2]}").geturl()


def test_too_few_connections_are_refused_at_startup_with_the_arithmetic(limited_url: str, server_url: str) -> None:
    check_connection_limits(limited_url, 3)
    with pytest.raises(StartupError) as raised:
        check_connection_limits(limited_url, 22)
    assert str(raised.value) == (
        "The processes need 22 database connections for this WEB_CONCURRENCY and DB_POOL_SIZE, but the role"
        " admits 3: lower DB_POOL_SIZE or WEB_CONCURRENCY, or raise that limit."
    )
    with pytest.raises(StartupError, match="but the server admits"):
        check_connection_limits(server_url, 100_000)


def test_process_that_gets_no_connections_says_so_in_one_sentence(limited_url: str) -> None:
    with pytest.raises(StartupError, match=r"too many connections for role .*: check DATABASE_URL and its limits\.$"):
        create_app(make_config(limited_url, DB_POOL_SIZE="8", OPENAI_BASE_URL="http://127.0.0.1:1/v1"))
