"""Follows a turn to its end, in whichever process it runs."""

import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from threading import Condition

from core.errors import IcmpError
from message_processing.accept import Accepted
from message_processing.events import Answered, Failed, Held, TakenOver, TurnEvent
from message_processing.worker.followers import Followers
from message_processing.worker.job import Job
from message_processing.worker.turn_store import TurnStore

PING_INTERVAL = 10.0  # seconds without an event after which None is yielded
POLL_INTERVAL = 0.25  # seconds between checks of a turn that another process runs


def follow_turn(
    accepted: Accepted,
    store: TurnStore,
    changed: Condition,
    followers: Followers,
    job: Job | None,
    queue: SimpleQueue[TurnEvent] | None,
) -> Iterator[TurnEvent | None]:
    """Yield the events of a turn, then its TurnResult; None when nothing has happened for PING_INTERVAL seconds.

    While the turn runs in this process, the events come from the queue. Otherwise the database is polled for the
    result, at the latest when `changed` is notified.
    """
    with followers.following(accepted.conversation_id):
        if job is not None and queue is not None:
            try:
                for event in _from_queue(queue):
                    if isinstance(event, TakenOver):
                        break
                    yield event
                    if isinstance(event, Answered | Held | Failed):
                        return
            finally:
                job.broadcast.unsubscribe(queue)
        yield from _from_database(accepted, store, changed)


def _from_queue(queue: SimpleQueue[TurnEvent]) -> Iterator[TurnEvent | None]:
    while True:
        try:
            yield queue.get(timeout=PING_INTERVAL)
        except Empty:
            yield None


def _from_database(accepted: Accepted, store: TurnStore, changed: Condition) -> Iterator[TurnEvent | None]:
    pinged_at = time.monotonic()
    while True:
        try:
            result = store.result(accepted)
        except IcmpError as error:
            result = Failed(error.with_ids(accepted.ids))
        if result is not None:
            yield result
            return
        if time.monotonic() - pinged_at > PING_INTERVAL:
            pinged_at = time.monotonic()
            yield None
        with changed:
            changed.wait(POLL_INTERVAL)
