"""One customer message through the three prompts: the whole turn on one screen.

The pipeline knows neither Flask, nor the model's client, nor SQL. It is given a turn, an engine that judges (a model's
or the rules'), the business's own data, and what earlier attempts committed. It yields events while it works; whoever
drives it commits what a `yield` of a StepFinished found before anybody is asked again: a checkpoint. (SPEC 7)
"""

from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from message_processing.business_data import BusinessData
from message_processing.engines.model import Engine
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.steps.retrieval import retrieve_data
from message_processing.steps.speculative import SpeculativeExtraction
from message_processing.turn import (
    Event,
    Outcome,
    StepDropped,
    StepFailed,
    StepFinished,
    StepGivenUp,
    StepStarted,
    Turn,
    TurnFinished,
)

Checkpoints = dict[str, dict[str, Any]]  # step → the output that an earlier attempt committed


def run_turn(turn: Turn, engine: Engine, business_data: BusinessData, done: Checkpoints) -> Iterator[Event]:
    """Yields StepStarted and StepFinished for each step and TurnFinished at the end. A model that failed for good
    yields StepGivenUp; then the stage's fixed reply answers, and where it has none StepFailed is raised."""
    done = dict(done)
    try:
        yield from _answer(turn, engine, business_data, done)
    except StepFailed as failure:
        turn = turn.with_checkpoints(done)
        yield StepGivenUp(failure, turn)
        if not turn.chosen_stage.fixed_reply:
            raise
        yield from _answer(turn, FixedReplies(business_data), business_data, done)


def _answer(turn: Turn, engine: Engine, business_data: BusinessData, done: Checkpoints) -> Iterator[Event]:
    # 1. Which stage does this message belong to, and how sure are we? Meanwhile the facts are asked for, as if the
    # stage stayed: then the customer waits for two answers of the model, and not for three.
    ahead = _work_ahead(turn, engine, done)
    turn = yield from _select_beside(ahead, engine, turn, done)

    # 2. Which facts does the message contain?
    if ahead is not None and ahead.applies_to(turn):
        turn = yield from _step("extraction", lambda _turn: ahead.outcome(), turn, done, ahead.started_at)
    else:
        turn = yield from _step("extraction", engine.extract_data, turn, done)

    # What do the business's own rows say about it?
    turn = yield from _step("retrieval", partial(retrieve_data, business_data=business_data), turn, done)

    # 3. The reply, written from the stage, the facts and the business's own data.
    yield StepStarted("response", datetime.now(UTC))
    response = engine.generate_response(turn)
    yield TurnFinished(response, turn, response.output["reply"])


def _work_ahead(turn: Turn, engine: Engine, done: Checkpoints) -> SpeculativeExtraction | None:
    """The extraction, begun before its time where that may save a wait."""
    has_choice = len(turn.release.active_stages) > 1
    if engine.calls_model and has_choice and turn.release.speculates and not done.keys() & {"selection", "extraction"}:
        return SpeculativeExtraction(engine.extract_data, turn)
    return None


def _select_beside(
    ahead: SpeculativeExtraction | None, engine: Engine, turn: Turn, done: Checkpoints
) -> Generator[Event, None, Turn]:
    """The selection; what was worked out ahead is dropped where that fails, or moves to another stage."""
    try:
        selected = yield from _step("selection", engine.select_stage, turn, done, next_one=ahead)
    except StepFailed:
        if ahead is not None:
            yield StepDropped("extraction", ahead, turn)
        raise
    if ahead is not None and not ahead.applies_to(selected):
        yield StepDropped("extraction", ahead, turn)
    return selected


def _step(
    name: str,
    work: Callable[[Turn], Outcome],
    turn: Turn,
    done: Checkpoints,
    began: datetime | None = None,
    next_one: SpeculativeExtraction | None = None,
) -> Generator[Event, None, Turn]:
    """The turn after a step: out of the committed output where there is one, else worked out now."""
    if name not in done:
        yield StepStarted(name, began or datetime.now(UTC))
        outcome = work(turn)
        known = turn.with_checkpoints({name: outcome.output})
        yield StepFinished(name, outcome, turn, is_followed=next_one is not None and next_one.is_ready_for(known))
        done[name] = outcome.output
    return turn.with_checkpoints({name: done[name]})
