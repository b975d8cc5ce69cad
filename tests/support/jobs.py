"""Background jobs of tests: a database with two businesses, processes that are alive, and runners."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from background import jobs
from background.jobs import Job, Kind
from background.runner import Runner
from db import Database, Row
from repositories import leases, users
from repositories.jobs import claim_jobs
from tests.support.database import Connection

BUSINESSES = (uuid4(), uuid4())


@contextmanager
def database_with_businesses(url: str) -> Iterator[Database]:
    """The database, in which BUSINESSES are created."""
    database = Database(url, 4)
    with database.transaction() as conn:
        owner_id = users.insert_user(conn, None, {"first_name": "Ada", "last_name": "Abel", "email": "ada@example.com"})
        for business_id in BUSINESSES:
            conn.execute(
                "INSERT INTO businesses (business_id, business_name, owner_id) VALUES (%(id)s, %(name)s, %(owner)s)",
                {"id": business_id, "name": str(business_id), "owner": owner_id},
            )
    try:
        yield database
    finally:
        database.close()


def start_process(database: Database) -> UUID:
    """The ID of a process that has recorded a heartbeat."""
    process_id = uuid4()
    with database.transaction() as conn:
        leases.record_heartbeat(conn, process_id)
    return process_id


@contextmanager
def running(database: Database, *kinds: Kind) -> Iterator[Runner]:
    """A runner of a process that is alive."""
    started = Runner(database, start_process(database), kinds)
    try:
        yield started
    finally:
        started.close()


def add(database: Database, kind: str = "test", business_id: UUID = BUSINESSES[0], **options: Any) -> None:
    """Add a job and commit."""
    payload = options.pop("payload", {})
    with database.transaction() as conn:
        jobs.add(conn, kind, business_id, payload, **options)


def stored(sql: Connection) -> list[Row]:
    """The unfinished jobs."""
    return sql.execute("SELECT * FROM jobs ORDER BY number").fetchall()


def claim(database: Database, process_id: UUID) -> list[Job]:
    """The jobs that a process gets with one claim."""
    with database.statement() as conn:
        claimed = claim_jobs(conn, process_id, ["test"], [], 10)
    return [Job(each, process_id, lambda: False) for each in claimed]
