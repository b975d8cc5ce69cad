"""The order of turns within a conversation, and independence between conversations, in two processes."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from itertools import islice
from typing import Any

import httpx2
import pytest

from tests.processes.conftest import Business, Deployment, StartDeployment, echo, prompt_of, step_of
from tests.support.database import connect
from tests.support.model_replies import Gated, Reply

MAX_WAITING = 50  # unfinished turns per conversation, as documented
LONG_TURNS = {"TURN_TIME_LIMIT": "110", "MODEL_TIMEOUT": "100"}  # the model waits for the test, also on a busy machine


@pytest.fixture(scope="module")
def deployment(start_deployment: StartDeployment) -> Iterator[Deployment]:
    with start_deployment(**LONG_TURNS) as deployment:
        yield deployment


def unfinished(business: Business) -> int:
    return sum(turn["status"] in ("accepted", "running") for turn in business.turns())


def wait_for_unfinished(business: Business, count: int) -> None:
    deadline = time.monotonic() + 60
    while unfinished(business) < count:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("count", [2, 20])
def test_simultaneous_messages_are_answered_in_order(business: Business, count: int) -> None:
    gate = threading.Event()
    business.model.respond = lambda body: Gated(str(echo(body)), gate)
    with ThreadPoolExecutor(MAX_WAITING) as pool:
        pending = [pool.submit(business.say, "ana", f"message {n}") for n in range(count)]
        wait_for_unfinished(business, count)
        # Turns of both processes wait for each other.
        while len({turn["lease_owner"] for turn in business.turns()}) < 2:
            assert len(pending) < MAX_WAITING, "One process received every message."
            pending.append(pool.submit(business.say, "ana", f"message {len(pending)}"))
            wait_for_unfinished(business, len(pending))
        gate.set()
        responses = [each.result() for each in pending]
    count = len(responses)
    assert [response.status_code for response in responses] == [200] * count
    assert [response.json()["response"] for response in responses] == [f"Reply to message {n}" for n in range(count)]
    rows = business.messages()
    assert [row["seq"] for row in rows] == list(range(1, 2 * count + 1))
    assert [row["sender_type"] for row in rows] == ["user", "assistant"] * count
    questions, replies = rows[::2], rows[1::2]
    assert [row["message_content"] for row in replies] == [f"Reply to {row['message_content']}" for row in questions]
    ended = [turn["completed_at"] for turn in business.turns()]
    assert ended == sorted(ended)
    prompts = [prompt_of(body) for body in business.model.requests if step_of(body) == "response"]
    assert len(prompts) == count
    for number, prompt in enumerate(prompts):
        assert all(row["message_content"] in prompt for row in rows[: 2 * number + 1])


def test_completion_ends_waiting_turns_without_model_calls(business: Business) -> None:
    gate = threading.Event()
    business.model.respond = lambda body: Gated(str(echo(body)), gate) if step_of(body) == "response" else echo(body)
    with ThreadPoolExecutor(MAX_WAITING) as pool:
        pending = []
        while len({turn["lease_owner"] for turn in business.turns()}) < 2 or len(pending) < 5:
            assert len(pending) < MAX_WAITING, "One process received every message."
            pending.append(pool.submit(business.say, "ana", f"message {len(pending)}", stream=len(pending) == 3))
            wait_for_unfinished(business, len(pending))
        business.model.wait_for_requests(3)
        conversation_id = business.turns()[0]["conversation_id"]
        business.request("POST", f"/conversations/{conversation_id}/complete")
        assert [turn["status"] for turn in business.turns()] == ["running"] + ["failed"] * (len(pending) - 1)
        responses = [each.result() for each in pending[1:]]  # before the running turn ends, in both processes
        gate.set()
        responses.append(pending[0].result())
    assert all(response.status_code == 409 or '"CONFLICT"' in response.text for response in responses)
    assert all(response.json()["turn_id"] for response in responses if response.status_code == 409)
    turns = business.turns()
    assert [(turn["status"], turn["error"]["error_code"]) for turn in turns] == [("failed", "CONFLICT")] * len(turns)
    assert len(business.model.requests) == 3  # of the turn that was running
    assert business.texts("assistant") == []
    assert business.say("ana", "hello again").json()["conversation_id"] != conversation_id


def test_hanging_model_call_delays_only_its_own_conversation(business: Business) -> None:
    gate = threading.Event()

    def respond(body: dict[str, Any]) -> Reply:
        return Gated("late", gate) if "I hang" in prompt_of(body) else echo(body)

    business.model.respond = respond
    with ThreadPoolExecutor(201) as pool:
        hanging = pool.submit(business.say, "slow", "I hang")
        business.model.wait_for_requests(1)
        others = list(pool.map(lambda n: business.say(f"c-{n}", "hello"), range(200)))
        assert [response.status_code for response in others] == [200] * 200
        assert not hanging.done()
        gate.set()
        assert hanging.result().status_code == 200


def test_fifty_first_waiting_message_is_refused(business: Business) -> None:
    gate = threading.Event()
    business.model.respond = lambda body: Gated(str(echo(body)), gate)
    with ThreadPoolExecutor(60) as pool:
        pending = [pool.submit(business.say, "ana", f"message {n}") for n in range(60)]
        refused = [each.result() for each in islice(as_completed(pending), 10)]
        gate.set()
        statuses = sorted(each.result().status_code for each in pending)
    assert {response.json()["error_code"] for response in refused} == {"RATE_LIMITED"}
    assert all(int(response.headers["Retry-After"]) > 0 for response in refused)
    assert statuses == [200] * MAX_WAITING + [429] * 10
    assert len(business.turns()) == MAX_WAITING


def test_messages_waiting_for_a_lock_count_towards_the_limit(business: Business) -> None:
    """More messages than may still be accepted arrive when fewer than 50 turns are unfinished."""
    conversation = {"id": business.say("ana", "hello").json()["conversation_id"]}
    for _ in range(10):  # so that both processes have the release in memory and accept in one statement
        business.say("bea", "hello")
    gate = threading.Event()
    business.model.respond = lambda body: Gated(str(echo(body)), gate)
    accepted_before, count = MAX_WAITING - 5, MAX_WAITING + 15
    with ThreadPoolExecutor(count) as pool:
        pending: list[Future[httpx2.Response]] = [
            pool.submit(business.say, "ana", f"message {n}") for n in range(accepted_before)
        ]
        wait_for_unfinished(business, accepted_before)
        with connect(business.database_url, autocommit=False) as conn:
            conn.execute("SELECT FROM conversations WHERE conversation_id = %(id)s FOR NO KEY UPDATE", conversation)
            pending += [pool.submit(business.say, "ana", f"message {n}") for n in range(accepted_before, count)]
            # However the two processes share these 20 messages, one of them gets 10, as many as it has connections.
            wait_for_lock_waiters(business, 10)
        refused = [each.result() for each in islice(as_completed(pending), 15)]
        assert unfinished(business) == MAX_WAITING
        gate.set()
        statuses = sorted(each.result().status_code for each in pending)
    assert {response.status_code for response in refused} == {429}
    assert statuses == [200] * MAX_WAITING + [429] * 15


def wait_for_lock_waiters(business: Business, count: int) -> None:
    deadline = time.monotonic() + 60
    while (
        len(
            business.select(
                "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        )
        < count
    ):
        assert time.monotonic() < deadline
        time.sleep(0.05)
