"""Generated requests cause no server error and no response that the OpenAPI document does not describe.

`make test-all` sends the same 300 requests each time, `make soak` 10,000 random ones. `FUZZ_SEED` repeats a run.
"""

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.conftest import make_config, own_database, running_app
from tests.support.fake_model import FakeModel
from tests.support.fuzzing import Fuzz
from tests.support.odd_requests import ODDITIES

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def database_url(server_url: str, template_database: str) -> Iterator[str]:
    """A separate database, because some requests change data that all businesses share."""
    with own_database(server_url, template_database) as url:
        yield url


@pytest.fixture(scope="module")
def app(database_url: str, model_server: FakeModel) -> Iterator[Flask]:
    with running_app(make_config(database_url, OPENAI_BASE_URL=model_server.base_url)) as app:
        yield app


@pytest.mark.timeout(300)
def test_three_hundred_generated_requests(app: Flask, fake_model: FakeModel) -> None:
    fuzz = Fuzz(app, fake_model, 0)
    send(fuzz, 2, 1, 60)
    assert fuzz.cases >= 300


@pytest.mark.soak
def test_ten_thousand_generated_requests(app: Flask, fake_model: FakeModel) -> None:
    seed = int(os.environ.get("FUZZ_SEED") or secrets.randbelow(2**32))
    print(f"FUZZ_SEED={seed}")
    fuzz = Fuzz(app, fake_model, seed)
    send(fuzz, 86, 10, 2_100)
    assert fuzz.cases >= 10_000
    assert fuzz.oddities.keys() == ODDITIES.keys()
    succeeded = {label for label, status in fuzz.statuses if status < 300}
    never = {each.label for each in fuzz.operations if not is_older(each)} - succeeded
    assert len(never) <= 8, never  # some succeed only by chance


def send(fuzz: Fuzz, each: int, each_older: int, in_scenarios: int) -> None:
    """Send `each` cases per operation, `each_older` per operation on an older path, and cases in scenarios."""
    for operation in fuzz.operations:
        fuzz.walk(operation, each_older if is_older(operation) else each)
    fuzz.follow(in_scenarios)
    by_status = Counter(status for _, status in fuzz.statuses.elements())
    print(f"{fuzz.cases} cases, by status {dict(sorted(by_status.items()))}, links followed {fuzz.followed}")
    assert {each.label for each in fuzz.operations} == {label for label, _ in fuzz.statuses}
    assert fuzz.problems == [], f"{len(fuzz.problems)} problems\n\n" + "\n\n".join(fuzz.problems[:20])
    # A server that rejects everything would pass up to here.
    assert by_status[200] + by_status[201] + by_status[204] >= fuzz.cases / 5
    assert fuzz.followed >= in_scenarios / 8


def is_older(operation: Any) -> bool:
    return bool(operation.definition.raw.get("deprecated"))
