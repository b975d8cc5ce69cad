"""A turn that this process runs."""

import time
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace

from core import metrics
from message_processing.accept import Accepted
from message_processing.answer import held_body
from message_processing.broadcast import Broadcast
from message_processing.events import Answered, Failed, Held, TakenOver, TurnResult
from message_processing.turn import Turn
from repositories.turns import ClaimedTurn


@dataclass(eq=False)
class Job:
    accepted: Accepted
    broadcast: Broadcast = field(default_factory=Broadcast)
    context: Context = field(default_factory=copy_context)  # so that log lines carry the request's ID
    turn: Turn | None = None  # as it was when it was answered
    result_lost: bool = False  # the database did not accept a result, so the turn will fail
    claimed: ClaimedTurn | None = None  # until the first run
    failures: int = 0  # attempts to run that the database ended
    retry_at: float = 0.0  # time.monotonic() before which it does not run again
    started_at: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.claimed = self.accepted.claimed
        metrics.turn_started()

    @property
    def age(self) -> float:
        """Seconds since this process took the turn."""
        return time.monotonic() - self.started_at

    @property
    def may_run(self) -> bool:
        """Whether the pause after its last attempt is over."""
        return time.monotonic() >= self.retry_at

    def hold(self, handled_by: str) -> None:
        """End what the clients receive, because a takeover has held the turn."""
        self.broadcast.hold(Held(held_body(replace(self.accepted, handled_by=handled_by))))

    def count(self, result: TurnResult | TakenOver) -> None:
        """Add the result to the metrics."""
        metrics.turn_ended()
        match result:
            case Answered(body):
                metrics.count_turn("completed", body["engine"], self.age)
            case Held():
                metrics.count_turn("held", None, self.age)
            case Failed():
                metrics.count_turn("failed", None, self.age)
