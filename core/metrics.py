"""What the server counts and times for whoever watches it, in Prometheus's form. (SPEC 5: GET /metrics)

    icmp_requests_total                    method, route, status
    icmp_request_duration_seconds          method, route             until the answer begins, where it is a stream
    icmp_turns_total                       status, engine            ended by this server; not those held at once
    icmp_turn_duration_seconds             status                    since this process took it up, waiting included
    icmp_turns_in_flight                                             accepted or running
    icmp_model_calls_total                 status
    icmp_model_call_duration_seconds       status
    icmp_model_tokens_total                kind
    icmp_model_circuits_open                                         processes that do not ask the model for now
    icmp_database_connections                                        that the pools may hold
    icmp_database_connections_in_use
    icmp_database_connections_waited_for

No label has a value that a client or a business chooses, so that there is an end to the series. With several processes
each keeps its numbers in a folder that the server names (gunicorn.conf.py), and whichever is asked answers for all.
To count never fails what is counted.
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
_OF_REQUESTS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)  # seconds, as those below
_OF_TURNS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60)
_OF_CALLS = (0.1, 0.25, 0.5, 1, 2, 3, 5, 8, 13, 20, 30)

logger = logging.getLogger(__name__)

P = ParamSpec("P")
_registry = CollectorRegistry()


def _counter(name: str, description: str, *labels: str) -> Counter:
    return Counter(name, description, labels, registry=_registry)


def _histogram(name: str, description: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
    return Histogram(name, description, labels, buckets=buckets, registry=_registry)


def _gauge(name: str, description: str) -> Gauge:
    """The sum of what the living processes say."""
    return Gauge(name, description, registry=_registry, multiprocess_mode="livesum")


_requests = _counter("icmp_requests", "Requests answered.", "method", "route", "status")
_request_times = _histogram(
    "icmp_request_duration_seconds", "Time until an answer begins.", _OF_REQUESTS, "method", "route"
)
_turns = _counter("icmp_turns", "Turns ended.", "status", "engine")
_turn_times = _histogram("icmp_turn_duration_seconds", "Time from a turn's beginning to its end.", _OF_TURNS, "status")
_turns_in_flight = _gauge("icmp_turns_in_flight", "Turns accepted or running.")
_calls = _counter("icmp_model_calls", "Requests to a model.", "status")
_call_times = _histogram("icmp_model_call_duration_seconds", "Time of a request to a model.", _OF_CALLS, "status")
_tokens = _counter("icmp_model_tokens", "Tokens that models counted.", "kind")
_prompt_tokens, _completion_tokens = _tokens.labels("prompt"), _tokens.labels("completion")
_circuits_open = _gauge("icmp_model_circuits_open", "Processes that do not ask the model, which is down.")
_connections = _gauge("icmp_database_connections", "Connections that the pools may hold.")
_connections_in_use = _gauge("icmp_database_connections_in_use", "Connections at work.")
_connections_waited_for = _gauge("icmp_database_connections_waited_for", "Callers that wait for a connection.")


def _harmless(count: Callable[P, None]) -> Callable[P, None]:
    """A number that cannot be kept is missing, and nothing else is: the log says so."""

    @functools.wraps(count)
    def counted(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            count(*args, **kwargs)
        except Exception as error:
            logger.warning("not counted", extra={"error_code": type(error).__name__})

    return counted


@_harmless
def count_request(method: str, route: str | None, status: int, seconds: float) -> None:
    """`route` is the rule that the address fitted, None for an address that fits none."""
    method, route = method if method in _METHODS else "other", route or "unknown"
    _requests.labels(method, route, str(status)).inc()
    _request_times.labels(method, route).observe(seconds)


@_harmless
def begin_turn() -> None:
    _turns_in_flight.inc()


@_harmless
def leave_turn() -> None:
    """The turn is no longer this process's, whatever became of it."""
    _turns_in_flight.dec()


@_harmless
def count_turn(status: Literal["completed", "held", "failed"], engine: str | None, seconds: float) -> None:
    _turns.labels(status, engine or "none").inc()
    _turn_times.labels(status).observe(seconds)


@_harmless
def count_call(
    status: Literal["completed", "failed", "timeout", "not_asked"],
    seconds: float,
    prompt_tokens: int | None,
    completion_tokens: int | None,
) -> None:
    _calls.labels(status).inc()
    _call_times.labels(status).observe(seconds)
    if prompt_tokens:
        _prompt_tokens.inc(prompt_tokens)
    if completion_tokens:
        _completion_tokens.inc(completion_tokens)


@_harmless
def show_circuit(is_open: bool) -> None:
    _circuits_open.set(is_open)


@_harmless
def show_pool(size: int) -> None:
    _connections.set(size)


@_harmless
def want_connection() -> None:
    _connections_waited_for.inc()


@_harmless
def stop_wanting_connection() -> None:
    _connections_waited_for.dec()


@_harmless
def take_connection() -> None:
    _connections_in_use.inc()


@_harmless
def give_back_connection() -> None:
    _connections_in_use.dec()


@contextmanager
def waiting_for_connection() -> Iterator[None]:
    """Count the caller as waiting for a database connection."""
    want_connection()
    try:
        yield
    finally:
        stop_wanting_connection()


@contextmanager
def using_connection() -> Iterator[None]:
    """Count a database connection as in use."""
    take_connection()
    try:
        yield
    finally:
        give_back_connection()


def render() -> bytes:
    """Everything, of every process of this server, in Prometheus's text form."""
    try:
        together = CollectorRegistry()
        MultiProcessCollector(together)
    except ValueError:  # no folder is named: this process is the only one
        together = _registry
    return generate_latest(together)
