"""The circuit breaker: which requests open it, and who waits after an outage."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm.circuit_breaker import MAX_FAILURES, MAX_SHARE_OF_FAILURES, CircuitBreaker
from llm.client import ModelClient
from llm.types import ModelSettings
from tests.support.fake_model import FakeModel, Gated, Hang, Reply, Status
from tests.support.model_calls import SETTINGS, ask, fail

MakeClient = Callable[..., ModelClient]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llm.retries._BACKOFF", 0)


@pytest.fixture
def make_client(fake: FakeModel) -> Iterator[MakeClient]:
    clients: list[ModelClient] = []

    def make(**options: float) -> ModelClient:
        clients.append(ModelClient(None, fake.base_url, **options))
        return clients[-1]

    yield make
    for client in clients:
        client.close()


def break_down(fake: FakeModel, client: ModelClient) -> None:
    """Open the circuit breaker."""
    fake.respond = lambda body: Status(500)
    for _ in range(MAX_FAILURES):
        fail(client)
    fake.forget()


def opened(cool_down: float) -> CircuitBreaker:
    breaker = CircuitBreaker(cool_down=cool_down)
    for _ in range(MAX_FAILURES):
        breaker.record_failure()
    return breaker


def test_all_requests_after_an_outage_succeed_however_many_arrive_at_once(
    fake: FakeModel, make_client: MakeClient
) -> None:
    client = make_client(cool_down=0)
    break_down(fake, client)
    gate = threading.Event()
    fake.respond = lambda body: Gated("Ok", gate)
    with ThreadPoolExecutor(12) as threads:
        answers = [threads.submit(ask, client) for _ in range(12)]
        fake.wait_for_requests(1)
        gate.set()
        assert [answer.result().text for answer in answers] == ["Ok"] * 12


def test_request_during_the_cool_down_says_when_to_try_again(fake: FakeModel, make_client: MakeClient) -> None:
    client = make_client(cool_down=60)
    break_down(fake, client)
    failed = fail(client)
    assert failed.error == "circuit: the server is not called because it is down"
    assert 50 < failed.retry_after <= 60
    assert fake.requests == []


@pytest.mark.parametrize("succeeds", [True, False])
def test_requests_wait_for_the_result_of_the_trial(succeeds: bool) -> None:
    breaker = opened(cool_down=0.5)
    while not breaker.admit(0):
        time.sleep(0.01)
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(breaker.admit, 60) for _ in range(3)]
        if succeeds:
            breaker.record_success()
        else:
            breaker.record_failure()
        assert [each.result() for each in waiting] == [succeeds] * 3


def test_request_does_not_wait_longer_than_its_time() -> None:
    breaker = opened(cool_down=0)
    assert breaker.admit(0)
    assert not breaker.admit(0.01)


def test_each_model_has_its_own(fake: FakeModel, make_client: MakeClient) -> None:
    client, broken = make_client(), ModelSettings("broken")
    fake.respond = lambda body: Status(500) if body["model"] == "broken" else "Ok"
    for _ in range(MAX_FAILURES):
        fail(client, broken)
    assert fail(client, broken).error.startswith("circuit")
    assert ask(client).text == "Ok"


def test_timeout_of_a_business_never_opens_it(
    fake: FakeModel, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("llm.client.MIN_TIMEOUT_COUNTED_AS_OUTAGE", 0.05)
    client = make_client()
    fake.respond = lambda body: Hang(60)
    for _ in range(MAX_FAILURES):
        fail(client, ModelSettings("m", timeout=0.1), seconds=0.15)
    fake.respond = lambda body: "Ok"
    assert ask(client, ModelSettings("m")).text == "Ok"


def test_timeout_of_the_server_opens_it(fake: FakeModel, make_client: MakeClient) -> None:
    client = make_client(timeout=0.05)
    fake.respond = lambda body: Hang(60)
    for _ in range(MAX_FAILURES):
        fail(client)
    assert fail(client).error.startswith("circuit")


def test_answer_that_is_cut_off_by_a_timeout_does_not_open_it(fake: FakeModel, make_client: MakeClient) -> None:
    client = make_client(timeout=0.2)
    fake.respond = lambda body: Gated("one two", threading.Event())
    with ThreadPoolExecutor(MAX_FAILURES) as threads:
        list(threads.map(lambda _: fail(client, on_delta=lambda text: None), range(MAX_FAILURES)))
    fake.respond = lambda body: "Ok"
    assert ask(client).text == "Ok"


def test_trial_without_a_result_is_repeated() -> None:
    breaker = opened(cool_down=0)
    for _ in range(3):
        assert breaker.admit(0)
        assert not breaker.admit(0)  # the trial is running
        breaker.record_nothing()
    assert breaker.admit(0)
    breaker.record_success()
    assert not breaker.is_open()


@pytest.mark.parametrize("failing", [Status(500), Hang(60)])
def test_failures_of_one_tenant_do_not_affect_others(fake: FakeModel, make_client: MakeClient, failing: Reply) -> None:
    client = make_client(timeout=0.05 if isinstance(failing, Hang) else 30)
    fake.respond = lambda body: failing
    for _ in range(MAX_FAILURES):
        fail(client, tenant="a")
    assert fail(client, tenant="a").error.startswith("circuit")
    fake.respond = lambda body: "Ok"
    assert ask(client, ModelSettings(SETTINGS.model, timeout=30), tenant="b").text == "Ok"


@given(st.lists(st.sampled_from(["a fails", "a succeeds", "b fails", "b succeeds", "a is asked"])))
def test_tenant_is_served_as_long_as_its_own_requests_succeed(events: list[str]) -> None:
    breaker, failures_of_b = CircuitBreaker(), 0
    for event in events:
        match event.split():
            case [tenant, "fails"] if tenant == "a" or failures_of_b < MAX_SHARE_OF_FAILURES - 1:
                breaker.record_failure(tenant=tenant)
                failures_of_b += tenant == "b"
            case [tenant, "succeeds"]:
                breaker.record_success(tenant)
                failures_of_b = 0 if tenant == "b" else failures_of_b
            case _:
                breaker.admit(0, "a")
        assert breaker.admit(0, "b")


def opened_for_all(cool_down: float) -> CircuitBreaker:
    breaker = CircuitBreaker(cool_down=cool_down)
    for tenant in ("a", "b"):
        for _ in range(MAX_FAILURES):
            breaker.record_failure(tenant=tenant)
    return breaker


def test_failures_of_several_tenants_open_it_for_all() -> None:
    assert not opened_for_all(cool_down=60).admit(0, "c")
    breaker = CircuitBreaker()
    for number in range(MAX_FAILURES):
        assert breaker.admit(0, "c")
        breaker.record_failure(tenant=f"tenant {number}")
    assert not breaker.admit(0, "c")


def test_success_of_one_tenant_closes_it_for_all() -> None:
    breaker = opened_for_all(cool_down=0)
    assert breaker.admit(0, "c")
    breaker.record_success("c")
    assert not breaker.is_open("d")
    assert breaker.admit(0, "a")  # as a trial, because its own requests have failed so often
    assert not breaker.admit(0, "a")
    breaker.record_success("a")
    assert not breaker.is_open("a")


def test_tenants_whose_requests_always_fail_do_not_prevent_the_trials_of_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = [1000.0]
    monkeypatch.setattr("llm.circuit_breaker.time.monotonic", lambda: now[0])
    breaker = opened_for_all(cool_down=5)
    now[0] += 5
    assert breaker.admit(0, "a")
    breaker.record_failure(tenant="a")
    assert not breaker.admit(0, "a")
    assert breaker.admit(0, "b")
    assert breaker.admit(0, "c")
