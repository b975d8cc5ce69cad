"""One round of measurements: every load, on ICMP and on the plain floor, in the same minutes on the same machine."""

from collections.abc import Callable
from dataclasses import dataclass, fields

from dev.bench.load import Outcome, Request, drive, send
from dev.bench.model_server import REPLY
from dev.bench.servers import Process
from dev.bench.shops import Shop, floor_request, open_shop

SHORT = 2  # messages of history in a prompt, where no more is asked for


@dataclass(frozen=True)
class Plan:
    """How long and how hard. Seconds; `few`, `many` and `most` are requests in flight."""

    rounds: int = 3
    processes: int = 2  # of each server
    warm_up: float = 4.0
    window: float = 12.0
    call: float = 0.3
    first_token: float = 0.1
    few: int = 100
    many: int = 400
    most: int = 1000
    slow_call: float = 2.0
    with_history: int = 20  # in flight, where prompts of different length are compared
    long: int = 60  # messages of history in the longer ones
    faults: float = 0.02  # of the calls, in the run with faults


QUICK = Plan(rounds=1, warm_up=2.0, window=4.0)


@dataclass(frozen=True)
class Round:
    """What was measured, each value in the unit that its name says."""

    call_s: float
    alone_s: float
    floor_alone_s: float
    few_s: float
    few_p95_s: float
    floor_few_s: float
    first_token_s: float
    cpu_s: float
    floor_cpu_s: float
    short_cpu_s: float
    long_cpu_s: float
    floor_short_cpu_s: float
    floor_long_cpu_s: float
    many_per_s: float
    many_s: float
    floor_many_per_s: float
    most_answered: float
    most_errors: float
    most_p95_s: float
    most_memory_mb: float
    errors: float  # of every other run of ICMP
    floor_errors: float
    faults_answered: float
    faults_errors: float


def names_of_values() -> list[str]:
    return [field.name for field in fields(Round)]


class Bench:
    """The servers, ready to be measured."""

    def __init__(self, plan: Plan, model: Process, icmp: Process, floor: Process, tell: Callable[[str], None]) -> None:
        self._plan, self._model, self._icmp, self._floor, self._tell = plan, model, icmp, floor, tell
        self._problems: list[str] = []

    def prepare(self) -> None:
        """Make the businesses, and give the customers of one a history."""
        plan = self._plan
        self._tell("making businesses and customers")
        self._shop = open_shop(self._icmp.port, "Bench shop", SHORT, max(plan.most, plan.many, plan.few))
        self._wordy = open_shop(self._icmp.port, "Wordy shop", plan.long, plan.with_history)
        self._set(seconds=0.0, first_token=0.0)
        send(self._floor.port, [floor_request(number, SHORT) for number in range(20)], 20)  # has its processes warm
        for number in range(plan.long // 2):
            if number % 10 == 0:
                self._tell(f"giving customers a history: {number * 2} of {plan.long} messages")
            self._once(self._wordy, plan.with_history)

    def measure(self, floor_first: bool) -> Round:
        """One round. Which server goes first alternates, so that neither always finds the machine warm."""
        plan, shop = self._plan, self._shop
        failed = {"icmp": 0, "floor": 0}

        def icmp(what: str, in_flight: int, request_of: Callable[[int], Request] = shop.request) -> Outcome:
            outcome = self._drive(f"ICMP, {what}", self._icmp, in_flight, request_of)
            failed["icmp"] += outcome.failed
            return outcome

        def floor(what: str, in_flight: int, history: int = SHORT) -> Outcome:
            outcome = self._drive(
                f"floor, {what}", self._floor, in_flight, lambda number: floor_request(number, history)
            )
            failed["floor"] += outcome.failed
            return outcome

        def both(what: str, in_flight: int) -> tuple[Outcome, Outcome]:
            if floor_first:
                second = floor(what, in_flight)
                return icmp(what, in_flight), second
            return icmp(what, in_flight), floor(what, in_flight)

        self._set(seconds=plan.call, first_token=plan.first_token, faults=0.0)
        call = self._drive("one model call", self._model, 1, lambda _: _MODEL_CALL)
        alone, floor_alone = both("one at a time", 1)
        streamed = icmp("one at a time, streamed", 1, shop.streamed)
        few, floor_few = both(f"{plan.few} in flight", plan.few)
        many, floor_many = both(f"{plan.many} in flight", plan.many)
        short = icmp(f"{plan.with_history} in flight, {SHORT} messages of history", plan.with_history)
        long = icmp(
            f"{plan.with_history} in flight, {plan.long} messages of history", plan.with_history, self._wordy.request
        )
        floor_short = floor(f"{plan.with_history} in flight, {SHORT} messages of history", plan.with_history)
        floor_long = floor(
            f"{plan.with_history} in flight, {plan.long} messages of history", plan.with_history, plan.long
        )
        errors = failed["icmp"]
        self._set(faults=plan.faults)
        faulty = icmp(f"{plan.few} in flight, {plan.faults:.0%} of calls failing", plan.few)
        self._set(seconds=plan.slow_call, faults=0.0)
        most = icmp(f"{plan.most} in flight, {plan.slow_call:g} s a call", plan.most)
        return Round(
            call_s=call.p50,
            alone_s=alone.p50,
            floor_alone_s=floor_alone.p50,
            few_s=few.p50,
            few_p95_s=few.p95,
            floor_few_s=floor_few.p50,
            first_token_s=streamed.first_token,
            cpu_s=few.cpu_each,
            floor_cpu_s=floor_few.cpu_each,
            short_cpu_s=short.cpu_each,
            long_cpu_s=long.cpu_each,
            floor_short_cpu_s=floor_short.cpu_each,
            floor_long_cpu_s=floor_long.cpu_each,
            many_per_s=many.per_second,
            many_s=many.p50,
            floor_many_per_s=floor_many.per_second,
            most_answered=most.answered,
            most_errors=most.failed,
            most_p95_s=most.p95,
            most_memory_mb=self._icmp.memory() / 1_000_000,
            errors=errors,
            floor_errors=failed["floor"],
            faults_answered=faulty.answered,
            faults_errors=faulty.failed,
        )

    @property
    def problems(self) -> list[str]:
        """What went wrong, a few of each run."""
        return self._problems

    def _drive(self, what: str, server: Process, in_flight: int, request_of: Callable[[int], Request]) -> Outcome:
        plan = self._plan
        # A window holds several turns of every customer, however slow the model is; one at a time needs no more.
        slow = plan.slow_call / plan.call if in_flight == plan.most else 1.0
        warm_up, window = min(plan.warm_up * slow, plan.warm_up * 4), min(plan.window * slow, plan.window * 2)
        outcome = drive(server.port, in_flight, request_of, warm_up=warm_up, window=window, watch=server.cpu_seconds)
        self._problems += [f"{what}: {error}" for error in outcome.errors]
        if not outcome.seconds:
            raise RuntimeError(f"{what}: nothing was answered. {outcome.errors[:3]}")
        self._tell(
            f"{what}: p50 {outcome.p50 * 1000:.0f} ms, {outcome.per_second:.1f}/s,"
            f" {outcome.cpu_each * 1000:.2f} ms of processor each, {outcome.failed} errors"
        )
        return outcome

    def _once(self, shop: Shop, customers: int) -> None:
        send(self._icmp.port, [shop.request(number) for number in range(customers)], customers)

    def _set(self, **settings: float) -> None:
        self._model.post("/settings", settings)


_MODEL_CALL = Request(
    "/v1/chat/completions",
    {"model": "bench", "messages": [{"role": "user", "content": "[[response]]"}]},
    "none",
    REPLY.encode(),
)
