"""The opening hours and languages of a business: as text, for human agents, and for replies without a model."""

from datetime import UTC, datetime
from typing import Any

import pytest

from message_processing.agents import opening_of
from message_processing.business_hours import shown_hours, shown_languages
from tests.support.pipeline import make_release, make_stage

MONDAY_TO_THURSDAY = [
    {"day": day, "start": "09:00", "end": "17:00"} for day in ("monday", "tuesday", "wednesday", "thursday")
]
EVENING = {"day": "friday", "start": "18:00", "end": "24:00"}
MORNING = {"day": "friday", "start": "09:00", "end": "12:00"}
SATURDAY = datetime(2026, 5, 9, 12, tzinfo=UTC)


def release_with(**settings: Any) -> Any:
    return make_release(make_stage("Help"), settings=settings)


def test_equal_days_are_shown_together() -> None:
    hours = [EVENING, *MONDAY_TO_THURSDAY, MORNING]
    assert shown_hours(release_with(business_hours=hours, timezone="Europe/Berlin")) == (
        "Monday to Thursday 09:00-17:00, Friday 09:00-12:00 and 18:00-24:00, Saturday to Sunday closed (Europe/Berlin)"
    )
    assert shown_hours(release_with()) is None


@pytest.mark.parametrize(
    ("languages", "fixed_reply", "hours"),
    [
        (["es"], "Sie erreichen uns zu diesen Zeiten: {business_hours}.", "lunes a jueves"),
        ([], "Sie erreichen uns zu diesen Zeiten: {business_hours}.", "Montag bis Donnerstag"),
        ([], "Vous pouvez venir dans notre magasin.", "Monday to Thursday"),
        ([], None, "Monday to Thursday"),
    ],
)
def test_hours_are_written_in_the_language_of_the_replies(
    languages: list[str], fixed_reply: str | None, hours: str
) -> None:
    settings = {"business_hours": MONDAY_TO_THURSDAY, **({"languages": languages} if languages else {})}
    release = make_release(make_stage("Help", fixed_reply=fixed_reply), settings=settings)
    shown = shown_hours(release)
    assert shown
    assert shown.startswith(hours)


def test_first_language_is_for_customers_who_write_in_another_one() -> None:
    assert shown_languages(release_with(languages=["de", "pt-BR"])) == (
        "de, pt-BR (reply in de to customers who write in another language)"
    )
    assert shown_languages(release_with()) is None


@pytest.mark.parametrize(
    ("agent_type", "own_hours", "opening"),
    [
        ("human", None, "2026-05-11 09:00"),
        ("human", [{"day": "sunday", "start": "10:00", "end": "12:00"}], "2026-05-10 10:00"),
        ("ai", None, None),
    ],
)
def test_human_agents_without_hours_work_while_the_business_is_open(
    agent_type: str, own_hours: Any, opening: str | None
) -> None:
    agent: Any = {"agent_id": "a", "agent_name": "A", "agent_type": agent_type, "working_hours": own_hours}
    found = opening_of(release_with(business_hours=MONDAY_TO_THURSDAY), agent, SATURDAY)
    assert (found and f"{found:%Y-%m-%d %H:%M}") == opening
