"""The circuit breaker: which requests open it, and who waits after an outage."""

import errno
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.circuit_breaker import MAX_FAILURES, MAX_SHARE_OF_FAILURES, CircuitBreaker, Permit
from llm.client import ModelClient
from llm.types import ModelSettings
from tests.support.fake_model import FakeModel
from tests.support.model_calls import SETTINGS, ask, fail
from tests.support.model_replies import Gated, Hang, Reply, Status

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
        record_failure(breaker)
    return breaker


def admitted(breaker: CircuitBreaker, tenant: str = "") -> Permit:
    """A permit of the circuit breaker, after its cool-down."""
    while (permit := breaker.admit(0, tenant)) is None:
        time.sleep(0.01)
    return permit


def record_failure(breaker: CircuitBreaker, tenant: str = "") -> None:
    """A request fails, unless the circuit breaker is open."""
    if permit := breaker.admit(0, tenant):
        breaker.record_failure(permit)


def record_success(breaker: CircuitBreaker, tenant: str = "") -> None:
    if permit := breaker.admit(0, tenant):
        breaker.record_success(permit)


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
    trial = admitted(breaker)
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(breaker.admit, 60) for _ in range(3)]
        if succeeds:
            breaker.record_success(trial)
        else:
            breaker.record_failure(trial)
        assert [each.result() is not None for each in waiting] == [succeeds] * 3


def test_failures_from_before_the_outage_do_not_end_the_trial() -> None:
    breaker = CircuitBreaker(cool_down=0.5)
    slow = [admitted(breaker) for _ in range(3)]
    for _ in range(MAX_FAILURES):
        record_failure(breaker)
    trial = admitted(breaker)
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(breaker.admit, 60) for _ in range(3)]
        breaker.record_failure(slow[0])
        breaker.record_nothing(slow[1])
        breaker.record_failure(slow[2])
        breaker.record_success(trial)
        assert all(each.result() for each in waiting)


@pytest.mark.parametrize("tenants", ["a", "abc"])
def test_failures_from_before_the_end_of_an_outage_do_not_open_it_again(tenants: str) -> None:
    breaker = CircuitBreaker(cool_down=0)
    slow = [admitted(breaker, tenant) for tenant in tenants * MAX_FAILURES * 2]
    for permit in slow[::2]:
        breaker.record_failure(permit)
    for tenant in tenants:
        breaker.record_success(admitted(breaker, tenant))
    for permit in slow[1::2]:
        breaker.record_failure(permit)
    assert not any(breaker.is_open(tenant) for tenant in "abc")


def test_requests_that_take_too_long_do_not_open_it_for_others_while_the_server_answers() -> None:
    breaker = CircuitBreaker()
    slow = [admitted(breaker, tenant) for tenant in "ab" for _ in range(MAX_FAILURES)]
    record_success(breaker, "c")
    for permit in slow:
        breaker.record_failure(permit)
    assert not breaker.is_open("c")


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


def test_missing_file_descriptors_do_not_open_it(fake: FakeModel, make_client: MakeClient) -> None:
    client, error = make_client(), OSError(errno.EMFILE, "Too many open files")
    with patch("urllib3.connection.connection.create_connection", side_effect=error):
        for _ in range(MAX_FAILURES):
            assert fail(client).error == "connection: this process has no file descriptors left"
    assert ask(client).text == "OK"


def test_trial_without_a_result_is_repeated() -> None:
    breaker = opened(cool_down=0)
    for _ in range(3):
        trial = admitted(breaker)
        assert not breaker.admit(0)  # the trial is running
        breaker.record_nothing(trial)
    record_success(breaker)
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
                record_failure(breaker, tenant)
                failures_of_b += tenant == "b"
            case [tenant, "succeeds"]:
                record_success(breaker, tenant)
                failures_of_b = 0 if tenant == "b" else failures_of_b
            case _:
                breaker.admit(0, "a")
        assert breaker.admit(0, "b")


def opened_for_all(cool_down: float) -> CircuitBreaker:
    breaker = CircuitBreaker(cool_down=cool_down)
    for tenant in ("a", "b"):
        for _ in range(MAX_FAILURES):
            record_failure(breaker, tenant)
    return breaker


def test_failures_of_several_tenants_open_it_for_all() -> None:
    assert not opened_for_all(cool_down=60).admit(0, "c")
    breaker = CircuitBreaker()
    for number in range(MAX_FAILURES):
        assert breaker.admit(0, "c")
        record_failure(breaker, f"tenant {number}")
    assert not breaker.admit(0, "c")


def test_success_of_one_tenant_closes_it_for_all() -> None:
    breaker = opened_for_all(cool_down=0)
    record_success(breaker, "c")
    assert not breaker.is_open("d")
    trial = admitted(breaker, "a")  # a trial, because its own requests have failed so often
    assert not breaker.admit(0, "a")
    breaker.record_success(trial)
    assert not breaker.is_open("a")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of the circuit breaker, as the only item."""
    now = [1000.0]
    monkeypatch.setattr("core.circuit_breaker.time.monotonic", lambda: now[0])
    return now


def test_tenants_whose_requests_always_fail_do_not_prevent_the_trials_of_others(clock: list[float]) -> None:
    breaker = opened_for_all(cool_down=5)
    clock[0] += 5
    record_failure(breaker, "a")
    assert not breaker.admit(0, "a")
    assert breaker.admit(0, "b")
    assert breaker.admit(0, "c")


def test_success_of_one_tenant_ends_the_cool_down_of_others(clock: list[float]) -> None:
    breaker = opened_for_all(cool_down=5)
    clock[0] += 5
    record_failure(breaker, "a")
    assert not breaker.admit(0, "a")
    record_success(breaker, "c")
    assert breaker.admit(0, "a")
