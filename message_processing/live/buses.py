"""Carry payloads between processes: PostgreSQL's NOTIFY, or Redis.

A bus belongs to one thread. Its functions raise BusFailed when the connection is lost; then payloads may be lost, and
the thread opens another one.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from core.concurrency import wait_readable
from core.database_errors import translate_errors
from core.errors import DatabaseUnavailable
from db import Connection, Database
from repositories import live

_CHANNEL = "icmp:live"
_REDIS_TIMEOUT = 2.0  # seconds until an unresponsive Redis counts as unreachable


class BusFailed(Exception):
    """The connection is lost."""


class Bus(Protocol):
    @property
    def reaches_others(self) -> bool:
        """Whether payloads arrive. They do not through a pooler of database connections."""
        ...

    def send(self, payloads: list[str]) -> None:
        """Send payloads to all processes, also to this one."""
        ...

    def receive(self, seconds: float) -> list[str]:
        """The payloads that have arrived, after waiting up to so many seconds for the first."""
        ...


OpenBus = Callable[[], AbstractContextManager[Bus]]


class PostgresBus:
    """Uses a connection outside the pool, directly to the server."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.reaches_others = not conn.is_pooled
        if self.reaches_others:
            live.listen(conn)

    def send(self, payloads: list[str]) -> None:
        with _translated():
            live.notify(self._conn, payloads)

    def receive(self, seconds: float) -> list[str]:
        with _translated():
            if not self._conn.notifies:  # a statement may have received some
                wait_readable(self._conn.fileno(), seconds=seconds)
            self._conn.poll()
            payloads = [notification.payload for notification in self._conn.notifies]
            self._conn.notifies.clear()
            return payloads


class RedisBus:
    """Uses two connections, one of which only receives."""

    reaches_others = True

    def __init__(self, client: redis.Redis, subscription: redis.client.PubSub) -> None:
        self._client = client
        self._subscription = subscription

    def send(self, payloads: list[str]) -> None:
        with _translated():
            for payload in payloads:
                self._client.publish(_CHANNEL, payload)

    def receive(self, seconds: float) -> list[str]:
        payloads: list[str] = []
        with _translated():
            message = self._subscription.get_message(timeout=seconds)
            while message is not None:
                payloads.append(message["data"])
                message = self._subscription.get_message(timeout=0)
        return payloads


def postgres_bus(database: Database) -> OpenBus:
    """Opens a bus that uses NOTIFY."""

    @contextmanager
    def open_bus() -> Iterator[Bus]:
        with _translated(), database.own_connection() as conn:
            yield PostgresBus(conn)

    return open_bus


def redis_bus(url: str) -> OpenBus:
    """Opens a bus that uses Redis."""

    @contextmanager
    def open_bus() -> Iterator[Bus]:
        with (
            _translated(),
            redis.Redis.from_url(
                url,
                decode_responses=True,
                socket_timeout=_REDIS_TIMEOUT,
                socket_connect_timeout=_REDIS_TIMEOUT,
                retry=Retry(NoBackoff(), 0),  # a new connection has missed messages
            ) as client,
            client.pubsub(ignore_subscribe_messages=True) as subscription,
        ):
            subscription.subscribe(_CHANNEL)
            yield RedisBus(client, subscription)

    return open_bus


@contextmanager
def _translated() -> Iterator[None]:
    try:
        with translate_errors():
            yield
    except (DatabaseUnavailable, redis.RedisError) as error:
        raise BusFailed(str(error)) from error
