"""Undoes imports, in batches that each commit, from the last row to the first."""

from uuid import UUID

from background import jobs
from background.jobs import Job, Kind
from core.database_errors import translate_errors
from core.errors import Conflict
from db import Connection, Database
from repositories import import_changes, imports

MAX_AGE_DAYS = 30  # of changes that can be undone; they contain data of customers
_KIND = "import_undo"
_BATCH = 250  # changes per transaction
_DELETED = 2000  # changes of earlier imports per transaction
_RESOURCES = ("orders", "products", "users")  # orders before the customers who were created with them


def start_undo(conn: Connection, business_id: UUID, import_id: UUID) -> None:
    """Undo an import, after those that have been started. Raises NotFound, and Conflict if that is not possible."""
    if not imports.get_import(conn, business_id, import_id)["can_undo"]:
        raise Conflict(
            "This import cannot be undone.",
            remediation=f"Only the last import of a kind that has changed something, for {MAX_AGE_DAYS} days.",
        )
    imports.set_undo_status(conn, business_id, import_id, "waiting")
    jobs.add(conn, _KIND, business_id, {"import_id": str(import_id)}, queue_key="imports")


def delete_earlier_changes(database: Database, job: Job, import_id: UUID) -> None:
    """Delete what would undo earlier imports of the same resource, if this one has changed something."""
    count = _DELETED
    while count == _DELETED:
        with database.transaction() as conn:
            job.checkpoint(conn)
            count = import_changes.delete_earlier(conn, job.business_id, import_id, _DELETED)


class Undoer:
    """Runs the jobs that `start_undo` adds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def kind(self) -> Kind:
        """The kind of these jobs, for the runner."""
        return Kind(_KIND, self._run, max_attempts=5, give_up=_give_up)

    def _run(self, job: Job) -> None:
        import_id = UUID(job.payload["import_id"])
        status = "running"
        while status == "running":
            with self._database.transaction() as conn:
                job.checkpoint(conn)
                status = "running" if _undo_some(conn, job.business_id, import_id) else "finished"
                imports.set_undo_status(conn, job.business_id, import_id, status)


def _undo_some(conn: Connection, business_id: UUID, import_id: UUID) -> bool:
    """Undo the last changes. Returns whether there were any."""
    changes = import_changes.next_changes(conn, business_id, import_id, _BATCH)
    numbers = [change["number"] for change in changes]
    import_changes.lock_customers(conn, business_id, import_id, numbers)
    undone: set[int] = set()
    for resource in _RESOURCES:
        of_resource = [change["number"] for change in changes if change["resource"] == resource]
        undone |= _undo(conn, business_id, import_id, resource, of_resource)
    kept = [number for number in numbers if number not in undone]
    import_changes.end_changes(conn, business_id, import_id, sorted(undone), kept)
    return bool(changes)


def _undo(conn: Connection, business_id: UUID, import_id: UUID, resource: str, numbers: list[int]) -> set[int]:
    """The numbers of the changes that were undone."""
    if not numbers:
        return set()
    try:
        with conn.savepoint(), translate_errors():
            return import_changes.undo(conn, business_id, import_id, resource, numbers)
    except Conflict:
        if len(numbers) == 1:
            return set()
    # The database does not say which of the rows it has rejected.
    half = len(numbers) // 2
    return _undo(conn, business_id, import_id, resource, numbers[:half]) | _undo(
        conn, business_id, import_id, resource, numbers[half:]
    )


def _give_up(conn: Connection, job: Job) -> None:
    imports.set_undo_status(conn, job.business_id, UUID(job.payload["import_id"]), "failed")
