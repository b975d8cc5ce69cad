"""Conversations stay with their release while it is published, tried out and restored, and the server is killed."""

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


def publish(business: Business, design: str, **body: int) -> None:
    """Publish a design whose prompts name it."""
    for stage in business.request("GET", "/stages"):
        path = f"/templates/{stage['response_generation_template_id']}"
        business.request("PUT", path, json={"content": f"Design {design}"})
    business.request("POST", "/releases", json={"note": design, **body})


def respond(body: dict[str, Any]) -> str:
    """The name of the design, or the first stage."""
    named = re.search(r"Design (\w+)", str(body["messages"]))
    return named[1] if named else '{"stage": "Greeting", "confidence": 1}'


def restore(business: Business, note: str) -> None:
    release = next(row for row in business.request("GET", "/releases") if row["note"] == note)
    business.request("POST", f"/releases/{release['release_id']}/restore")


def test_conversations_stay_with_their_release_although_the_server_is_killed(start_deployment: StartDeployment) -> None:
    gate = threading.Event()
    with start_deployment(processes=1) as deployment, ThreadPoolExecutor(4 * CUSTOMERS) as pool:
        business = deployment.add_business()
        phases: dict[str, Callable[[], None]] = {
            "published": lambda: publish(business, "One"),
            "trial": lambda: publish(business, "Two", percent=50),
            "all": lambda: publish(business, "Three"),
            "restored": lambda: restore(business, "One"),
        }
        settings = {"publishing": "reviewed", "pin": "conversation", "speculation": "off"}
        business.request("PUT", f"/businesses/{business.business_id}", json={"settings": settings})
        business.model.respond = lambda body: Gated(respond(body), gate)
        customers: list[str] = []
        for phase, change in phases.items():
            change()
            for number in range(CUSTOMERS):
                customers.append(f"{phase}-{number}")
                pool.submit(business.say, customers[-1], "hello")
            wait_for(lambda: len(business.turns()) == len(customers), "the messages of all customers", pause=0.05)
            business.server.kill()
            business.server.start()
        gate.set()
        wait_until_completed(business, len(customers), time.monotonic() + TAKEOVER_SECONDS)
        first = replies(business)
        assert {first[name] for name in customers if name.startswith("published")} == {"One"}
        assert {first[name] for name in customers if name.startswith("trial")} <= {"One", "Two"}
        assert {first[name] for name in customers if name.startswith("all")} == {"Three"}
        assert {first[name] for name in customers if name.startswith("restored")} == {"One"}
        for name in customers:
            assert business.say(name, "hello again").json()["response"] == first[name]
        rows = business.select(
            """SELECT DISTINCT t.release_id = c.release_id AS is_own FROM turns t
               JOIN conversations c USING (business_id, conversation_id) WHERE t.business_id = %(business_id)s"""
        )
        assert [row["is_own"] for row in rows] == [True]


def replies(business: Business) -> dict[str, str]:
    """The first reply to each customer, by external_id."""
    rows = business.select(
        """SELECT DISTINCT ON (u.external_id) u.external_id, m.message_content FROM messages m
           JOIN conversations c USING (business_id, conversation_id) JOIN users u ON u.user_id = c.user_id
           WHERE m.business_id = %(business_id)s AND m.sender_type = 'assistant'
           ORDER BY u.external_id, m.seq"""
    )
    return {row["external_id"]: row["message_content"] for row in rows}
