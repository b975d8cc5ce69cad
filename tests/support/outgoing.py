"""Sends requests with the client for other systems, to servers of the test."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from core.outgoing.client import OutgoingClient, OutgoingRequest, OutgoingResponse
from core.outgoing.failures import CallFailed
from tests.support.web_server import WebServer


def _resolve(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def client_of(*servers: WebServer, names: tuple[str, ...] = ("127.0.0.1",)) -> OutgoingClient:
    return OutgoingClient(tuple(f"{name}:{server.port}" for name in names for server in servers), _resolve)


def send(client: OutgoingClient, server: WebServer, method: str = "GET", **values: Any) -> OutgoingResponse:
    host, seconds = values.pop("host", "127.0.0.1"), values.pop("seconds", 10.0)
    request = OutgoingRequest(method, f"http://{host}:{server.port}/a", **values)
    return client.send(values.pop("business_id", "b-1"), request, seconds)


def failure(call: Callable[[], object]) -> tuple[str, float]:
    """The cause of the failed call, and its seconds."""
    started_at = time.monotonic()
    with pytest.raises(CallFailed) as failed:
        call()
    return failed.value.cause, time.monotonic() - started_at
