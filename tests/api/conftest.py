"""Fixtures for the tests of the API: an empty database, where a test needs one."""

import pytest

from message_processing.templates.defaults import load_default_templates
from tests.support.database import connect


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
