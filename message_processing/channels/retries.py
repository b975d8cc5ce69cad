"""The background job that runs a failed turn of a channel again. A trigger adds it (`retry_channel_turn_v1`)."""

from uuid import UUID

from background.jobs import Job, Kind
from core.errors import Conflict, NotFound
from db import Database
from message_processing.accept import accept_retry
from message_processing.worker.scheduler import Scheduler


class ChannelRetries:
    """Runs failed turns of all channels again: nobody waits for their response, so nobody else would."""

    def __init__(self, database: Database, scheduler: Scheduler) -> None:
        self._database, self._scheduler = database, scheduler

    def kinds(self) -> tuple[Kind, ...]:
        """The kind of these jobs, for the runner."""
        return (Kind("retry_channel_turn", self._run),)

    def _run(self, job: Job) -> None:
        with self._database.transaction() as conn:
            job.checkpoint(conn)
        try:
            turn_id = UUID(job.payload["turn_id"])
            accepted = accept_retry(self._database, self._scheduler.process_id, job.business_id, turn_id)
        except (Conflict, NotFound):  # the conversation was closed or deleted
            return
        if accepted.is_new:
            self._scheduler.start(accepted)
