"""A simulation whose server is killed starts again, and leaves nothing behind."""

import threading
from typing import Any

import pytest

from tests.processes.conftest import Business
from tests.support.model_replies import Gated, Reply
from tests.support.os_users import wait_for
from tests.support.simulations import ROLE, is_of_customer, words
from tests.support.turns import by_step

_SECONDS = 60  # until another process takes over


@pytest.mark.slow
def test_simulation_of_a_killed_server_starts_again(business: Business) -> None:
    gate, answer = threading.Event(), by_step()
    beginnings: list[str] = []

    def respond(body: dict[str, Any]) -> Reply:
        if not is_of_customer(body):
            return answer(body)
        if "It has not begun" in body["messages"][1]["content"]:
            beginnings.append(words("Where is A-10433?"))
            return beginnings[-1]
        return Gated(words(is_done=True, goal_reached=True), gate)

    def simulation() -> dict[str, Any]:
        found: dict[str, Any] = business.request("GET", f"/simulations/{simulation_id}")
        return found

    business.model.respond = respond
    before = rows(business)
    simulation_id = business.request("POST", "/simulations", json=ROLE)["simulation_id"]
    wait_for(lambda: simulation()["turns"], "the first turn", pause=0.05)
    business.server.kill()
    business.server.start()
    wait_for(lambda: len(beginnings) == 2, "the second attempt", seconds=_SECONDS, pause=0.05)
    gate.set()
    wait_for(lambda: simulation()["finished_at"], "the end", pause=0.05)
    found = simulation()
    assert (found["status"], found["goal_reached"], len(found["turns"])) == ("finished", True, 1)
    assert rows(business) == before
    calls = business.select(
        """SELECT step, prompt_tokens + completion_tokens AS tokens FROM llm_calls
           WHERE business_id = %(business_id)s"""
    )
    assert {call["step"] for call in calls} == {"simulation"}
    assert found["tokens"] == sum(call["tokens"] for call in calls)  # also of the first attempt
    assert len(calls) == 9


def rows(business: Business) -> list[dict[str, Any]]:
    """The numbers of rows of all businesses in the tables of conversations."""
    return business.select(
        """SELECT (SELECT count(*) FROM businesses) AS businesses, (SELECT count(*) FROM users) AS users,
                  (SELECT count(*) FROM conversations) AS conversations, (SELECT count(*) FROM turns) AS turns,
                  (SELECT count(*) FROM messages) AS messages"""
    )
