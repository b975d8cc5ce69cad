"""A budget holds for the turns of all processes, also if one of them is killed."""

import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from typing import Any

import pytest

from tests.processes.conftest import Business, Deployment, echo, step_of
from tests.support.model_replies import Gated, Reply
from tests.support.os_users import wait_for

pytestmark = pytest.mark.slow

TURNS, ADMITTED = 200, 20


class Gate:
    """While it is closed, the model writes no reply."""

    def __init__(self, business: Business) -> None:
        self._open = threading.Event()
        business.model.respond = self._respond

    def _respond(self, body: dict[str, Any]) -> Reply:
        return Gated("Hello there", self._open) if step_of(body) == "response" else echo(body)

    def open(self) -> None:
        self._open.set()


def set_budget(business: Business, **budget: Any) -> None:
    prices = {"gpt-4.1-mini": {"prompt": 0, "completion": 1000}}
    settings: dict[str, Any] = {"speculation": "off", "summary_messages": 0, "prices": prices}
    settings["budget"] = {"then": "fixed_reply", **budget}
    business.request("PUT", f"/businesses/{business.business_id}", json={"settings": settings})


def spent(business: Business) -> dict[str, float]:
    """The day of the budget, and what the recorded calls cost."""
    [row] = business.select(
        """
        SELECT p.spent, p.reserved, (SELECT sum(cost_usd) FROM llm_calls c WHERE c.business_id = p.business_id) AS cost
        FROM budget_periods p WHERE p.business_id = %(business_id)s AND p.period = 'day'
        """
    )
    return {name: float(value) for name, value in row.items()}


def test_concurrent_turns_of_two_processes_stay_within_the_budget(business: Business, deployment: Deployment) -> None:
    business.change_stages(fixed_reply="We are busy.")
    set_budget(business, per_day=1000)
    gate = Gate(business)
    gate.open()
    assert business.say("first", "hello").json()["engine"] == "model"
    cost = spent(business)["spent"]
    limit = round(cost * (1 + ADMITTED), 6)
    set_budget(business, per_day=limit)

    gate = Gate(business)
    with ThreadPoolExecutor(TURNS) as pool:
        pending = [pool.submit(business.say, f"c-{number}", "hello") for number in range(TURNS)]
        # Fixed replies answer while the admitted turns still wait for the model.
        refused = [each.result().json() for each in islice(as_completed(pending, timeout=120), TURNS - ADMITTED)]
        assert {answer["response"] for answer in refused} == {"We are busy."}
        gate.open()
        engines = [each.result().json()["engine"] for each in pending]
    assert sorted(engines) == ["fallback"] * (TURNS - ADMITTED) + ["model"] * ADMITTED
    workers = business.select("SELECT DISTINCT lease_owner FROM turns WHERE business_id = %(business_id)s")
    assert len(workers) == 2
    total = spent(business)
    assert total["reserved"] == 0
    assert total["spent"] == pytest.approx(total["cost"])
    assert total["spent"] <= limit + cost


def test_turns_of_a_killed_process_are_counted_once(business: Business, deployment: Deployment) -> None:
    set_budget(business, per_day=1000)
    gate = Gate(business)
    with ThreadPoolExecutor(10) as pool:
        for number in range(10):
            pool.submit(business.say, f"c-{number}", "hello")
        business.model.wait_for_requests(20)
        assert spent(business)["reserved"] > 0
        os.kill(deployment.server.workers()[0], signal.SIGKILL)
        gate.open()
        done = "SELECT FROM turns WHERE business_id = %(business_id)s AND status = 'completed'"
        wait_for(lambda: len(business.select(done)) == 10, "the turns to be taken over", seconds=60)
    wait_for(lambda: spent(business)["reserved"] == 0, "the turns to be settled", seconds=60)
    total = spent(business)
    assert total["spent"] == pytest.approx(total["cost"])
