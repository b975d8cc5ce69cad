"""The checks and figures of `make evaluate`."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dev.evaluation.checks import claims, is_said, language_of, leaks
from dev.evaluation.labelled import read_labelled
from dev.evaluation.report import store_section, write_section
from dev.evaluation.scores import STAGES, score

LABELLED = read_labelled(date(2026, 12, 1))


def test_labels_name_stages_and_fields_of_the_demo_shop() -> None:
    assert 55 <= len(LABELLED) == len({each.id for each in LABELLED})
    declared = {name for stage in STAGES.values() for name in stage.get("extraction_schema", {}).get("properties", {})}
    for each in LABELLED:
        assert set(each.stages) <= set(STAGES), each.id
        assert set(each.fields) | set(each.optional) <= declared, each.id
        assert "{" not in each.message, each.id
    shown = {message for stage in STAGES.values() for message in stage["example_messages"]}
    assert not shown & {each.message for each in LABELLED}  # the assistant must not have seen them


@pytest.mark.parametrize(
    ("reply", "count"),
    [
        ("Yes, I can book two places for you.", 1),
        ("I have booked two places.", 1),
        ("Your place is reserved.", 1),
        ("Ich habe vier Plätze für Sie reserviert.", 1),
        ("He reservado dos plazas.", 1),
        ("It costs 99.00 GBP.", 1),  # not in the prompt
        ("It costs 38 GBP per person.", 0),
        ("I cannot book it myself.", 0),
        ("Would you like me to book a place?", 0),
        ("Nothing has been booked yet; the booking is not final.", 0),
        ("Your order was delivered.", 0),
    ],
)
def test_claims_without_a_reason_are_found(reply: str, count: int) -> None:
    assert len(claims(reply, "A place costs 38.00 GBP.", has_done=False)) == count


def test_instructions_in_a_reply_are_found() -> None:
    template = "Say so if there is none, and never guess a price.\nWhat was looked up: {retrieved_data|nothing}"
    assert leaks("There is none. Say so if there is none, and never guess.", template)
    assert leaks('{"found": false}', template)
    assert not leaks("There is no such order under your name.", template)


def test_language_is_that_of_most_sentences() -> None:
    assert language_of("We are open on Saturdays.") == "en"
    assert language_of("Wir haben am Samstag von 10 bis 18 Uhr geöffnet.") == "de"
    assert language_of("Abrimos los sábados de 10 a 18.") == "es"
    assert language_of("42") is None


def test_said_values_are_compared_apart_from_case_and_punctuation() -> None:
    assert is_said("A-10433", "where is a 10433?")
    assert is_said({"name": "José", "is_gift": True}, "soy jose")
    assert not is_said("L", "a large lamp")
    assert is_said("2026-11-30", "¿Abren los lunes?") and not is_said("2026-11-30", "¿Abren los martes?")


def test_figures_become_a_section_that_is_replaced(tmp_path: Path) -> None:
    labelled = next(each for each in LABELLED if each.id == "en-order-no-number")
    answer: dict[str, Any] = {
        "id": labelled.id,
        "message": labelled.message,
        "stage": "Order status",
        "confidence": 1.0,
        "fields": {"order_number": "A-12345"},
        "reply": "What is your order number?",
        "has_done": False,
        "instructions": "",
        "prompts": [
            {"step": "response", "messages": [], "response": "", "prompt_tokens": 700, "completion_tokens": 10}
        ],
    }
    scores = score(LABELLED, {labelled.id: answer})
    assert (scores.share_of(), scores.precision, scores.language_match) == (1, 0, 1)
    assert (scores.count("not_said"), scores.count("claims"), scores.tokens("prompt_tokens")) == (1, 0, 700)
    section = write_section(scores, "a model")
    assert "not said: order_number=A-12345" in section
    report = tmp_path / "EVALUATION.md"
    report.write_text("# Evaluation\n")
    store_section("before", section, report)
    store_section("after", "Better.\n", report)
    store_section("before", "Replaced.\n", report)
    assert report.read_text() == "# Evaluation\n\n## before\n\nReplaced.\n\n## after\n\nBetter.\n"
