"""Speculation: steps that start before the stage is known, each in its own thread.

Extraction starts for the current stage while the stage is being selected, so that a turn that stays in its stage waits
for two sequential model calls instead of three. If the business allows it (`full`) and the stage is likely to stay, so
does the response, and the turn waits for one call.

A result is used only if the step would have asked the model exactly the same without speculation. Otherwise it is
discarded: it is recorded, because its calls cost money, but nothing of it is ever shown. No speculative result is a
checkpoint before it is used, so a turn that is taken over starts without any.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import copy_context
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Literal, Self

from message_processing.business_data import BusinessData
from message_processing.steps.dependence import depends_on_extraction
from message_processing.steps.retrieval import retrieve_data
from message_processing.turn import Checkpoints, Outcome, StepFailed, Turn

if TYPE_CHECKING:
    from message_processing.engines.model import Engine
    from message_processing.steps.response import ResponseDraft

logger = logging.getLogger(__name__)

_TURN_ENDED = "The turn ended without it."
_OTHER_PROMPT = "Extraction or the look-up found something that changes the prompt."
_NOT_ASKED = "The model was not asked."
_NO_ANSWER = "The model is asked again."


class SpeculativeStep:
    """A step that starts immediately and assumes that the turn stays in its current stage."""

    _max_wait = 0.05  # seconds, of `is_ready_soon`

    def __init__(self, name: str, run: Callable[[Turn], Outcome | None], turn: Turn) -> None:
        """`run` returns None if it decides not to ask the model."""
        self.name = name
        self.started_at = datetime.now(UTC)
        self._finished_at = self.started_at
        self._future: Future[Outcome | None] = Future()
        assumed = replace(turn, stage=turn.current_stage)
        threading.Thread(
            target=copy_context().run,
            args=(self._run, run, assumed),
            name=f"speculative-{name}-{turn.turn_id}",
            daemon=True,
        ).start()

    @property
    def is_ready_soon(self) -> bool:
        """Whether the result is available, after waiting a moment for it. Then one commit saves the step together with
        the one before it."""
        return bool(wait([self._future], self._max_wait).done)

    @property
    def finished_at(self) -> datetime:
        """When the step had its result. Only valid if it is ready."""
        return self._finished_at

    def __call__(self, _turn: Turn) -> Outcome:
        """Waits for the result and returns it, like any other step. Raises what the step raised."""
        outcome = self._future.result()
        assert outcome is not None, "a step that did not ask the model is never used"
        return outcome

    def wait_for_record(self) -> tuple[Outcome, Literal["completed", "failed"]] | None:
        """Waits for the result and returns what the trace shows of it. None if no answer of the model is known: it was
        not asked, or an error that has nothing to do with it ended the step."""
        try:
            outcome = self._future.result()
        except StepFailed as failure:
            return failure.outcome, "failed"
        except Exception as error:
            logger.info("speculative step ended", extra={"step": self.name, "cause": type(error).__name__})
            return None
        return (outcome, "completed") if outcome else None

    def discard(self) -> None:
        """Called when it is certain that the result will not be used."""

    def _run(self, run: Callable[[Turn], Outcome | None], turn: Turn) -> None:
        try:
            outcome = run(turn)
        except BaseException as error:
            self._finished_at = datetime.now(UTC)
            self._future.set_exception(error)
        else:
            self._finished_at = datetime.now(UTC)
            self._future.set_result(outcome)


class SpeculativeResponse(SpeculativeStep):
    """A response from the data collected so far. Nothing of it is shown before `confirm`."""

    _max_wait = 0.0  # it is being shown already, and its StepStarted must not come later

    def __init__(self, turn: Turn, engine: "Engine", business_data: BusinessData) -> None:
        self._engine, self._business_data = engine, business_data
        self._lock = threading.Lock()
        self._draft: ResponseDraft | None = None  # once the model is asked
        self._is_discarded = False
        self._confirmed_at: datetime | None = None
        super().__init__("response", self._generate, turn)

    def confirm(self, turn: Turn) -> str | None:
        """Shows the response if it is the one that `turn` needs, including what the model has yet to write.

        Otherwise returns the reason. Does not wait for the model.
        """
        with self._lock:
            draft = self._draft
            self._is_discarded = draft is None
        if draft is None:
            return _NOT_ASKED
        if self._future.done() and self._future.exception() is not None:
            return _NO_ANSWER
        if not draft.is_for(turn):
            return _OTHER_PROMPT
        self._confirmed_at = datetime.now(UTC)
        draft.show()
        return None

    def __call__(self, turn: Turn) -> Outcome:
        """The outcome of a confirmed response, with the milliseconds that it saved."""
        outcome = super().__call__(turn)
        assert self._confirmed_at is not None
        saved = min(self._finished_at, self._confirmed_at) - self.started_at
        milliseconds = max(0, round(saved.total_seconds() * 1000))
        benefit = f"It was generated while the stage was being selected, which saved {milliseconds} ms."
        output = {**outcome.output, "saved_ms": milliseconds}
        return replace(outcome, output=output, decision=f"{outcome.decision} {benefit}")

    def discard(self) -> None:
        with self._lock:
            self._is_discarded = True
            draft = self._draft
        if draft is not None:
            draft.drop()

    def _generate(self, turn: Turn) -> Outcome | None:
        retrieval = retrieve_data(turn, self._business_data).output
        with self._engine.draft_response(turn.with_checkpoints({"retrieval": retrieval})) as draft:
            with self._lock:
                if draft is None or self._is_discarded:
                    return None
                self._draft = draft
            return draft.generate()


class Speculation:
    """The speculative steps of one turn. Context manager: at its end, those that were not used are discarded.

    `record` is called with each discarded step and the reason, in a thread of its own: its model call may still be
    running, and the turn does not wait for it.
    """

    def __init__(self, record: Callable[[SpeculativeStep, str], None]) -> None:
        self._record = record
        self._extraction: SpeculativeStep | None = None
        self._response: SpeculativeResponse | None = None

    def start(self, turn: Turn, engine: "Engine", business_data: BusinessData, saved: Checkpoints) -> None:
        """Starts the steps that the business allows and that are likely to be used. A resumed turn starts none."""
        mode = turn.release.speculation
        if mode == "off" or not engine.calls_model or saved:
            return
        if len(turn.release.active_stages) > 1:  # otherwise there is nothing to wait for
            self._extraction = SpeculativeStep("extraction", engine.extract_data, turn)
        if mode == "full" and turn.is_in_stable_stage and not depends_on_extraction(turn):
            self._response = SpeculativeResponse(turn, engine, business_data)

    def extraction_for(self, turn: Turn) -> SpeculativeStep | None:
        """The extraction for the selected stage. If the stage has changed, everything is discarded."""
        if turn.chosen_stage.stage_id != turn.current_stage.stage_id:
            self.discard(f'The message belongs to "{turn.chosen_stage.stage_name}".')
        extraction, self._extraction = self._extraction, None
        return extraction

    def response_for(self, turn: Turn) -> SpeculativeResponse | None:
        """The response, if it is what the turn would ask for now. From then on it is shown."""
        response = self._response
        if response is None:
            return None
        reason = response.confirm(turn)  # if this raises, the response is discarded at the end of the turn
        self._response = None
        if reason is None:
            return response
        self._discard(response, reason)
        return None

    def discard(self, reason: str) -> None:
        """Discards what has not been used."""
        steps = [self._extraction, self._response]
        self._extraction = self._response = None
        for step in filter(None, steps):
            self._discard(step, reason)

    def _discard(self, step: SpeculativeStep, reason: str) -> None:
        step.discard()
        arguments = self._record, step, reason
        name = f"record-{step.name}"
        threading.Thread(target=copy_context().run, args=arguments, name=name, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.discard(_TURN_ENDED)
