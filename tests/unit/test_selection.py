"""Stage selection: how a model's answer is parsed, and what is decided."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from message_processing.engines.closeness import Closeness
from message_processing.engines.rules.similarity import SimilarityModel
from message_processing.steps.selection import read_selection, select_stage
from message_processing.turn import Turn
from tests.support.pipeline import FakePrompts, in_stage, make_release, make_stage, make_stages, make_turn

NAMES = ("Introduction", "Order Assistance", "Not Sure", "Order", "Order help", "Returns & refunds", "订单")
STAGES = make_stages(*NAMES)


def read(text: str) -> tuple[list[str], float | None]:
    reading = read_selection(text, STAGES)
    return sorted(stage.stage_name for stage in reading.stages), reading.confidence


@pytest.mark.parametrize(
    ("text", "stage", "confidence"),
    [
        # JSON
        ('{"stage": "Order help", "confidence": 0.9}', "Order help", 0.9),
        ('```json\n{"stage": "Order help", "confidence": 0.9}\n```', "Order help", 0.9),
        ('I would say {"stage": "Order help", "confidence": 0.9} here.', "Order help", 0.9),
        ("{'stage': 'Order help', 'confidence': 0.9,}", "Order help", 0.9),
        ('{"Stage Name": "order_help", "Confidence": "90%"}', "Order help", 0.9),
        ('{"stage": "Order help"}', "Order help", None),
        ('[{"stage": "Order help", "confidence": 0.9}]', "Order help", 0.9),
        ('{"stage": "Order help", "confidence": 0.9, "why": "Order", "Introduction": 1}', "Order help", 0.9),
        ('{"stage": "The stage is Order help.", "confidence": 1}', "Order help", 1.0),
        ('{"stage": "Order help", "confidence": 0.9', "Order help", 0.9),  # cut off
        ('{"result": {"stage": "Order help", "confidence": 0.9}}', "Order help", 0.9),
        ('{"stage": "Order help", "confidence": "０.９"}', "Order help", 0.9),
        ('{"stage": "Order help", "confidence": ０.９}', "Order help", 0.9),
        ('{"stage": "Order help", "confidence": "٠٫٩"}', "Order help", 0.9),
        ('{"stage": "Order help", "confidence": "٩٠٪"}', "Order help", 0.9),
        ('{"stage": "Order help", "confidence": "९०%"}', "Order help", 0.9),
        # name and confidence as text
        ("Order Assistance, confidence: ٠٫٩٥", "Order Assistance", 0.95),
        ("Order Assistance, confidence： ０．９５", "Order Assistance", 0.95),
        ("Order Assistance (confidence ９５％)", "Order Assistance", 0.95),
        ("Order Assistance, confidence: 0.95", "Order Assistance", 0.95),
        ("Order Assistance (confidence 95%)", "Order Assistance", 0.95),
        ("Order Assistance, Confidence is 0.4", "Order Assistance", 0.4),
        ("Order Assistance with a confidence score of 0,4", "Order Assistance", 0.4),
        ("Stage: Order Assistance\nConfidence level: .8", "Order Assistance", 0.8),
        ("**Order Assistance** — confidence = 1.0", "Order Assistance", 1.0),
        # a quoted or bare name; case is ignored; spaces, hyphens and underscores are equivalent
        ('"introduction"', "Introduction", None),
        ("'Introduction'", "Introduction", None),
        ("Introduction.", "Introduction", None),
        ("```\nIntroduction\n```", "Introduction", None),
        ("order_help", "Order help", None),
        ("ORDER-HELP", "Order help", None),
        ("order  help", "Order help", None),
        ("not_sure", "Not Sure", None),
        ("Returns & Refunds", "Returns & refunds", None),
        ("订单", "订单", None),
        # prose that names exactly one stage; a longer name does not also name the shorter one inside it
        ("This is clearly about Order help.", "Order help", None),
        ("I would choose the stage Not Sure because the message is vague.", "Not Sure", None),
        ("Order help. Definitely Order help!", "Order help", None),
    ],
)
def test_answer_that_names_one_stage(text: str, stage: str, confidence: float | None) -> None:
    assert read(text) == ([stage], confidence)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", []),
        ("0.9", []),
        ("null", []),
        ("{}", []),
        ('{"stage": null, "confidence": 0.9}', []),
        ('{"stage": "", "confidence": 0.9}', []),
        ('{"stage": ["Order help"], "confidence": 0.9}', []),
        ('{"stage": "Shipping", "confidence": 0.9}', []),
        ("Shipping, confidence: 0.9", []),
        ("I am not certain about this one.", []),
        ("Ordering", []),  # not a whole word
        ("Introductions", []),
        ("Either Introduction or Order help", ["Introduction", "Order help"]),
        ('{"stage": "Order help or Not Sure", "confidence": 0.9}', ["Not Sure", "Order help"]),
        ("Order help (confidence 0.6), Introduction (confidence 0.4)", ["Introduction", "Order help"]),
        ("Order, or rather Order help", ["Order", "Order help"]),
    ],
)
def test_answer_that_names_no_stage_or_several(text: str, named: list[str]) -> None:
    assert read(text)[0] == named


@pytest.mark.parametrize(
    ("stated", "confidence"),
    [
        ("0", 0.0),
        ("1", 1.0),
        ("1e-3", 0.001),
        ('"0.7"', 0.7),
        ('" 70 % "', 0.7),
        ('"70%"', 0.7),
        ('"0,7"', 0.7),
        ("-0.5", 0.0),
        ("95", None),
        ("1.0001", None),
        ('"high"', None),
        ('"nan"', None),
        ('"inf"', None),
        ("true", None),
        ("null", None),
        ("[0.9]", None),
        ("{}", None),
    ],
)
def test_confidence_is_a_number_from_0_to_1_or_none(stated: str, confidence: float | None) -> None:
    assert read(f'{{"stage": "Order help", "confidence": {stated}}}') == (["Order help"], confidence)


def test_stage_name_without_letters_is_never_matched() -> None:
    stages = make_stages("---", "Order help")
    assert read_selection("", stages).stages == ()
    assert read_selection('{"stage": ""}', stages).stages == ()
    assert [stage.stage_name for stage in read_selection("Order help", stages).stages] == ["Order help"]


def test_identical_name_wins_over_equivalent_name() -> None:
    stages = make_stages("Order help", "order_help")
    assert read_selection('{"stage": "Order help"}', stages).stages == stages[:1]
    assert read_selection("order_help", stages).stages == stages[1:]
    assert len(read_selection("ORDER HELP", stages).stages) == 2


@given(
    st.text() | st.lists(st.sampled_from([*NAMES, "confidence", ":", "0.9", "%", "{", '"', "stage", ","])).map(" ".join)
)
def test_parsing_never_raises(text: str) -> None:
    reading = read_selection(text, STAGES)
    assert all(stage in STAGES for stage in reading.stages)
    assert reading.confidence is None or 0 <= reading.confidence <= 1


@pytest.mark.timeout(60)
@pytest.mark.parametrize("hostile", ["confidence" + " " * 90_000, "confidence " * 9_000, "confidence is of " * 6_000])
def test_long_hostile_text_is_parsed_quickly(hostile: str) -> None:
    assert read(hostile) == ([], None)


def decide(turn: Turn, answer: str) -> tuple[Any, ...]:
    """Returns the chosen stage, its confidence and the reason for an answer of the model."""
    outcome = select_stage(turn, FakePrompts(answer), Closeness())
    assert outcome.decision == outcome.output["reason"]
    return outcome.output["stage_name"], outcome.output["confidence"], outcome.decision


GREETING, HELP = make_stage("Greeting"), replace(make_stage("Order help"), confidence_threshold=0.8)
AT_START = make_turn(make_release(GREETING, HELP))
IN_GREETING = in_stage(AT_START, GREETING)


@pytest.mark.parametrize(
    ("turn", "answer", "stage", "confidence", "why"),
    [
        (
            IN_GREETING,
            '{"stage": "Order help", "confidence": 0.8}',
            "Order help",
            0.8,
            'Matched "Order help" (80%).',
        ),
        (
            IN_GREETING,
            '{"stage": "Order help", "confidence": 0.79}',
            "Greeting",
            None,
            'Stayed in "Greeting": "Order help" matched with 79%, below the minimum of 80%.',
        ),
        (IN_GREETING, "order_help", "Order help", None, 'Matched "Order help". The answer gave no confidence.'),
        (
            IN_GREETING,
            '{"stage": "Order help", "confidence": -1}',
            "Greeting",
            None,
            'Stayed in "Greeting": "Order help" matched with 0%, below the minimum of 80%.',
        ),
        (
            IN_GREETING,
            "Greeting or Order help?",
            "Greeting",
            None,
            'Stayed in "Greeting": the answer named several stages ("Order help", "Greeting").',
        ),
        (
            IN_GREETING,
            '{"stage": "Shipping", "confidence": 1}',
            "Greeting",
            None,
            'Stayed in "Greeting": the answer named no active stage.',
        ),
        (
            IN_GREETING,
            '{"stage": null, "confidence": 0.9}',
            "Greeting",
            None,
            'Stayed in "Greeting": the answer named no active stage.',
        ),
        (
            AT_START,
            "no idea",
            "Greeting",
            None,
            'Started in "Greeting": the answer named no active stage.',
        ),
        (
            in_stage(AT_START, HELP),
            '{"stage": "Greeting", "confidence": 0.5}',  # the default threshold
            "Greeting",
            0.5,
            'Matched "Greeting" (50%).',
        ),
        (
            in_stage(AT_START, HELP),
            '{"stage": "Greeting", "confidence": 0.49}',
            "Order help",
            None,
            'Stayed in "Order help": "Greeting" matched with 49%, below the minimum of 50%.',
        ),
    ],
)
def test_decision_and_reason(turn: Turn, answer: str, stage: str, confidence: float | None, why: str) -> None:
    assert decide(turn, answer) == (stage, confidence, why)


def test_threshold_of_the_business_applies_if_the_stage_has_none() -> None:
    release = make_release(GREETING, make_stage("Returns"), settings={"confidence_threshold": 0.2})
    assert decide(make_turn(release), '{"stage": "Returns", "confidence": 0.2}')[0] == "Returns"
    assert decide(make_turn(release), '{"stage": "Returns", "confidence": 0.1}')[0] == "Greeting"


def test_conversation_starts_in_the_default_stage() -> None:
    release = make_release(GREETING, HELP, default_stage_id=HELP.stage_id)
    prompts = FakePrompts("no idea")
    outcome = select_stage(make_turn(release), prompts, Closeness())
    assert outcome.output["stage_name"] == "Order help"
    assert prompts.requests[0].template is HELP.selection


def test_prompt_comes_from_the_current_stage_and_lists_active_stages_only() -> None:
    closed = replace(make_stage("Closed"), is_active=False)
    turn = in_stage(make_turn(make_release(GREETING, closed, HELP)), HELP)
    prompts = FakePrompts('{"stage": "Closed", "confidence": 1}')
    outcome = select_stage(turn, prompts, Closeness())
    assert outcome.output["stage_name"] == "Order help"
    [request] = prompts.requests
    assert request.template is HELP.selection
    assert request.schema is not None
    assert request.schema["properties"]["stage"]["enum"] == ["Greeting", "Order help", None]
    assert '"stage"' in request.contract
    assert '"confidence"' in request.contract


def test_message_that_is_like_those_of_no_stage_does_not_change_the_stage() -> None:
    examples = ("Where is my parcel?", "Has my order left yet?", "When will it be delivered?")
    orders = replace(HELP, stage_description="Where an order is", example_messages=examples)
    release, closeness = make_release(GREETING, orders), Closeness(SimilarityModel)
    stages = {}
    for message in ("was it shipped?", "Who won the football world cup in 1998?"):
        for current in (GREETING, orders):
            turn = in_stage(replace(make_turn(release), message=message), current)
            outcome = select_stage(turn, FakePrompts('{"stage": "Order help", "confidence": 1}'), closeness)
            stages[message, current.stage_name] = outcome.output["stage_name"]
    assert set(stages.items()) == {
        (("was it shipped?", "Greeting"), "Order help"),
        (("was it shipped?", "Order help"), "Order help"),
        (("Who won the football world cup in 1998?", "Greeting"), "Greeting"),
        (("Who won the football world cup in 1998?", "Order help"), "Order help"),
    }


def test_model_is_not_called_with_one_active_stage() -> None:
    turn = make_turn(make_release(replace(HELP, is_active=False), GREETING))
    outcome = select_stage(turn, FakePrompts(), Closeness())
    assert (outcome.output["stage_name"], outcome.engine, outcome.calls) == ("Greeting", None, ())
    assert outcome.decision == "Only one stage is active, so no model call was needed."


def test_output_records_the_answer_and_the_decision() -> None:
    outcome = select_stage(IN_GREETING, FakePrompts('{"stage": "Order help", "confidence": 0.3}'), Closeness())
    assert outcome.output["named_stages"] == ["Order help"]
    assert outcome.output["stated_confidence"] == 0.3
    assert outcome.calls[-1].call.response == '{"stage": "Order help", "confidence": 0.3}'
    assert outcome.calls[-1].parsed == outcome.output
    assert outcome.engine == "model"
