"""One customer message through the three prompts and the stage's actions: the whole turn on one screen.

The pipeline knows neither Flask, nor the model client, nor SQL. It receives a turn, an engine (model, rules or fixed
replies), the business's own data and the checkpoints of earlier attempts. It yields events while it works; the worker
saves the finished steps as checkpoints before the pipeline waits for a model or another system. It makes the changes of
actions together with their checkpoint, and sends what became of them back into the generator.
"""

from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

from message_processing.business_data import BusinessData
from message_processing.engines.model import Engine
from message_processing.engines.rules.action_replies import ask_customer
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.engines.rules.person_requested import PersonRequested
from message_processing.engines.rules.unreadable import Unreadable
from message_processing.events import PipelineEvent, StepFinished, StepGivenUp, StepStarted, TurnFinished, now
from message_processing.handover import keyword_in
from message_processing.steps import confirmation
from message_processing.steps.actions import run_actions
from message_processing.steps.agent import select_stage_and_agent
from message_processing.steps.retrieval import may_wait, retrieve_data
from message_processing.steps.speculative import Speculation, SpeculativeStep
from message_processing.turn import Checkpoints, Outcome, StepFailed, Turn

Step = Callable[[Turn], Outcome]
Events = Generator[PipelineEvent, Mapping[str, Any] | None, Any]


def run_turn(
    turn: Turn, engine: Engine, business_data: BusinessData, checkpoints: Checkpoints, speculation: Speculation
) -> Events:
    """Yield StepStarted and StepFinished for each step, and TurnFinished at the end. Accepts the output of a step that
    the worker has saved, if it differs from the one that was yielded.

    If the model gives no answer, yields StepGivenUp. Then the stage's fixed reply answers; a stage without one raises
    StepFailed.
    """
    saved = dict(checkpoints)
    keyword = keyword_in(turn)
    if keyword is not None:  # a customer who asks for a person gets no answer of the AI first
        engine = PersonRequested(business_data, keyword)
    elif not turn.has_text and not (turn.images and engine.calls_model):
        engine = Unreadable(business_data)
    try:
        yield from _answer(turn, engine, business_data, saved, speculation)
    except StepFailed as failure:
        speculation.discard("The model did not answer another step.")
        turn = turn.with_checkpoints(saved)
        if not turn.chosen_stage.fixed_reply:
            raise
        yield from _answer(turn, FixedReplies(business_data), business_data, saved, speculation, failure)


def _answer(
    turn: Turn,
    engine: Engine,
    business_data: BusinessData,
    saved: Checkpoints,
    speculation: Speculation,
    failure: StepFailed | None = None,
) -> Events:
    # 1. Which stage does this message belong to? At the same time, extraction starts for the current stage, and perhaps
    # the response: a turn that stays in its stage waits for two sequential model calls, or one, instead of three.
    # A message after a question whether an action should be carried out stays in the stage that has asked it.
    speculation.start(turn, engine, business_data, saved)
    has_asked = turn.pending is not None and engine.runs_actions
    select_stage = partial(confirmation.select_stage, engine=engine) if has_asked else engine.select_stage
    select = partial(select_stage_and_agent, select_stage=select_stage, business_data=business_data)
    turn = yield from _step("selection", select, turn, saved, engine.calls_model)

    # 2. Which facts does the message contain?
    extract_data = speculation.extraction_for(turn) or engine.extract_data
    turn = yield from _step("extraction", extract_data, turn, saved, engine.calls_model)

    # What does the business's own data say about it?
    retrieve = partial(retrieve_data, business_data=business_data, may_answer=engine.answers_from_articles)
    turn = yield from _step("retrieval", retrieve, turn, saved, waits=may_wait(turn.chosen_stage))

    # What does the stage do with the facts? Only what was done may be claimed. An action may ask the customer first.
    if turn.chosen_stage.actions and engine.runs_actions:
        turn = yield from _step("actions", partial(run_actions, business_data=business_data), turn, saved, waits=True)
    if turn.actions and "question" in turn.actions:
        yield from _reply(partial(ask_customer, engine=engine.name), turn, waits=False, failure=failure)
        return

    # 3. Write the reply from the stage, the facts, the business's own data and the results of the actions.
    response = speculation.response_for(turn)
    if response:
        with suppress(StepFailed):  # then the model is asked again
            yield from _reply(response, turn)
            return
    yield from _reply(engine.generate_response, turn, engine.calls_model, failure)


def _reply(step: Step, turn: Turn, waits: bool = True, failure: StepFailed | None = None) -> Events:
    outcome, started_at = yield from _run("response", step, turn, waits)
    yield TurnFinished(outcome, turn, outcome.output["reply"], started_at, failure=failure)


def _step(name: str, step: Step, turn: Turn, saved: Checkpoints, waits: bool = False) -> Events:
    """The turn after this step: from its checkpoint if there is one, otherwise by running it."""
    if name not in saved:
        outcome, started_at = yield from _run(name, step, turn, waits)
        output = yield StepFinished(name, outcome, turn, started_at)
        saved[name] = outcome.output if output is None else output
    return turn.with_checkpoints({name: saved[name]})


def _run(
    name: str, step: Step, turn: Turn, waits: bool
) -> Generator[PipelineEvent, Mapping[str, Any] | None, tuple[Outcome, datetime]]:
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
