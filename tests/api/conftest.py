"""Fixtures for tests of the API that need more than a business of their own."""

import io
import json
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from background import runner
from core import logs
from message_processing import local_time
from message_processing.templates.defaults import load_default_templates
from tests.conftest import make_config, own_database, running_app
from tests.support.calling import ORDER
from tests.support.channel_load import Providers
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection, connect
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.staff import Staff, make_member, make_owner
from tests.support.turns import SELECTION, by_step
from tests.support.web_server import WebServer, http


@pytest.fixture(scope="module")
def url(app: Flask) -> Iterator[str]:
    """The address of a server with threads."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def reset_model(fake_model: FakeModel) -> None:
    """Clears the answers that the previous test has set, also if a test does not request `fake_model`."""


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the server would log at LOG_LEVEL=debug."""
    root, written = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.JsonFormatter())
    levels = logs.logging_config("debug")["loggers"]
    before = {name: logging.getLogger(name).level for name in levels}
    for name, each in levels.items():
        logging.getLogger(name).setLevel(each["level"])
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture(scope="session")
def deletions(database_url: str) -> str:
    """The statements that delete every row that tests create, without foreign key checks and so in any order."""
    with connect(database_url) as conn:
        tables = conn.execute("SELECT relname FROM pg_stat_user_tables WHERE relname !~ 'yoyo'").fetchall()
    deletes = (f"DELETE FROM {table['relname']}" for table in tables)
    return "; ".join(["SET LOCAL session_replication_role = replica", *deletes])


@pytest.fixture
def empty_database(database_url: str, deletions: str) -> None:
    """Empties the shared database: the test may count all rows, and every name and email address is free."""
    with connect(database_url, autocommit=False) as conn:
        conn.execute(deletions)
        load_default_templates(conn)


@pytest.fixture
def default_template(client: CheckedClient, master: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The platform's default template for replies. A test may change its texts, which are restored afterwards."""
    listed = client.get("/api/v1/templates/default-templates", headers=master).get_json()
    [template] = [row for row in listed if row["template_type"] == "default_response_generation"]
    yield template
    texts = {name: template[name] for name in ("content", "system_prompt", "template_name")}
    assert client.put(f"/api/v1/templates/{template['template_id']}", json=texts, headers=master).status_code == 200


@pytest.fixture
def owner(shop: Shop, master: dict[str, str]) -> Staff:
    """The signed-in owner of the shop."""
    return make_owner(shop, master)


@pytest.fixture
def anna(shop: Shop, owner: Staff) -> Staff:
    """A signed-in agent of the shop."""
    return make_member(shop, owner.headers, "agent", "anna@example.com")


@pytest.fixture(scope="session")
def calling_app(database_url: str, model_server: FakeModel) -> Iterator[Flask]:
    """An application that may call servers on this machine in a turn, with two connections to the database. It shares
    its database with `app`, which may run its jobs: tests of jobs that call a server use `hooks_app`."""
    settings = {"OPENAI_BASE_URL": model_server.base_url, "API_CALL_ALLOWED_HOSTS": "127.0.0.1", "DB_POOL_SIZE": "2"}
    with running_app(make_config(database_url, **settings)) as app:
        yield app


@pytest.fixture
def calling_shop(calling_app: Flask, empty_database: None, master: dict[str, str], fake_model: FakeModel) -> Shop:
    """A business of that application, whose customer asks for the order A-1."""
    fake_model.respond = by_step(selection=SELECTION, extraction='{"order_number": "A-1"}', response="Done.")
    return make_shop(calling_app.test_client(), master, "Lantern Books")


@pytest.fixture
def api() -> Iterator[WebServer]:
    """A system to call, which returns an order."""
    with WebServer(http(json.dumps(ORDER).encode())) as server:
        yield server


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the time that turns use for working hours."""

    def set_to(moment: datetime) -> None:
        class Clock(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Any:
                return moment.astimezone(tz)

        monkeypatch.setattr(local_time, "datetime", Clock)

    return set_to


@pytest.fixture(scope="module")
def hooks_database(server_url: str, template_database: str) -> Iterator[str]:
    """A database of its own: another application with the same database would deliver events too."""
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture(scope="module")
def providers() -> Iterator[Providers]:
    with Providers() as started:
        yield started


@pytest.fixture(scope="module")
def provider_app(hooks_database: str, model_server: FakeModel, providers: Providers) -> Iterator[Flask]:
    """An application whose channels send to fake providers. It looks for messages to send without a pause."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "POLL_INTERVAL", 0.05)
        config = make_config(hooks_database, OPENAI_BASE_URL=model_server.base_url, **providers.environment)
        with running_app(config) as app:
            yield app


@pytest.fixture(scope="module")
def hooks_app(hooks_database: str, model_server: FakeModel) -> Iterator[Flask]:
    """An application that may send to this machine."""
    config = make_config(hooks_database, OPENAI_BASE_URL=model_server.base_url, API_CALL_ALLOWED_HOSTS="127.0.0.1")
    with running_app(config) as app:
        yield app


@pytest.fixture
def berlin(shop: Shop, sql: Connection) -> Shop:
    """The shop, in Berlin."""
    settings = {"settings": {"timezone": "Europe/Berlin"}}
    assert shop.put(f"/businesses/{shop.business_id}", settings).status_code == 200
    sql.execute("DELETE FROM analytics_state WHERE business_id = %(id)s", {"id": shop.business_id})
    return shop
