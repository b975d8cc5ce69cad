"""Processes that die, alone or together, and one that is stopped for a while: every message is answered once."""

import os
import random
import signal
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import httpx2
import pytest

from tests.processes.conftest import Served, Start, echo, serve_business, step_of
from tests.support.fake_model import Gated

MOST_TURNS = 60
TAKEOVER_SECONDS = 15  # SPEC 7.2: silence of ten seconds, then a look every two; and the resuming itself


def hang_in_both_processes(served: Served, pool: ThreadPoolExecutor) -> "list[Future[httpx2.Response]]":
    """Messages whose turns hang in their third call to the model, eight or as many as it takes for each process to have
    one."""
    answers: list[Future[httpx2.Response]] = []
    while len(answers) < MOST_TURNS:
        number = len(answers)
        answers.append(pool.submit(served.say, f"c-{number}", f"message {number}"))
        served.model.wait_for_requests(3 * len(answers))
        if number >= 7 and len({turn["lease_owner"] for turn in served.turns()}) == 2:
            return answers
    raise AssertionError("One process took every message.")


def wait_until_completed(served: Served, count: int, seconds: float) -> float:
    """Until so many turns are completed; returns how long it took. Only this look into the table asks for them."""
    began = time.monotonic()
    while True:
        turns = served.turns()
        if sum(turn["status"] == "completed" for turn in turns) == count:
            return time.monotonic() - began
        assert time.monotonic() - began < seconds, [(turn["status"], turn["takeovers"]) for turn in turns]
        time.sleep(0.1)


def check_each_answered_once(served: Served, messages: list[str]) -> None:
    """One message and one reply a turn, and no step that was committed was asked for again."""
    rows = served.messages()
    said = sorted(row["message_content"] for row in rows if row["sender_type"] == "user")
    replies = sorted(row["message_content"] for row in rows if row["sender_type"] == "assistant")
    assert said == sorted(messages)
    assert replies == sorted(f"Reply to {message}" for message in messages)
    steps = served.select(
        """SELECT s.turn_id, s.step, count(*) AS completed FROM turn_steps s JOIN turns t USING (turn_id)
           WHERE t.business_id = %(business_id)s AND s.status = 'completed' AND NOT s.discarded GROUP BY 1, 2"""
    )
    assert len(steps) == 4 * len(messages)
    assert {row["completed"] for row in steps} == {1}


def kill_at_a_random_moment(start: Start, seed: int) -> None:
    """`kill -9` of every process somewhere in a turn, a new start, and the same request again."""
    chance = random.Random(seed)
    after_requests, delay = chance.randrange(4), chance.random() * 0.03
    with start(processes=1) as parts, ThreadPoolExecutor(1) as pool:
        served = serve_business(*parts)

        def ask() -> httpx2.Response | None:
            try:
                return served.say("ana", "hello", idempotency_key="k-1")
            except httpx2.HTTPError:
                return None  # the connection went with the server

        first = pool.submit(ask)
        served.model.wait_for_requests(after_requests)
        time.sleep(delay)  # the moment is what is drawn: before, between and after steps and commits
        served.server.kill()
        first.result()
        committed = served.select(
            "SELECT s.step FROM turn_steps s JOIN turns t USING (turn_id) WHERE t.business_id = %(business_id)s"
        )
        served.model.requests.clear()
        served.server.start()
        answer = served.say("ana", "hello", idempotency_key="k-1")
        assert (answer.status_code, answer.json()["response"]) == (200, "Reply to hello")
        check_each_answered_once(served, ["hello"])
        assert not {step_of(body) for body in served.model.requests} & {row["step"] for row in committed}


def kill_five_times(start: Start, first_seed: int) -> None:
    """At once, as each mostly waits for a dead process's silence to be noticed."""
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(lambda seed: kill_at_a_random_moment(start, seed), range(first_seed, first_seed + 5)))


def test_the_whole_server_is_killed(start: Start) -> None:
    kill_five_times(start, 0)


@pytest.mark.soak
@pytest.mark.parametrize("first_seed", range(5, 55, 5))
def test_the_whole_server_is_killed_fifty_times(start: Start, first_seed: int) -> None:
    kill_five_times(start, first_seed)


def test_a_sibling_finishes_what_a_killed_process_left(served: Served) -> None:
    gate = threading.Event()
    served.model.respond = lambda body: Gated(str(echo(body)), gate) if step_of(body) == "response" else echo(body)
    with ThreadPoolExecutor(MOST_TURNS) as pool:
        answers = hang_in_both_processes(served, pool)
        os.kill(served.server.workers()[0], signal.SIGKILL)
        killed_at = time.monotonic()
        gate.set()
        wait_until_completed(served, len(answers), TAKEOVER_SECONDS)
        assert time.monotonic() - killed_at < TAKEOVER_SECONDS
    check_each_answered_once(served, [f"message {number}" for number in range(len(answers))])
    assert any(turn["takeovers"] for turn in served.turns())


@pytest.mark.parametrize("seconds", [13, pytest.param(20, marks=pytest.mark.soak)])
def test_a_process_that_was_stopped_cannot_write_over_its_sibling(served: Served, seconds: int) -> None:
    gate = threading.Event()
    served.model.respond = lambda body: Gated(str(echo(body)), gate) if step_of(body) == "response" else echo(body)
    stopped = served.server.workers()[0]
    with ThreadPoolExecutor(MOST_TURNS) as pool:
        answers = hang_in_both_processes(served, pool)
        os.kill(stopped, signal.SIGSTOP)
        began = time.monotonic()
        try:
            gate.set()
            wait_until_completed(served, len(answers), TAKEOVER_SECONDS)
            finished = {turn["turn_id"]: turn["answer"] for turn in served.turns()}
            time.sleep(max(0.0, seconds - (time.monotonic() - began)))  # the length of the stop is what is tested
        finally:
            os.kill(stopped, signal.SIGCONT)
        bodies = [answer.result().json() for answer in answers]  # also those whose process was stopped
    assert {turn["turn_id"]: turn["answer"] for turn in served.turns()} == finished
    assert sorted(map(str, bodies)) == sorted(map(str, finished.values()))
    check_each_answered_once(served, [f"message {number}" for number in range(len(answers))])
    assert any(turn["takeovers"] for turn in served.turns())


def test_sigterm_lets_turns_finish(served: Served) -> None:
    gate = threading.Event()
    served.model.respond = lambda body: Gated(str(echo(body)), gate)
    with ThreadPoolExecutor(2) as pool:
        watched = pool.submit(served.say, "ana", "watched")
        left = pool.submit(served.say, "bea", "left", timeout=httpx2.Timeout(5, read=1))
        served.model.wait_for_requests(2)
        with pytest.raises(httpx2.ReadTimeout):
            left.result()  # its client is gone, its turn is not
        stopping = threading.Thread(target=served.server.stop)
        stopping.start()
        gate.set()
        assert watched.result().json()["response"] == "Reply to watched"
        stopping.join()
    assert sorted(turn["status"] for turn in served.turns()) == ["completed", "completed"]
    assert [turn["takeovers"] for turn in served.turns()] == [0, 0]
    served.server.start()
