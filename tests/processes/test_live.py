"""Live updates over the WebSockets of a server with two processes, through PostgreSQL and through Redis."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx2
import pytest
import websocket

from db import Database
from message_processing.live.updates import LiveUpdates
from tests.conftest import MASTER_KEY, own_database, with_database
from tests.processes.conftest import Business, Deployment, StartDeployment, echo
from tests.support.database import connect as connect_to_database
from tests.support.fake_model import FakeModel
from tests.support.live_client import LiveClient, open_socket
from tests.support.os_users import wait_for
from tests.support.pgbouncer import running_pgbouncer
from tests.support.redis_server import RedisServer
from tests.support.server import Server

MAX_DELAY = 1.0  # seconds until a frame arrives from another process
STOPPING = 1012
MAX_STOP_SECONDS = 10  # of a server without turns; without the closed WebSockets it would take 70
MAX_KB_PER_CONNECTION = 50
MAX_GROWTH_KB = 20 * 1024  # of a process with 20 clients that do not read


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as redis:
        yield redis


@pytest.fixture(scope="module", params=["postgres", "redis"])
def deployment(request: pytest.FixtureRequest, start_deployment: StartDeployment) -> Iterator[Deployment]:
    settings = {"REDIS_URL": request.getfixturevalue("redis").url} if request.param == "redis" else {}
    with start_deployment(**settings) as deployment:
        yield deployment


@contextmanager
def connected(business: Business, worker: int | None = None) -> Iterator[LiveClient]:
    """A client that has received `hello` from this process."""
    headers = {"Authorization": f"Bearer {business.key}"}
    with ExitStack() as stack:
        only = ExitStack()
        if worker is not None:
            only.enter_context(business.server.only(worker))
        with only:
            client = stack.enter_context(LiveClient(business.server.base_url, headers))
            client.wait_for_hello()
        yield client


def write(business: Business, conversation_id: str, text: str, worker: int) -> dict[str, Any]:
    """Write as a person, through this process."""
    url = f"{business.server.base_url}/api/v1/conversations/{conversation_id}/messages"
    headers = {"Authorization": f"Bearer {business.key}"}
    with business.server.only(worker):
        message: dict[str, Any] = httpx2.post(url, json={"message": text}, headers=headers, timeout=30).json()
    return message


def expect_message(client: LiveClient, message: dict[str, Any]) -> None:
    """The frame arrives in time."""
    started = time.monotonic()
    client.wait_for(type="message.created", message_id=message["message_id"])
    assert time.monotonic() - started < MAX_DELAY


def test_message_appears_at_the_clients_of_all_processes_within_a_second(business: Business) -> None:
    conversation_id = business.say("ana", "hello").json()["conversation_id"]
    here, there = business.server.workers()
    with connected(business, here) as first, connected(business, there) as second:
        for worker in (here, there):
            message = write(business, conversation_id, "hi", worker)
            for client in (first, second):
                expect_message(client, message)


@pytest.mark.slow
def test_message_appears_after_a_restart_of_the_server(start_deployment: StartDeployment) -> None:
    with start_deployment() as deployment:
        business = deployment.add_business()
        conversation_id = business.say("ana", "hello").json()["conversation_id"]
        with connected(business) as client:
            business.server.kill()
            assert client.wait_for_end() == 1006
        business.server.start()
        here, there = business.server.workers()
        with connected(business, here) as client:
            # The first frames may be sent before the other process listens.
            while not any(frame["type"] == "message.created" for frame in client.frames):
                write(business, conversation_id, "hi", there)
                client.receive(1)
            expect_message(client, write(business, conversation_id, "hi again", there))


def test_new_process_reaches_the_clients_of_the_others(business: Business) -> None:
    conversation_id = business.say("ana", "hello").json()["conversation_id"]
    here, there = business.server.workers()
    with connected(business, here) as client:
        os.kill(there, signal.SIGKILL)
        wait_for(lambda: there not in business.server.workers(), "the end of the process", 10)
        wait_for(lambda: len(business.server.workers()) == 2, "a new process", 20)
        [new] = {*business.server.workers()} - {here}
        expect_message(client, write(business, conversation_id, "hi", new))


def test_client_reads_again_after_it_may_have_missed_frames(
    deployment: Deployment, business: Business, request: pytest.FixtureRequest
) -> None:
    """The connection between the processes breaks. What a client reads after the second `hello` is complete."""
    conversation_id = business.say("ana", "hello").json()["conversation_id"]
    here, there = business.server.workers()
    uses_redis = request.node.callspec.params["deployment"] == "redis"
    with connected(business, here) as client:
        client.frames.clear()
        if uses_redis:
            redis: RedisServer = request.getfixturevalue("redis")
            redis.stop()
        else:
            break_listeners(deployment)
        missed = write(business, conversation_id, "hi", there)
        if uses_redis:
            redis.start()
        client.wait_for(15, type="hello")
        path = f"/conversations/{conversation_id}/messages"
        assert missed["message_id"] in [each["message_id"] for each in business.request("GET", path)]
        expect_message(client, write(business, conversation_id, "again", there))


@pytest.mark.slow
def test_behind_a_pooler_frames_arrive_with_a_direct_url(
    server_url: str, template_database: str, tmp_path: Path
) -> None:
    log = tmp_path / "server.log"
    with (
        own_database(server_url, template_database) as direct_url,
        running_pgbouncer(server_url, tmp_path) as pooler,
        FakeModel(echo) as model,
    ):
        pooled_url = with_database(pooler, urlsplit(direct_url).path.strip("/"))
        settings = {"OPENAI_BASE_URL": model.base_url, "DATABASE_DIRECT_URL": direct_url}
        with Server(pooled_url, log, **settings) as server:
            business = Deployment(server, model, direct_url).add_business()
            conversation_id = business.say("ana", "hello").json()["conversation_id"]
            here, there = server.workers()
            with connected(business, here) as client:
                expect_message(client, write(business, conversation_id, "hi", there))
    assert "live updates do not reach other processes" not in log.read_text()


def break_listeners(deployment: Deployment) -> None:
    """End the connections on which the processes listen."""
    with connect_to_database(deployment.database_url) as conn:
        ended = conn.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND query ~ 'icmp_live' AND pid <> pg_backend_pid()
            """
        ).fetchall()
    assert len(ended) == 2


def test_messages_are_batched_to_four_per_second(business: Business) -> None:
    with connected(business) as client:
        started = time.monotonic()
        threads = [threading.Thread(target=business.say, args=(f"customer {number}", "hi")) for number in range(40)]
        for thread in threads:
            thread.start()
        while client.receive(1) or any(thread.is_alive() for thread in threads):
            pass
        times = [at for at, _ in client.messages if at > started]
        finished = {frame["turn_id"] for frame in client.frames if frame["type"] == "turn.finished"}
    assert len(finished) == 40
    assert len(client.frames) > 5 * len(times)
    for number, at in enumerate(times):  # the network may delay one of them
        assert len([each for each in times[number:] if each - at < 0.9]) <= 4


@pytest.mark.slow
def test_sigterm_disconnects_clients_at_once(start_deployment: StartDeployment) -> None:
    with start_deployment() as deployment, ExitStack() as stack:
        business = deployment.add_business()
        clients = [stack.enter_context(connected(business)) for _ in range(20)]
        stack.enter_context(stalled_client(business))  # does not confirm the end
        deployment.server.http.close()
        stopped = threading.Thread(target=deployment.server.stop)
        started = time.monotonic()
        stopped.start()
        assert [client.wait_for_end() for client in clients] == [STOPPING] * 20
        assert time.monotonic() - started < 2
        stopped.join()
        assert time.monotonic() - started < MAX_STOP_SECONDS


@pytest.mark.slow
def test_limits_per_business_and_process(start_deployment: StartDeployment) -> None:
    settings = {"LIVE_CONNECTIONS": "3", "LIVE_CONNECTIONS_PER_BUSINESS": "2"}
    with start_deployment(processes=1, **settings) as deployment:
        business, other, third = (deployment.add_business() for _ in range(3))
        with connected(business), connected(business), connected(other):
            for refused in (business, third):
                with pytest.raises(websocket.WebSocketBadStatusException) as refusal, connected(refused):
                    pass
                assert refusal.value.status_code == 429
            metrics = deployment.server.request("GET", "/metrics", MASTER_KEY).text
            assert "icmp_live_connections 3.0" in metrics
        wait_for(lambda: live_connections(business) == 0, "the end of the connections", 10)
        with connected(business), connected(business):
            pass


def stalled_client(business: Business) -> socket.socket:
    """A client that never reads after the handshake."""
    return open_socket(business.server.port, business.key, max_received=4096)


def memory_kb(pid: int) -> int:
    """The resident memory of a process."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])


def live_connections(business: Business) -> float:
    lines = business.server.request("GET", "/metrics", MASTER_KEY).text.splitlines()
    return float(next(line for line in lines if line.startswith("icmp_live_connections ")).split()[1])


@pytest.mark.slow
def test_stalled_clients_are_disconnected_and_do_not_grow_memory(start_deployment: StartDeployment) -> None:
    """This test publishes frames as another process does: they are larger than those of messages, so fewer suffice."""
    with start_deployment(processes=1) as deployment, ExitStack() as stack:
        business = deployment.add_business()
        [worker] = deployment.server.workers()
        for _ in range(20):
            stack.enter_context(stalled_client(business))
        wait_for(lambda: live_connections(business) == 20, "20 connections", 10)
        conversation_id = business.say("ana", "hello").json()["conversation_id"]
        live = LiveUpdates(stack.enter_context(closing(Database(deployment.database_url, 1))), None, 1, 1)
        live.start()
        stack.callback(live.close)
        before = memory_kb(worker)
        with connected(business) as reading:
            for batch in range(40):
                for number in range(25):
                    live.publish(UUID(business.business_id), {"type": f"{batch}, {number}", "text": "x" * 3500})
                reading.wait_for(type=f"{batch}, 24")  # this client keeps up
                if live_connections(business) == 1:
                    break
            assert live_connections(business) == 1
            assert memory_kb(worker) - before < MAX_GROWTH_KB
            message = business.request("POST", f"/conversations/{conversation_id}/messages", json={"message": "hi"})
            reading.wait_for(type="message.created", message_id=message["message_id"])


@pytest.mark.slow
def test_connection_takes_less_than_50_kb(start_deployment: StartDeployment) -> None:
    settings = {"LIVE_CONNECTIONS": "1000", "LIVE_CONNECTIONS_PER_BUSINESS": "1000"}
    with start_deployment(processes=1, **settings) as deployment, ExitStack() as stack:
        business = deployment.add_business()
        [worker] = deployment.server.workers()
        for _ in range(100):  # so that what is created once does not count
            stack.enter_context(stalled_client(business))
        before = memory_kb(worker)
        for _ in range(400):
            stack.enter_context(stalled_client(business))
        wait_for(lambda: live_connections(business) == 500, "500 connections", 10)
        assert (memory_kb(worker) - before) / 400 < MAX_KB_PER_CONNECTION
