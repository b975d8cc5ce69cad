"""The demo business, created once for all tests in this directory, in rules mode and with a model."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app import close_app, create_app
from config import Config
from dev.demo import Demo, name_database
from dev.demo.__main__ import create_demo
from tests.conftest import make_config, own_database
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop


@dataclass
class DemoShop:
    """The demo business as its owner sees it."""

    app: Flask
    config: Config
    demo: Demo
    shop: Shop

    def say_as(self, external_id: str, message: str, **values: str) -> dict[str, Any]:
        """The response to a customer's message, in a new conversation unless `values` contain one."""
        new = {} if "conversation_id" in values else {"session_id": str(uuid4())}
        answer = self.shop.say(message, user={"external_id": external_id}, **new, **values)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.get_json()
        return body


@pytest.fixture(scope="session")
def demo_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("icmp")


@pytest.fixture(scope="session")
def demo_database(server_url: str, template_database: str) -> Iterator[str]:
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture(scope="session")
def rules_config(demo_database: str, demo_dir: Path) -> Config:
    limit = "100000 per minute"
    return make_config(
        demo_database,
        ICMP_DATA_DIR=str(demo_dir),
        RATE_LIMIT_MESSAGES=limit,
        RATE_LIMIT_BUSINESS=limit,
        RATE_LIMIT_DEFAULT=limit,
    )


@pytest.fixture(scope="session")
def demo_shop(rules_config: Config) -> Iterator[DemoShop]:
    app = create_app(rules_config)
    app.test_client_class = CheckedClient
    demo = create_demo(app, rules_config, name_database(rules_config.database_url))
    assert demo.business_id and demo.business_key and demo.user_id
    shop = Shop(app.test_client(), demo.business_id, demo.business_key, demo.user_id)
    yield DemoShop(app, rules_config, demo, shop)
    close_app(app)


@pytest.fixture
def empty_shop(new_database_url: str, tmp_path: Path) -> Iterator[tuple[Flask, Config]]:
    """An application in rules mode with a database without businesses."""
    config = make_config(new_database_url, ICMP_DATA_DIR=str(tmp_path))
    app = create_app(config)
    app.test_client_class = CheckedClient
    yield app, config
    close_app(app)
