"""The metrics of several processes are reported together, including those of processes that have exited."""

import os
import signal
import stat
import time
from pathlib import Path

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import MASTER_KEY
from tests.processes.conftest import Business, StartDeployment
from tests.support.server import START_SECONDS, Server

pytestmark = pytest.mark.slow

PINGS = "icmp_requests_total GET /api/v1/ping 200"
CONNECTIONS = "icmp_database_connections"


def read_metrics(server: Server) -> dict[str, float]:
    """The values of /metrics by name and labels."""
    headers = {"Authorization": f"Bearer {MASTER_KEY}"}
    response = httpx2.get(f"{server.base_url}/metrics", headers=headers, timeout=60)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    return {
        " ".join([sample.name, *(value for _, value in sorted(sample.labels.items()))]): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def ping(server: Server, worker: int, times: int = 1) -> None:
    """Ping this worker, over new connections."""
    with server.only(worker):
        for _ in range(times):
            assert httpx2.get(f"{server.base_url}/api/v1/ping", timeout=60).status_code == 200


def metrics_folder_of(worker: int) -> Path:
    """Where a process stores its metrics."""
    opened = [descriptor.readlink() for descriptor in Path(f"/proc/{worker}/fd").iterdir()]
    return next(path for path in opened if path.name.startswith("icmp-metrics-"))


def test_each_process_reports_the_metrics_of_all(business: Business) -> None:
    server, (first, second) = business.server, business.server.workers()
    before = read_metrics(server)
    ping(server, first, times=3)
    ping(server, second, times=4)
    assert business.say("ana", "hello").status_code == 200
    for worker in (first, second):
        with server.only(worker):
            after = read_metrics(server)
        for name, increase in {
            PINGS: 7,
            "icmp_request_duration_seconds_count GET /api/v1/ping": 7,
            "icmp_request_duration_seconds_bucket +Inf GET /api/v1/ping": 7,
            "icmp_turns_total model completed": 1,
            "icmp_model_calls_total completed": 3,
        }.items():
            assert after[name] - before.get(name, 0) == increase, name
        assert after["icmp_turns_in_flight"] == after["icmp_database_connections_waited_for"] == 0
        assert after[CONNECTIONS] == 20


def test_counters_of_a_killed_process_remain_and_its_gauges_do_not(business: Business) -> None:
    server, (killed, remaining) = business.server, business.server.workers()
    ping(server, killed)
    before = read_metrics(server)
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + START_SECONDS
    while killed in (workers := server.workers()) or len(workers) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    [replacement] = set(workers) - {remaining}
    ping(server, replacement)  # waits until it serves
    after = read_metrics(server)
    assert after[PINGS] == before[PINGS] + 1 > 1
    assert after[CONNECTIONS] == before[CONNECTIONS] == 20


@pytest.mark.soak
def test_metrics_folder_is_private_and_removed_with_the_server(start_deployment: StartDeployment) -> None:
    with start_deployment(processes=1) as deployment:
        server = deployment.server
        folder = metrics_folder_of(server.workers()[0])
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert server.stop() == 0
        assert not folder.exists()
        server.start()
        left_behind = metrics_folder_of(server.workers()[0])
        server.kill()
        assert left_behind.exists()
        os.utime(left_behind, (0, 0))  # recent folders are kept, as another server may be creating them
        server.start()
        assert not left_behind.exists()
