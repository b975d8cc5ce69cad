"""`GET /metrics`: what is counted, with a limited number of labels."""

from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families

from core import metrics
from core.circuit_breaker import MAX_FAILURES, CircuitBreaker
from tests.support.checked_client import CheckedClient
from tests.support.factories import Shop
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Status
from tests.support.os_users import wait_for

Headers = dict[str, str]
Read = Callable[..., float]


def read(client: CheckedClient, master: Headers) -> str:
    answer = client.get("/api/v1/metrics", headers=master)
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    return str(answer.text)


@pytest.fixture
def grown(client: CheckedClient, master: Headers) -> Read:
    """Returns the increase of a metric since the start of the test. Metrics count for the life of the process."""
    before = read(client, master)

    def grown(name: str, **labels: str) -> float:
        now = read(client, master)
        assert f"\n{name}" in now  # a metric with a misspelled name would not grow either
        return _value(now, name, labels) - _value(before, name, labels)

    return grown


def _value(text: str, name: str, labels: dict[str, str]) -> float:
    lines = "".join(f"{line}\n" for line in text.splitlines() if name in line)  # parsing all lines is slow
    found = [
        sample.value
        for family in text_string_to_metric_families(lines)
        for sample in family.samples
        if (sample.name, sample.labels) == (name, labels)
    ]
    assert len(found) <= 1
    return sum(found)


def test_requests_are_counted_by_route(client: CheckedClient, shop: Shop, grown: Read) -> None:
    for _ in range(2):
        assert shop.get(f"/stages/{shop.stages['Greeting']}").status_code == 200
    assert shop.get("/stages/not-an-id").status_code == 400
    rule = "/api/v1/stages/<stage_id>"
    assert grown("icmp_requests_total", method="GET", route=rule, status="200") == 2
    assert grown("icmp_requests_total", method="GET", route=rule, status="400") == 1
    assert grown("icmp_request_duration_seconds_count", method="GET", route=rule) == 3
    for path in ("/nowhere/1", "/nowhere/2", "/.env", "/clé/🙂"):
        client.get(path)
    assert grown("icmp_requests_total", method="GET", route="unknown", status="404") == 4
    client.open("/nowhere", method="BREW")
    client.open("/nowhere", method="STEAM")
    assert grown("icmp_requests_total", method="other", route="unknown", status="404") == 2


def test_turns_and_model_calls_are_counted_by_outcome(
    shop: Shop, fake_model: FakeModel, client: CheckedClient, master: Headers, grown: Read
) -> None:
    fake_model.respond = lambda body: "Greeting"
    assert shop.say("Hello").status_code == 200
    assert grown("icmp_turns_total", status="completed", engine="model") == 1
    assert grown("icmp_turn_duration_seconds_count", status="completed") == 1
    calls = len(fake_model.requests)
    assert grown("icmp_model_calls_total", status="completed") == calls
    assert grown("icmp_model_call_duration_seconds_count", status="completed") == calls
    assert grown("icmp_model_tokens_total", kind="prompt") > grown("icmp_model_tokens_total", kind="completion") > 0
    fake_model.respond = lambda body: Status(401)
    assert shop.say("Hello?").status_code == 503
    assert grown("icmp_turns_total", status="failed", engine="none") == 1
    assert grown("icmp_model_calls_total", status="failed") == len(fake_model.requests) - calls > 0
    assert grown("icmp_turns_in_flight") == 0
    # Background work may wait for a connection for a moment.
    waiting = "icmp_database_connections_waited_for"
    wait_for(lambda: f"\n{waiting} 0.0" in read(client, master), "a moment without waiting")
    assert grown("icmp_database_connections_in_use") <= 1  # background work may use one


def test_metrics_contain_no_personal_data(
    shop: Shop, fake_model: FakeModel, client: CheckedClient, master: Headers
) -> None:
    fake_model.respond = lambda body: "Greeting"
    shop.say("My name is Ottoline")
    shop.get("/conversations", q="Ottoline")
    text = client.get("/metrics", headers=master).text
    assert "icmp_requests_total" in text
    for secret in ("Ottoline", shop.business_id, shop.user_id, shop.key, *shop.stages.values()):
        assert secret not in text


def test_open_circuit_breaker_is_counted(grown: Read) -> None:
    circuit_breaker = CircuitBreaker()
    for _ in range(MAX_FAILURES):
        permit = circuit_breaker.admit(0)
        assert permit
        circuit_breaker.record_failure(permit)
    assert grown("icmp_model_circuits_open") == 1
    circuit_breaker.record_success(permit)
    assert grown("icmp_model_circuits_open") == 0


def test_impossible_count_does_not_fail_a_turn(caplog: pytest.LogCaptureFixture) -> None:
    # A counter cannot decrease. Wrong numbers from a model server must not fail the turn.
    metrics.count_call("completed", 1, -1, None)
    assert [record.message for record in caplog.records] == ["metric not recorded"]


def test_only_operators_read_metrics(client: CheckedClient, shop: Shop) -> None:
    assert client.get("/metrics").status_code == 401
    assert shop.get("/metrics").status_code == 403
