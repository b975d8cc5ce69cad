"""Frames reach the clients of their business, in this process and in others, through PostgreSQL and through Redis."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest

from core.errors import RateLimited
from db import Database
from message_processing.live.client import MAX_BACKLOG, Client
from message_processing.live.listener import Credential
from message_processing.live.payloads import MAX_PAYLOAD, MAX_PEOPLE, announcements, unpack
from message_processing.live.presence import LIFETIME, Person, Presence
from message_processing.live.updates import LiveUpdates
from tests.conftest import with_database
from tests.support.os_users import wait_for
from tests.support.pgbouncer import running_pgbouncer
from tests.support.redis_server import RedisServer


class FakeTransport:
    """Records when the client has something to send, and when the connection is aborted."""

    def __init__(self) -> None:
        self.sending_since: float | None = None
        self.woken = threading.Event()
        self.aborted = threading.Event()

    def wake_up(self) -> None:
        self.woken.set()

    def abort(self) -> None:
        self.aborted.set()


class Receiver:
    """A client and the frames that it has received."""

    def __init__(self, business_id: UUID, user_id: UUID | None = None) -> None:
        self.transport = FakeTransport()
        person = Person(user_id, "Anna") if user_id else None
        self.client = Client(self.transport, {"type": "hello"}, Credential(business_id, user_id=user_id), person)
        self.received: list[dict[str, Any]] = []

    def receive(self) -> list[dict[str, Any]]:
        """All frames so far."""
        message = self.client.take()
        self.received += json.loads(message) if message else []
        return self.received

    def wait_for(self, frame: dict[str, Any], seconds: float = 5) -> None:
        """Wait until the frame arrives."""
        deadline = time.monotonic() + seconds
        while frame not in self.receive():
            assert self.transport.woken.wait(max(0.0, deadline - time.monotonic())), f"{frame} not in {self.received}"
            self.transport.woken.clear()


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture(params=["postgres", "redis"])
def start(request: pytest.FixtureRequest, database_url: str) -> Iterator[Callable[..., LiveUpdates]]:
    """Starts the live updates of another process, and waits until it receives frames."""
    url = request.getfixturevalue("redis_url") if request.param == "redis" else None
    with ExitStack() as stack:

        def start_process(max_clients: int = 10, max_per_business: int = 10) -> LiveUpdates:
            database = Database(database_url, 1)
            stack.callback(database.close)
            live = LiveUpdates(database, url, max_clients, max_per_business)
            with connected(live, uuid4()) as receiver:
                assert receiver.receive() == [{"type": "hello"}]
                live.start()
                stack.callback(live.close)
                wait_for(
                    lambda: len(receiver.receive()) == 2, "frames of other processes", 10
                )  # then clients read again
            return live

        yield start_process


@contextmanager
def connected(live: LiveUpdates, business_id: UUID, user_id: UUID | None = None) -> Iterator[Receiver]:
    receiver = Receiver(business_id, user_id)
    with live.listening(business_id, receiver.client):
        yield receiver


def frame(**ids: str) -> dict[str, Any]:
    return {"type": "message.created", **ids}


def test_frames_reach_the_clients_of_the_business_in_all_processes(start: Callable[..., LiveUpdates]) -> None:
    here, there = start(), start()
    business, other = uuid4(), uuid4()
    with (
        connected(here, business) as first,
        connected(there, business) as second,
        connected(there, other) as outsider,
    ):
        here.publish(business, frame(message_id="1"))
        there.publish(other, frame(message_id="2"))
        for receiver in (first, second):
            receiver.wait_for(frame(message_id="1"), 1)
        outsider.wait_for(frame(message_id="2"), 1)
        assert second.received[0] == {"type": "hello"}
        assert frame(message_id="2") not in first.receive() + second.receive()
        assert frame(message_id="1") not in outsider.receive()


def test_client_of_another_process_receives_frames_from_just_before_it_was_announced(
    start: Callable[..., LiveUpdates],
) -> None:
    here, there = start(), start()
    for live in (here, there):  # as after a while in which nobody was connected
        live._assume_clients_until = 0.0
    business = uuid4()
    here.publish(business, frame(message_id="1"))
    with connected(there, business) as receiver:
        receiver.wait_for(frame(message_id="1"), 2)


def test_clients_read_again_if_frames_of_other_processes_do_not_arrive(
    server_url: str, database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """That is so behind a connection pooler without DATABASE_DIRECT_URL."""
    with ExitStack() as stack:
        pooler = stack.enter_context(running_pgbouncer(server_url, tmp_path))
        pooled_url = with_database(pooler, urlsplit(database_url).path.strip("/"))
        live = LiveUpdates(stack.enter_context(closing(Database(pooled_url, 1))), None, 10, 10, hint_seconds=0.1)
        live.start()
        stack.callback(live.close)
        receiver = stack.enter_context(connected(live, uuid4()))
        # The first ones come when the client connects and when the process does.
        wait_for(lambda: receiver.receive().count({"type": "hello"}) >= 4, "hints to read again")
    assert "live updates do not reach other processes" in caplog.text


def test_many_frames_are_split_into_payloads(start: Callable[..., LiveUpdates]) -> None:
    here, there = start(), start()
    business = uuid4()
    with connected(there, business) as receiver:
        frames = [frame(message_id=str(number), text="ü" * 100) for number in range(100)]
        for each in frames:
            here.publish(business, each)
        receiver.wait_for(frames[-1])
        assert [each for each in receiver.receive() if each["type"] == "message.created"] == frames


def test_frames_that_cannot_be_sent_do_not_raise(start: Callable[..., LiveUpdates]) -> None:
    live, business = start(), uuid4()
    with connected(live, business) as receiver:
        live.publish(business, {"type": "too long", "text": "x" * 10_000})
        live.publish(business, frame(message_id="1"))
        receiver.wait_for(frame(message_id="1"))
        assert "too long" not in [each["type"] for each in receiver.received]


def presence(user_id: UUID, conversation_id: UUID | None = None, is_connected: bool = True) -> dict[str, Any]:
    shown = str(conversation_id) if conversation_id else None
    ids = {"user_id": str(user_id), "name": "Anna", "conversation_id": shown}
    return {"type": "presence", **ids, "is_connected": is_connected}


def test_presence_says_who_else_is_connected_and_where(start: Callable[..., LiveUpdates]) -> None:
    here, there = start(), start()
    business, conversation, anna, ben = uuid4(), uuid4(), uuid4(), uuid4()
    with connected(here, business, anna) as first:
        with connected(there, business, ben) as second:
            first.wait_for(presence(ben))
            second.wait_for(presence(anna))
            second.client.person = Person(ben, "Anna", conversation)
            there.note_people(business)
            first.wait_for(presence(ben, conversation))
            with connected(here, business) as third:
                third.wait_for(presence(anna))
                third.wait_for(presence(ben, conversation))
        first.wait_for(presence(ben, is_connected=False))
        assert [each for each in first.received if each.get("user_id") == str(anna)] == []


def test_process_that_has_died_is_forgotten() -> None:
    all_processes, business, anna = Presence(), uuid4(), uuid4()
    process = uuid4()
    all_processes.note_clients(process, True)
    all_processes.note_people(business, (process, 0), [Person(anna, "Anna")])
    assert all_processes.forget_dead() == []
    with patch("message_processing.live.presence.time.monotonic", return_value=time.monotonic() + LIFETIME + 1):
        assert not all_processes.has_any_clients()
        assert all_processes.forget_dead() == [(business, {anna: Person(anna, "Anna")}, {})]
    assert all_processes.people(business) == {}


def test_large_team_is_announced_in_parts() -> None:
    people = [Person(uuid4(), "Ü" * 60, uuid4()) for _ in range(3 * MAX_PEOPLE)]
    business, process = uuid4(), uuid4()
    payloads = list(announcements(process, True, {business: people}))
    assert max(len(payload.encode()) for payload in payloads) <= MAX_PAYLOAD
    assert [person for payload in payloads for person in unpack(payload).people] == people


def test_limits_of_connections(start: Callable[..., LiveUpdates]) -> None:
    live = start(max_clients=3, max_per_business=2)
    business = uuid4()
    with connected(live, business), connected(live, business):
        with pytest.raises(RateLimited), connected(live, business):
            pass
        with connected(live, uuid4()), pytest.raises(RateLimited), connected(live, uuid4()):
            pass
    with connected(live, business):
        pass


def test_client_that_does_not_read_is_disconnected_without_growing_memory() -> None:
    receiver = Receiver(uuid4())
    receiver.receive()
    receiver.transport.sending_since = time.monotonic()
    text = json.dumps(frame(text="x" * 1000))
    for number in range(2 * MAX_BACKLOG // len(text)):
        receiver.client.add({}, text.replace("xx", str(number), 1))
    assert receiver.transport.aborted.is_set()
    assert receiver.client.ending == "too slow"
    assert receiver.client.take() is None


def test_client_that_has_not_taken_a_message_for_long_is_disconnected() -> None:
    receiver = Receiver(uuid4())
    receiver.transport.sending_since = 100.0
    receiver.client.check(129.0)
    assert receiver.client.ending is None
    receiver.client.check(131.0)
    assert receiver.client.ending == "too slow"


def test_repeated_frames_are_sent_once() -> None:
    receiver = Receiver(uuid4())
    for _ in range(3):
        receiver.client.add({}, '{"type":"conversation.changed"}')
    assert receiver.receive() == [{"type": "hello"}, {"type": "conversation.changed"}]
    receiver.client.add({}, '{"type":"conversation.changed"}')
    assert len(receiver.receive()) == 3
