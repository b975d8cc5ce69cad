"""The whole turn as plain function calls with fake prompts: no database, no HTTP, no model."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from core.limit_per_business import LimitPerBusiness
from message_processing.broadcast import Broadcast
from message_processing.business_data import BusinessData
from message_processing.engines.closeness import Closeness
from message_processing.engines.model import ModelEngine
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.events import PipelineEvent, StepFinished, StepStarted, TurnFinished
from message_processing.pipeline import run_turn
from message_processing.steps.speculative import Speculation
from message_processing.templates.template_service import Prompt
from message_processing.turn import StepFailed, Turn
from tests.support.pipeline import FakePrompts, in_stage, make_release, make_stage, make_turn

GREETING = make_stage("Greeting")
HELP = replace(
    make_stage("Order help"),
    extraction_schema={"properties": {"order_number": {"type": "string"}}, "required": ["order_number"]},
)
TURN = make_turn(make_release(GREETING, HELP), "Where is my order A-1?")
ANSWERS = ('{"stage": "Order help", "confidence": 0.9}', '{"order_number": "A-1"}', " It is on its way. \n")


class NoData(BusinessData):
    """A business whose stages have no data retrieval."""

    def __init__(self) -> None:
        pass

    def render(self, turn: Turn, text: str) -> Prompt:
        return Prompt((), text, "", (), ())

    def look_up(self, turn: Turn, source: str, match: dict[str, str], limit: int) -> list[dict[str, Any]]:
        raise AssertionError("nothing is looked up")


def run(prompts: FakePrompts, turn: Turn = TURN, done: dict[str, Any] | None = None) -> Iterator[PipelineEvent]:
    engine = ModelEngine(prompts, FixedReplies(NoData()), Broadcast(), Closeness(), LimitPerBusiness(1))
    return run_turn(turn, engine, NoData(), done or {}, Speculation(lambda step, reason: None))


def test_message_runs_through_three_prompts() -> None:
    prompts = FakePrompts(*ANSWERS)
    events = list(run(prompts))
    assert [request.template for request in prompts.requests] == [GREETING.selection, HELP.extraction, HELP.response]
    assert [event.step for event in events if isinstance(event, StepStarted)] == [
        "selection",
        "extraction",
        "retrieval",
        "response",
    ]
    finished = events[-1]
    assert isinstance(finished, TurnFinished)
    assert finished.reply == "It is on its way."
    assert finished.turn.chosen_stage is HELP
    assert finished.turn.confidence == 0.9
    assert finished.turn.extracted_data == finished.turn.collected_data == {"order_number": "A-1"}
    assert finished.turn.missing_fields == []


@pytest.mark.parametrize("bad", ["Where is my order A-1?", "I have cancelled your order."])
def test_reply_that_must_not_be_sent_is_asked_for_again(bad: str) -> None:
    prompts = FakePrompts(*ANSWERS[:2], bad, "I do not know.")
    finished = list(run(prompts))[-1]
    assert isinstance(finished, TurnFinished)
    assert finished.reply == "I do not know."
    again = prompts.requests[-1]
    assert again.previous is not None and again.previous.text == bad
    assert "nothing was done" in again.correction and again.correction.endswith("in English.")
    assert [each.call.response for each in finished.outcome.calls] == [bad, "I do not know."]
    assert "first reply was not sent" in finished.outcome.decision


def test_person_answers_if_the_second_reply_must_not_be_sent_either() -> None:
    prompts = FakePrompts(*ANSWERS[:2], "I can cancel it for you.", "I'll cancel your order A-1 right away.")
    finished = list(run(prompts))[-1]
    assert isinstance(finished, TurnFinished)
    assert finished.reply.endswith("Someone from our team will reply to you.")
    assert (finished.outcome.output["needs_person"], finished.outcome.engine) == (True, "model")
    assert "I'll cancel your order A-1 right away." in finished.outcome.decision


def test_each_step_finishes_before_the_next_prompt() -> None:
    """The worker commits the finished steps before the pipeline requests the next prompt."""
    prompts = FakePrompts(*ANSWERS)
    events = run(prompts)
    requests_at_finish = [(event.step, len(prompts.requests)) for event in events if isinstance(event, StepFinished)]
    assert requests_at_finish == [("selection", 1), ("extraction", 2), ("retrieval", 2)]


def test_committed_steps_are_not_repeated() -> None:
    first = run(FakePrompts(*ANSWERS))
    done = {event.step: event.outcome.output for event in first if isinstance(event, StepFinished)}
    assert done.keys() == {"selection", "extraction", "retrieval"}
    for kept, answers in (
        ((), ANSWERS),
        (("selection",), ANSWERS[1:]),
        (("selection", "extraction"), ANSWERS[2:]),
        (("selection", "extraction", "retrieval"), ANSWERS[2:]),
    ):
        prompts = FakePrompts(*answers)
        *events, finished = run(prompts, done={step: done[step] for step in kept})
        assert isinstance(finished, TurnFinished)
        assert (finished.reply, finished.turn.stage) == ("It is on its way.", HELP)
        assert finished.turn.extracted_data == {"order_number": "A-1"}
        assert not prompts.answers
        assert not any(event.step in kept for event in events if isinstance(event, StepStarted | StepFinished))


def test_pipeline_does_not_change_the_given_turn() -> None:
    list(run(FakePrompts(*ANSWERS)))
    assert (TURN.stage, TURN.extracted_data, TURN.collected_before) == (None, {}, {})


@pytest.mark.parametrize("fails_at", [0, 1, 2])
def test_failed_model_fails_the_turn_if_the_stage_has_no_fixed_reply(fails_at: int) -> None:
    failure = StepFailed((), (), timed_out=True)
    prompts = FakePrompts(*ANSWERS[:fails_at], failure)
    finished: list[str] = []
    with pytest.raises(StepFailed) as raised:
        finished.extend(event.step for event in run(prompts) if isinstance(event, StepFinished))
    assert raised.value is failure
    assert finished == ["selection", "extraction", "retrieval"][: (0, 1, 3)[fails_at]]


def test_conversation_stays_in_its_stage() -> None:
    prompts = FakePrompts("hm", "nothing", "still nothing", "Which order?")
    finished = list(run(prompts, replace(in_stage(TURN, HELP), collected_before={"order_number": "A-1"})))[-1]
    assert isinstance(finished, TurnFinished)
    assert [request.template for request in prompts.requests[:1]] == [HELP.selection]
    assert finished.turn.chosen_stage is HELP
    assert finished.turn.collected_data == {"order_number": "A-1"}
    assert finished.turn.missing_fields == []
