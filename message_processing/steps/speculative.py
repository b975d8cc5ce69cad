"""A step worked out ahead: extraction as if the stage stayed, while the selection is still asking. A turn whose stage
stays then waits for two answers of the model and not for three; one whose stage moves drops it. (SPEC 7)"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, datetime

from message_processing.turn import Outcome, Turn


class Ahead:
    """Begins at once, in a thread of its own."""

    def __init__(self, work: Callable[[Turn], Outcome], turn: Turn) -> None:
        self.began = datetime.now(UTC)
        self._stage_id = turn.standing_stage.stage_id
        self._future: Future[Outcome] = Future()
        guess = replace(turn, stage=turn.standing_stage)
        name = f"ahead-{turn.turn_id}"
        threading.Thread(target=copy_context().run, args=(self._work, work, guess), name=name, daemon=True).start()

    def holds_for(self, turn: Turn) -> bool:
        """Whether the turn stays where this supposed it to stay."""
        return turn.chosen_stage.stage_id == self._stage_id

    def is_there_for(self, turn: Turn) -> bool:
        """Whether it holds, and its outcome need not be waited for."""
        return self.holds_for(turn) and self._future.done()

    def outcome(self) -> Outcome:
        """Wait for it; raises what the work raised."""
        return self._future.result()

    def _work(self, work: Callable[[Turn], Outcome], guess: Turn) -> None:
        try:
            self._future.set_result(work(guess))
        except BaseException as error:
            self._future.set_exception(error)
