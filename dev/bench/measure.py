"""One round of measurements: every load, on ICMP and on the baseline, shortly after each other on the same machine."""

from collections.abc import Callable
from dataclasses import dataclass

from dev.bench.load import Outcome, Request, drive, send
from dev.bench.model_server import REPLY
from dev.bench.servers import Process, model_client_cpu
from dev.bench.shops import Shop, baseline_request, open_shop
from dev.bench.usage import DatabaseMeter, Usage, cpu_seconds, memory

SHORT_HISTORY = 2  # messages of history in a prompt, unless stated otherwise
CALLS_PER_TURN = 3


@dataclass(frozen=True)
class Plan:
    """The durations in seconds, and the numbers of requests in flight: `some`, `few`, `many` and `max_in_flight`."""

    rounds: int = 3
    processes: int = 2  # of each server
    warm_up: float = 4.0
    window: float = 12.0
    call: float = 0.3
    first_token: float = 0.1
    some: int = 20  # also when prompts of different length are compared
    few: int = 100
    many: int = 400
    max_in_flight: int = 1000
    slow_call: float = 2.0
    long: int = 60  # messages of history in the longer prompts
    faults: float = 0.02  # share of failing model calls in the run with faults
    client_calls: int = 600  # with which the model client is measured alone

    @property
    def loads(self) -> tuple[int, ...]:
        """The numbers of requests in flight that both servers are measured with."""
        return 1, self.some, self.few, self.many


QUICK = Plan(rounds=1, warm_up=2.0, window=4.0)


@dataclass(frozen=True)
class Round:
    """What was measured in a round. `icmp` and `baseline` are by the number of requests in flight."""

    call: Outcome  # a model call without any application
    icmp: dict[int, Outcome]
    baseline: dict[int, Outcome]
    streamed: Outcome  # one at a time
    full: Outcome  # one at a time, with full speculation
    long: Outcome  # with a long history
    baseline_long: Outcome
    faulty: Outcome  # with failing model calls
    slow: Outcome  # with slow model calls and the maximum in flight
    client_cpu: float  # seconds per model call, in a process that does nothing else

    @property
    def errors(self) -> int:
        """Errors of ICMP in the runs without faults, except the one with slow model calls."""
        return sum(each.failed for each in (*self.icmp.values(), self.streamed, self.full, self.long))

    @property
    def baseline_errors(self) -> int:
        """Errors of the baseline in all its runs."""
        return sum(each.failed for each in (*self.baseline.values(), self.baseline_long))


class Bench:
    """Measures running servers. `progress` is called with a line about each step."""

    def __init__(
        self,
        plan: Plan,
        model: Process,
        icmp: Process,
        baseline: Process,
        database: DatabaseMeter,
        progress: Callable[[str], None],
    ) -> None:
        self._plan, self._model, self._icmp, self._baseline = plan, model, icmp, baseline
        self._database, self._progress = database, progress
        self._problems: list[str] = []

    def prepare(self) -> None:
        """Creates the businesses, and a history for the customers of one of them."""
        plan = self._plan
        self._progress("creating businesses and customers")
        self._shop = open_shop(self._icmp.port, "Bench shop", SHORT_HISTORY, max(plan.max_in_flight, *plan.loads))
        self._full_shop = open_shop(self._icmp.port, "Full speculation shop", SHORT_HISTORY, 1, "full")
        self._long_shop = open_shop(self._icmp.port, "Long history shop", plan.long, plan.some)
        self._set_model(seconds=0.0, first_token=0.0)
        send(
            self._baseline.port, [baseline_request(number, SHORT_HISTORY) for number in range(20)], 20
        )  # warms up its processes
        for number in range(plan.long // 2):
            if number % 10 == 0:
                self._progress(f"creating the history of customers: {number * 2} of {plan.long} messages")
            self._send_each_once(self._long_shop, plan.some)

    def measure(self, baseline_first: bool) -> Round:
        """Measures one round. The server that goes first alternates, so that neither always runs on a warm machine."""
        plan, shop = self._plan, self._shop

        def icmp(what: str, in_flight: int, request_of: Callable[[int], Request] = shop.request) -> Outcome:
            return self._drive(f"ICMP, {what}", self._icmp, in_flight, request_of)

        def baseline(what: str, in_flight: int, history: int = SHORT_HISTORY) -> Outcome:
            return self._drive(
                f"baseline, {what}", self._baseline, in_flight, lambda number: baseline_request(number, history)
            )

        self._set_model(seconds=plan.call, first_token=plan.first_token, faults=0.0)
        call = self._drive("one model call", self._model, 1, lambda _: _MODEL_CALL)
        of_icmp: dict[int, Outcome] = {}
        of_baseline: dict[int, Outcome] = {}
        for in_flight in plan.loads:
            what = f"{in_flight} in flight"
            if baseline_first:
                of_baseline[in_flight] = baseline(what, in_flight)
            of_icmp[in_flight] = icmp(what, in_flight)
            if not baseline_first:
                of_baseline[in_flight] = baseline(what, in_flight)
        streamed = icmp("one at a time, streamed", 1, shop.streamed)
        full = icmp("one at a time, full speculation", 1, self._full_shop.request)
        long_what = f"{plan.some} in flight, {plan.long} messages of history"
        long = icmp(long_what, plan.some, self._long_shop.request)
        baseline_long = baseline(long_what, plan.some, plan.long)
        client_cpu = model_client_cpu(self._model, plan.client_calls, plan.some)
        self._progress(f"model client alone: {client_cpu * 1000:.2f} ms of CPU time per call")
        self._set_model(faults=plan.faults)
        faulty = icmp(f"{plan.few} in flight, {plan.faults:.0%} of calls failing", plan.few)
        self._set_model(seconds=plan.slow_call, faults=0.0)
        slow = icmp(f"{plan.max_in_flight} in flight, {plan.slow_call:g} s per call", plan.max_in_flight)
        return Round(call, of_icmp, of_baseline, streamed, full, long, baseline_long, faulty, slow, client_cpu)

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
            server.port,
            in_flight,
            request_of,
            warm_up=warm_up,
            window=window,
            usage=lambda: Usage(cpu_seconds(server.pids()), self._database.cpu_seconds(), *self._database.wal()),
        )
        outcome.memory = memory(server.pids())
        self._problems += [f"{what}: {error}" for error in outcome.errors]
        if not outcome.seconds:
            raise RuntimeError(f"{what}: no request was answered. {outcome.errors[:3]}")
        each = outcome.each
        self._progress(
            f"{what}: p50 {outcome.p50 * 1000:.0f} ms, p95 {outcome.p95 * 1000:.0f} ms, {outcome.per_second:.1f}/s;"
            f" each: {each.server_cpu * 1000:.2f} ms of CPU time in the server, {each.database_cpu * 1000:.2f} in the"
            f" database, {each.wal_records:.0f} WAL records, {each.wal_bytes / 1000:.1f} KB; {outcome.failed} errors"
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
