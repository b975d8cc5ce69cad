"""Every message is answered once, even if processes are killed, alone or all together, or suspended."""

import os
import random
import signal
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from tests.processes.conftest import STEPS, Business, Deployment, StartDeployment, echo, prompt_of, step_of
from tests.support.model_replies import Gated, Reply

MAX_TURNS = 60
# A lease expires after ten seconds without a heartbeat, and processes look for orphaned turns every two seconds. The
# rest is for the turn itself.
TAKEOVER_SECONDS = 15


def start_turns_in_both_processes(business: Business, pool: ThreadPoolExecutor) -> "list[Future[httpx2.Response]]":
    """Send messages whose turns wait for their third model answer: eight, or more until both processes have turns."""
    responses: list[Future[httpx2.Response]] = []
    while len(responses) < MAX_TURNS:
        number = len(responses)
        responses.append(pool.submit(business.say, f"c-{number}", f"message {number}"))
        business.model.wait_for_requests(3 * len(responses))
        if number >= 7 and len({turn["lease_owner"] for turn in business.turns()}) == 2:
            return responses
    raise AssertionError("One process received every message.")


def wait_until_completed(business: Business, count: int, deadline: float) -> None:
    """Wait until `count` turns are completed, at most until `deadline` (time.monotonic())."""
    while True:
        turns = business.turns()
        if sum(turn["status"] == "completed" for turn in turns) == count:
            return
        assert time.monotonic() < deadline, [(turn["status"], turn["takeovers"]) for turn in turns]
        time.sleep(0.1)


def check_each_answered_once(business: Business, messages: list[str]) -> None:
    """Check that every message has one reply and that no step was committed twice."""
    assert business.texts("user") == sorted(messages)
    assert business.texts("assistant") == sorted(f"Reply to {message}" for message in messages)
    steps = business.select(
        """SELECT s.turn_id, s.step, count(*) AS completed FROM turn_steps s JOIN turns t USING (turn_id)
           WHERE t.business_id = %(business_id)s AND s.status = 'completed' AND NOT s.discarded GROUP BY 1, 2"""
    )
    assert len(steps) == len(STEPS) * len(messages)
    assert {row["completed"] for row in steps} == {1}


class Killed:
    """A turn that is at a random moment when its server is killed: shortly after the model was asked for the
    `requests`-th time, or after the message was sent if that is 0."""

    def __init__(self, deployment: Deployment, seed: int) -> None:
        chance = random.Random(seed)
        self.business = deployment.add_business()
        self.message = f"hello {seed}."
        self.requests = chance.randrange(4)
        self.delay = chance.random() * 0.03  # hits moments before, during and after steps and commits
        self.asked: list[str] = []  # steps
        self.is_reached, self.continues = threading.Event(), threading.Event()

    def say(self) -> httpx2.Response | None:
        try:
            return self.business.say("ana", self.message, idempotency_key="k-1")
        except httpx2.HTTPError:
            return None  # the connection broke

    def respond(self, body: dict[str, Any]) -> Reply:
        self.asked.append(step_of(body))
        if len(self.asked) != self.requests:
            return echo(body)
        self.is_reached.set()
        return Gated(str(echo(body)), self.continues)

    def check_answered_once(self) -> None:
        """Repeat the request after the server has been started again."""
        committed = self.business.select(
            "SELECT s.step FROM turn_steps s JOIN turns t USING (turn_id) WHERE t.business_id = %(business_id)s"
        )
        response = self.say()
        assert response is not None
        assert (response.status_code, response.json()["response"]) == (200, f"Reply to {self.message}")
        check_each_answered_once(self.business, [self.message])
        assert not set(self.asked) & {row["step"] for row in committed}


def kill_server_during_five_turns(start_deployment: StartDeployment, first_seed: int) -> None:
    """Kill all processes when each turn is at its moment, start the server again, and repeat the requests."""
    with start_deployment(processes=1) as deployment, ThreadPoolExecutor(10) as pool:
        turns = [Killed(deployment, seed) for seed in range(first_seed, first_seed + 5)]
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
        for turn in turns:
            turn.asked.clear()
            turn.requests = 0  # the model does not wait any more
        deployment.server.start()
        for checked in [pool.submit(turn.check_answered_once) for turn in turns]:
            checked.result()


def test_turn_is_answered_after_the_whole_server_is_killed(start_deployment: StartDeployment) -> None:
    kill_server_during_five_turns(start_deployment, 0)


@pytest.mark.soak
@pytest.mark.parametrize("first_seed", range(5, 55, 5))
def test_turn_is_answered_after_each_of_fifty_kills(start_deployment: StartDeployment, first_seed: int) -> None:
    kill_server_during_five_turns(start_deployment, first_seed)


@pytest.mark.soak
def test_speculative_response_of_a_killed_server_is_not_used(start_deployment: StartDeployment) -> None:
    """The turn starts over: nothing speculative was stored."""
    replies = iter(["Hello.", "early", "late", "late again"])
    gate = threading.Event()

    def respond(body: dict[str, Any]) -> Reply:
        match step_of(body):
            case "selection":
                return Gated(str(echo(body)), gate)
            case "response":
                return next(replies)
        return "{}"

    with start_deployment(processes=1) as deployment, ThreadPoolExecutor(1) as pool:
        business = deployment.add_business()
        business.request("PUT", f"/businesses/{business.business_id}", json={"settings": {"speculation": "full"}})
        business.model.respond = respond
        gate.set()
        assert business.say("ana", "A greeting").json()["response"] == "Hello."
        gate.clear()
        asked = len(business.model.requests)
        pool.submit(business.say, "ana", "Another greeting")
        business.model.wait_for_requests(asked + 3)
        business.server.kill()
        gate.set()
        business.server.start()
        wait_until_completed(business, 2, time.monotonic() + TAKEOVER_SECONDS)
        assert business.texts("assistant") == ["Hello.", "late"]
        steps = business.select(
            """SELECT s.step, s.discarded, s.output FROM turn_steps s JOIN turns t USING (business_id, turn_id)
               WHERE t.business_id = %(business_id)s AND s.step = 'response'"""
        )
        assert sorted(row["output"]["reply"] for row in steps) == ["Hello.", "late"]


def test_turns_of_a_killed_process_are_taken_over(business: Business) -> None:
    gate = threading.Event()
    business.model.respond = lambda body: Gated(str(echo(body)), gate) if step_of(body) == "response" else echo(body)
    with ThreadPoolExecutor(MAX_TURNS) as pool:
        responses = start_turns_in_both_processes(business, pool)
        os.kill(business.server.workers()[0], signal.SIGKILL)
        deadline = time.monotonic() + TAKEOVER_SECONDS
        gate.set()
        wait_until_completed(business, len(responses), deadline)
    check_each_answered_once(business, [f"message {number}" for number in range(len(responses))])
    assert any(turn["takeovers"] for turn in business.turns())


@pytest.mark.parametrize("seconds", [13, pytest.param(20, marks=pytest.mark.soak)])
def test_suspended_process_does_not_overwrite_turns_taken_over(business: Business, seconds: int) -> None:
    gate = threading.Event()
    business.model.respond = lambda body: Gated(str(echo(body)), gate) if step_of(body) == "response" else echo(body)
    worker = business.server.workers()[0]
    with ThreadPoolExecutor(MAX_TURNS) as pool:
        responses = start_turns_in_both_processes(business, pool)
        os.kill(worker, signal.SIGSTOP)
        start = time.monotonic()
        try:
            gate.set()
            wait_until_completed(business, len(responses), start + TAKEOVER_SECONDS)
            completed = {turn["turn_id"]: turn["answer"] for turn in business.turns()}
            time.sleep(max(0.0, start + seconds - time.monotonic()))  # the duration of the suspension is under test
        finally:
            os.kill(worker, signal.SIGCONT)
        answers = [response.result().json() for response in responses]  # including those of the suspended process
    assert {turn["turn_id"]: turn["answer"] for turn in business.turns()} == completed
    assert sorted(map(str, answers)) == sorted(map(str, completed.values()))
    check_each_answered_once(business, [f"message {number}" for number in range(len(responses))])
    assert any(turn["takeovers"] for turn in business.turns())


@pytest.mark.slow
def test_sigterm_lets_turns_finish(business: Business) -> None:
    gate = threading.Event()
    business.model.respond = lambda body: Gated(str(echo(body)), gate)
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(business.say, "ana", "waiting")
        abandoned = pool.submit(business.say, "bea", "abandoned", timeout=httpx2.Timeout(60, read=1))
        business.model.wait_for_requests(2)
        with pytest.raises(httpx2.ReadTimeout):
            abandoned.result()  # the client disconnects, its turn continues
        stopping = threading.Thread(target=business.server.stop)
        stopping.start()
        gate.set()
        assert waiting.result().json()["response"] == "Reply to waiting"
        stopping.join()
    assert sorted(turn["status"] for turn in business.turns()) == ["completed", "completed"]
    assert [turn["takeovers"] for turn in business.turns()] == [0, 0]
    business.server.start()
