"""A turn that this process is to answer, and whoever follows it: a request that waits for the answer, or a stream."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Lock
from typing import Any

from core import metrics
from core.errors import BY_CODE, DatabaseUnavailable, IcmpError, ServerError
from message_processing.accept import Accepted
from message_processing.turn import MessageDelta, MessageReset, StepFinished, StepStarted, Turn


@dataclass(frozen=True)
class Answered:
    """The turn is completed; `body` is the answer as stored."""

    body: dict[str, Any]


@dataclass(frozen=True)
class Held:
    """A person has the conversation; `body` has no response."""

    body: dict[str, Any]


@dataclass(frozen=True)
class Failed:
    """The turn could not be answered; the message is kept, and its ids stand in the error."""

    error: IcmpError


@dataclass(frozen=True)
class Elsewhere:
    """This process no longer runs the turn: what became of it is in the database."""


End = Answered | Held | Failed
Told = StepStarted | StepFinished | MessageDelta | MessageReset | End | Elsewhere


@dataclass(eq=False)
class Job:
    """Tells every follower the same events in the same order; one that joins late is first told the reply so far.
    It is the `Shown` of `prompting`: where a streamed reply goes while the model writes it."""

    accepted: Accepted
    context: Context = field(default_factory=copy_context)  # so that its log lines carry the request's id
    turn: Turn | None = None  # as it stood when it was answered
    began: float = field(default_factory=time.monotonic)
    _followers: dict[SimpleQueue[Told], bool] = field(default_factory=dict)  # whether each wants the words at once
    _reply: str = ""  # as shown so far
    _is_over: bool = False
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        metrics.turn_started()

    def join(self, wants_words: bool) -> SimpleQueue[Told]:
        queue: SimpleQueue[Told] = SimpleQueue()
        with self._lock:
            if self._reply:
                queue.put(MessageDelta(self._reply))
            self._followers[queue] = wants_words
        return queue

    def leave(self, queue: SimpleQueue[Told]) -> None:
        with self._lock:
            self._followers.pop(queue, None)

    def tell(self, event: Told) -> None:
        with self._lock:
            for queue in self._followers:
                queue.put(event)
        if isinstance(event, Answered | Held | Failed | Elsewhere):
            self._count_end(event)

    @property
    def is_watched(self) -> bool:
        """Whether somebody wants the reply's words as they come."""
        with self._lock:
            return any(self._followers.values())

    def add(self, text: str) -> None:
        self._show(self._reply + text, MessageDelta(text))

    def reset(self) -> None:
        if self._reply:
            self._show("", MessageReset())

    def settle(self, reply: str) -> None:
        """Show the reply as it was stored: where it was streamed it is shown already, all else is made good."""
        if self.is_watched and self._reply.strip() != reply:
            self.reset()
            self.add(reply)

    @contextmanager
    def shown_in_vain(self) -> Iterator[None]:
        """What was shown is void where an attempt fails: the next one, perhaps of another process, begins anew."""
        try:
            yield
        except BaseException:
            self.reset()
            raise

    def _count_end(self, end: End | Elsewhere) -> None:
        if self._is_over or (isinstance(end, Failed) and isinstance(end.error, DatabaseUnavailable)):
            return  # of a database that is away its followers are told; the turn goes on when it is back
        self._is_over = True
        metrics.turn_left()
        seconds = time.monotonic() - self.began
        match end:
            case Answered():
                metrics.count_turn("completed", end.body["engine"], seconds)
            case Held():
                metrics.count_turn("held", None, seconds)
            case Failed():
                metrics.count_turn("failed", None, seconds)

    def _show(self, reply: str, event: Told) -> None:
        with self._lock:
            self._reply = reply
            for queue in self._followers:
                queue.put(event)


def ids_of(accepted: Accepted) -> dict[str, str]:
    return {"turn_id": str(accepted.turn_id), "business_id": str(accepted.business_id)}


def held_body(accepted: Accepted) -> dict[str, Any]:
    """The answer while a person has the conversation, or the business has stopped the AI in it."""
    return {
        "response": None,
        **accepted.ids,
        "response_message_id": None,
        "stage": None,
        "extracted_data": {},
        "collected_data": {},
        "handled_by": accepted.handled_by,
        "engine": None,
    }


def end_of(accepted: Accepted, progress: dict[str, Any]) -> End | None:
    """How the turn ended, by its row; None while it goes on."""
    match progress["status"]:
        case "completed":
            return Answered(progress["answer"])
        case "held":
            return Held(held_body(accepted))
        case "failed":
            error = progress["error"] or {}
            kind = BY_CODE.get(error.get("error_code", ""), ServerError)
            return Failed(kind(error.get("message", "The turn failed."), ids=accepted.ids))
    return None
