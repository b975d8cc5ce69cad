"""When `speculation: full` starts no response: it would probably be discarded, or there is no capacity for it."""

from dataclasses import replace

import pytest

from core.limit_per_business import LimitPerBusiness
from message_processing.turn import Turn
from tests.support.pipeline import make_turn
from tests.support.scripted_model import ScriptedModel
from tests.support.speculative_run import ORDERS, PARCEL, SCHEMA, STAYS, Run, after_speculation, answers, stable_turn


@pytest.mark.parametrize(
    "turn",
    [
        stable_turn(mode="extraction"),
        stable_turn(mode="off"),
        replace(stable_turn(), stage_before=None),
        replace(stable_turn(), message="I have a question about greetings"),
        replace(stable_turn(), message="ok"),
        stable_turn(replace(PARCEL, actions=[{"do": "complete"}])),
        stable_turn(replace(PARCEL, extraction_schema={**SCHEMA, "required": ["city"]})),
        stable_turn(replace(PARCEL, data_retrieval=ORDERS, extraction_schema=None)),
        stable_turn(
            replace(PARCEL, data_retrieval=ORDERS, extraction_schema={"properties": {"Order number": {}}}),
            collected_before={"order_number": "A-1"},
        ),
        stable_turn(
            replace(PARCEL, data_retrieval=ORDERS, extraction_schema={"properties": {"order_number": {}}}),
            collected_before={"order_number": "A-1"},
        ),
    ],
    ids=[
        "extraction only",
        "off",
        "new conversation",
        "closer to another stage",
        "close to no stage",
        "actions",
        "missing field",
        "look-up by any field",
        "look-up by a missing field",
        "look-up by an extracted field",
    ],
)
def test_response_is_not_started_when_it_would_probably_be_discarded(turn: Turn) -> None:
    texts = {"selection": STAYS, "extraction": "{}", "response": "On its way."}
    run = Run(after_speculation(ScriptedModel(answers(**texts))), turn)()
    assert run.finished.reply == "On its way."
    assert len(run.model.asked_for("response")) == 1
    assert "saved_ms" not in run.finished.outcome.output


def test_response_is_not_started_while_the_circuit_breaker_is_open() -> None:
    model = ScriptedModel(answers(selection=STAYS, extraction="{}", response="On its way."), is_down=True)
    assert "saved_ms" not in Run(after_speculation(model))().finished.outcome.output


def test_response_is_not_started_beyond_the_limit_of_the_business() -> None:
    limit, turn = LimitPerBusiness(1), stable_turn()

    def saved_time() -> bool:
        model = ScriptedModel(answers(selection=STAYS, extraction="{}", response="On its way."))
        return "saved_ms" in Run(after_speculation(model), turn, limit)().finished.outcome.output

    with limit.slot(turn.business_id):
        assert not saved_time()
    with limit.slot(make_turn(turn.release).business_id):
        assert saved_time()
