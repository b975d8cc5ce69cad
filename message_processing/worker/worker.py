"""Runs one turn: claims it, drives the pipeline and saves each finished step."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from core.errors import Conflict, DatabaseUnavailable, IcmpError, ServerError
from core.limited_log import LimitedLog
from message_processing.business_data import BusinessData
from message_processing.engines.model import Engines
from message_processing.events import (
    Answered,
    Failed,
    Held,
    StepFinished,
    StepGivenUp,
    StepStarted,
    TakenOver,
    TurnFinished,
    TurnResult,
)
from message_processing.pipeline import Events, run_turn
from message_processing.steps.speculative import Speculation, SpeculativeStep
from message_processing.turn import Checkpoints, StepFailed, Turn
from message_processing.worker.commits import ResultLost, save
from message_processing.worker.failures import model_error
from message_processing.worker.job import Job
from message_processing.worker.lease import Lease, LeaseLost
from message_processing.worker.turn_store import TurnStore
from repositories.turn_ends import CONVERSATION_CLOSED
from repositories.turns import ClaimedTurn

logger = logging.getLogger(__name__)
limited_log = LimitedLog(logger)

T = TypeVar("T")


class Worker:
    def __init__(
        self, store: TurnStore, engines: Engines, new_business_data: Callable[[], BusinessData], time_limit: int
    ) -> None:
        """`time_limit` is the maximum number of seconds per turn."""
        self._new_business_data = new_business_data
        self._store = store
        self._engines = engines
        self._time_limit = time_limit

    def run(self, job: Job) -> TurnResult | TakenOver | None:
        """Run the turn to its end. Returns None if an earlier turn of the conversation is not finished.

        Raises DatabaseUnavailable; then the turn can be run again, and continues after its last checkpoint. A result
        that could not be saved is not computed again: then the turn fails.
        """
        try:
            claimed, job.claimed = job.claimed or self._store.claim(job.accepted), None
            return self._run(job, claimed) if claimed else None
        except LeaseLost:
            logger.warning("lease lost", extra=job.accepted.log_fields)
            return TakenOver()
        except ResultLost as lost:
            job.result_lost = True
            raise DatabaseUnavailable from lost

    def _run(self, job: Job, claimed: ClaimedTurn) -> TurnResult:
        lease = Lease.of(claimed)
        if job.result_lost:
            error: IcmpError = DatabaseUnavailable("The database did not accept the answer in time.")
            self._store.fail(lease, error)
            return Failed(error.with_ids(job.accepted.ids))
        if claimed["conversation_status"] in ("completed", "error"):  # while the process that ran the turn died
            error = Conflict(CONVERSATION_CLOSED["message"])
            self._save(job, partial(self._store.fail, lease, error))
            return Failed(error.with_ids(job.accepted.ids))
        model_failure = None
        try:
            turn, checkpoints = self._store.load(claimed, self._time_limit)
            with job.broadcast.reset_on_error():
                return self._answer(job, turn, lease, checkpoints)
        except (LeaseLost, DatabaseUnavailable, ResultLost):
            raise
        except StepFailed as failure:
            error, model_failure = model_error(failure), failure
            fields = {**job.accepted.log_fields, "error_code": error.code, "cause": failure.cause}
            limited_log.warning("turn failed", error.code, failure.cause, **fields)
        except Exception:
            logger.exception("turn failed", extra=job.accepted.log_fields)
            error = ServerError("The turn could not be processed.")
        self._save(job, partial(self._store.fail, lease, error, model_failure))
        return Failed(error.with_ids(job.accepted.ids))

    def _answer(self, job: Job, turn: Turn, lease: Lease, checkpoints: Checkpoints) -> Answered | Held | Failed:
        """Drive the pipeline, and end the speculative steps that it has not used."""
        business_data = self._new_business_data()
        turn = business_data.with_images(turn)
        engine = self._engines.for_turn(turn, business_data, job.broadcast)
        save_discarded = partial(self._save_discarded, job, lease, turn)
        with self._engines.settling(turn), Speculation(save_discarded) as speculation:
            return self._follow(job, lease, run_turn(turn, engine, business_data, checkpoints, speculation))

    def _follow(self, job: Job, lease: Lease, events: Events) -> Answered | Held | Failed:
        """Save finished steps as checkpoints, and publish what happens."""
        unsaved: list[StepFinished] = []
        saved_output: Mapping[str, Any] | None = None
        while True:
            event, saved_output = events.send(saved_output), None
            match event:
                case StepStarted():
                    # Steps that called nothing are cheap to repeat, so they are saved together with a later one.
                    if event.waits and any(each.outcome.is_costly for each in unsaved):
                        self._save(job, partial(self._store.save_steps, lease, unsaved))
                        unsaved = []
                    job.broadcast.publish(event)
                case StepFinished() if event.outcome.changes is not None:
                    event = self._save(job, partial(self._store.save_actions, lease, unsaved, event))
                    unsaved, saved_output = [], event.outcome.output
                    job.broadcast.publish(event)
                case StepFinished():
                    unsaved.append(event)
                    job.broadcast.publish(event)
                case StepGivenUp():
                    self._save(job, partial(self._store.save_steps, lease, unsaved))
                    unsaved = []
                    self._save(job, partial(self._store.save_failed_step, lease, event))
                    job.broadcast.reset_reply()
                case TurnFinished():
                    result = self._save(job, partial(self._store.finish, lease, event, unsaved))
                    if isinstance(result, Answered):
                        job.broadcast.complete_reply(event.reply)
                        job.turn = event.turn
                        return result
                    job.broadcast.reset_reply()
                    return Failed(result.error.with_ids(job.accepted.ids)) if isinstance(result, Failed) else result

    def _save(self, job: Job, write: Callable[[], T]) -> T:
        """Save a result. While the database does not accept it, the clients get an error after the time limit."""

        def report(error: DatabaseUnavailable) -> None:
            if job.age > self._time_limit:
                job.broadcast.publish(Failed(error.with_ids(job.accepted.ids)))

        return save(write, job.accepted.log_fields, report)

    def _save_discarded(self, job: Job, lease: Lease, turn: Turn, step: SpeculativeStep, reason: str) -> None:
        try:
            with self._engines.settling(turn, is_end=False):
                self._save(job, partial(self._store.save_discarded_step, lease, step, reason))
        except Exception:
            logger.exception("discarded step not saved", extra={"turn_id": str(lease.turn_id)})
