"""Prometheus metrics.

    icmp_requests_total                    method, route, status
    icmp_request_duration_seconds          method, route             until the first byte of a stream
    icmp_turns_total                       status, engine            without turns that are held from the start
    icmp_turn_duration_seconds             status                    in this process, including time in the queue
    icmp_turns_in_flight                                             accepted or running
    icmp_live_connections                                            WebSockets and streams of conversations
    icmp_model_calls_total                 status
    icmp_model_call_duration_seconds       status
    icmp_model_tokens_total                kind
    icmp_model_circuits_open                                         open circuit breakers, one per process and model
    icmp_api_call_circuits_open                                      the same, one per process, business and host
    icmp_database_connections                                        size of the connection pools
    icmp_database_connections_in_use
    icmp_database_connections_waited_for                             callers waiting for a connection
    icmp_event_loop_lag_seconds                                      by which a process's greenlets continue too late

Labels never contain values chosen by clients or businesses, so the number of time series is limited. With several
processes, each writes its metrics to files in a directory set by gunicorn.conf.py, and any process reports the total.
An error while counting never affects the caller.
"""

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, ParamSpec

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

MEDIA_TYPE = "text/plain"
CONTENT_TYPE = f"{MEDIA_TYPE}; version=0.0.4; charset=utf-8"

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)  # seconds
_TURN_BUCKETS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60)
_LAG_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_CALL_BUCKETS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30)

logger = logging.getLogger(__name__)

P = ParamSpec("P")
CircuitKind = Literal["model", "api_call"]
_registry = CollectorRegistry()


def _counter(name: str, description: str, *labels: str) -> Counter:
    return Counter(name, description, labels, registry=_registry)


def _histogram(name: str, description: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    return Histogram(name, description, labels, buckets=buckets, registry=_registry)


def _gauge(name: str, description: str) -> Gauge:
    """A gauge that is summed over all running processes."""
    return Gauge(name, description, registry=_registry, multiprocess_mode="livesum")


_requests = _counter("icmp_requests", "Requests.", "method", "route", "status")
_request_times = _histogram(
    "icmp_request_duration_seconds", "Time until the response starts.", _REQUEST_BUCKETS, "method", "route"
)
_turns = _counter("icmp_turns", "Finished turns.", "status", "engine")
_turn_times = _histogram(
    "icmp_turn_duration_seconds", "Time from the start of a turn to its end.", _TURN_BUCKETS, "status"
)
_turns_in_flight = _gauge("icmp_turns_in_flight", "Turns that are accepted or running.")
_live_connections = _gauge("icmp_live_connections", "Open WebSockets and streams of conversations.")
_calls = _counter("icmp_model_calls", "Requests to a language model.", "status")
_call_times = _histogram(
    "icmp_model_call_duration_seconds", "Duration of a request to a language model.", _CALL_BUCKETS, "status"
)
_tokens = _counter("icmp_model_tokens", "Tokens used, as reported by the language model.", "kind")
_prompt_tokens, _completion_tokens = _tokens.labels("prompt"), _tokens.labels("completion")
_circuits_open: dict[CircuitKind, Gauge] = {
    "model": _gauge("icmp_model_circuits_open", "Open circuit breakers, one per process and model."),
    "api_call": _gauge("icmp_api_call_circuits_open", "Open circuit breakers, one per process, business and host."),
}
_connections = _gauge("icmp_database_connections", "Size of the connection pools.")
_connections_in_use = _gauge("icmp_database_connections_in_use", "Connections in use.")
_connections_waited_for = _gauge("icmp_database_connections_waited_for", "Callers waiting for a connection.")
_loop_lag = _histogram("icmp_event_loop_lag_seconds", "Time by which greenlets continue too late.", _LAG_BUCKETS)


def _never_fails(count: Callable[P, None]) -> Callable[P, None]:
    """Log errors of a metric instead of raising them."""

    @functools.wraps(count)
    def counted(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            count(*args, **kwargs)
        except Exception as error:
            logger.warning("metric not recorded", extra={"error_code": type(error).__name__})

    return counted


@_never_fails
def count_request(method: str, route: str | None, status: int, seconds: float) -> None:
    """Count a response. `route` is the matching URL rule, None if no rule matched."""
    method, route = method if method in _METHODS else "other", route or "unknown"
    _requests.labels(method, route, str(status)).inc()
    _request_times.labels(method, route).observe(seconds)


@_never_fails
def turn_started() -> None:
    """Count a turn that this process accepted or took over."""
    _turns_in_flight.inc()


@_never_fails
def turn_ended() -> None:
    """Count a turn that this process finished or lost to another process."""
    _turns_in_flight.dec()


@_never_fails
def live_connection_opened() -> None:
    """Count a client that receives live updates."""
    _live_connections.inc()


@_never_fails
def live_connection_closed() -> None:
    """Count a client that no longer receives live updates."""
    _live_connections.dec()


@_never_fails
def count_turn(status: Literal["completed", "held", "failed"], engine: str | None, seconds: float) -> None:
    """Count a finished turn."""
    _turns.labels(status, engine or "none").inc()
    _turn_times.labels(status).observe(seconds)


@_never_fails
def count_call(
    status: Literal["completed", "failed", "timeout", "not_asked"],
    seconds: float,
    prompt_tokens: int | None,
    completion_tokens: int | None,
) -> None:
    """Count a request to a language model and the tokens it used."""
    _calls.labels(status).inc()
    _call_times.labels(status).observe(seconds)
    if prompt_tokens:
        _prompt_tokens.inc(prompt_tokens)
    if completion_tokens:
        _completion_tokens.inc(completion_tokens)


@_never_fails
def circuit_opened(kind: CircuitKind) -> None:
    """Count a circuit breaker of this process that has opened."""
    _circuits_open[kind].inc()


@_never_fails
def circuit_closed(kind: CircuitKind) -> None:
    """Count a circuit breaker of this process that has closed."""
    _circuits_open[kind].dec()


@_never_fails
def set_pool_size(size: int) -> None:
    """The size of this process's connection pool."""
    _connections.set(size)


@_never_fails
def _connection_wait_started() -> None:
    """A caller has started to wait for a connection."""
    _connections_waited_for.inc()


@_never_fails
def _connection_wait_ended() -> None:
    """A caller has stopped waiting for a connection."""
    _connections_waited_for.dec()


@_never_fails
def _connection_acquired() -> None:
    """A connection was taken from the pool."""
    _connections_in_use.inc()


@_never_fails
def _connection_released() -> None:
    """A connection was returned to the pool."""
    _connections_in_use.dec()


@_never_fails
def observe_loop_lag(seconds: float) -> None:
    """Record how late the event loop of this process is."""
    _loop_lag.observe(seconds)


@contextmanager
def waiting_for_connection() -> Iterator[None]:
    """Count the caller as waiting for a database connection."""
    _connection_wait_started()
    try:
        yield
    finally:
        _connection_wait_ended()


@contextmanager
def using_connection() -> Iterator[None]:
    """Count a database connection as in use."""
    _connection_acquired()
    try:
        yield
    finally:
        _connection_released()


def render() -> bytes:
    """The metrics of all processes of this server in Prometheus's text format."""
    try:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    except ValueError:  # no directory is set: there is only this process
        registry = _registry
    return generate_latest(registry)
