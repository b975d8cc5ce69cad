"""A circuit breaker: stops calling a server that is down, such as that of a model, so that customers do not wait for
it.

While closed, it allows all requests. After `MAX_FAILURES` failures in a row it opens, and requests fail immediately. A
stage's fixed reply can then answer without waiting. After `cool_down` seconds the next request is a trial. Requests
that arrive during the trial wait for its result, so that no turn fails because of an outage that is over: if the trial
succeeds, all of them are sent, otherwise the circuit breaker opens again.

A tenant's requests may fail because of the tenant, for example because of a schema that the server cannot handle or a
prompt that takes too long. So failures in a row are counted per tenant, and open the circuit breaker for that tenant
only. It opens for all tenants if several of them fail while none succeeds. Each tenant has its own trials, because
those of another one may fail for its own reasons. The first success closes it for all, and a tenant with failures of
its own may try again at once.

Requests that time out fail long after they started. Those that started before the circuit breaker opened, or before the
server answered again, say nothing about the server as it is now and are not counted.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from core import metrics

MAX_FAILURES = 10
MAX_SHARE_OF_FAILURES = 5  # failures of one tenant that count towards opening the circuit breaker for all tenants
COOL_DOWN = 5.0  # seconds

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Permit:
    """The right to send one request. `started_at` is in the units of time.monotonic()."""

    tenant: str
    started_at: float
    is_trial: bool = False


@dataclass
class _Tenant:
    """The failures of a tenant since its last success."""

    failures: int = 0
    next_trial_at: float = 0.0  # time.monotonic()
    trial: Permit | None = None
    recovered_at: float = 0.0


class CircuitBreaker:
    """The circuit breaker of one server, or of one model of it. Instances are thread-safe.

    The caller of `admit` reports the result of the request with one of the `record_` methods.
    """

    def __init__(
        self,
        kind: metrics.CircuitKind = "model",
        log_fields: Mapping[str, str] | None = None,
        cool_down: float = COOL_DOWN,
    ) -> None:
        """`kind` selects the metric that counts it while open. `log_fields` are logged when it opens or closes."""
        self._kind = kind
        self._log_fields = dict(log_fields or {})
        self._cool_down = cool_down
        self._changed = threading.Condition()
        self._tenants: dict[str, _Tenant] = {}  # those that have had failures
        self._failures: Counter[str] = Counter()  # by tenant, since the last success of any tenant
        self._succeeded_at = 0.0  # time.monotonic() of that success
        self._trials_from = 0.0  # while it is open for all tenants

    def is_open(self, tenant: str = "") -> bool:
        """Returns whether the server counts as down for the tenant, until a trial succeeds."""
        own = self._tenants.get(tenant)
        return self._is_open_for_all() or (own is not None and own.failures >= MAX_FAILURES)

    def seconds_to_trial(self, tenant: str = "") -> float:
        """Returns the seconds until the tenant's next trial, 0 if it may be now."""
        next_trial_at = self._trials_from if self._is_open_for_all() else 0.0
        if tenant in self._tenants:
            next_trial_at = max(next_trial_at, self._tenants[tenant].next_trial_at)
        return max(next_trial_at - time.monotonic(), 0.0)

    def admit(self, seconds: float, tenant: str = "") -> Permit | None:
        """Returns a permit, or None if no request may be sent. Waits up to `seconds` for the result of a trial."""
        with self._changed:
            self._changed.wait_for(lambda: not (self.is_open(tenant) and self._tries(tenant)), seconds)
            if not self.is_open(tenant):
                return Permit(tenant, time.monotonic())
            if self._tries(tenant) or self.seconds_to_trial(tenant):
                return None
            trial = Permit(tenant, time.monotonic(), is_trial=True)
            self._tenants.setdefault(tenant, _Tenant()).trial = trial
            return trial

    def record_success(self, permit: Permit) -> None:
        """Records that the server answered, even if it rejected the request."""
        self._succeeded_at = time.monotonic()
        own = self._tenants.get(permit.tenant)
        if not self._failures and not permit.is_trial and not (own and own.failures):
            return
        with self._changed, self._reported():
            if self._is_open_for_all():
                for each in self._tenants.values():
                    each.next_trial_at = 0.0
            self._failures.clear()
            if permit.tenant in self._tenants:
                self._tenants[permit.tenant] = _Tenant(recovered_at=self._succeeded_at)

    def record_failure(self, permit: Permit, cause: str = "") -> None:
        """Records that the server was unreachable, failed or did not answer in time."""
        tenant = permit.tenant
        with self._changed, self._reported(cause):
            own = self._tenants.setdefault(tenant, _Tenant())
            self._end_trial(permit)
            if permit.started_at < own.recovered_at or (self.is_open(tenant) and not permit.is_trial):
                return
            was_open_for_all = self._is_open_for_all()
            own.failures += 1
            own.next_trial_at = time.monotonic() + self._cool_down
            self._failures[tenant] += permit.started_at >= self._succeeded_at
            if self._is_open_for_all() and not was_open_for_all:
                self._trials_from = own.next_trial_at

    def record_nothing(self, permit: Permit) -> None:
        """Records that the request says nothing about the server, for example because of a caller's own timeout."""
        with self._changed:
            self._end_trial(permit)

    def forget(self) -> None:
        """Forgets all failures."""
        with self._changed, self._reported():
            self._failures.clear()
            self._tenants.clear()

    def _is_open_for_all(self) -> bool:
        return sum(min(count, MAX_SHARE_OF_FAILURES) for count in self._failures.values()) >= MAX_FAILURES

    def _tries(self, tenant: str) -> bool:
        return tenant in self._tenants and self._tenants[tenant].trial is not None

    def _end_trial(self, permit: Permit) -> None:
        own = self._tenants.get(permit.tenant)
        if own is not None and own.trial is permit:
            own.trial = None
            self._changed.notify_all()

    def _opened(self) -> set[str | None]:
        """Returns the tenants for which the circuit breaker is open, with None if it is open for all tenants."""
        opened: set[str | None] = {name for name, each in self._tenants.items() if each.failures >= MAX_FAILURES}
        return opened | {None} if self._is_open_for_all() else opened

    @contextmanager
    def _reported(self, cause: str = "") -> Iterator[None]:
        """Reports whether the change has opened or closed the circuit breaker, and wakes the requests that wait."""
        before = self._opened()
        yield
        after = self._opened()
        self._changed.notify_all()
        if after and not before:
            metrics.circuit_opened(self._kind)
        if before and not after:
            metrics.circuit_closed(self._kind)
        for tenant in after - before:
            logger.warning("circuit breaker opened", extra=self._log_fields | {"cause": cause} | _business(tenant))
        for tenant in before - after:
            logger.info("circuit breaker closed", extra=self._log_fields | _business(tenant))


def _business(tenant: str | None) -> dict[str, str]:
    return {"business_id": tenant} if tenant else {}
