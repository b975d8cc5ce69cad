"""The job that imports an uploaded file, in batches. Each batch commits together with its checkpoint, so after a crash
another process continues where the last one ended, and no row is counted twice."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from background import jobs
from background.imports.batches import try_rows, write_rows
from background.imports.lines import MAX_RECORD_BYTES, UnreadableFile, Window
from background.imports.parsing import FileFormat, Layout, ParsedBatch, parse_batch, read_layout
from background.imports.records import NAMES
from background.imports.undoing import Undoer, delete_earlier_changes
from background.imports.uploads import CHUNK_BYTES
from background.jobs import Job, Kind
from background.notifications import notify_customers
from core.concurrency import run_in_thread
from core.errors import NotFound
from db import Connection, Database, Row
from repositories import import_changes, imports

MAX_LINES = 1_000_000  # of a file
UPLOAD_LIMIT = timedelta(hours=1)
_IMPORT, _EXPIRY = "import", "import_expiry"
_MAX_ATTEMPTS = 5


def expect_upload(conn: Connection, business_id: UUID, import_id: UUID) -> None:
    """Let the import fail if its file has not arrived after UPLOAD_LIMIT, because the process has died."""
    run_at = datetime.now(UTC) + UPLOAD_LIMIT
    jobs.add(conn, _EXPIRY, business_id, {"import_id": str(import_id)}, run_at=run_at)


def start_import(conn: Connection, business_id: UUID, import_id: UUID) -> bool:
    """The file has arrived: import it. Returns False if that took too long."""
    if not imports.set_status(conn, business_id, import_id, "uploading", "waiting"):
        return False
    # One after another, because a later file may change the same rows.
    jobs.add(conn, _IMPORT, business_id, {"import_id": str(import_id)}, queue_key="imports")
    return True


class Importer:
    """Runs imports and their undo."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._undoer = Undoer(database)

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of these jobs, for the runner."""
        return (
            Kind(_IMPORT, self._run, max_attempts=_MAX_ATTEMPTS, give_up=_give_up),
            Kind(_EXPIRY, self._expire_upload),
            self._undoer.kind(),
        )

    def _run(self, job: Job) -> None:
        import_id = UUID(job.payload["import_id"])
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            try:
                state = imports.get_checkpoint(conn, job.business_id, import_id)
            except NotFound:
                return
            imports.set_status(conn, job.business_id, import_id, "waiting", "running")
        failure = None
        try:
            _Run(self._database, job, import_id, state).run()
        except UnreadableFile as error:
            failure = str(error)
        delete_earlier_changes(self._database, job, import_id)
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            imports.end_import(conn, job.business_id, import_id, failure)

    def _expire_upload(self, job: Job) -> None:
        import_id = UUID(job.payload["import_id"])
        with self._database.transaction() as conn:
            job.checkpoint(conn)
            if imports.set_status(conn, job.business_id, import_id, "uploading", "waiting"):
                imports.end_import(conn, job.business_id, import_id, "The upload was interrupted.")


def _give_up(conn: Connection, job: Job) -> None:
    failure = "The import was given up because of an unexpected error. The rows before it are imported."
    imports.end_import(conn, job.business_id, UUID(job.payload["import_id"]), failure)


class _Run:
    """One attempt to import a file, from its checkpoint to its end."""

    def __init__(self, database: Database, job: Job, import_id: UUID, state: Row) -> None:
        self._database, self._job, self._import_id = database, job, import_id
        self._file = FileFormat(
            state["resource"], state["format"], state["ignore_unknown"], state["columns"], state["decimal_comma"]
        )
        self._layout = Layout(**state["layout"]) if state["layout"] else None
        self._dry_run: bool = state["dry_run"]
        self._notify: dict[str, str] | None = state["notify"]
        self._bytes: int = state["bytes"]
        self._position: int = state["bytes_done"]
        self._line: int = state["next_line"]
        self._chunks: dict[int, bytes] = {}

    def run(self) -> None:
        """Raises UnreadableFile."""
        is_first = self._position == 0
        while is_first or self._position < self._bytes:
            is_first = False
            if self._line > MAX_LINES:
                raise UnreadableFile(f"The file has more than {MAX_LINES:,} lines. Split it into several files.")
            data = self._read()
            batch = run_in_thread(self._parse, data)
            with self._database.transaction() as conn:
                self._job.checkpoint(conn)
                self._save(conn, batch)
            self._position, self._line = batch.position, batch.line

    def _read(self) -> bytes:
        """The part of the file from the checkpoint on that a window needs."""
        first = self._position // CHUNK_BYTES
        last = (self._position + MAX_RECORD_BYTES) // CHUNK_BYTES + 1
        for number in range(first, last + 1):
            if number not in self._chunks:
                with self._database.statement() as conn:
                    chunk = imports.read_chunk(conn, self._job.business_id, self._import_id, number)
                self._chunks[number] = chunk
        self._chunks = {number: chunk for number, chunk in self._chunks.items() if number >= first}
        data = b"".join(self._chunks[number] for number in range(first, last + 1))
        return data[self._position - first * CHUNK_BYTES :]

    def _parse(self, data: bytes) -> ParsedBatch:
        window = Window(data, self._position, self._line, is_end=self._position + len(data) >= self._bytes)
        if self._file.format == "csv" and self._layout is None:
            self._layout = read_layout(self._file, window)
        return parse_batch(self._file, window, self._layout)

    def _save(self, conn: Connection, batch: ParsedBatch) -> None:
        business_id, resource = self._job.business_id, self._file.resource
        invalid, values, lines = dict(batch.invalid), {}, {}
        name_field, _ = NAMES[resource]
        given = {row.name: row.line for row in reversed(batch.rows)}
        before = imports.claim_names(conn, business_id, self._import_id, given)
        for row in batch.rows:
            first_line = before.get(row.name, given[row.name])
            if first_line != row.line:
                message = f"Line {first_line} has the same {name_field}."
                invalid[row.line] = [{"path": f"$.{name_field}", "message": message}]
            else:
                values[row.name], lines[row.name] = row.values, row.line
        write = try_rows if self._dry_run else write_rows
        result = write(conn, business_id, resource, values)
        for name, message in result.problems.items():
            invalid[lines[name]] = [{"path": "$", "message": message}]
        if self._notify and not self._dry_run:
            notify_customers(conn, business_id, self._notify, result.updated.values())
        if not self._dry_run:
            import_changes.add_changes(conn, business_id, self._import_id, resource, result)
        imports.add_problems(conn, business_id, self._import_id, sorted(invalid.items()))
        created, updated = len(result.created), len(result.updated)
        counts: dict[str, Any] = {
            "created": created,
            "updated": updated,
            "unchanged": len(values) - len(result.problems) - created - updated,
            "invalid": len(invalid),
        }
        layout = vars(self._layout) if self._layout else None
        checkpoint = {"bytes_done": batch.position, "next_line": batch.line, "layout": layout}
        imports.save_checkpoint(conn, business_id, self._import_id, {**checkpoint, **counts})
