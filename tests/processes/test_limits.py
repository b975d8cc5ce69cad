"""Limits that two processes share through a real Redis-compatible server, also when it goes away. (SPEC 2)"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.processes.conftest import Served, Start, serve_business
from tests.support.redis_server import RedisServer
from tests.support.server import Server

AWAY, BACK = "Rate limit storage unreachable", "Rate limit storage recovered"


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as redis:
        yield redis


@pytest.fixture(scope="module")
def served(start: Start, redis: RedisServer) -> Iterator[Served]:
    with start(
        REDIS_URL=redis.url,
        RATE_LIMIT_LOGIN="10 per minute",
        RATE_LIMIT_MESSAGES="3 per minute",
        TRUSTED_PROXIES="1",
    ) as parts:
        yield serve_business(*parts)


def guess(server: Server, address: str) -> int:
    """A wrong password, over a connection of its own."""
    body = {"email": "nobody@example.com", "password": "wrong"}
    headers = {"X-Forwarded-For": address}
    url = f"{server.base_url}/api/v1/auth/login"
    status: int = httpx2.post(url, json=body, headers=headers, timeout=30).status_code
    return status


def lines_of(log: Path, message: str) -> int:
    return sum(
        json.loads(line)["message"].startswith(message) for line in log.read_text().splitlines() if line[:1] == "{"
    )


def test_ten_wrong_passwords_are_ten_whichever_process_hears_them(served: Served) -> None:
    first, second = served.server.workers()
    with served.server.only(first):
        assert [guess(served.server, "198.51.100.1") for _ in range(10)] == [401] * 10
        assert guess(served.server, "198.51.100.1") == 429
    with served.server.only(second):
        assert guess(served.server, "198.51.100.1") == 429
        assert guess(served.server, "198.51.100.2") == 401


def test_a_customers_messages_count_in_both_processes(served: Served) -> None:
    def say() -> int:
        with httpx2.Client(base_url=served.server.base_url, timeout=30) as client:
            body = {"user": {"external_id": "carla"}, "message": "Hello"}
            headers = {"Authorization": f"Bearer {served.key}"}
            return int(client.post("/api/v1/messages", json=body, headers=headers).status_code)

    first, second = served.server.workers()
    with served.server.only(first):
        assert [say(), say()] == [200, 200]
    with served.server.only(second):
        assert [say(), say()] == [200, 429]


@pytest.mark.parametrize("how", ["killed", "hanging"])
def test_while_redis_is_away_requests_go_on_and_the_log_says_so_once(
    served: Served, redis: RedisServer, how: str
) -> None:
    server = served.server
    away, back = lines_of(server.log, AWAY), lines_of(server.log, BACK)
    if how == "killed":
        redis.stop()
    else:
        redis.pause()
    addresses = [f"198.51.100.{number}" for number in range(10, 30)]
    for worker in server.workers():
        with server.only(worker), ThreadPoolExecutor(20) as pool:
            assert set(pool.map(lambda address: guess(server, address), addresses)) == {401}
    assert lines_of(server.log, AWAY) == away + 2  # once a process
    with server.only(server.workers()[0]):
        statuses = [guess(server, f"198.51.100.{ord(how[0])}") for _ in range(11)]
        assert statuses == [401] * 10 + [429]  # meanwhile each process counts for itself

    if how == "killed":
        redis.start()
    else:
        redis.resume()
    deadline = time.monotonic() + 60
    while lines_of(server.log, BACK) < back + 2:
        assert time.monotonic() < deadline, server.log.read_text()[-2000:]
        for worker in server.workers():
            with server.only(worker):
                guess(server, f"203.0.113.{worker % 250}")
        time.sleep(0.2)
    first, second = server.workers()
    address = f"192.0.2.{ord(how[0])}"
    with server.only(first):
        assert [guess(server, address) for _ in range(10)] == [401] * 10
    with server.only(second):
        assert guess(server, address) == 429
    assert "Traceback" not in server.log.read_text() and '"exception"' not in server.log.read_text()
