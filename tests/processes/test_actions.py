"""Actions of turns whose server is killed: each change is made once, and each message is answered once."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from tests.processes.conftest import Deployment, StartDeployment, prompt_of, step_of
from tests.support.actions import ADDRESS_SCHEMA, ASKED, CHANGE_ADDRESS, FOUND, IN_ADDRESS, MOVED, NEW, NOTHING, OLD
from tests.support.actions import WRITABLE as FIELDS
from tests.support.model_replies import Gated, Reply
from tests.support.web_server import WebServer

EVENT = {"do": "create_event", "with": {"event_type": "moved", "properties": {"to": "{shipping_address}"}}}
STEPS = ["actions", "extraction", "response", "retrieval", "selection"]


class Killed:
    """A turn in which the customer has confirmed a change, and whose server is killed at a random moment: shortly after
    the model was asked for the `requests`-th time, or after the message was sent if that is 0."""

    def __init__(self, deployment: Deployment, api: WebServer, seed: int) -> None:
        chance = random.Random(seed)
        self.business = deployment.add_business()
        self.message = f"Yes {seed}."
        self.requests = chance.randrange(4)
        self.delay = chance.random() * 0.03  # hits moments before, during and after steps and commits
        self.asked: list[str] = []  # steps
        self.is_reached, self.continues = threading.Event(), threading.Event()
        self.prepare(api)

    def prepare(self, api: WebServer) -> None:
        """Create the stage and the order, and let the customer ask for the change."""
        business = self.business
        settings = {"speculation": "off", "writable_fields": FIELDS}
        business.request("PUT", f"/businesses/{business.business_id}", json={"settings": settings})
        url = f"http://127.0.0.1:{api.port}/{business.business_id}"
        call = {"do": "api_call", "name": "Tell the warehouse", "with": {"method": "POST", "url": url}}
        actions = [CHANGE_ADDRESS, EVENT, call]
        stage = {"stage_name": "Address", "extraction_schema": ADDRESS_SCHEMA, "actions": actions}
        business.request("POST", "/stages", json=stage)
        customer = business.request("POST", "/users", json={"external_id": "ana"})
        order = {"user_id": customer["user_id"], "order_number": "A-10433", "shipping_address": OLD}
        business.request("POST", "/orders", json=order)
        assert business.say("ana", MOVED).json()["response"] == ASKED

    def say(self) -> httpx2.Response | None:
        try:
            return self.business.say("ana", self.message, idempotency_key="k-1")
        except httpx2.HTTPError:
            return None  # the connection broke

    def respond(self, body: dict[str, Any]) -> Reply:
        self.asked.append(step_of(body))
        if len(self.asked) != self.requests:
            return answer_to(body)
        self.is_reached.set()
        return Gated(answer_to(body), self.continues)

    def check_done_once(self, api: WebServer) -> None:
        """Repeat the request after the server has been started again."""
        response = self.say()
        assert response is not None
        assert (response.status_code, response.json()["response"]) == (200, "It is changed.")
        assert self.business.texts("assistant") == sorted([ASKED, "It is changed."])
        [order] = self.business.request("GET", "/orders")
        assert order["shipping_address"] == NEW
        rows = "SELECT actor_id FROM audit_log WHERE business_id = %(business_id)s AND actor_type = 'turn'"
        turn_id = response.json()["turn_id"]
        assert [str(row["actor_id"]) for row in self.business.select(rows)] == [turn_id]
        events = "SELECT FROM events WHERE business_id = %(business_id)s"
        assert len(self.business.select(events)) == 1
        keys = {key_of(request) for request in api.requests if self.business.business_id.encode() in request}
        assert keys == {f"{turn_id}:2"}
        steps = "SELECT step FROM turn_steps WHERE business_id = %(business_id)s AND status = 'completed'"
        assert sorted(row["step"] for row in self.business.select(steps)) == sorted(STEPS * 2)
        results = self.business.trace(turn_id)["actions"]["output"]["results"]
        assert [result["status"] for result in results] == ["done"] * 3


def answer_to(body: dict[str, Any]) -> str:
    """A model that finds the address in the first message, and reads a yes in the next one."""
    extraction = NOTHING if "Yes " in prompt_of(body) else FOUND
    answers = {
        "selection": IN_ADDRESS,
        "confirmation": '{"answer": "yes"}',
        "extraction": extraction,
    }
    return answers.get(step_of(body), "It is changed.")


def key_of(request: bytes) -> str:
    lines = request.decode().splitlines()
    return next(line.partition(": ")[2] for line in lines if line.lower().startswith("idempotency-key:"))


def kill_server_during_five_turns(start_deployment: StartDeployment, first_seed: int) -> None:
    """Kill the server when each turn is at its moment, start it again, and repeat the requests."""
    with (
        start_deployment(processes=1, API_CALL_ALLOWED_HOSTS="127.0.0.1") as deployment,
        WebServer() as api,
        ThreadPoolExecutor(10) as pool,
    ):
        deployment.model.respond = answer_to
        turns = [Killed(deployment, api, seed) for seed in range(first_seed, first_seed + 5)]
        deployment.model.respond = lambda body: next(
            turn.respond(body) for turn in turns if turn.message in prompt_of(body)
        )
        sent = [pool.submit(turn.say) for turn in turns if turn.requests]
        assert all(turn.is_reached.wait(60) for turn in turns if turn.requests)
        killed_at = time.monotonic() + 0.05
        for turn in sorted(turns, key=lambda turn: -turn.delay):
            time.sleep(max(0.0, killed_at - turn.delay - time.monotonic()))
            turn.continues.set()
            sent += [] if turn.requests else [pool.submit(turn.say)]
        time.sleep(max(0.0, killed_at - time.monotonic()))
        deployment.server.kill()
        for each in sent:
            each.result()
        deployment.model.respond = answer_to
        deployment.server.start()
        for checked in [pool.submit(turn.check_done_once, api) for turn in turns]:
            checked.result()


def test_confirmed_change_is_made_once_although_the_server_is_killed(start_deployment: StartDeployment) -> None:
    kill_server_during_five_turns(start_deployment, 0)


@pytest.mark.soak
@pytest.mark.parametrize("first_seed", range(5, 35, 5))
def test_confirmed_change_is_made_once_in_thirty_kills(start_deployment: StartDeployment, first_seed: int) -> None:
    kill_server_during_five_turns(start_deployment, first_seed)
