"""Fixtures: the older system's database before and after its adoption."""

from collections.abc import Iterator

import pytest

from app import close_app, create_app
from migrations import migrate
from tests.conftest import make_config, own_database
from tests.support.checked_client import CheckedClient
from tests.support.fake_model import FakeModel
from tests.unit.migrations.older_database import OLDER_SCHEMA, Adopted
from tests.unit.migrations.support import Connection, connect, query


@pytest.fixture
def older(empty_database_url: str) -> Iterator[Connection]:
    """The older system's database, not migrated yet; its URL is `empty_database_url`."""
    with connect(empty_database_url) as conn:
        query(conn, OLDER_SCHEMA)
        yield conn


@pytest.fixture(scope="module")
def adopted(server_url: str) -> Iterator[Adopted]:
    """The older system's database after its adoption. Tests share it, so they must not change its rows."""
    output: list[str] = []
    with own_database(server_url, "template1") as url, connect(url) as conn, FakeModel() as model:
        query(conn, OLDER_SCHEMA)
        migrate(url, on_notice=output.append)
        app = create_app(make_config(url, OPENAI_BASE_URL=model.base_url))
        app.test_client_class = CheckedClient
        yield Adopted(url, conn, output, app, model)
        close_app(app)
