"""The unfinished turns of a process."""

from collections import Counter, deque
from collections.abc import Iterator
from uuid import UUID

from message_processing.worker.job import Job


class Jobs:
    """Jobs by turn, and how many each business has. The scheduler's lock protects it."""

    def __init__(self) -> None:
        self._by_turn: dict[UUID, Job] = {}
        self._in_flight: Counter[UUID] = Counter()
        # Turns (with their handler) that a takeover held between their acceptance and `add`. Only the latest matter.
        self._held_early: deque[tuple[UUID, str]] = deque(maxlen=1000)

    def __len__(self) -> int:
        return len(self._by_turn)

    def __iter__(self) -> Iterator[Job]:
        return iter(self._by_turn.values())

    def get(self, turn_id: UUID) -> Job | None:
        return self._by_turn.get(turn_id)

    def turn_ids(self) -> set[UUID]:
        return set(self._by_turn)

    def add(self, job: Job) -> None:
        self._by_turn[job.accepted.turn_id] = job
        self._in_flight[job.accepted.business_id] += 1
        for turn_id, handled_by in self._held_early:
            if job.claimed and turn_id == job.accepted.turn_id:
                job.hold(handled_by)

    def hold(self, turn_id: UUID, handled_by: str) -> None:
        """End what is streamed of a turn that a takeover has held."""
        job = self._by_turn.get(turn_id)
        if job:
            job.hold(handled_by)
        else:
            self._held_early.append((turn_id, handled_by))

    def remove(self, job: Job) -> None:
        """The job still counts as in flight until `count_down`. A newer job of the same turn stays."""
        if self._by_turn.get(job.accepted.turn_id) is job:
            del self._by_turn[job.accepted.turn_id]

    def count_down(self, job: Job) -> None:
        """The job, and the summary that is updated after it, are done."""
        self._in_flight -= Counter([job.accepted.business_id])  # removes zeros

    def in_flight(self, business_id: UUID) -> int:
        """The number of the business's unfinished turns, and of its summaries that are being updated."""
        return self._in_flight[business_id]
