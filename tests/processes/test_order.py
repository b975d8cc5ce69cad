"""Messages that come at once, to two processes: in the order accepted, each once, and nobody waits for strangers."""

import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from typing import Any

import pytest

from tests.processes.conftest import Served, echo, prompt_of, step_of
from tests.support.fake_model import Gated, Reply


@pytest.mark.parametrize("count", [2, 20])
def test_messages_at_once_are_answered_in_the_order_accepted(served: Served, count: int) -> None:
    with ThreadPoolExecutor(count) as pool:
        answers = list(pool.map(lambda n: served.say("ana", f"message {n}"), range(count)))
    assert [answer.status_code for answer in answers] == [200] * count
    assert all(answer.json()["response"] == f"Reply to message {n}" for n, answer in enumerate(answers))
    rows = served.messages()
    assert [row["seq"] for row in rows] == list(range(1, 2 * count + 1))
    assert [row["sender_type"] for row in rows] == ["user", "assistant"] * count
    questions, replies = rows[::2], rows[1::2]
    assert [row["message_content"] for row in replies] == [f"Reply to {row['message_content']}" for row in questions]
    turns = served.turns()
    ended = [turn["completed_at"] for turn in turns]
    assert ended == sorted(ended)
    # Two processes shared the work, or this test shows nothing of order across them.
    assert count < 20 or len({turn["lease_owner"] for turn in turns}) == 2
    prompts = [prompt_of(body) for body in served.model.requests if step_of(body) == "response"]
    assert len(prompts) == count
    for number, prompt in enumerate(prompts):
        assert all(row["message_content"] in prompt for row in rows[: 2 * number + 1])


def test_two_hundred_conversations_do_not_wait_for_one_whose_model_hangs(served: Served) -> None:
    gate = threading.Event()

    def respond(body: dict[str, Any]) -> Reply:
        return Gated("late", gate) if "I hang" in prompt_of(body) else echo(body)

    served.model.respond = respond
    with ThreadPoolExecutor(201) as pool:
        hanging = pool.submit(served.say, "slow", "I hang")
        served.model.wait_for_requests(1)
        others = list(pool.map(lambda n: served.say(f"c-{n}", "hello"), range(200)))
        assert [answer.status_code for answer in others] == [200] * 200
        assert not hanging.done()
        gate.set()
        assert hanging.result().status_code == 200


def test_the_fifty_first_waiting_message_is_refused(served: Served) -> None:
    gate = threading.Event()
    served.model.respond = lambda body: Gated(str(echo(body)), gate)
    with ThreadPoolExecutor(60) as pool:
        waiting = [pool.submit(served.say, "ana", f"message {n}") for n in range(60)]
        refused = [answer.result() for answer in islice(as_completed(waiting), 10)]
        gate.set()
        statuses = sorted(answer.result().status_code for answer in waiting)
    assert {answer.json()["error_code"] for answer in refused} == {"RATE_LIMITED"}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in refused)
    assert statuses == [200] * 50 + [429] * 10
    assert len(served.turns()) == 50
