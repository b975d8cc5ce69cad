"""While one tenant misbehaves for a minute, another is served as usual."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from tests.conftest import MASTER_KEY
from tests.processes.conftest import Business, Deployment, StartDeployment, echo, prompt_of
from tests.support.model_replies import Gated, Reply
from tests.support.noisy_tenant import ATTACKS
from tests.support.server import ROOT

pytestmark = pytest.mark.soak

SECONDS = 60
MODEL_SECONDS = 0.3
PASSWORD = "correct horse battery staple"


@pytest.fixture(scope="module")
def deployment(start_deployment: StartDeployment) -> Iterator[Deployment]:
    """A server with the default limits."""
    defaults = dict.fromkeys(("WEB_THREADS", "MAX_TURNS_PER_BUSINESS", "RATE_LIMIT_BUSINESS", "RATE_LIMIT_DEFAULT"), "")
    with start_deployment(**defaults) as deployment:
        yield deployment


@pytest.fixture(scope="module")
def outsider(deployment: Deployment) -> str:
    """The token of a user whose membership has ended."""
    server, business = deployment.server, deployment.add_business()
    person = {"email": f"{business.business_id}@example.com", "first_name": "A", "last_name": "B", "role": "viewer"}
    path = f"/businesses/{business.business_id}/members"
    member = server.request("POST", path, MASTER_KEY, json=person).json()
    secret = member["invitation"]["url"].partition("#")[2].partition("=")[2]
    body = {"token": secret, "password": PASSWORD, "bearer": True}
    token: str = server.http.post("/api/v1/auth/invitation", json=body).json()["access_token"]
    assert server.request("DELETE", f"{path}/{member['user_id']}", MASTER_KEY).is_success
    return token


@contextmanager
def misbehaving(attack: str, noisy: Business, quiet: Business, token: str) -> Iterator[None]:
    arguments = {
        "port": noisy.server.port,
        "key": noisy.key,
        "business_id": noisy.business_id,
        "other_id": quiet.business_id,
        "token": token,
    }
    command = [sys.executable, "-m", "tests.support.noisy_tenant", attack, json.dumps(arguments)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield
        assert process.poll() is None, "the noisy tenant has stopped"
    finally:
        process.kill()
        process.wait()


def served(business: Business, seconds: float) -> tuple[list[float], list[float]]:
    """The sorted durations of messages and of health checks that a client sends for a time, all with success."""
    messages: list[float] = []
    checks: list[float] = []
    end = time.monotonic() + seconds
    with httpx2.Client(base_url=business.server.base_url, timeout=30) as client:
        number = 0
        while time.monotonic() < end:
            number += 1
            start = time.monotonic()
            response = business.say(f"c-{number}", "hello")
            messages.append(time.monotonic() - start)
            assert response.status_code == 200, response.text
            start = time.monotonic()
            assert client.get("/health").status_code == 200
            checks.append(time.monotonic() - start)
    return sorted(messages), sorted(checks)


def p95(durations: list[float]) -> float:
    return durations[int(0.95 * (len(durations) - 1))]


@pytest.mark.parametrize("attack", ATTACKS)
def test_other_tenant_is_served_as_usual(deployment: Deployment, outsider: str, attack: str) -> None:
    noisy, quiet = deployment.add_business(), deployment.add_business()
    closing = threading.Event()

    def respond(body: dict[str, Any]) -> Reply:
        if "slow" in prompt_of(body):
            return Gated(str(echo(body)), closing)
        time.sleep(MODEL_SECONDS)
        return echo(body)

    deployment.model.respond = respond
    served(quiet, 5)  # warms up
    usual, _ = served(quiet, 20)
    try:
        with misbehaving(attack, noisy, quiet, outsider):
            messages, checks = served(quiet, SECONDS)
    finally:
        closing.set()
    print(f"{attack}: p95 {p95(messages):.2f} s, usually {p95(usual):.2f} s; slowest health check {checks[-1]:.2f} s")
    assert p95(messages) < 2 * p95(usual)
    assert checks[-1] < 1
