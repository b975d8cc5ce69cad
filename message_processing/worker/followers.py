"""Counts the responses that follow turns of a conversation."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID


class Followers:
    """The open responses of one process, streamed or not, by conversation."""

    def __init__(self) -> None:
        self._open: Counter[UUID] = Counter()
        self._changed = threading.Condition()

    @contextmanager
    def following(self, conversation_id: UUID) -> Iterator[None]:
        """Counts one response until the block ends."""
        with self._changed:
            self._open[conversation_id] += 1
        try:
            yield
        finally:
            with self._changed:
                self._open -= Counter([conversation_id])  # removes zeros
                self._changed.notify_all()

    def wait_until_none(self, conversation_id: UUID, seconds: float) -> None:
        """Wait until no response follows a turn of the conversation, at most this long."""
        with self._changed:
            self._changed.wait_for(lambda: not self._open[conversation_id], seconds)
