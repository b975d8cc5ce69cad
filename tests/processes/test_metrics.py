"""Processes answer for each other, and for one that is gone. (SPEC 5: GET /metrics)"""

import os
import signal
import stat
import time
from pathlib import Path

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import MASTER_KEY
from tests.processes.conftest import Served, Start
from tests.support.server import START_SECONDS, Server


def read(server: Server) -> dict[str, float]:
    """Each number of /metrics, by its name and labels."""
    # A connection of its own: one that is kept leads to the same process each time.
    headers = {"Authorization": f"Bearer {MASTER_KEY}"}
    answer = httpx2.get(f"{server.base_url}/metrics", headers=headers, timeout=30)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        " ".join([each.name, *(value for _, value in sorted(each.labels.items()))]): each.value
        for family in text_string_to_metric_families(answer.text)
        for each in family.samples
    }


def folder_of(worker: int) -> Path:
    """Where a process keeps its numbers."""
    opened = [each.readlink() for each in Path(f"/proc/{worker}/fd").iterdir()]
    return next(path for path in opened if path.name.startswith("icmp-metrics-"))


def test_whichever_process_is_asked_tells_of_all(served: Served) -> None:
    server, (first, second) = served.server, served.server.workers()
    before = read(server)
    for worker, count in ((first, 3), (second, 4)):
        with server.only(worker):
            for _ in range(count):
                assert httpx2.get(f"{server.base_url}/api/v1/ping", timeout=30).status_code == 200
    assert served.say("ana", "hello").status_code == 200
    for worker in (first, second):
        with server.only(worker):
            after = read(server)
        for name, grown in {
            "icmp_requests_total GET /api/v1/ping 200": 7,
            "icmp_request_duration_seconds_count GET /api/v1/ping": 7,
            "icmp_request_duration_seconds_bucket +Inf GET /api/v1/ping": 7,
            "icmp_turns_total model completed": 1,
            "icmp_model_calls_total completed": 3,
        }.items():
            assert after[name] - before.get(name, 0) == grown, name
        assert after["icmp_turns_in_flight"] == after["icmp_database_connections_waited_for"] == 0
        assert after["icmp_database_connections"] == 20


def test_what_a_process_counted_outlives_it_and_what_it_was_doing_does_not(served: Served) -> None:
    server, (dead, living) = served.server, served.server.workers()
    folder = folder_of(living)
    with server.only(dead):
        httpx2.get(f"{server.base_url}/api/v1/ping", timeout=30)
    before = read(server)
    os.kill(dead, signal.SIGKILL)
    deadline = time.monotonic() + START_SECONDS
    while (folder / f"gauge_livesum_{dead}.db").exists() or len(server.workers()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)  # there is no event to wait for
    with server.only(living):
        after = read(server)
    name = "icmp_requests_total GET /api/v1/ping 200"
    assert after[name] >= before[name] > 0


def test_its_folder_is_private_and_goes_with_the_server(start: Start) -> None:
    with start(processes=1) as (server, _, _):
        folder = folder_of(server.workers()[0])
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert server.stop() == 0
        assert not folder.exists()
        server.start()
        left = folder_of(server.workers()[0])
        server.kill()
        assert left.exists()
        os.utime(left, (0, 0))  # long ago
        server.start()
        assert not left.exists()
