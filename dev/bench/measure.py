"""One round of measurements: every load, on ICMP and on the baseline, shortly after each other on the same machine."""

from collections.abc import Callable
from dataclasses import dataclass, fields

from dev.bench.load import Outcome, Request, drive, send
from dev.bench.model_server import REPLY
from dev.bench.servers import Process
from dev.bench.shops import Shop, baseline_request, open_shop

SHORT_HISTORY = 2  # messages of history in a prompt, unless stated otherwise


@dataclass(frozen=True)
class Plan:
    """The durations in seconds, and the numbers of requests in flight: `few`, `many` and `max_in_flight`."""

    rounds: int = 3
    processes: int = 2  # of each server
    warm_up: float = 4.0
    window: float = 12.0
    call: float = 0.3
    first_token: float = 0.1
    few: int = 100
    many: int = 400
    max_in_flight: int = 1000
    slow_call: float = 2.0
    with_history: int = 20  # requests in flight when prompts of different length are compared
    long: int = 60  # messages of history in the longer prompts
    faults: float = 0.02  # share of failing model calls in the run with faults


QUICK = Plan(rounds=1, warm_up=2.0, window=4.0)


@dataclass(frozen=True)
class Round:
    """The measured values, each in the unit that its name ends with."""

    call_s: float
    alone_s: float
    baseline_alone_s: float
    few_s: float
    few_p95_s: float
    baseline_few_s: float
    first_token_s: float
    cpu_s: float
    baseline_cpu_s: float
    short_cpu_s: float
    long_cpu_s: float
    baseline_short_cpu_s: float
    baseline_long_cpu_s: float
    many_per_s: float
    many_s: float
    baseline_many_per_s: float
    max_answered: float
    max_errors: float
    max_p95_s: float
    max_memory_mb: float
    errors: float  # in all other runs of ICMP
    baseline_errors: float
    faults_answered: float
    faults_errors: float


def value_names() -> list[str]:
    """The names of the values of a round."""
    return [field.name for field in fields(Round)]


class Bench:
    """Measures running servers. `progress` is called with a line about each step."""

    def __init__(
        self, plan: Plan, model: Process, icmp: Process, baseline: Process, progress: Callable[[str], None]
    ) -> None:
        self._plan, self._model, self._icmp, self._baseline, self._progress = plan, model, icmp, baseline, progress
        self._problems: list[str] = []

    def prepare(self) -> None:
        """Creates the businesses, and a history for the customers of one of them."""
        plan = self._plan
        self._progress("creating businesses and customers")
        self._shop = open_shop(
            self._icmp.port, "Bench shop", SHORT_HISTORY, max(plan.max_in_flight, plan.many, plan.few)
        )
        self._long_shop = open_shop(self._icmp.port, "Long history shop", plan.long, plan.with_history)
        self._set_model(seconds=0.0, first_token=0.0)
        send(
            self._baseline.port, [baseline_request(number, SHORT_HISTORY) for number in range(20)], 20
        )  # warms up its processes
        for number in range(plan.long // 2):
            if number % 10 == 0:
                self._progress(f"creating the history of customers: {number * 2} of {plan.long} messages")
            self._send_each_once(self._long_shop, plan.with_history)

    def measure(self, baseline_first: bool) -> Round:
        """Measures one round. The server that goes first alternates, so that neither always runs on a warm machine."""
        plan, shop = self._plan, self._shop
        failed = {"icmp": 0, "baseline": 0}

        def icmp(what: str, in_flight: int, request_of: Callable[[int], Request] = shop.request) -> Outcome:
            outcome = self._drive(f"ICMP, {what}", self._icmp, in_flight, request_of)
            failed["icmp"] += outcome.failed
            return outcome

        def baseline(what: str, in_flight: int, history: int = SHORT_HISTORY) -> Outcome:
            outcome = self._drive(
                f"baseline, {what}", self._baseline, in_flight, lambda number: baseline_request(number, history)
            )
            failed["baseline"] += outcome.failed
            return outcome

        def both(what: str, in_flight: int) -> tuple[Outcome, Outcome]:
            if baseline_first:
                second = baseline(what, in_flight)
                return icmp(what, in_flight), second
            return icmp(what, in_flight), baseline(what, in_flight)

        self._set_model(seconds=plan.call, first_token=plan.first_token, faults=0.0)
        call = self._drive("one model call", self._model, 1, lambda _: _MODEL_CALL)
        alone, baseline_alone = both("one at a time", 1)
        streamed = icmp("one at a time, streamed", 1, shop.streamed)
        few, baseline_few = both(f"{plan.few} in flight", plan.few)
        many, baseline_many = both(f"{plan.many} in flight", plan.many)
        short = icmp(f"{plan.with_history} in flight, {SHORT_HISTORY} messages of history", plan.with_history)
        long = icmp(
            f"{plan.with_history} in flight, {plan.long} messages of history",
            plan.with_history,
            self._long_shop.request,
        )
        baseline_short = baseline(
            f"{plan.with_history} in flight, {SHORT_HISTORY} messages of history", plan.with_history
        )
        baseline_long = baseline(
            f"{plan.with_history} in flight, {plan.long} messages of history", plan.with_history, plan.long
        )
        errors = failed["icmp"]
        self._set_model(faults=plan.faults)
        faulty = icmp(f"{plan.few} in flight, {plan.faults:.0%} of calls failing", plan.few)
        self._set_model(seconds=plan.slow_call, faults=0.0)
        loaded = icmp(f"{plan.max_in_flight} in flight, {plan.slow_call:g} s per call", plan.max_in_flight)
        return Round(
            call_s=call.p50,
            alone_s=alone.p50,
            baseline_alone_s=baseline_alone.p50,
            few_s=few.p50,
            few_p95_s=few.p95,
            baseline_few_s=baseline_few.p50,
            first_token_s=streamed.first_token,
            cpu_s=few.cpu_each,
            baseline_cpu_s=baseline_few.cpu_each,
            short_cpu_s=short.cpu_each,
            long_cpu_s=long.cpu_each,
            baseline_short_cpu_s=baseline_short.cpu_each,
            baseline_long_cpu_s=baseline_long.cpu_each,
            many_per_s=many.per_second,
            many_s=many.p50,
            baseline_many_per_s=baseline_many.per_second,
            max_answered=loaded.answered,
            max_errors=loaded.failed,
            max_p95_s=loaded.p95,
            max_memory_mb=self._icmp.memory() / 1_000_000,
            errors=errors,
            baseline_errors=failed["baseline"],
            faults_answered=faulty.answered,
            faults_errors=faulty.failed,
        )

    @property
    def problems(self) -> list[str]:
        """Errors, at most a few of each run."""
        return self._problems

    def _drive(self, what: str, server: Process, in_flight: int, request_of: Callable[[int], Request]) -> Outcome:
        plan = self._plan
        # A window must contain several turns of every customer, also when the model is slow.
        slow = plan.slow_call / plan.call if in_flight == plan.max_in_flight else 1.0
        warm_up, window = min(plan.warm_up * slow, plan.warm_up * 4), min(plan.window * slow, plan.window * 2)
        outcome = drive(
            server.port, in_flight, request_of, warm_up=warm_up, window=window, cpu_seconds=server.cpu_seconds
        )
        self._problems += [f"{what}: {error}" for error in outcome.errors]
        if not outcome.seconds:
            raise RuntimeError(f"{what}: no request was answered. {outcome.errors[:3]}")
        self._progress(
            f"{what}: p50 {outcome.p50 * 1000:.0f} ms, {outcome.per_second:.1f}/s,"
            f" {outcome.cpu_each * 1000:.2f} ms of CPU time each, {outcome.failed} errors"
        )
        return outcome

    def _send_each_once(self, shop: Shop, customers: int) -> None:
        send(self._icmp.port, [shop.request(number) for number in range(customers)], customers)

    def _set_model(self, **settings: float) -> None:
        self._model.post("/settings", settings)


_MODEL_CALL = Request(
    "/v1/chat/completions",
    {"model": "bench", "messages": [{"role": "user", "content": "[[response]]"}]},
    "none",
    REPLY.encode(),
)
