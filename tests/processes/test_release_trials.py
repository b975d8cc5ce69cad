"""Releases are checked, published, tried out and restored, and conversations stay with theirs, although the server is
killed at each step."""

import re
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.processes.conftest import Business, StartDeployment
from tests.processes.test_survival import TAKEOVER_SECONDS, wait_until_completed
from tests.support.model_replies import Gated
from tests.support.os_users import wait_for

CUSTOMERS = 6  # who write in each phase
TEST_MESSAGE = "What do the test cases say?"


def edit(business: Business, design: str) -> None:
    """Let all prompts name this design."""
    for stage in business.request("GET", "/stages"):
        path = f"/templates/{stage['response_generation_template_id']}"
        business.request("PUT", path, json={"content": f"Design {design}: {{user_message}}"})


def publish(business: Business, design: str, **body: int) -> None:
    """Publish this design, whose test cases start to run."""
    edit(business, design)
    asked = len(requests_of_tests(business))
    business.request("POST", "/releases", json={"note": design, **body})
    wait_for(lambda: len(requests_of_tests(business)) > asked, "the test case", pause=0.05)


def requests_of_tests(business: Business) -> list[dict[str, Any]]:
    return [request for request in list(business.model.requests) if TEST_MESSAGE in str(request["messages"])]


def respond(body: dict[str, Any]) -> str:
    """The name of the design, or the first stage."""
    named = re.search(r"Design (\w+)", str(body["messages"]))
    return named[1] if named else '{"stage": "Greeting", "confidence": 1}'


def release(business: Business, note: str) -> dict[str, Any]:
    found: dict[str, Any] = next(row for row in business.request("GET", "/releases") if row["note"] == note)
    return found


def restore(business: Business, note: str) -> None:
    business.request("POST", f"/releases/{release(business, note)['release_id']}/restore")


def test_conversations_stay_with_their_release_although_the_server_is_killed(start_deployment: StartDeployment) -> None:
    answers, results = threading.Event(), threading.Event()
    with start_deployment(processes=1) as deployment, ThreadPoolExecutor(6 * CUSTOMERS) as pool:
        business = deployment.add_business()
        settings = {"publishing": "reviewed", "pin": "conversation", "speculation": "off"}
        business.request("PUT", f"/businesses/{business.business_id}", json={"settings": settings})
        turn = {"message": TEST_MESSAGE, "expect": {"reply": {"excludes": ["Bad"]}}}
        business.request("POST", "/test-cases", json={"name": "Not bad", "turns": [turn]})
        business.model.respond = lambda body: Gated(
            respond(body), results if TEST_MESSAGE in str(body["messages"]) else answers
        )
        phases: dict[str, Callable[[], None]] = {
            "published": lambda: publish(business, "One"),
            "refused": lambda: publish(business, "Bad"),
            "trial": lambda: publish(business, "Two", percent=20),
            "all": lambda: publish(business, "Three"),
            "restored": lambda: restore(business, "One"),
        }
        customers: list[str] = []
        for phase, change in phases.items():
            results.clear()
            change()
            business.server.kill()
            business.server.start()
            finish(business, len(customers), answers, results)
            answers.clear()
            for number in range(CUSTOMERS):
                customers.append(f"{phase}-{number}")
                pool.submit(business.say, customers[-1], "hello")
            wait_for(lambda: len(business.turns()) == len(customers), "the messages of all customers", pause=0.05)
        business.server.kill()
        business.server.start()
        finish(business, len(customers), answers, results)
        first = replies(business)
        by_phase = {phase: {first[f"{phase}-{number}"] for number in range(CUSTOMERS)} for phase in phases}
        assert by_phase.pop("trial") <= {"One", "Two"}
        assert by_phase == {"published": {"One"}, "refused": {"One"}, "all": {"Three"}, "restored": {"One"}}
        assert [release(business, note)["status"] for note in ("Bad", "Two", "Three")] == [
            "refused",
            "draft",
            "published",
        ]
        for name in customers:
            assert business.say(name, "hello again").json()["response"] == first[name]
        rows = business.select(
            """SELECT DISTINCT t.release_id = c.release_id AS is_own FROM turns t
               JOIN conversations c USING (business_id, conversation_id) WHERE t.business_id = %(business_id)s"""
        )
        assert [row["is_own"] for row in rows] == [True]


def finish(business: Business, turns: int, *gates: threading.Event) -> None:
    """Let the model answer, and wait until this number of turns is completed and no release is being checked."""
    for gate in gates:
        gate.set()
    wait_until_completed(business, turns, time.monotonic() + TAKEOVER_SECONDS)
    wait_for(
        lambda: all(row["status"] != "checking" for row in business.request("GET", "/releases")),
        "the check",
        pause=0.05,
    )


def replies(business: Business) -> dict[str, str]:
    """The first reply to each customer, by external_id."""
    rows = business.select(
        """SELECT DISTINCT ON (u.external_id) u.external_id, m.message_content FROM messages m
           JOIN conversations c USING (business_id, conversation_id) JOIN users u ON u.user_id = c.user_id
           WHERE m.business_id = %(business_id)s AND m.sender_type = 'assistant'
           ORDER BY u.external_id, m.seq"""
    )
    return {row["external_id"]: row["message_content"] for row in rows}
