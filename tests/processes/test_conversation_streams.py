"""The stream of a conversation, as an integrator receives it from a server with two processes."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from copy import copy
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from tests.conftest import MASTER_KEY
from tests.processes.conftest import Business, StartDeployment, echo, step_of
from tests.support.database import connect
from tests.support.model_replies import Gated, Status

pytestmark = pytest.mark.slow

Message = dict[str, Any]
MAX_STOP_SECONDS = 12  # a client that does not read has 60 seconds for a part of a response while the server runs


@contextmanager
def follow(business: Business, conversation_id: str, key: str = "", **request: Any) -> Iterator[Iterator[Message]]:
    """The messages of the stream one by one."""
    path = f"/api/v1/conversations/{conversation_id}/stream"
    headers = {"Authorization": f"Bearer {key or business.key}", **request.pop("headers", {})}
    with business.server.http.stream("GET", path, headers=headers, timeout=30, **request) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"].startswith("text/event-stream")
        yield (_message(event) for event in httpx2.EventSource(response))


def _message(event: Any) -> Message:
    message: Message = json.loads(event.data)
    assert (event.event, event.id) == ("message", str(message["seq"]))
    return message


@contextmanager
def new_connections(business: Business) -> Iterator[Business]:
    """The business with a client that has no connections yet."""
    server = copy(business.server)
    with httpx2.Client(base_url=server.base_url, timeout=30) as server.http:
        yield replace(business, server=server)


def write(business: Business, conversation_id: str, text: str, **values: Any) -> Message:
    """Write as a person."""
    path = f"/conversations/{conversation_id}/messages"
    message: Message = business.request("POST", path, json={"message": text, **values})
    return message


def texts(messages: Iterator[Message], count: int) -> list[str]:
    """The texts of the next messages."""
    return [next(messages)["message_content"] for _ in range(count)]


def test_stream_contains_messages_of_everyone_as_the_list_does(business: Business) -> None:
    conversation_id = business.say("ana", "hello").json()["conversation_id"]
    with follow(business, conversation_id) as messages:
        received = [next(messages), next(messages)]
        note = write(business, conversation_id, "She is angry.", is_note=True)
        write(business, conversation_id, "I take over.")
        received.append(next(messages))
        business.say("ana", "thanks")
        received += [next(messages), next(messages)]
    listed = business.request("GET", f"/conversations/{conversation_id}/messages")
    assert received == listed
    assert [each["sender_type"] for each in received] == ["user", "assistant", "agent", "user", "assistant"]
    assert note["message_id"] not in [each["message_id"] for each in received]


def test_message_arrives_within_a_second_from_each_process(business: Business) -> None:
    conversation_id = business.say("ana", "hello").json()["conversation_id"]
    path = f"/conversations/{conversation_id}"
    workers = business.server.workers()
    with ExitStack() as streams:
        followed = []
        for worker in workers:
            with business.server.only(worker):
                new = streams.enter_context(new_connections(business))
                followed.append(streams.enter_context(follow(new, conversation_id, params={"after_seq": 2})))
        for worker in workers:
            with business.server.only(worker), new_connections(business) as new:
                new.request("POST", f"{path}/messages", json={"message": f"from {worker}"})
            committed = time.monotonic()
            for messages in followed:
                assert texts(messages, 1) == [f"from {worker}"]
            assert time.monotonic() - committed < 1


def test_reply_that_is_stored_after_a_message_of_a_person_is_not_missed(business: Business) -> None:
    gate = threading.Event()
    conversation_id = business.say("ana", "hello").json()["conversation_id"]
    business.model.respond = lambda body: Gated(str(echo(body)), gate) if step_of(body) == "response" else echo(body)
    with ThreadPoolExecutor(1) as pool, follow(business, conversation_id, params={"after_seq": 2}) as messages:
        waiting = pool.submit(business.say, "ana", "how are you?")
        assert texts(messages, 1) == ["how are you?"]
        person = write(business, conversation_id, "I am a person.")
        assert texts(messages, 1) == ["I am a person."]
        gate.set()
        assert texts(messages, 1) == ["Reply to how are you?"]
        waiting.result()
    # A client that was disconnected in between.
    with follow(business, conversation_id, headers={"Last-Event-ID": str(person["seq"])}) as messages:
        assert texts(messages, 1) == ["Reply to how are you?"]


def test_reply_of_a_retried_turn_is_not_missed(business: Business) -> None:
    conversation_id = business.say("ana", "hello").json()["conversation_id"]
    business.model.respond = lambda body: Status(401)
    failed = business.say("ana", "again").json()
    business.model.respond = echo
    last = business.say("ana", "bye").json()
    with follow(business, conversation_id, headers={"Last-Event-ID": "6"}) as messages:
        business.request("POST", f"/turns/{failed['turn_id']}/retry")
        assert texts(messages, 1) == ["Reply to again"]
    assert last["response"] == "Reply to bye"


@pytest.mark.parametrize("last", ["x", "-1", "99999999999"])
def test_invalid_position_is_rejected(business: Business, last: str) -> None:
    conversation_id = business.say("ana", "hello").json()["conversation_id"]
    path = f"/conversations/{conversation_id}/stream"
    for request in ({"headers": {"Last-Event-ID": last}}, {"params": {"after_seq": last}}):
        response = business.server.request("GET", path, business.key, **request)
        assert (response.status_code, response.json()["error_code"]) == (400, "INVALID_REQUEST")


def test_conversation_of_another_business_is_not_found(business: Business, deployment: Any) -> None:
    conversation_id = business.say("ana", "hello").json()["conversation_id"]
    other = deployment.add_business()
    response = other.server.request("GET", f"/conversations/{conversation_id}/stream", other.key)
    assert response.status_code == 404


def test_stream_ends_with_the_key(business: Business) -> None:
    conversation_id = business.say("ana", "hello").json()["conversation_id"]
    path = f"/businesses/{business.business_id}/api-keys"
    new_key = business.server.request("POST", path, MASTER_KEY, json={"grace_seconds": 3600}).json()["api_key"]
    [new_id] = business.select("SELECT key_id FROM api_keys WHERE business_id = %(business_id)s AND expires_at IS NULL")
    with follow(business, conversation_id, new_key, params={"after_seq": 2}) as messages:
        assert business.server.request("DELETE", f"{path}/{new_id['key_id']}", MASTER_KEY).status_code == 204
        started = time.monotonic()
        assert list(messages) == []
        assert time.monotonic() - started < 10


def test_stream_ends_when_the_conversation_is_deleted(business: Business) -> None:
    answer = business.say("ana", "hello").json()
    path = f"/conversations/{answer['conversation_id']}"
    user_id = business.request("GET", path)["user_id"]
    with follow(business, answer["conversation_id"], params={"after_seq": 2}) as messages:
        assert business.server.request("DELETE", f"/users/{user_id}", business.key).status_code == 204
        assert list(messages) == []


def test_streams_end_when_the_server_stops(start_deployment: StartDeployment) -> None:
    with start_deployment() as deployment:
        business = deployment.add_business()
        conversation_id = business.say("ana", "hello").json()["conversation_id"]
        with follow(business, conversation_id) as messages:
            assert len([next(messages), next(messages)]) == 2
            stopped = threading.Thread(target=deployment.server.stop)
            started = time.monotonic()
            stopped.start()
            assert list(messages) == []
            assert time.monotonic() - started < 3
        stopped.join()


def test_client_that_does_not_read_does_not_delay_the_stop(start_deployment: StartDeployment) -> None:
    with start_deployment() as deployment:
        business = deployment.add_business()
        conversation_id = business.say("ana", "hello").json()["conversation_id"]
        with connect(deployment.database_url) as conn:
            conn.execute(  # more than the kernel keeps for a connection
                """
                INSERT INTO messages (business_id, conversation_id, seq, message_content, sender_type)
                SELECT business_id, conversation_id, 10 + n, repeat('x', 20000), 'agent'
                FROM conversations, generate_series(1, 1000) AS n WHERE conversation_id = %(id)s
                """,
                {"id": conversation_id},
            )
        with socket.socket() as stalled:
            stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stalled.connect(("127.0.0.1", deployment.server.port))
            head = [
                f"GET /api/v1/conversations/{conversation_id}/stream HTTP/1.1",
                "Host: localhost",
                f"Authorization: Bearer {business.key}",
            ]
            stalled.sendall("\r\n".join([*head, "", ""]).encode())
            assert stalled.recv(12) == b"HTTP/1.1 200"
            started = time.monotonic()
            assert deployment.server.stop() == 0
            assert time.monotonic() - started < MAX_STOP_SECONDS
