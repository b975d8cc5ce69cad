"""The metric of the event loop's lag shows what blocks it. Password hashes and the embedding model do not."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.conftest import MASTER_KEY
from tests.processes.conftest import Deployment, StartDeployment

pytestmark = pytest.mark.slow

LONG_LAG = "2.5"  # seconds, a bucket of the histogram; shorter than BUSY_SECONDS


@pytest.fixture(scope="module")
def deployment(start_deployment: StartDeployment) -> Iterator[Deployment]:
    with start_deployment(processes=1, application="tests.support.busy_app:app") as deployment:
        yield deployment


def long_lags(deployment: Deployment) -> float:
    """How often the loop was late by more than LONG_LAG."""
    lines = deployment.server.request("GET", "/metrics", MASTER_KEY).text.splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if line.startswith("icmp_event_loop_lag_seconds_bucket"))
    counts = {le: float(values[f'icmp_event_loop_lag_seconds_bucket{{le="{le}"}}']) for le in (LONG_LAG, "+Inf")}
    return counts["+Inf"] - counts[LONG_LAG]


@pytest.mark.parametrize(
    ("view", "blocks"), [pytest.param("hash", False, marks=pytest.mark.soak), ("embed", False), ("sleep", True)]
)
def test_metric_shows_what_blocks_the_loop(deployment: Deployment, view: str, blocks: bool) -> None:
    before = long_lags(deployment)
    assert httpx2.get(f"{deployment.server.base_url}/{view}", timeout=60).text == "done"
    assert (long_lags(deployment) > before) == blocks
