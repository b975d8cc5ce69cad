"""Orders the turns of each conversation and starts them."""

import threading
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

from db import Database, Row
from message_processing.accept import Accepted
from message_processing.broadcast import Broadcast
from message_processing.business_data import BusinessData
from message_processing.engines.model import Engines
from message_processing.events import Answered, TakenOver, TurnEvent, TurnResult
from message_processing.live.turn_frames import Publish, TurnFrames
from message_processing.release import ReleaseCache
from message_processing.worker.attempt import run_safely
from message_processing.worker.follow import follow_turn
from message_processing.worker.followers import Followers
from message_processing.worker.holds import Holds
from message_processing.worker.job import Job
from message_processing.worker.jobs import Jobs
from message_processing.worker.lease_monitor import LeaseMonitor
from message_processing.worker.summaries import SummaryUpdater
from message_processing.worker.turn_store import TurnStore
from message_processing.worker.waiting_jobs import WaitingJobs
from message_processing.worker.worker import Worker


class Scheduler:
    """The turns of one process. Those of a conversation run one after the other. A turn that waits has neither a thread
    nor a connection. Create the scheduler after the fork."""

    def __init__(
        self,
        database: Database,
        releases: ReleaseCache,
        engines: Engines,
        new_business_data: Callable[[], BusinessData],
        time_limit: int,
        publish: Publish,
    ) -> None:
        """`time_limit` is the maximum number of seconds per turn. `publish` sends live updates."""
        self.process_id = uuid4()  # new for each start of a process: owns its leases
        self._engines = engines
        self._publish = publish
        self._time_limit = time_limit
        self._store = TurnStore(database, releases, self.process_id)
        self._worker = Worker(self._store, engines, new_business_data, time_limit)
        self._summaries = SummaryUpdater(database, engines, new_business_data, time_limit)
        self._jobs = Jobs()
        self._waiting = WaitingJobs()
        self._running: set[UUID] = set()  # conversations with a turn that runs in this process
        self._changed = threading.Condition()
        self._followers = Followers()
        holds = Holds(database, self.hold, self._followers)
        self._monitor = LeaseMonitor(database, self.process_id, self.start_waiting, self.synchronise, holds.start)

    def submit(self, accepted: Accepted, wants_deltas: bool = False) -> Iterator[TurnEvent | None]:
        """Run the turn as soon as its predecessors are finished, or follow it if it already runs. Returns immediately.

        The iterator yields the turn's events from now on and ends with a TurnResult. It yields None when nothing has
        happened for a while. Closing it does not stop the turn.
        """
        with self._changed:
            job = self._jobs.get(accepted.turn_id) or (self._enqueue(accepted) if accepted.is_new else None)
            queue = job.broadcast.subscribe(wants_deltas) if job else None
        self.start_waiting(accepted.conversation_id)
        return follow_turn(accepted, self._store, self._changed, self._followers, job, queue)

    def start(self, accepted: Accepted) -> None:
        """Run a turn that nobody follows. It may have been held while it ran in this process: then it runs again."""
        with self._changed:
            self._enqueue(accepted)
        self.start_waiting(accepted.conversation_id)

    def turns_in_flight(self, business_id: UUID) -> int:
        """The number of the business's unfinished turns in this process, and of its summaries that are updated."""
        return self._jobs.in_flight(business_id)

    def hold(self, held: list[Row]) -> None:
        """End what is streamed of these turns (turn_id, handled_by), which a takeover has held."""
        with self._changed:
            for row in held:
                self._jobs.hold(row["turn_id"], row["handled_by"])

    def synchronise(self, load_unfinished: Callable[[], list[Accepted]]) -> None:
        """Run turns of this process that it does not know: taken over, or left by a thread that failed. Drop turns that
        wait although they have ended: their conversation was closed, or another process has taken them over."""
        with self._changed:
            known, waiting = self._jobs.turn_ids(), list(self._waiting)  # some of them may end meanwhile
        unfinished = {accepted.turn_id: accepted for accepted in load_unfinished()}
        with self._changed:
            for turn_id in unfinished.keys() - known - self._jobs.turn_ids():
                self._enqueue(unfinished[turn_id])
            for job in waiting:
                if job.accepted.turn_id not in unfinished and job in self._waiting:
                    self._waiting.remove(job)
                    self._end(job, TakenOver())
                    self._jobs.count_down(job)

    def start_waiting(self, conversation_id: UUID | None) -> None:
        """Start the conversation's first waiting turn, unless one of its turns is running. None: all conversations."""
        with self._changed:
            first = self._waiting.first(conversation_id)
            ready = [job for job in first if job.may_run and job.accepted.conversation_id not in self._running]
            for job in ready:
                self._waiting.remove(job)
                self._running.add(job.accepted.conversation_id)
        for job in ready:
            # A copy, because the thread of an earlier attempt may not have left the context yet.
            threading.Thread(target=job.context.copy().run, args=(self._run, job), daemon=True).start()

    def close(self, timeout: float = 0) -> None:
        """Wait up to `timeout` seconds for the turns of this process. Other processes take over the rest."""
        with self._changed:
            self._changed.wait_for(lambda: not self._jobs, timeout)
        self._monitor.close()
        self._engines.close()

    def find_problem(self) -> str | None:
        """A sentence that says why this process cannot answer messages now, or None."""
        return self._monitor.find_problem()

    def _enqueue(self, accepted: Accepted) -> Job:
        job = Job(accepted, Broadcast(TurnFrames(self._publish, accepted)))
        self._jobs.add(job)
        self._waiting.add(job)
        return job

    def _end(self, job: Job, result: TurnResult | TakenOver) -> None:
        self._jobs.remove(job)
        job.count(result)
        job.broadcast.publish(result)

    def _run(self, job: Job) -> None:
        """Run the job to its end, or put it back if it has to wait."""
        result = run_safely(self._worker, job, self._time_limit)
        with self._changed:
            self._running.discard(job.accepted.conversation_id)
            self._changed.notify_all()
            if result is None:
                self._waiting.add(job)
                return
            self._end(job, result)
        try:
            self.start_waiting(job.accepted.conversation_id)
            if isinstance(result, Answered) and job.turn is not None:
                self._summaries.update(job.turn, self._publish)
        finally:
            with self._changed:
                self._jobs.count_down(job)
