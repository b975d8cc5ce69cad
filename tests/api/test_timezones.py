"""Time zones of customers and businesses: validated, and used by the variables that show a time."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop, made
from tests.support.fake_model import FakeModel

CONTENT = "{current_date} {current_time} {timestamp} {start_time} {last_updated}"
INVALID = [
    "Mars/Olympus",
    "../etc/passwd",
    "Europe",
    "europe/berlin",
    "UTC+2",
    "/usr/share/zoneinfo/UTC",
    " UTC",
    "",
    "🙂",
]
# Far apart, so that two of them always have different dates.
EAST, WEST = "Pacific/Kiritimati", "Pacific/Midway"  # UTC+14, UTC-11


def shown(shop: Shop, fake_model: FakeModel, **values: Any) -> list[str]:
    """The values of the variables in CONTENT."""
    fake_model.reply('{"stage": "Greeting", "confidence": 0.9}', "{}", "Hello.")
    response = shop.say("Hello", **values)
    assert response.status_code == 200, response.text
    step = shop.trace(response.get_json()["turn_id"])["by_step"]["response"]
    values = {row["name"]: row["value"] for row in step["variables"]}
    return [values[name] for name in ("current_date", "current_time", "timestamp", "start_time", "last_updated")]


@pytest.fixture
def clock(shop: Shop) -> Shop:
    stage = shop.get(f"/stages/{shop.stages['Greeting']}").get_json()
    template = f"/templates/{stage['response_generation_template_id']}"
    assert shop.put(template, {"content": CONTENT}).status_code == 200
    return shop


def check(values: list[str], timezone: str) -> None:
    date, time, *timestamps = values
    now = datetime.now(ZoneInfo(timezone))
    local = datetime.fromisoformat(f"{date}T{time}").replace(tzinfo=ZoneInfo(timezone))
    assert abs(now - local) < timedelta(minutes=3)
    assert {datetime.fromisoformat(each).utcoffset() for each in timestamps} == {now.utcoffset()}


def test_variables_show_the_customers_time_or_the_businesss(
    clock: Shop, fake_model: FakeModel, sql: Connection
) -> None:
    check(shown(clock, fake_model), "UTC")
    settings = {"speculation": "off", "timezone": EAST}
    assert clock.put(f"/businesses/{clock.business_id}", {"settings": settings}).status_code == 200
    check(shown(clock, fake_model), EAST)
    assert clock.put(f"/users/{clock.user_id}", {"timezone": WEST}).status_code == 200
    check(shown(clock, fake_model), WEST)
    check(shown(clock, fake_model, user={"external_id": "c-2", "timezone": "Asia/Kolkata"}), "Asia/Kolkata")
    check(shown(clock, fake_model, user={"external_id": "c-3"}), EAST)
    # Names that an older database may contain.
    for unknown in INVALID:
        sql.execute("UPDATE users SET timezone = %(t)s WHERE user_id = %(id)s", {"t": unknown, "id": clock.user_id})
        check(shown(clock, fake_model), EAST)


@pytest.mark.parametrize("timezone", INVALID)
def test_unknown_time_zone_is_rejected(shop: Shop, timezone: str) -> None:
    responses = [
        shop.post("/users", {"timezone": timezone}),
        shop.put(f"/users/{shop.user_id}", {"timezone": timezone}),
        shop.say("Hello", user={"external_id": "c-2", "timezone": timezone}),
        shop.put(f"/businesses/{shop.business_id}", {"settings": {"timezone": timezone}}),
    ]
    assert [response.status_code for response in responses] == [400] * 4
    assert all(re.search(r"\.timezone$", response.get_json()["details"][0]["path"]) for response in responses)
    made(shop.post("/users", {"timezone": None}))
