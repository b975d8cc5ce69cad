"""The jobs of a process that wait for an earlier turn of their conversation."""

from bisect import insort
from collections.abc import Iterator
from uuid import UUID

from message_processing.worker.job import Job


class WaitingJobs:
    """Jobs without a thread, by conversation and ordered by seq. Not thread-safe."""

    def __init__(self) -> None:
        self._by_conversation: dict[UUID, list[Job]] = {}

    def __iter__(self) -> Iterator[Job]:
        for jobs in self._by_conversation.values():
            yield from jobs

    def __contains__(self, job: Job) -> bool:
        return job in self._by_conversation.get(job.accepted.conversation_id, ())

    def add(self, job: Job) -> None:
        insort(
            self._by_conversation.setdefault(job.accepted.conversation_id, []), job, key=lambda each: each.accepted.seq
        )

    def remove(self, job: Job) -> None:
        jobs = self._by_conversation[job.accepted.conversation_id]
        jobs.remove(job)
        if not jobs:
            del self._by_conversation[job.accepted.conversation_id]

    def first(self, conversation_id: UUID | None) -> list[Job]:
        """The first job of the conversation, if it has one. None: that of each conversation."""
        if conversation_id is None:
            return [jobs[0] for jobs in self._by_conversation.values()]
        return self._by_conversation.get(conversation_id, [])[:1]
