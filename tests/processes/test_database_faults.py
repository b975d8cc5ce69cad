"""A database whose disk is full, which disappears, or which is down for a while. No model is asked twice."""

import random
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.conftest import own_database, with_database
from tests.processes.conftest import Business, Deployment, echo, step_of
from tests.support.broken_network import BrokenNetwork
from tests.support.database import connect
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Gated
from tests.support.server import POOLERS, Server
from tests.support.small_tablespace import disk_for_a_database

pytestmark = pytest.mark.slow

COUNT = 4
CALLS = 3 * COUNT  # each turn asks the model three times
LONG = random.Random(1).randbytes(60_000).hex()  # too long for the free space of existing pages
RECOVERY_SECONDS = 30  # the contract's limit
OUTAGE_SECONDS = 13  # longer than a process may be silent


def check_turns_survive(business: Business, reply: str, break_database: Callable[[Callable[[], None]], None]) -> None:
    """Send COUNT messages and break the database while the model writes the replies. Check that each message is
    answered once, for one round of model calls.

    `break_database` lets the model reply by calling its argument.
    """
    gate = threading.Event()
    business.model.respond = lambda body: Gated(reply, gate) if step_of(body) == "response" else echo(body)

    def send(number: int) -> httpx2.Response:
        return business.say(f"c-{number}", f"message {number}", idempotency_key=f"k-{number}")

    with ThreadPoolExecutor(COUNT) as pool:
        sent = [pool.submit(send, number) for number in range(COUNT)]
        try:
            business.model.wait_for_requests(CALLS)
            break_database(gate.set)
        finally:
            gate.set()
        for number, first in enumerate(sent):
            response = first.result()
            if response.status_code == 503:  # the client's time limit was over, or its own connection was lost
                assert response.json()["error_code"] == "DATABASE_UNAVAILABLE"
                response = send(number)
            assert (response.status_code, response.json()["response"]) == (200, reply)
    assert business.texts("assistant") == [reply] * COUNT
    assert len(business.model.requests) == CALLS
    assert {turn["takeovers"] for turn in business.turns()} == {0}


def wait_for_cause(server: Server, cause: str | None) -> None:
    """Wait until the health check reports this cause; None: until it succeeds."""
    deadline = time.monotonic() + RECOVERY_SECONDS
    while (found := server.http.get("/health", timeout=20).json().get("cause")) != cause:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


def test_full_disk_delays_commits_and_asks_no_model_again(
    server_url: str, template_database: str, tmp_path: Path
) -> None:
    log = tmp_path / "server.log"
    with (
        disk_for_a_database(server_url) as disk,
        own_database(server_url, f"{template_database} TABLESPACE {disk.tablespace}") as url,
        FakeModel(echo) as model,
        Server(url, log, processes=1, OPENAI_BASE_URL=model.base_url) as server,
    ):

        def fill_disk(let_model_reply: Callable[[], None]) -> None:
            disk.fill()
            let_model_reply()
            deadline = time.monotonic() + RECOVERY_SECONDS
            while log.read_text().count('"error_code": "DiskFull"') < 3 * COUNT:  # several attempts
                assert time.monotonic() < deadline
                time.sleep(0.1)
            wait_for_cause(server, "The disk of the database is full.")
            disk.free()

        check_turns_survive(Deployment(server, model, url).add_business(), LONG, fill_disk)
        wait_for_cause(server, None)
    assert "No space left on device" in log.read_text()


@pytest.mark.soak
def test_outage_longer_than_a_lease_leads_to_no_takeover(
    server_url: str, template_database: str, tmp_path: Path
) -> None:
    with (
        own_database(server_url, template_database) as url,
        FakeModel(echo) as model,
        Server(url, tmp_path / "server.log", OPENAI_BASE_URL=model.base_url) as server,
        connect(with_database(server_url, "postgres")) as conn,
    ):
        name = urlsplit(url).path.strip("/")

        def stop_database(let_model_reply: Callable[[], None]) -> None:
            conn.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            conn.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %(name)s", {"name": name}
            )
            let_model_reply()
            wait_for_cause(server, "The database is unavailable.")
            time.sleep(OUTAGE_SECONDS)  # the duration of the outage is under test
            conn.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

        check_turns_survive(Deployment(server, model, url).add_business(), "Hello.", stop_database)
        wait_for_cause(server, None)


@pytest.mark.soak
def test_server_recovers_after_its_database_disappears_without_closing_connections(
    server_url: str, template_database: str, tmp_path: Path
) -> None:
    with (
        own_database(server_url, template_database) as url,
        BrokenNetwork(url) as network,
        FakeModel(echo) as model,
        Server(network.url, tmp_path / "server.log", OPENAI_BASE_URL=model.base_url) as server,
    ):
        business = Deployment(server, model, url).add_business()

        def drop_packets(let_model_reply: Callable[[], None]) -> None:
            network.drop()
            let_model_reply()
            wait_for_cause(server, "The database does not answer.")
            time.sleep(OUTAGE_SECONDS)  # the duration of the outage is under test
            network.restore()
            restored_at = time.monotonic()
            wait_for_cause(server, None)
            for number in range(20):  # more than the pool has connections
                assert server.request("GET", "/stages", business.key).status_code == 200, number
            assert time.monotonic() - restored_at < RECOVERY_SECONDS

        check_turns_survive(business, "Hello.", drop_packets)


@pytest.mark.soak
def test_statement_fails_soon_when_packets_are_dropped(tmp_path: Path) -> None:
    """Faster than by the limit for a server that does not answer: the system gives the connection up."""
    namespace = ["unshare", "--net"]
    if subprocess.run([*namespace, "tc", "qdisc"], check=False, capture_output=True).returncode:
        pytest.skip("may not create a network namespace")
    command = [*namespace, sys.executable, "-m", "tests.support.dropped_packets", str(tmp_path / "data")]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    assert 5 < float(result.stdout) < 25


@pytest.fixture
def limited_url(server_url: str, template_database: str) -> Iterator[str]:
    """A database whose role may open 12 connections."""
    if POOLERS:
        pytest.skip("the pooler connects as another role")
    role = f"limited_{uuid.uuid4().hex[:8]}"
    with own_database(server_url, template_database) as url, connect(url) as conn:
        conn.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'x' CONNECTION LIMIT 12 IN ROLE {urlsplit(url).username}")
        address = urlsplit(url).netloc.rpartition("@")[2]
        yield urlsplit(url)._replace(netloc=f"{role}:x@{address}").geturl()


def test_server_that_needs_too_many_connections_does_not_start(limited_url: str, tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    server = Server(limited_url, log, OPENAI_BASE_URL="http://127.0.0.1:1/v1")
    with pytest.raises(AssertionError, match="has exited"):
        server.start()
    server.http.close()
    assert "The processes need 24 database connections" in log.read_text()
    assert "but the role admits 12" in log.read_text()
    assert "Traceback" not in log.read_text()


@pytest.mark.soak
def test_process_that_gets_no_connection_is_started_again_with_growing_delays(limited_url: str, tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    with ExitStack() as others:
        for _ in range(8):
            others.enter_context(connect(limited_url))

        def release() -> None:
            deadline = time.monotonic() + RECOVERY_SECONDS
            while not log.exists() or log.read_text().count("The database cannot be used") < 3:
                assert time.monotonic() < deadline
                time.sleep(0.1)
            others.close()

        threading.Thread(target=release).start()
        with Server(limited_url, log, processes=1, DB_POOL_SIZE="6", OPENAI_BASE_URL="http://127.0.0.1:1/v1") as server:
            assert server.http.get("/health").json().items() >= {"status": "ok", "database": "ok"}.items()
    said = log.read_text()
    assert "too many connections for role" in said
    assert said.count("The database cannot be used") < 8
