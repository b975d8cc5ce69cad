"""Which agent of a stage is responsible, and what the trace says about it."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from message_processing.agents import choose_agent, person_available_at, speaks_language
from message_processing.engines.rules.texts import BACK_AT, DAYS_AHEAD, PERSON_WILL_ANSWER, WEEKDAYS, back_at
from message_processing.release import Agent, Release
from message_processing.working_hours import DAYS
from tests.support.pipeline import make_release, make_stage

NOON = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)  # Monday, 12:00 in Berlin
NIGHT = datetime(2026, 5, 4, 20, 0, tzinfo=UTC)
OFFICE = [{"day": day, "start": "09:00", "end": "17:00"} for day in DAYS[:5]]
EVENING = [{"day": day, "start": "17:00", "end": "21:00"} for day in DAYS]
SHOP = {"timezone": "Europe/Berlin"}


def make_agent(name: str, agent_type: str = "human", **values: Any) -> Agent:
    agent = {"agent_id": name, "agent_name": name, "agent_type": agent_type, "description": None, **values}
    return cast(Agent, agent)


def release_with(*agents: Agent) -> Release:
    return make_release(make_stage("Help"), agents={agent["agent_id"]: agent for agent in agents}, settings=SHOP)


def chosen(moment: datetime, language: str | None, *listed: tuple[Agent, list[Any]]) -> tuple[str, str]:
    """The name of the responsible agent, and why."""
    release = release_with(*(agent for agent, _ in listed))
    agents: Any = [{"agent_id": agent["agent_id"], "conditions": conditions} for agent, conditions in listed]
    choice = choose_agent(release, make_stage("Help", agents=agents), moment, lambda: language)
    return choice.agent["agent_name"], choice.reason


BERLIN = make_agent("Berlin", languages=["de"], working_hours=OFFICE)
PARIS = make_agent("Paris", languages=["fr", "en-GB"], working_hours=OFFICE)
EVENINGS = make_agent("Evenings", working_hours=EVENING)
BOT = make_agent("Bot", "ai")
BOTH: list[Any] = ["language", "hours"]


def test_first_agent_whose_conditions_hold_is_responsible() -> None:
    listed = ((PARIS, BOTH), (BERLIN, BOTH), (BOT, []))
    assert chosen(NOON, "de-AT", *listed) == (
        "Berlin",
        'speaks de-AT and is within working hours ("Paris" does not speak de-AT)',
    )
    assert chosen(NOON, "fr", *listed) == ("Paris", "speaks fr and is within working hours")
    assert chosen(NIGHT, "fr", *listed) == (
        "Bot",
        'has no conditions ("Paris" is outside working hours, "Berlin" does not speak fr)',
    )
    assert chosen(NOON, None, *listed)[0] == "Bot"
    assert chosen(NOON, None, (BOT, ["language", "hours"]), (PARIS, [])) == (
        "Bot",
        "speaks any language and is within working hours",
    )


def test_agent_who_is_back_first_is_responsible_if_none_matches() -> None:
    assert chosen(NIGHT, "de", (BERLIN, ["hours"]), (EVENINGS, ["hours"])) == (
        "Berlin",
        "none matches, and this one is back first, at 2026-05-05 09:00"
        ' ("Berlin" is outside working hours, "Evenings" is outside working hours)',
    )
    assert chosen(NOON, "de", (PARIS, BOTH), (EVENINGS, ["hours"]))[0] == "Evenings"
    # An agent who does not speak the language is not chosen because of the hours.
    assert chosen(NIGHT, "fr", (BERLIN, BOTH), (PARIS, BOTH))[0] == "Paris"


def test_last_agent_is_responsible_if_none_speaks_the_language() -> None:
    assert chosen(NOON, "it", (BERLIN, ["language"]), (PARIS, ["language"])) == (
        "Paris",
        'none matches, so the last one is responsible ("Berlin" does not speak it, "Paris" does not speak it)',
    )
    assert chosen(NOON, None, (BERLIN, ["language"]), (PARIS, ["language"]))[1].endswith(
        '("Berlin" needs a known language, "Paris" needs a known language)'
    )


def test_only_agent_is_responsible_at_any_time() -> None:
    assert chosen(NOON, None, (BERLIN, BOTH)) == ("Berlin", "the only agent of the stage")
    assert chosen(NIGHT, None, (BERLIN, [])) == ("Berlin", "outside working hours until 2026-05-05 09:00")


def test_language_is_only_looked_up_for_a_condition() -> None:
    def fail() -> str | None:
        raise AssertionError

    agents: Any = [{"agent_id": name, "conditions": ["hours"]} for name in ("Berlin", "Bot")]
    release = release_with(BERLIN, BOT)
    assert choose_agent(release, make_stage("Help", agents=agents), NIGHT, fail).agent == BOT


@pytest.mark.parametrize(
    ("spoken", "language", "speaks"),
    [
        ([], None, True),
        ([], "de", True),
        (["de"], "de", True),
        (["de"], "DE_at", True),
        (["de-AT"], "de", True),
        (["pt-BR"], "pt-PT", False),
        (["en", "de"], "de-CH", True),
        (["de"], "den", False),
        (["de"], None, False),
        (["de"], "", False),
    ],
)
def test_languages_match_by_their_tags(spoken: list[str], language: str | None, speaks: bool) -> None:
    assert speaks_language(make_agent("A", languages=spoken), language) == speaks


def test_person_is_available_when_the_responsible_or_any_human_agent_is() -> None:
    tuesday, evening = (
        datetime(2026, 5, 5, 7, 0, tzinfo=UTC),
        datetime(2026, 5, 4, 15, 0, tzinfo=UTC),
    )
    release = release_with(BERLIN, EVENINGS, BOT)
    assert person_available_at(release, BERLIN, NOON) is None
    assert person_available_at(release, BERLIN, NIGHT) == tuesday
    assert person_available_at(release, EVENINGS, NOON) == evening
    assert person_available_at(release, BOT, NOON) is None  # Berlin is available
    assert person_available_at(release, None, NIGHT) == tuesday
    assert person_available_at(release_with(BOT), BOT, NIGHT) is None
    always = make_agent("Always")
    assert person_available_at(release_with(BERLIN, always), None, NIGHT) is None


def test_shipped_languages_say_when_a_person_is_back() -> None:
    assert {*BACK_AT} == {*DAYS_AHEAD} == {*WEEKDAYS} == {*PERSON_WILL_ANSWER}
    for language in BACK_AT:
        sentences = [back_at(language, NOON.replace(day=day), NOON) for day in range(4, 12)]
        assert len({*sentences}) == 8, language
        assert all("10:00 (UTC)" in sentence for sentence in sentences)


def test_day_is_named_as_a_person_would() -> None:
    morning = datetime(2026, 5, 5, 9, 0, tzinfo=UTC)
    assert back_at("en", morning, NIGHT) == "We are back tomorrow at 09:00 (UTC)."
    assert back_at("en", morning, morning.replace(hour=7)) == "We are back today at 09:00 (UTC)."
    assert back_at("de", morning.replace(day=11), NIGHT) == "Wir sind am Montag um 09:00 (UTC) wieder für Sie da."
    assert back_at("ja", morning.replace(day=9), NIGHT) == "次の対応開始は土曜日09:00 (UTC)です。"
