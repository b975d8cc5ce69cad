"""The job that writes all data of a business into a file: a ZIP archive with one file of JSON lines per kind of row.

The rows are read in pages, each in a short transaction, so an export does not delay vacuum, and changes that are made
meanwhile may be in one file and not in another."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from background import jobs
from background.exports.archive import Archive
from background.jobs import Job, Kind
from core.concurrency import run_in_thread
from core.errors import NotFound
from db import Connection, Database
from repositories import exported_rows, exports

CHUNK_BYTES = 1024 * 1024
LIFETIME = timedelta(days=7)  # of a finished export
_EXPORT, _EXPIRY = "export", "export_expiry"
_MAX_ATTEMPTS = 5
_README = """All data of a business in ICMP. Each file has one JSON object per line, which is one row.

Passwords, keys and the values of secrets are not included, only their names.
"""


def start_export(conn: Connection, business_id: UUID, export_id: UUID) -> None:
    """Write the file in the background."""
    jobs.add(conn, _EXPORT, business_id, {"export_id": str(export_id)})


class Exporter:
    """Runs exports."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of these jobs, for the runner."""
        return (
            Kind(_EXPORT, self._run, max_attempts=_MAX_ATTEMPTS, give_up=_give_up),
            Kind(_EXPIRY, self._expire),
        )

    def _run(self, job: Job) -> None:
        """Write the file. A job that runs again starts again, because an archive cannot be continued."""
        export_id = UUID(job.payload["export_id"])
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            if not exports.start_export(conn, job.business_id, export_id):
                return
        with suppress(NotFound):  # it was deleted meanwhile
            self._write(job, export_id)

    def _write(self, job: Job, export_id: UUID) -> None:
        archive, written, rows = Archive(), 0, 0
        archive.add_text("README.txt", _README)
        for file in exported_rows.FILES:
            archive.begin_file(f"{file}.jsonl")
            lines, key = self._read(job, file, None)
            while lines:
                run_in_thread(archive.add_lines, lines)
                rows += len(lines)
                written = self._save(job, export_id, archive, written, rows)
                lines, key = self._read(job, file, key)
            archive.end_file()
        archive.close()
        self._save(job, export_id, archive, written, rows)
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            expires_at = exports.end_export(conn, job.business_id, export_id, "finished", LIFETIME)
            jobs.add(conn, _EXPIRY, job.business_id, job.payload, run_at=expires_at)

    def _read(self, job: Job, file: str, key: exported_rows.Key | None) -> tuple[list[str], exported_rows.Key | None]:
        with self._database.transaction() as conn:
            return exported_rows.read_lines(conn, job.business_id, file, key)

    def _save(self, job: Job, export_id: UUID, archive: Archive, written: int, rows: int) -> int:
        """Store the complete chunks. Returns how many chunks are stored."""
        while data := archive.take(CHUNK_BYTES):
            with self._database.transaction() as conn:
                job.checkpoint(conn)
                exports.append_chunk(conn, job.business_id, export_id, written, data, rows)
            written += 1
        return written

    def _expire(self, job: Job) -> None:
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            exports.delete_export(conn, job.business_id, UUID(job.payload["export_id"]))


def _give_up(conn: Connection, job: Job) -> None:
    exports.end_export(conn, job.business_id, UUID(job.payload["export_id"]), "failed", None)
