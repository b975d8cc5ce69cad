"""Takeovers at random moments, while turns are streamed by two processes, some of which are killed."""

import json
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import httpx2
import pytest

from tests.processes.conftest import Business, Deployment, StartDeployment, echo, step_of
from tests.support.model_replies import Gated, Reply
from tests.support.os_users import wait_for

WORDS = 20  # per reply
PATIENCE = 60  # seconds; a turn of a killed process is taken over after ten seconds


class SlowWriter:
    """Answers like a model that takes about this long for each of the WORDS of a reply."""

    def __init__(self, word_seconds: float) -> None:
        self._word_seconds = word_seconds
        self._gates: list[threading.Semaphore] = []
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def respond(self, body: dict[str, Any]) -> Reply:
        if step_of(body) != "response":
            return echo(body)
        gate = threading.Semaphore(0)
        self._gates.append(gate)
        return Gated(" ".join(["word"] * WORDS), gate)

    def close(self) -> None:
        self._closed.set()
        self._thread.join()

    def _write(self) -> None:
        while not self._closed.wait(self._word_seconds):
            for gate in self._gates[-200:]:
                if random.random() < 0.8:
                    gate.release()


class Stream:
    """A streamed message, read only on demand: what has arrived was sent before a certain moment."""

    def __init__(self, business: Business, customer: str, message: str) -> None:
        body = json.dumps({"user": {"external_id": customer}, "message": message, "stream": True}).encode()
        head = (
            f"POST /api/v1/messages HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {business.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        self._socket = socket.create_connection(("127.0.0.1", business.server.port), timeout=PATIENCE)
        self._socket.sendall(head.encode() + body)
        self._received = b""
        self.is_broken = False  # whether the server has closed the connection

    def wait_until_started(self) -> None:
        """Wait until the turn has started or the connection is closed."""
        with suppress(OSError):
            while b"event: turn_started" not in self._received and (chunk := self._socket.recv(65536)):
                self._received += chunk

    def events_so_far(self) -> list[str]:
        """The names of the events that have arrived, without waiting for more."""
        self._socket.setblocking(False)
        try:
            while chunk := self._socket.recv(65536):
                self._received += chunk
            self.is_broken = True
        except BlockingIOError:
            pass
        except OSError:
            self.is_broken = True
        lines = self._received.decode(errors="replace").splitlines()
        return [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]

    def close(self) -> None:
        self._socket.close()


class Conversation:
    """One customer, whose conversation is taken over and released again and again."""

    def __init__(self, business: Business, number: int, turn_seconds: float) -> None:
        """`turn_seconds` is about how long a turn takes."""
        self.business = business
        self.turn_seconds = turn_seconds
        self.customer = f"customer {number}"
        self.chance = random.Random(number)
        response = self._until_served(lambda: business.say(self.customer, "hello"))
        self.path = f"/conversations/{response.json()['conversation_id']}"

    def take_over_and_release(self) -> None:
        stream = Stream(self.business, self.customer, "Where is my order?")
        stream.wait_until_started()
        time.sleep(self.chance.random() * self.turn_seconds)  # the random moment
        self._post("takeover")
        # Everything that was sent has arrived, and nothing follows.
        events = stream.events_so_far()
        assert stream.is_broken or events[-1] in ("turn_held", "turn_finished"), events
        if events[-1:] == ["turn_held"] and "message_delta" in events:
            assert events[-2] == "message_reset"
        stream.close()
        replies = self._count("assistant")
        for number in range(self.chance.randrange(3)):
            held = self._until_served(lambda number=number: self.business.say(self.customer, f"held {number}"))
            assert held.status_code == 202, held.text
            if self.chance.random() < 0.3:
                self._post("messages", {"message": "A person is looking into it."})
        assert self._count("assistant") == replies
        waiting = self._held_turns()
        answer = self.chance.choice(["last", "none"])
        self._post("release", {"answer": answer})
        if answer == "last" and waiting:
            wait_for(lambda: self._count("assistant") > replies, "the reply", PATIENCE, 0.1)
            statuses = {turn["status"] for turn in self._turns() if turn["turn_id"] in waiting}
            assert statuses == {"completed"}
        assert self._count("assistant") == replies + (answer == "last" and bool(waiting))
        assert self._held_turns() == set()

    def _turns(self) -> list[dict[str, Any]]:
        turns: list[dict[str, Any]] = self._get("turns")
        return turns

    def _held_turns(self) -> set[str]:
        """The turns that wait for a release."""
        return {turn["turn_id"] for turn in self._turns() if turn["status"] == "held" and not turn["completed_at"]}

    def _count(self, sender_type: str) -> int:
        return sum(row["sender_type"] == sender_type for row in self._get("messages"))

    def _get(self, resource: str) -> Any:
        path = f"{self.path}/{resource}?limit=200"
        return self._until_served(lambda: self.business.server.request("GET", path, self.business.key)).json()

    def _post(self, action: str, body: Any = None) -> None:
        path = f"{self.path}/{action}"
        response = self._until_served(
            lambda: self.business.server.request("POST", path, self.business.key, json=body or {})
        )
        assert response.is_success, response.text

    def _until_served(self, send: Any) -> httpx2.Response:
        """Repeat a request whose process was killed."""
        while True:
            with suppress(httpx2.TransportError):
                response: httpx2.Response = send()
                return response


@contextmanager
def killing_processes(deployment: Deployment, pause: float | None) -> Iterator[None]:
    """Kill a process every `pause` seconds; never, if that is None."""
    closed = threading.Event()

    def kill() -> None:
        while pause and not closed.wait(pause):
            with suppress(ProcessLookupError, IndexError):
                os.kill(random.choice(deployment.server.workers()), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield
    finally:
        closed.set()
        killer.join()


def take_over_at_random_moments(
    start_deployment: StartDeployment,
    conversations: int,
    takeovers: int,
    kill_every: float | None,
    word_seconds: float,
) -> None:
    writer = SlowWriter(word_seconds)
    with start_deployment() as deployment, ThreadPoolExecutor(conversations) as pool:
        business = deployment.add_business()
        deployment.model.respond = writer.respond

        def run(number: int) -> None:
            conversation = Conversation(business, number, 1.5 * WORDS * word_seconds)
            for _ in range(takeovers // conversations):
                conversation.take_over_and_release()

        with killing_processes(deployment, kill_every):
            done = [pool.submit(run, number) for number in range(conversations)]
            for each in done:
                each.result()
        held = business.select("SELECT * FROM hold_requests WHERE business_id = %(business_id)s")
        taken = business.select("SELECT * FROM takeovers WHERE business_id = %(business_id)s")
    writer.close()
    assert held == [] or kill_every
    assert len(taken) == takeovers // conversations * conversations
    assert all(row["ended_at"] and row["answer"] for row in taken)


def test_takeovers_at_random_moments(start_deployment: StartDeployment) -> None:
    take_over_at_random_moments(start_deployment, conversations=6, takeovers=12, kill_every=None, word_seconds=0.03)


@pytest.mark.soak
@pytest.mark.parametrize("kill_every", [None, 8.0])
def test_five_hundred_takeovers(start_deployment: StartDeployment, kill_every: float | None) -> None:
    take_over_at_random_moments(
        start_deployment, conversations=30, takeovers=510, kill_every=kill_every, word_seconds=0.1
    )
