"""The API as its clients see it. The tests of a module share one application and its database, and each gets
businesses of its own; a test that counts all rows, or breaks something, wants `tests/routes`."""

import uuid
from collections.abc import Iterator

import pytest
from flask import Flask

from app import close_app, create_app
from config import Config
from tests.checked_client import CheckedClient
from tests.conftest import make_config, own_database
from tests.factories import Shop, make_shop
from tests.fake_model import FakeModel


@pytest.fixture(scope="module")
def database_url(server_url: str, template_database: str) -> Iterator[str]:
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture(scope="module")
def fake_model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


@pytest.fixture(scope="module")
def config(database_url: str, fake_model: FakeModel) -> Config:
    return make_config(database_url, OPENAI_BASE_URL=fake_model.base_url)


@pytest.fixture(scope="module")
def app(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    app.test_client_class = CheckedClient
    yield app
    close_app(app)


@pytest.fixture(autouse=True)
def model_as_new(fake_model: FakeModel) -> None:
    fake_model.forget()


@pytest.fixture
def shop(client: CheckedClient, master: dict[str, str]) -> Shop:
    """A business with two stages and a customer."""
    return make_shop(client, master, f"Lantern Books {uuid.uuid4().hex[:8]}")


@pytest.fixture
def other_shop(client: CheckedClient, master: dict[str, str]) -> Shop:
    """Another tenant."""
    return make_shop(client, master, f"Harbour Tea {uuid.uuid4().hex[:8]}")
