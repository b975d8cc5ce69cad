"""The job of an import: it continues after its last batch, and ends uploads that were interrupted."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest

from background.imports import importer
from background.imports.importer import Importer
from background.imports.parsing import MAX_ROWS
from background.jobs import Interrupted, Job
from db import Database
from repositories import imports
from repositories.jobs import claim_jobs
from tests.support.database import Connection, connect
from tests.support.jobs import BUSINESSES, database_with_businesses, start_process

ROWS = 6 * MAX_ROWS + 10


@pytest.fixture
def database(new_database_url: str) -> Iterator[Database]:
    with database_with_businesses(new_database_url) as database:
        yield database


@pytest.fixture
def sql(new_database_url: str, database: Database) -> Iterator[Connection]:
    with connect(new_database_url) as conn:
        yield conn


def new_import(database: Database) -> UUID:
    import_id = uuid4()
    options = {
        "resource": "orders",
        "format": "csv",
        "dry_run": False,
        "ignore_unknown": False,
        "notify": None,
        "columns": None,
        "decimal_comma": False,
    }
    with database.transaction() as conn:
        imports.insert_import(conn, BUSINESSES[0], import_id, options)
        importer.expect_upload(conn, BUSINESSES[0], import_id)
    return import_id


def upload(database: Database, import_id: UUID, data: bytes) -> None:
    with database.transaction() as conn:
        imports.append_chunk(conn, BUSINESSES[0], import_id, 0, data)
        assert importer.start_import(conn, BUSINESSES[0], import_id)


def run(database: Database, kind: str, is_stopping: Callable[[], bool]) -> None:
    """Run the claimable job of a kind in a process of its own."""
    process_id = start_process(database)
    with database.statement() as conn:
        [claimed] = claim_jobs(conn, process_id, [kind], [], 1)
    [handler] = [each for each in Importer(database).kinds() if each.name == kind]
    handler.run(Job(claimed, process_id, is_stopping))


def state(database: Database, import_id: UUID) -> dict[str, Any]:
    with database.transaction() as conn:
        return imports.get_import(conn, BUSINESSES[0], import_id)


@pytest.mark.parametrize("checkpoints", [1, 2, 5])
def test_import_continues_after_its_last_batch(database: Database, sql: Connection, checkpoints: int) -> None:
    """Each attempt stops at a checkpoint, before it commits what belongs to it."""
    import_id = new_import(database)
    rows = [f"A-{n},c-{n % 7}" if n % 100 else f"A-{n - 1},c-1" for n in range(1, ROWS + 1)]  # some are duplicates
    upload(database, import_id, "\n".join(["order_number,user.external_id", *rows]).encode())
    attempts = 0
    while state(database, import_id)["status"] != "finished":
        left = iter([False] * checkpoints * (attempts + 1))
        attempts += 1
        try:
            run(database, "import", partial(next, left, True))
        except Interrupted:
            sql.execute("UPDATE jobs SET lease_owner = NULL WHERE kind = 'import'")
    assert attempts > 1
    found = state(database, import_id)
    expected = ROWS - ROWS // 100
    assert (found["created"], found["unchanged"], found["invalid"]) == (expected, 0, ROWS // 100)
    assert sql.execute("SELECT count(*) AS n FROM orders").fetchone() == {"n": expected}
    for table in ("import_chunks", "import_names"):
        assert sql.execute(f"SELECT count(*) AS n FROM {table}").fetchone() == {"n": 0}


def test_upload_that_was_interrupted_ends(database: Database, sql: Connection) -> None:
    import_id, arrived = new_import(database), new_import(database)
    upload(database, arrived, b"order_number,user.external_id\n")
    with database.transaction() as conn:
        imports.append_chunk(conn, BUSINESSES[0], import_id, 0, b"order_number")
    sql.execute("UPDATE jobs SET run_at = now() WHERE kind = 'import_expiry'")
    for _ in range(2):
        run(database, "import_expiry", lambda: False)
    found = state(database, import_id)
    assert (found["status"], found["failure"]) == ("failed", "The upload was interrupted.")
    assert state(database, arrived)["status"] == "waiting"
    assert sql.execute("SELECT count(*) AS n FROM import_chunks").fetchone() == {"n": 1}
    with database.transaction() as conn:
        assert not importer.start_import(conn, BUSINESSES[0], import_id)  # the process was only slow
