"""One customer message through the three prompts: the whole turn on one screen.

The pipeline knows neither Flask, nor the model client, nor SQL. It receives a turn, an engine (model, rules or fixed
replies), the business's own data and the checkpoints of earlier attempts. It yields events while it works; the worker
saves each StepFinished as a checkpoint before the pipeline continues.
"""

from collections.abc import Callable, Generator, Iterator
from datetime import datetime
from functools import partial

from message_processing.business_data import BusinessData
from message_processing.engines.model import Engine
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.events import (
    PipelineEvent,
    StepDiscarded,
    StepFinished,
    StepGivenUp,
    StepStarted,
    TurnFinished,
    now,
)
from message_processing.steps.retrieval import retrieve_data
from message_processing.steps.speculative import SpeculativeExtraction
from message_processing.turn import Checkpoints, Outcome, StepFailed, Turn

Step = Callable[[Turn], Outcome]


def run_turn(
    turn: Turn, engine: Engine, business_data: BusinessData, checkpoints: Checkpoints
) -> Iterator[PipelineEvent]:
    """Yield StepStarted and StepFinished for each step, and TurnFinished at the end.

    If the model gives no answer, yields StepGivenUp. Then the stage's fixed reply answers; a stage without one raises
    StepFailed.
    """
    saved = dict(checkpoints)
    try:
        yield from _answer(turn, engine, business_data, saved)
    except StepFailed:
        turn = turn.with_checkpoints(saved)
        if not turn.chosen_stage.fixed_reply:
            raise
        yield from _answer(turn, FixedReplies(business_data), business_data, saved)


def _answer(
    turn: Turn, engine: Engine, business_data: BusinessData, saved: Checkpoints
) -> Generator[PipelineEvent, None, None]:
    # 1. Which stage does this message belong to? At the same time, extraction starts for the current stage: a turn that
    # stays in its stage waits for two sequential model calls instead of three.
    speculative = _start_speculative_extraction(turn, engine, saved)
    turn = yield from _select_stage(turn, engine, speculative, saved)

    # 2. Which facts does the message contain?
    if speculative and speculative.applies_to(turn):
        turn = yield from _step("extraction", lambda _: speculative.outcome(), turn, saved, speculative.started_at)
    else:
        turn = yield from _step("extraction", engine.extract_data, turn, saved)

    # What does the business's own data say about it?
    turn = yield from _step("retrieval", partial(retrieve_data, business_data=business_data), turn, saved)

    # 3. Write the reply from the stage, the facts and the business's own data.
    started_at = now()
    response = yield from _run("response", engine.generate_response, turn, started_at)
    yield TurnFinished(response, turn, response.output["reply"], started_at)


def _start_speculative_extraction(turn: Turn, engine: Engine, saved: Checkpoints) -> SpeculativeExtraction | None:
    has_choice = len(turn.release.active_stages) > 1
    is_new = not saved.keys() & {"selection", "extraction"}
    if engine.calls_model and has_choice and is_new and turn.release.allows_speculation:
        return SpeculativeExtraction(engine.extract_data, turn)
    return None


def _select_stage(
    turn: Turn, engine: Engine, speculative: SpeculativeExtraction | None, saved: Checkpoints
) -> Generator[PipelineEvent, None, Turn]:
    """Select the stage, and discard the speculative extraction if it does not apply to it."""
    try:
        selected = yield from _step("selection", engine.select_stage, turn, saved, speculative=speculative)
    except StepFailed:
        if speculative:
            yield StepDiscarded("extraction", speculative, turn)
        raise
    if speculative and not speculative.applies_to(selected):
        yield StepDiscarded("extraction", speculative, turn)
    return selected


def _step(
    name: str,
    step: Step,
    turn: Turn,
    saved: Checkpoints,
    started_at: datetime | None = None,
    speculative: SpeculativeExtraction | None = None,
) -> Generator[PipelineEvent, None, Turn]:
    """The turn after this step: from its checkpoint if there is one, otherwise by running it."""
    if name not in saved:
        started_at = started_at or now()
        outcome = yield from _run(name, step, turn, started_at)
        after = turn.with_checkpoints({name: outcome.output})
        save_with_next = speculative is not None and speculative.is_ready_for(after)
        yield StepFinished(name, outcome, turn, started_at, save_with_next)
        saved[name] = outcome.output
    return turn.with_checkpoints({name: saved[name]})


def _run(name: str, step: Step, turn: Turn, started_at: datetime) -> Generator[PipelineEvent, None, Outcome]:
    yield StepStarted(name, started_at)
    try:
        return step(turn)
    except StepFailed as failure:
        yield StepGivenUp(name, failure, turn, started_at)
        raise
