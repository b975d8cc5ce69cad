"""One customer message through the three prompts: the whole turn on one screen.

The pipeline knows neither Flask, nor the model client, nor SQL. It receives a turn, an engine (model, rules or fixed
replies), the business's own data and the checkpoints of earlier attempts. It yields events while it works; the worker
saves the finished steps as checkpoints before the pipeline waits for a model or another system.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from message_processing.business_data import BusinessData
from message_processing.engines.model import Engine
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.engines.rules.person_requested import PersonRequested
from message_processing.events import PipelineEvent, StepFinished, StepGivenUp, StepStarted, TurnFinished, now
from message_processing.handover import keyword_in
from message_processing.steps.agent import select_stage_and_agent
from message_processing.steps.retrieval import calls_other_system, retrieve_data
from message_processing.steps.speculative import Speculation, SpeculativeStep
from message_processing.turn import Checkpoints, Outcome, StepFailed, Turn

Step = Callable[[Turn], Outcome]


def run_turn(
    turn: Turn, engine: Engine, business_data: BusinessData, checkpoints: Checkpoints, speculation: Speculation
) -> Iterator[PipelineEvent]:
    """Yield StepStarted and StepFinished for each step, and TurnFinished at the end.

    If the model gives no answer, yields StepGivenUp. Then the stage's fixed reply answers; a stage without one raises
    StepFailed.
    """
    saved = dict(checkpoints)
    keyword = keyword_in(turn)
    if keyword is not None:  # a customer who asks for a person gets no answer of the AI first
        engine = PersonRequested(business_data, keyword)
    try:
        yield from _answer(turn, engine, business_data, saved, speculation)
    except StepFailed as failure:
        speculation.discard("The model did not answer another step.")
        turn = turn.with_checkpoints(saved)
        if not turn.chosen_stage.fixed_reply:
            raise
        for event in _answer(turn, FixedReplies(business_data), business_data, saved, speculation):
            yield replace(event, failure=failure) if isinstance(event, TurnFinished) else event


def _answer(
    turn: Turn, engine: Engine, business_data: BusinessData, saved: Checkpoints, speculation: Speculation
) -> Generator[PipelineEvent, None, None]:
    # 1. Which stage does this message belong to? At the same time, extraction starts for the current stage, and perhaps
    # the response: a turn that stays in its stage waits for two sequential model calls, or one, instead of three.
    speculation.start(turn, engine, business_data, saved)
    select = partial(select_stage_and_agent, select_stage=engine.select_stage, business_data=business_data)
    turn = yield from _step("selection", select, turn, saved, engine.calls_model)

    # 2. Which facts does the message contain?
    extract_data = speculation.extraction_for(turn) or engine.extract_data
    turn = yield from _step("extraction", extract_data, turn, saved, engine.calls_model)

    # What does the business's own data say about it?
    retrieve = partial(retrieve_data, business_data=business_data)
    turn = yield from _step("retrieval", retrieve, turn, saved, waits=calls_other_system(turn.chosen_stage))

    # 3. Write the reply from the stage, the facts and the business's own data.
    response = speculation.response_for(turn)
    if response:
        with suppress(StepFailed):  # then the model is asked again
            yield from _reply(response, turn)
            return
    yield from _reply(engine.generate_response, turn, engine.calls_model)


def _reply(step: Step, turn: Turn, waits: bool = True) -> Generator[PipelineEvent, None, None]:
    outcome, started_at = yield from _run("response", step, turn, waits)
    yield TurnFinished(outcome, turn, outcome.output["reply"], started_at)


def _step(
    name: str, step: Step, turn: Turn, saved: Checkpoints, waits: bool = False
) -> Generator[PipelineEvent, None, Turn]:
    """The turn after this step: from its checkpoint if there is one, otherwise by running it."""
    if name not in saved:
        outcome, started_at = yield from _run(name, step, turn, waits)
        yield StepFinished(name, outcome, turn, started_at)
        saved[name] = outcome.output
    return turn.with_checkpoints({name: saved[name]})


def _run(name: str, step: Step, turn: Turn, waits: bool) -> Generator[PipelineEvent, None, tuple[Outcome, datetime]]:
    """The outcome of the step and when it started."""
    started_at = now()
    if isinstance(step, SpeculativeStep):
        started_at, waits = step.started_at, not step.is_ready_soon
    yield StepStarted(name, started_at, waits)
    try:
        return step(turn), started_at
    except StepFailed as failure:
        failure.step = name
        yield StepGivenUp(name, failure, turn, started_at)
        raise
