"""One application for the tests of this room, each with a business of its own in it: a turn touches nothing else."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import settings

from app import close_app, create_app
from tests.conftest import make_config, own_database
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel

settings.register_profile("icmp", deadline=None)  # how long an example takes says nothing on a machine that is busy
settings.load_profile("icmp")


@pytest.fixture(scope="session")
def shared_database_url(server_url: str, template_database: str) -> Iterator[str]:
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture(scope="session")
def shared_model() -> Iterator[FakeModel]:
    with FakeModel() as fake:
        yield fake


@pytest.fixture(scope="session")
def shared_app(shared_database_url: str, shared_model: FakeModel) -> Iterator[Flask]:
    app = create_app(make_config(shared_database_url, OPENAI_BASE_URL=shared_model.base_url))
    app.test_client_class = CheckedClient
    yield app
    close_app(app)


@pytest.fixture
def database_url(shared_database_url: str) -> str:
    return shared_database_url


@pytest.fixture
def fake_model(shared_model: FakeModel) -> FakeModel:
    shared_model.forget()
    return shared_model


@pytest.fixture
def app(shared_app: Flask) -> Flask:
    return shared_app


@pytest.fixture
def shop(client: CheckedClient, master: dict[str, str]) -> Shop:
    return make_shop(client, master, f"Lantern Books {uuid4().hex}")
