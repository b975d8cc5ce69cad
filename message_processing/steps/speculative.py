"""Speculative extraction: extracts data for the current stage in a second thread while selection is still running.

If the conversation stays in its stage, the turn waits for two sequential model calls instead of three. If it moves to
another stage, the result is ignored and extraction runs again.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, datetime

from message_processing.turn import Outcome, Turn


class SpeculativeExtraction:
    """An extraction that starts immediately in its own thread and assumes that the turn stays in its current stage."""

    def __init__(self, extract_data: Callable[[Turn], Outcome], turn: Turn) -> None:
        self.started_at = datetime.now(UTC)
        self._stage_id = turn.current_stage.stage_id
        self._future: Future[Outcome] = Future()
        assumed = replace(turn, stage=turn.current_stage)
        threading.Thread(
            target=copy_context().run,
            args=(self._run, extract_data, assumed),
            name=f"speculative-{turn.turn_id}",
            daemon=True,
        ).start()

    def applies_to(self, turn: Turn) -> bool:
        """Returns whether the turn is in the stage that this extraction assumed."""
        return turn.chosen_stage.stage_id == self._stage_id

    def is_ready_for(self, turn: Turn) -> bool:
        """Returns whether the result applies to the turn and is available without waiting."""
        return self.applies_to(turn) and self._future.done()

    def outcome(self) -> Outcome:
        """Waits for the result and returns it. Raises what the extraction raised."""
        return self._future.result()

    def _run(self, extract_data: Callable[[Turn], Outcome], turn: Turn) -> None:
        try:
            self._future.set_result(extract_data(turn))
        except BaseException as error:
            self._future.set_exception(error)
