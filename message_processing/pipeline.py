"""One customer message through the three prompts: the whole turn on one screen.

The pipeline knows neither Flask, nor the model's client, nor SQL. It is given a turn, what earlier attempts committed,
and `ask`, which renders a template and asks the model. It yields events while it works; whoever drives it commits each
finished step before asking for the next event, so every `yield` of a StepFinished is a checkpoint. (SPEC 7)
"""

from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from typing import Any

from message_processing.prompting import Ask
from message_processing.steps.extraction import extract_data
from message_processing.steps.response import generate_response
from message_processing.steps.selection import select_stage
from message_processing.turn import Event, Outcome, StepFinished, StepStarted, Turn, TurnFinished

Checkpoints = dict[str, dict[str, Any]]  # step → the output that an earlier attempt committed


def run_turn(turn: Turn, ask: Ask, done: Checkpoints) -> Iterator[Event]:
    """Yields StepStarted and StepFinished for each step and TurnFinished at the end; raises `ModelFailed` from a step
    whose model could not be reached."""
    # 1. Which stage does this message belong to, and how sure are we?
    selection = yield from _step("selection", select_stage, turn, ask, done)
    turn = turn.with_selection(selection)

    # 2. Which facts does the message contain?
    extraction = yield from _step("extraction", extract_data, turn, ask, done)
    turn = turn.with_extraction(extraction)

    # 3. The reply, written from the stage, the facts and the business's own data.
    yield StepStarted("response", datetime.now(UTC))
    response = generate_response(turn, ask)
    yield TurnFinished(response, turn, response.output["reply"])


def _step(
    name: str, work: Callable[[Turn, Ask], Outcome], turn: Turn, ask: Ask, done: Checkpoints
) -> Generator[Event, None, dict[str, Any]]:
    """A step's output: the committed one where there is one, else worked out now."""
    if name in done:
        return done[name]
    yield StepStarted(name, datetime.now(UTC))
    outcome = work(turn, ask)
    yield StepFinished(name, outcome, turn)
    return outcome.output
