"""One circuit breaker for each business and host, so that no business affects the calls of another one."""

import threading
from collections import OrderedDict

from core.circuit_breaker import CircuitBreaker

MAX_CIRCUITS = 10_000  # in memory; those used least recently are forgotten


class Circuits:
    """The circuit breakers of one process. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_host: OrderedDict[tuple[str, str], CircuitBreaker] = OrderedDict()

    def of(self, business_id: str, authority: str) -> CircuitBreaker:
        """Returns the circuit breaker of a business for a host and port."""
        key = business_id, authority
        with self._lock:
            circuit_breaker = self._by_host.get(key)
            if circuit_breaker is None:
                log_fields = {"error_code": "API_CALL_FAILED", "business_id": business_id}
                circuit_breaker = self._by_host[key] = CircuitBreaker("api_call", log_fields)
            self._by_host.move_to_end(key)
            if len(self._by_host) > MAX_CIRCUITS:
                _, forgotten = self._by_host.popitem(last=False)
                forgotten.forget()  # the metrics count open circuit breakers
            return circuit_breaker
