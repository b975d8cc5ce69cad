"""When a person takes over from the assistant: keywords, and the reasons in their order."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from message_processing.handover import find_keyword, handover_reason, trouble_of
from message_processing.turn import Turn
from tests.support.pipeline import make_release, make_stages, make_turn

STAGES = make_stages("Greeting", "Order help")
NOT_FOUND: dict[str, Any] = {"status": "not_found", "data": None, "say": None, "missing": []}
EVERYTHING: dict[str, Any] = {"keywords": ["human"], "low_confidence": True, "failed_lookups": True}
NOTHING: dict[str, Any] = {"keywords": [], "needs_person": False}


def selected(named: list[str] | None = None, confidence: float | None = None, **values: Any) -> dict[str, Any]:
    """The output of the selection: of the model with `named`, otherwise of the rules."""
    output = {
        "stage_id": STAGES[0].stage_id,
        "stage_name": "Greeting",
        "confidence": confidence,
        "reason": "",
        **values,
    }
    return output if named is None else {**output, "named_stages": named, "stated_confidence": values.get("stated")}


def turn_with(message: str = "hello", last_trouble: str | None = None, **values: Any) -> Turn:
    handover = values.pop("handover", None)
    release = make_release(*STAGES, settings={"handover": handover} if handover is not None else {})
    return make_turn(release, message, conversation={"last_trouble": last_trouble}, **values)


@pytest.mark.parametrize(
    ("message", "keyword", "is_found"),
    [
        ("I want to talk to a HUMAN!", "human", True),
        ("I want to talk\n to a   human", "Talk to a human", True),
        ("You are inhuman, humans are not", "human", False),
        ("that is humane", "human", False),
        ("Straße 5", "STRASSE", True),
        ("¿Hay una persona?", "persona", True),
        ("personas", "persona", False),
        ("मुझे इंसान से बात करनी है", "इंसान", True),
        ("इंसानी गलती", "इंसान", False),  # the word continues with a vowel sign
        ("أريد التحدث مع موظف", "موظف", True),
        ("أريد التحدث مع موظفين", "موظف", False),
        ("人間と話したいです", "人間", True),
        ("ขอคุยกับพนักงานหน่อย", "พนักงาน", True),
        ("상담원과 통화하고 싶어요", "상담원", True),
        ("h\u0075man", "human", True),
        ("ｈｕｍａｎ", "human", True),
        ("call 112 now", "112", True),
        ("order 1123", "112", False),
        ("What?! No...", "?!", True),
        ("", "human", False),
    ],
)
def test_keywords_match_whole_words_in_any_script(message: str, keyword: str, is_found: bool) -> None:
    assert find_keyword(message, ["something else", keyword]) == (keyword if is_found else None)


@pytest.mark.parametrize(
    ("selection", "retrieval", "trouble"),
    [
        (selected(["Greeting"], 0.9), None, None),
        (selected(["Greeting"]), None, None),  # the answer gave no confidence
        (selected(["Greeting"], stated=0.2), None, "low_confidence"),
        (selected([]), None, "low_confidence"),
        (selected(["Greeting", "Order help"], stated=0.9), None, "low_confidence"),
        (selected(confidence=0.9), None, None),
        (selected(), None, None),  # the fixed reply after a failure
        (selected(unclear=True), NOT_FOUND, "unclear"),
        (selected(["Greeting"], 0.9), NOT_FOUND, "lookup_failed"),
        (selected([]), {**NOT_FOUND, "status": "failed"}, "lookup_failed"),
        (selected(["Greeting"], 0.9), {**NOT_FOUND, "status": "missing"}, None),
    ],
)
def test_trouble_of_a_turn(selection: Any, retrieval: Any, trouble: str | None) -> None:
    assert trouble_of(turn_with(selection=selection, retrieval=retrieval)) == trouble


def test_model_is_not_uncertain_if_there_is_only_one_stage() -> None:
    turn = make_turn(make_release(STAGES[0]), selection=selected([]))
    assert trouble_of(turn) is None


@pytest.mark.parametrize("trouble", ["low_confidence", "lookup_failed", "unclear"])
def test_trouble_hands_over_when_it_is_repeated_and_switched_on(trouble: Any) -> None:
    assert handover_reason(turn_with(handover=EVERYTHING, last_trouble=trouble), trouble, False) == trouble
    other = "unclear" if trouble != "unclear" else "lookup_failed"
    for last_trouble in (None, other):
        assert handover_reason(turn_with(handover=EVERYTHING, last_trouble=last_trouble), trouble, False) is None
    assert handover_reason(turn_with(handover=NOTHING, last_trouble=trouble), trouble, False) is None


def test_reasons_in_order() -> None:
    agent_id = str(UUID(int=1))
    human: Any = {agent_id: {"agent_id": agent_id, "agent_name": "Bob", "agent_type": "human", "description": None}}
    turn = turn_with("a human, please", last_trouble="unclear", handover=EVERYTHING)
    stage = replace(STAGES[0], agents=[{"agent_id": agent_id, "conditions": []}])
    of_human = replace(turn, current_stage=stage, release=replace(turn.release, agents=human))
    handed_back = replace(turn, is_handed_back=True)
    assert handover_reason(of_human, "unclear", True) == "stage"
    assert handover_reason(turn, "unclear", True) == "keyword"
    assert handover_reason(handed_back, "unclear", True) == "unclear"
    assert handover_reason(handed_back, None, True) == "needs_person"
    assert handover_reason(handed_back, None, False) is None
    # By default, only what a reply has promised.
    assert handover_reason(turn_with("a human, please"), None, True) == "needs_person"
    assert handover_reason(turn_with("a human, please"), None, False) is None
    assert handover_reason(turn_with(handover=NOTHING), None, True) is None
