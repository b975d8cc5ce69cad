"""Who runs a turn.

1. The process that accepted a turn runs it in a thread of its own, which lives on when the client leaves; the HTTP
   answer merely follows it.
2. Turns of one conversation run one after the other: a turn is claimed only when its predecessors are done, and one
   that must wait holds neither a thread nor a connection.
3. A turn that ends wakes the next one here, and by NOTIFY in every other process; a look once a second makes good
   whatever notice was lost.
4. Every finished step is committed as a checkpoint before the pipeline goes on, and every write checks the lease, so
   a process that was thought dead cannot write over another one's work.
5. What could not be answered is failed with its reason; the customer's message stays.
"""

import logging
import threading
import time
from collections import defaultdict, deque
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import Any
from uuid import UUID, uuid4

from db import Database, Row
from errors import DatabaseUnavailable, IcmpError, LLMTimeout, LLMUnavailable, ServerError
from message_processing.accept import Accepted
from message_processing.checkpoints import LeaseLost, commit_failed_step, commit_failure, commit_step, commit_turn
from message_processing.engines import Engines
from message_processing.own_data import BusinessData
from message_processing.pipeline import run_turn
from message_processing.release import ReleaseCache
from message_processing.turn import Event, StepFailed, StepFinished, StepGivenUp, StepStarted, Turn, TurnFinished
from repositories import conversations, releases, turns

logger = logging.getLogger(__name__)

LOOK_AGAIN = 1.0  # seconds


@dataclass
class Job:
    """A turn of this process that is not yet answered, and whoever follows it."""

    accepted: Accepted
    context: Context = field(default_factory=copy_context)  # so that its log lines carry the request's id
    events: SimpleQueue[Event | dict[str, Any] | IcmpError] = field(default_factory=SimpleQueue)

    def answer(self) -> dict[str, Any]:
        """Wait for the turn's end and return its body; raises the error it ended in."""
        while True:
            event = self.events.get()
            if isinstance(event, IcmpError):
                raise event
            if isinstance(event, dict):
                return event


class Runner:
    """The turns of one process. Made after the fork; its threads start with the first turn."""

    def __init__(self, database: Database, releases: ReleaseCache, engines: Engines, time_limit: int) -> None:
        self.owner = uuid4()  # unique to each start of a process: the owner of its leases
        self._releases = releases
        self._database = database
        self._engines = engines
        self._time_limit = time_limit
        self._waiting: dict[UUID, deque[Job]] = defaultdict(deque)
        self._busy: set[UUID] = set()  # conversations of which a turn runs here
        self._lock = threading.Lock()
        self._watch: threading.Thread | None = None
        self._closed = threading.Event()

    def run(self, accepted: Accepted) -> Job:
        """Run the turn as soon as its predecessors are done; returns at once."""
        job = Job(accepted)
        with self._lock:
            self._waiting[accepted.conversation_id].append(job)
            if self._watch is None:
                self._watch = threading.Thread(target=self._watch_for_free, name="turns-watch", daemon=True)
                self._watch.start()
        self._wake(accepted.conversation_id)
        return job

    def close(self) -> None:
        """End the watch and what the engines hold; turns in flight are left to themselves."""
        self._closed.set()
        self._engines.close()

    def _wake(self, conversation_id: UUID) -> None:
        """Give the conversation's first waiting turn a thread, unless one of its turns runs here already."""
        with self._lock:
            queue = self._waiting.get(conversation_id)
            if not queue or conversation_id in self._busy:
                return
            job = queue.popleft()
            if not queue:
                del self._waiting[conversation_id]
            self._busy.add(conversation_id)
        name = f"turn-{job.accepted.turn_id}"
        threading.Thread(target=job.context.run, args=(self._work_off, job), name=name, daemon=True).start()

    def _work_off(self, job: Job) -> None:
        conversation_id = job.accepted.conversation_id
        is_done = False
        try:
            is_done = self._run(job)
        except Exception as error:
            # A thread that died in silence would leave its client waiting for ever.
            logger.exception("turn failed", extra=_log_fields(job))
            job.events.put(
                ServerError("The turn could not be run.", ids=job.accepted.ids)
                if not isinstance(error, IcmpError)
                else _with_ids(error, job)
            )
            is_done = True
        finally:
            with self._lock:
                self._busy.discard(conversation_id)
                if not is_done:
                    self._waiting[conversation_id].appendleft(job)
            if is_done:
                self._wake(conversation_id)

    def _run(self, job: Job) -> bool:
        """Run the turn to its end; False where a predecessor elsewhere is not done yet."""
        accepted = job.accepted
        with self._database.transaction() as conn:
            claim = turns.claim_turn(conn, accepted.business_id, accepted.turn_id, self.owner)
        if claim is None:
            return False
        try:
            turn, done = self._begin(claim)
            answer = self._drive(job, turn, claim["lease_epoch"], done)
            job.events.put(answer)
        except LeaseLost:
            logger.warning("lease lost", extra=_log_fields(job))
            job.events.put(ServerError("Another process answers this message.", ids=accepted.ids))
        except StepFailed as failure:
            kind = LLMTimeout if failure.timed_out else LLMUnavailable
            self._fail(job, claim, kind("The language model gave no answer."))
        except DatabaseUnavailable as error:
            job.events.put(_with_ids(error, job))
        except Exception:
            logger.exception("turn failed", extra=_log_fields(job))
            self._fail(job, claim, ServerError("The turn could not be run."))
        return True

    def _begin(self, claim: Row) -> tuple[Turn, dict[str, Any]]:
        """The claimed turn with its release and what is known so far, and the checkpoints of earlier attempts."""
        business_id, release_id = claim["business_id"], claim["release_id"]
        with self._database.transaction() as conn:
            release = self._releases.get(release_id, lambda: releases.get_snapshot(conn, business_id, release_id))
            collected = conversations.collected_fields(
                conn, business_id, claim["conversation_id"], before_seq=claim["seq"]
            )
            done = turns.completed_steps(conn, claim["turn_id"])
        standing = release.active_stage(claim["stage_before"]) or release.default_stage
        if standing is None:
            raise ServerError("The business has no active stage any more.")
        return Turn(
            turn_id=claim["turn_id"],
            business_id=business_id,
            conversation_id=claim["conversation_id"],
            user_id=claim["user_id"],
            message_id=claim["message_id"],
            seq=claim["seq"],
            message=claim["message_content"],
            session_id=claim["session_id"],
            release=release,
            deadline=time.monotonic() + self._time_limit,
            conversation={
                name: claim[name]
                for name in ("conversation_summary", "start_time", "last_updated", "session_id", "stage_id")
            },
            standing_stage=standing,
            stage_before=claim["stage_before"],
            collected_before=collected,
        ), done

    def _drive(self, job: Job, turn: Turn, epoch: int, done: dict[str, Any]) -> dict[str, Any]:
        """Commit each step as the pipeline finishes it and tell whoever follows; returns the answer's body."""
        own_data = BusinessData(self._database.read_only)
        step, started_at = "", datetime.now(UTC)
        for event in run_turn(turn, self._engines.for_turn(own_data), own_data, done):
            if isinstance(event, StepStarted):
                step, started_at = event.step, event.at
            elif isinstance(event, StepFinished):
                commit_step(self._database, event, epoch, started_at)
            elif isinstance(event, StepGivenUp):
                commit_failed_step(self._database, event, step, epoch, started_at)
            elif isinstance(event, TurnFinished):
                return commit_turn(self._database, event, epoch, started_at)
            job.events.put(event)
        raise AssertionError("a pipeline ends in TurnFinished")

    def _fail(self, job: Job, claim: Row, error: IcmpError) -> None:
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
        except (LeaseLost, DatabaseUnavailable):
            logger.warning("turn's failure could not be written", extra=_log_fields(job))
        job.events.put(_with_ids(error, job))

    def _watch_for_free(self) -> None:
        """Wake waiting turns when their conversation is free, on a connection of its own, for as long as the process
        lives. Without one (the database restarts) the look once a second is all there is."""
        while not self._closed.is_set():
            try:
                with self._database.own_connection() as conn:
                    turns.listen_for_free(conn)
                    while not self._closed.is_set():
                        self._wake_all()
                        for notice in conn.notifies(timeout=LOOK_AGAIN):
                            self._wake(UUID(notice.payload))
            except DatabaseUnavailable:
                self._closed.wait(LOOK_AGAIN)
                self._wake_all()

    def _wake_all(self) -> None:
        for conversation_id in list(self._waiting):
            self._wake(conversation_id)


def _log_fields(job: Job) -> dict[str, str]:
    return {"turn_id": str(job.accepted.turn_id), "business_id": str(job.accepted.business_id)}


def _with_ids(error: IcmpError, job: Job) -> IcmpError:
    error.ids = job.accepted.ids
    return error
