"""One attempt to run a turn, whatever happens."""

import logging
import time

from core.errors import DatabaseUnavailable, ServerError
from message_processing.events import Failed, TakenOver, TurnResult
from message_processing.worker.commits import retry_delay
from message_processing.worker.job import Job
from message_processing.worker.worker import Worker

logger = logging.getLogger(__name__)


def run_safely(worker: Worker, job: Job, time_limit: int) -> TurnResult | TakenOver | None:
    """The result of the worker; None if the turn has to wait. Never raises: the clients would wait for ever."""
    accepted = job.accepted
    try:
        return worker.run(job)
    except DatabaseUnavailable as error:
        # The lease monitor starts the turn again when the database is back. Until then it keeps waiting, but its
        # clients get an error once the time limit is over.
        job.failures += 1
        job.retry_at = time.monotonic() + retry_delay(job.failures)
        if job.age > time_limit:
            job.broadcast.publish(Failed(error.with_ids(accepted.ids)))
        return None
    except Exception:
        logger.exception("turn failed", extra=accepted.log_fields)
        return Failed(ServerError("The turn could not be processed.", ids=accepted.ids))
