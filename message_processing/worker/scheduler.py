"""Who runs a turn.

1. The process that accepted a turn runs it in a thread of its own, which lives on when the client leaves; the HTTP
   answer merely follows it.
2. Turns of one conversation run one after the other: a turn is claimed only when its predecessors are done, and one
   that must wait holds neither a thread nor a connection.
3. Every step that asked somebody is committed as a checkpoint before anybody is asked again, and every write checks
   the lease, so a process that was thought dead cannot write over another one's work.
4. A turn that nobody runs, since its process died or its database went away, is taken up again after its last
   checkpoint: by this process where it is its own, else by whichever one sees first that the owner is silent.
5. What could not be answered is failed with its reason; the customer's message stays, and the turn can be retried.
"""

import logging
import threading
import time
from bisect import insort
from collections.abc import Iterator
from dataclasses import replace
from queue import Empty
from typing import Any
from uuid import UUID, uuid4

from core.errors import Conflict, DatabaseUnavailable, IcmpError, LLMTimeout, LLMUnavailable, NotFound, ServerError
from db import Database, Row
from message_processing.accept import Accepted
from message_processing.business_data import BusinessData
from message_processing.engines.model import Engines
from message_processing.pipeline import run_turn
from message_processing.release import ReleaseCache
from message_processing.summary import is_due
from message_processing.turn import StepDropped, StepFailed, StepFinished, StepGivenUp, StepStarted, Turn, TurnFinished
from message_processing.worker.begin import begin_turn
from message_processing.worker.jobs import Answered, Elsewhere, Failed, Held, Job, Told, end_of, ids_of
from message_processing.worker.lease_monitor import Watch
from message_processing.worker.turn_store import (
    Finished,
    LeaseLost,
    commit_dropped_step,
    commit_failed_step,
    commit_failure,
    commit_steps,
    commit_summary,
    commit_turn,
    read_unsummarised,
)
from repositories import turns

logger = logging.getLogger(__name__)

PING = 10.0  # seconds without an event, after which a follower is told that nothing happened
ASK_AGAIN = 0.25  # seconds between looks at a turn that another process runs


class Runner:
    """The turns of one process. Made after the fork."""

    def __init__(self, database: Database, releases: ReleaseCache, engines: Engines, time_limit: int) -> None:
        self.owner = uuid4()  # unique to each start of a process: the owner of its leases
        self._releases = releases
        self._database = database
        self._engines = engines
        self._time_limit = time_limit
        self._jobs: dict[UUID, Job] = {}  # by turn: everything that this process is to answer
        self._waiting: dict[UUID, list[Job]] = {}  # by conversation: those that no thread runs, in the order of seq
        self._busy: set[UUID] = set()  # conversations of which a turn runs here
        # After which turn's seq a conversation's summary was asked for last, while that is under way or was in vain.
        self._summarised: dict[UUID, int] = {}
        self._changed = threading.Condition()
        self._watch = Watch(database, self.owner, self._wake, self._adopt)

    def run(self, accepted: Accepted, wants_words: bool = False) -> Iterator[Told | None]:
        """Run the turn as soon as its predecessors are done, or follow it where it is under way; returns at once.

        The iterator gives the turn's events from now on, ends with an End, and gives None where nothing has happened
        for a while. To leave it does not stop the turn.
        """
        with self._changed:
            job = self._jobs.get(accepted.turn_id)
            if job is None and accepted.is_to_be_run:
                job = self._enqueue(accepted)
            queue = job.join(wants_words) if job else None
        self._wake(accepted.conversation_id)
        return self._follow(accepted, job, queue)

    def close(self, seconds: float = 0) -> None:
        """Wait up to `seconds` for the turns of this process; those left are taken over by others."""
        with self._changed:
            self._changed.wait_for(lambda: not self._jobs, seconds)
        self._watch.close()
        self._engines.close()

    def _follow(self, accepted: Accepted, job: Job | None, queue: Any) -> Iterator[Told | None]:
        quiet_since = time.monotonic()
        try:
            while job is not None:
                try:
                    event = queue.get(timeout=PING)
                except Empty:
                    yield None
                    continue
                if isinstance(event, Elsewhere):
                    break
                yield event
                if isinstance(event, Answered | Held | Failed):
                    return
        finally:
            if job is not None:
                job.leave(queue)
        while True:
            try:
                with self._database.transaction() as conn:
                    end = end_of(accepted, turns.get_progress(conn, accepted.business_id, accepted.turn_id))
            except IcmpError as error:
                end = Failed(_with_ids(error, accepted))
            if end is not None:
                yield end
                return
            if time.monotonic() - quiet_since > PING:
                quiet_since = time.monotonic()
                yield None
            with self._changed:
                self._changed.wait(ASK_AGAIN)

    def _enqueue(self, accepted: Accepted) -> Job:
        job = self._jobs[accepted.turn_id] = Job(accepted)
        insort(self._waiting.setdefault(accepted.conversation_id, []), job, key=lambda each: each.accepted.seq)
        return job

    def _adopt(self, rows: list[Row]) -> None:
        """Take up turns of this process that it does not know: taken over, or left by a thread that died."""
        with self._changed:
            for row in rows:
                if row["turn_id"] not in self._jobs:
                    self._enqueue(Accepted(**row, is_to_be_run=True))

    def _wake(self, conversation_id: UUID | None) -> None:
        """Give the conversation's first waiting turn a thread, unless one of its turns runs here already."""
        with self._changed:
            free = list(self._waiting) if conversation_id is None else [conversation_id]
            jobs = [self._waiting[each].pop(0) for each in free if each in self._waiting and each not in self._busy]
            for job in jobs:
                if not self._waiting[job.accepted.conversation_id]:
                    del self._waiting[job.accepted.conversation_id]
                self._busy.add(job.accepted.conversation_id)
        for job in jobs:
            name = f"turn-{job.accepted.turn_id}"
            threading.Thread(target=job.context.run, args=(self._work_off, job), name=name, daemon=True).start()

    def _work_off(self, job: Job) -> None:
        """Run the job to its end, or put it back where that must wait."""
        accepted, end = job.accepted, None
        try:
            end = self._run(job)
        except DatabaseUnavailable as error:
            # The watch tries again when the database is back. Whoever waits is told once it has taken too long.
            if time.monotonic() - job.began > self._time_limit:
                job.tell(Failed(_with_ids(error, accepted)))
        except Exception:
            # A thread that died in silence would leave its client waiting for ever.
            logger.exception("turn failed", extra=ids_of(accepted))
            end = Failed(ServerError("The turn could not be processed.", ids=accepted.ids))
        with self._changed:
            self._busy.discard(accepted.conversation_id)
            if end is None:
                insort(self._waiting.setdefault(accepted.conversation_id, []), job, key=lambda each: each.accepted.seq)
            else:
                self._jobs.pop(accepted.turn_id, None)
                job.tell(end)
            self._changed.notify_all()
        if end is not None:
            self._wake(accepted.conversation_id)
        if isinstance(end, Answered):
            self._renew_summary(job)

    def _run(self, job: Job) -> Answered | Held | Failed | Elsewhere | None:
        """The turn's end; None where a predecessor is not done yet."""
        accepted = job.accepted
        try:
            with self._database.statement() as conn:
                claim = turns.claim_turn(conn, accepted.business_id, accepted.turn_id, self.owner)
        except Conflict:  # another process's turn of this conversation began at the same moment
            return None
        if claim is None:
            return None if self._is_ours(accepted) else Elsewhere()
        try:
            with self._database.statement() as conn:
                turn, done = begin_turn(conn, self._releases, claim, self._time_limit)
            with job.shown_in_vain():
                return self._drive(job, turn, claim["lease_epoch"], done)
        except LeaseLost:
            logger.warning("lease lost", extra=ids_of(accepted))
            return Elsewhere()
        except StepFailed as failure:
            kind = LLMTimeout if failure.timed_out else LLMUnavailable
            return self._fail(job, claim, kind("The language model did not respond."))
        except DatabaseUnavailable:
            raise
        except Exception:
            logger.exception("turn failed", extra=ids_of(accepted))
            return self._fail(job, claim, ServerError("The turn could not be processed."))

    def _is_ours(self, accepted: Accepted) -> bool:
        """Whether a turn that could not be claimed is still this process's to run."""
        try:
            with self._database.statement() as conn:
                progress = turns.get_progress(conn, accepted.business_id, accepted.turn_id)
        except NotFound:  # it was deleted
            return False
        return progress["status"] in ("accepted", "running") and progress["lease_owner"] == self.owner

    def _drive(self, job: Job, turn: Turn, epoch: int, done: dict[str, Any]) -> Answered | Held:
        """Commit each step as the pipeline finishes it and tell whoever follows."""
        business_data = BusinessData(self._database)
        step, finished = StepStarted("", turn.conversation["start_time"]), list[Finished]()
        for event in run_turn(turn, self._engines.for_turn(business_data, job), business_data, done):
            match event:
                case StepStarted():
                    step = event
                    job.tell(event)
                case StepFinished():
                    finished.append((event, step.at))
                    # Committed with what comes next: what asked nobody, since it costs nothing to find out again, and
                    # what is followed at once.
                    if event.outcome.engine is not None and not event.is_followed:
                        commit_steps(self._database, finished, epoch)
                        finished.clear()
                    job.tell(event)
                case StepDropped():
                    # It may still be asking: whatever comes is recorded, and nobody waits for it.
                    threading.Thread(target=self._record_dropped, args=(event,), daemon=True).start()
                case StepGivenUp():
                    commit_steps(self._database, finished, epoch)
                    finished.clear()
                    commit_failed_step(self._database, event, step.step, epoch, step.at)
                    job.reset()
                case TurnFinished():
                    body = commit_turn(self._database, event, finished, epoch, step.at)
                    if body["response"] is None:
                        job.reset()
                        return Held(body)
                    job.settle(event.reply)
                    job.turn = event.turn
                    return Answered(body)
        raise AssertionError("a pipeline ends in TurnFinished")

    def _record_dropped(self, event: StepDropped) -> None:
        try:
            commit_dropped_step(self._database, event)
        except Exception:
            logger.exception("dropped step not recorded", extra={"turn_id": str(event.turn.turn_id)})

    def _renew_summary(self, job: Job) -> None:
        """When the customer has the reply and the next turn may run. A process that dies first leaves it to that."""
        turn = job.turn
        if turn is None or not is_due(turn, self._summarised.get(turn.conversation_id)):
            return
        self._summarised[turn.conversation_id] = turn.seq
        try:
            rows = read_unsummarised(self._database, turn)
            turn = replace(turn, deadline=time.monotonic() + self._time_limit)
            renewal = self._engines.summarise(BusinessData(self._database), turn, rows)
            if renewal is not None:
                commit_summary(self._database, turn, renewal)
            if renewal is None or renewal.summary is not None:
                del self._summarised[turn.conversation_id]
        except Exception:  # a later turn tries again
            logger.exception("summary failed", extra=ids_of(job.accepted))

    def _fail(self, job: Job, claim: Row, error: IcmpError) -> Failed | Elsewhere:
        reason = {"error_code": error.code, "message": error.message}
        try:
            commit_failure(
                self._database,
                claim["business_id"],
                claim["conversation_id"],
                claim["turn_id"],
                claim["lease_epoch"],
                reason,
            )
        except LeaseLost:
            return Elsewhere()
        return Failed(_with_ids(error, job.accepted))


def _with_ids(error: IcmpError, accepted: Accepted) -> IcmpError:
    error.ids = accepted.ids
    return error
