"""One application for the tests of this room, each of which finds its database as new: it may count all rows, and
give a name that another has given. A test that breaks the application itself makes one of its own."""

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask

from app import close_app, create_app
from message_processing.templates.defaults import load_default_templates
from tests.conftest import make_config, own_database
from tests.support.checked_client import CheckedClient
from tests.support.fake_model import FakeModel


@pytest.fixture(scope="session")
def routes_database_url(server_url: str, template_database: str) -> Iterator[str]:
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture(scope="session")
def routes_model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


@pytest.fixture(scope="session")
def routes_app(routes_database_url: str, routes_model: FakeModel) -> Iterator[Flask]:
    app = create_app(make_config(routes_database_url, OPENAI_BASE_URL=routes_model.base_url))
    app.test_client_class = CheckedClient
    yield app
    close_app(app)


@pytest.fixture(scope="session")
def emptying(routes_database_url: str) -> str:
    """The statements that take out of the database what tests put in. Without the checks and actions of foreign keys,
    so in any order."""
    with psycopg.connect(routes_database_url) as conn:
        tables = conn.execute("SELECT relname FROM pg_stat_user_tables WHERE relname !~ 'yoyo'").fetchall()
    return "; ".join(["SET session_replication_role = replica", *(f"DELETE FROM {name}" for (name,) in tables)])


@pytest.fixture
def database_url(routes_database_url: str, emptying: str) -> Iterator[str]:
    yield routes_database_url
    with psycopg.connect(routes_database_url, row_factory=psycopg.rows.dict_row) as conn:
        conn.execute(emptying)
        load_default_templates(conn)


@pytest.fixture
def fake_model(routes_model: FakeModel) -> FakeModel:
    routes_model.forget()
    return routes_model


@pytest.fixture
def app(routes_app: Flask, database_url: str, fake_model: FakeModel) -> Flask:
    return routes_app
