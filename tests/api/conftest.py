"""Fixtures for tests of the API that need more than a business of their own."""

from collections.abc import Iterator
from typing import Any

import pytest

from message_processing.templates.defaults import load_default_templates
from tests.support.checked_client import CheckedClient
from tests.support.database import connect
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.staff import Staff, make_member, make_owner


@pytest.fixture(autouse=True)
def reset_model(fake_model: FakeModel) -> None:
    """Clears the answers that the previous test has set, also if a test does not request `fake_model`."""


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
