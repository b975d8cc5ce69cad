"""Every figure of simulated businesses, whose conversations are known, is what they say."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from analytics.rebuild import attempt, rebuild
from analytics.rolling_up import roll_up
from db import Database
from dev.bench.simulator.design import create_business
from dev.bench.simulator.rows import finish_late, write
from dev.bench.simulator.simulate import simulate
from dev.bench.simulator.traffic import Traffic
from dev.bench.simulator.truth import Filters
from dev.bench.simulator.world import Business
from tests.conftest import make_config, own_database, running_app
from tests.support.checked_client import CheckedClient
from tests.support.database import Connection, connect
from tests.support.fake_model import FakeModel
from tests.support.simulation import Comparison

pytestmark = pytest.mark.timeout(600)

LAST = date(2025, 11, 5)
SHORT = 14  # days; the clocks change on 26 October in Berlin, and on 2 November in New York
LONG = 90

Period = tuple[date, date, str | None]


@dataclass
class Simulation:
    """The simulated businesses, and a server that has their rows."""

    client: CheckedClient
    database: Database
    businesses: list[Business]
    first: date

    def check(self, business: Business, periods: list[Period], query: dict[str, Any], filters: Filters) -> int:
        """Compare all reports about these periods. Returns the number of rows."""
        comparison = Comparison(self.client, business, datetime.now(UTC))
        return sum(comparison.check(*period, query, filters) for period in periods)


@pytest.fixture(scope="module")
def simulation(server_url: str, template_database: str, model_server: FakeModel) -> Iterator[Simulation]:
    with own_database(server_url, template_database) as url:
        yield from simulated(url, model_server, SHORT, turns=2000)


@pytest.fixture(scope="module")
def long_simulation(server_url: str, template_database: str, model_server: FakeModel) -> Iterator[Simulation]:
    with own_database(server_url, template_database) as url:
        yield from simulated(url, model_server, LONG, turns=200_000)


def simulated(url: str, model_server: FakeModel, days: int, turns: int) -> Iterator[Simulation]:
    """Businesses some of whose turns have ended after the others were counted."""
    first = LAST - timedelta(days=days - 1)
    with connect(url, autocommit=False) as conn:
        conn.execute("SET statement_timeout = 0")
        businesses = [*simulate(conn, 1, first, days, turns), create_present_business(conn)]
        with closing(Database(url, 2)) as database:
            for business in businesses:
                write(conn, business, with_late=False)
            conn.commit()
            count(database, businesses)
            for business in businesses:
                finish_late(conn, business)
            conn.commit()
            count(database, businesses)
            # Before, the server would have taken over the unfinished turns.
            with running_app(make_config(url, OPENAI_BASE_URL=model_server.base_url)) as app:
                yield Simulation(app.test_client(), database, businesses, first)


def create_present_business(conn: Connection) -> Business:
    """A business with conversations that are still open."""
    now, rng = datetime.now(UTC), random.Random(2)
    start = now - timedelta(days=2)
    business = create_business(conn, rng, "Simulated Today", "Europe/Berlin", start, days=2, customers=24)
    Traffic(rng, business).add_open(now, 10)
    return business


def count(database: Database, businesses: list[Business]) -> None:
    """Count what has changed."""
    for business in businesses:
        while attempt(database, roll_up, business.business_id):
            pass


def filters_of(business: Business) -> list[tuple[dict[str, Any], Filters]]:
    """Each filter of the reports, and what it means."""
    stage, release = business.stages[2], business.releases[1]
    template_id = stage.templates["response"]
    version = release.versions[template_id]
    with_version = frozenset(each.release_id for each in business.releases if each.versions[template_id] == version)
    return [
        ({"channel": "whatsapp"}, Filters(channel="whatsapp")),
        ({"language": "de"}, Filters(language="de")),
        ({"stage_id": stage.stage_id}, Filters(stage=stage)),
        ({"agent_id": stage.agent_id}, Filters(agent_id=stage.agent_id)),
        ({"template_id": template_id, "template_version": version}, Filters(releases=with_version)),
        (
            {"channel": "api", "language": "en", "release_id": release.release_id},
            Filters(channel="api", language="en", releases=frozenset([release.release_id])),
        ),
    ]


def periods_of(simulation: Simulation, day: date) -> list[Period]:
    """Periods of all lengths, with the hours of a day."""
    whole = (simulation.first, LAST + timedelta(days=1))  # the last conversations may end on the next day
    return [(*whole, None), (*whole, "month"), (*whole, "week"), (*whole, "day"), (day, day, "hour"), (day, day, None)]


@pytest.mark.parametrize(
    ("number", "day"),
    [(0, date(2025, 10, 26)), (1, date(2025, 11, 2)), (2, date(2025, 10, 24))],
    ids=["Berlin", "New York", "Kathmandu"],
)
def test_every_figure_is_what_the_conversations_say(simulation: Simulation, number: int, day: date) -> None:
    business = simulation.businesses[number]
    assert simulation.check(business, periods_of(simulation, day), {}, Filters()) > 500


def test_filters_leave_out_what_they_say(simulation: Simulation) -> None:
    business = simulation.businesses[0]
    periods: list[Period] = [(simulation.first, LAST, None)]
    for query, filters in filters_of(business):
        assert simulation.check(business, periods, query, filters) > 20


def test_every_conversation_behind_a_figure_is_listed(simulation: Simulation) -> None:
    now = datetime.now(UTC)
    comparisons = [Comparison(simulation.client, business, now) for business in simulation.businesses[:3]]
    assert sum(comparison.check_examples(date(2025, 10, 26)) for comparison in comparisons) > 100


def test_every_message_without_an_answer_is_counted(simulation: Simulation) -> None:
    business = simulation.businesses[0]
    comparison = Comparison(simulation.client, business, datetime.now(UTC))
    assert comparison.check_unanswered(simulation.first, LAST, {}, Filters()) > 5
    assert comparison.check_unanswered(date(2025, 10, 26), LAST, {"channel": "widget"}, Filters(channel="widget")) > 2


def test_open_conversations_are_counted_until_a_day_has_passed(simulation: Simulation) -> None:
    business = simulation.businesses[-1]
    today = datetime.now(business.zone).date()
    simulation.check(business, [(today - timedelta(days=1), today, None)], {}, Filters())


def test_counting_everything_again_finds_no_difference(simulation: Simulation) -> None:
    business = simulation.businesses[2]
    assert rebuild(simulation.database, business.business_id) == []


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_every_figure_of_200_000_turns_is_what_the_conversations_say(long_simulation: Simulation) -> None:
    for business in long_simulation.businesses[:3]:
        periods = periods_of(long_simulation, date(2025, 10, 26))
        rows = long_simulation.check(business, periods, {}, Filters())
        hours: list[Period] = [(date(2025, 10, 20), date(2025, 11, 3), "hour")]
        rows += long_simulation.check(business, hours, {}, Filters())
        for query, filters in filters_of(business):
            rows += long_simulation.check(business, [periods[0], periods[2]], query, filters)
        assert rows > 5000
        assert rebuild(long_simulation.database, business.business_id) == []
