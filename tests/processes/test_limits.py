"""Two processes count requests together in Redis, and each on its own while Redis is unavailable."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from tests.processes.conftest import Business, Deployment, StartDeployment
from tests.support.redis_server import RedisServer
from tests.support.server import Server

pytestmark = pytest.mark.slow

UNREACHABLE, RECOVERED = "Rate limit storage unreachable", "Rate limit storage recovered"


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as redis:
        yield redis


@pytest.fixture(scope="module")
def deployment(start_deployment: StartDeployment, redis: RedisServer) -> Iterator[Deployment]:
    with start_deployment(
        REDIS_URL=redis.url,
        RATE_LIMIT_LOGIN="10 per hour",
        RATE_LIMIT_MESSAGES="3 per hour",
        TRUSTED_PROXIES="1",
    ) as deployment:
        yield deployment


def try_login(server: Server, address: str) -> int:
    """Try a wrong password from a client address, over a new connection, for a new account each time, because accounts
    have limits of their own. Returns the status."""
    body = {"email": f"{uuid4()}@example.com", "password": "wrong"}
    headers = {"X-Forwarded-For": address}
    url = f"{server.base_url}/api/v1/auth/login"
    status: int = httpx2.post(url, json=body, headers=headers, timeout=60).status_code
    return status


def count_log_lines(log: Path, message: str) -> int:
    lines = [line for line in log.read_text().splitlines() if line.startswith("{")]
    return sum(json.loads(line)["message"].startswith(message) for line in lines)


def test_wrong_passwords_are_counted_across_processes(deployment: Deployment) -> None:
    server = deployment.server
    first, second = server.workers()
    with server.only(first):
        assert [try_login(server, "198.51.100.1") for _ in range(10)] == [401] * 10
        assert try_login(server, "198.51.100.1") == 429
    with server.only(second):
        assert try_login(server, "198.51.100.1") == 429
        assert try_login(server, "198.51.100.2") == 401


def test_messages_of_a_customer_are_counted_across_processes(business: Business) -> None:
    server = business.server

    def say() -> int:
        body = {"user": {"external_id": "carla"}, "message": "Hello"}
        headers = {"Authorization": f"Bearer {business.key}"}
        url = f"{server.base_url}/api/v1/messages"
        return int(httpx2.post(url, json=body, headers=headers, timeout=60).status_code)

    first, second = server.workers()
    with server.only(first):
        assert [say(), say()] == [200, 200]
    with server.only(second):
        assert [say(), say()] == [200, 429]


@pytest.mark.parametrize("outage", ["killed", pytest.param("suspended", marks=pytest.mark.soak)])
def test_each_process_counts_alone_while_redis_is_unavailable(
    deployment: Deployment, redis: RedisServer, outage: str
) -> None:
    server = deployment.server
    unreachable, recovered = (count_log_lines(server.log, message) for message in (UNREACHABLE, RECOVERED))
    if outage == "killed":
        redis.stop()
    else:
        redis.pause()
    addresses = [f"198.51.100.{number}" for number in range(10, 30)]
    for worker in server.workers():
        with server.only(worker), ThreadPoolExecutor(20) as pool:
            assert set(pool.map(lambda address: try_login(server, address), addresses)) == {401}
    assert count_log_lines(server.log, UNREACHABLE) == unreachable + 2  # once per process
    with server.only(server.workers()[0]):
        statuses = [try_login(server, f"198.51.100.{ord(outage[0])}") for _ in range(11)]
        assert statuses == [401] * 10 + [429]

    if outage == "killed":
        redis.start()
    else:
        redis.resume()
    deadline = time.monotonic() + 60
    while count_log_lines(server.log, RECOVERED) < recovered + 2:
        assert time.monotonic() < deadline, server.log.read_text()[-2000:]
        for worker in server.workers():
            with server.only(worker):
                try_login(server, f"203.0.113.{worker % 250}")
        time.sleep(0.2)
    first, second = server.workers()
    address = f"192.0.2.{ord(outage[0])}"
    with server.only(first):
        assert [try_login(server, address) for _ in range(10)] == [401] * 10
    with server.only(second):
        assert try_login(server, address) == 429
    assert "Traceback" not in server.log.read_text()
    assert '"exception"' not in server.log.read_text()
