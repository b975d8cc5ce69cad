"""A tenant that misbehaves, in a process of its own: `python -m tests.support.noisy_tenant NAME JSON`, until it is
killed. The JSON object has `port`, `key`, `business_id`, `other_id` (a business of somebody else) and `token` (the
login of a user whose membership has ended)."""

import itertools
import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx2

ADDRESS = "127.0.0.2"  # the other tenant uses 127.0.0.1


class NoisyTenant:
    def __init__(self, port: int, key: str, business_id: str, other_id: str, token: str) -> None:
        self._port = port
        self._business_id = business_id
        self._other_id = other_id
        self._token = token
        self._key = key
        self._http = httpx2.Client(
            base_url=f"http://127.0.0.1:{port}/api/v1",
            transport=httpx2.HTTPTransport(local_address=ADDRESS, limits=httpx2.Limits(max_connections=None)),
            timeout=120,
        )

    def send(self, method: str, path: str, body: Any = None, key: str | None = None) -> httpx2.Response | None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        with suppress(httpx2.HTTPError):
            return self._http.request(method, path, json=body, headers=headers)
        return None

    def patterns(self) -> None:
        """Patterns that take long to compile or to match."""
        hostile = itertools.cycle(["a{99999999}", "(a{1000}){1000}", "^(a+)+$", r"^(\w{1,30}\s?){30}x$", "(.*a){25}$"])

        def attack(number: int) -> None:
            name, schema = f"patterns {number}", {"properties": {"a": {"pattern": next(hostile)}}}
            self.send("POST", "/event-property-schemas", {"event_type": name, "property_schema": schema}, self._key)
            self.send("POST", "/stages", {"stage_name": name, "extraction_schema": schema}, self._key)
            event = {"event_type": name, "custom_event_properties": {"a": "a" * 60_000 + "!"}}
            self.send("POST", "/events", {"business_id": self._business_id, **event})

        self._repeat(attack, threads=4, pause=0.2)

    def schemas(self) -> None:
        """Schemas that are large or expensive, and anonymous events that they apply to."""
        schemas: dict[str, Any] = {
            "unique": {"properties": {"a": {"uniqueItems": True}}},
            "any": {"properties": {"a": {"items": {"anyOf": [{"required": [f"r{n}"]} for n in range(400)]}}}},
            "enum": {"properties": {"a": {"items": {"enum": list(range(9000))}}}},
            "large": {"allOf": [{}] * 300_000},
            "choices": {"enum": list(range(150_000))},
        }

        def attack(number: int) -> None:
            name = list(schemas)[number % len(schemas)]
            body = {"event_type": name, "property_schema": schemas[name]}
            self.send("POST", "/event-property-schemas", body, self._key)
            event = {"event_type": name, "custom_event_properties": {"a": [{"b": n} for n in range(2200)]}}
            self.send("POST", "/events", {"business_id": self._business_id, **event})

        self._repeat(attack, threads=4, pause=0.2)

    def messages(self) -> None:
        """1,150 simultaneous messages to which the model does not respond."""

        def attack(number: int) -> None:
            self.send("POST", "/messages", {"user": {"external_id": f"c-{number}"}, "message": "slow"}, self._key)

        self._repeat(attack, threads=1150, pause=30)

    def refused(self) -> None:
        """Requests that name another business."""

        def attack(number: int) -> None:
            key = (self._key, self._token)[number % 2]
            self.send("GET", f"/agents?business_id={self._other_id}", key=key)

        self._repeat(attack, threads=4, pause=0.1)

    def connections(self) -> None:
        """1,100 connections with partial requests, which are opened again when the server closes them."""
        partial = itertools.cycle(
            (b"POST /api/v1/mess", b"GET / HTTP/1.1\r\nX-A: ", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{", b"")
        )

        def attack(number: int) -> None:
            with (
                suppress(OSError),
                socket.create_connection(("127.0.0.1", self._port), source_address=(ADDRESS, 0)) as client,
            ):
                client.sendall(next(partial))
                client.settimeout(40)
                client.recv(1)

        self._repeat(attack, threads=1100, pause=1)

    def storage(self) -> None:
        """Large rows, large pages, and an edit after each of them."""

        def attack(number: int) -> None:
            product = {"product_name": "Lamp", "metadata": {"note": "x" * (1_900_000 if number % 10 == 0 else 15_000)}}
            self.send("POST", "/products", product, self._key)
            self.send("GET", "/products?limit=200", key=self._key)
            schema = {"properties": {"a": {"description": "x" * 60_000}}}
            self.send("POST", "/stages", {"stage_name": f"Stage {number % 20}", "extraction_schema": schema}, self._key)

        self._repeat(attack, threads=2, pause=0.5)

    def events(self) -> None:
        """Events of 62 KB without a key."""

        def attack(number: int) -> None:
            event = {"event_type": "click", "custom_event_properties": {"a": "x" * 62_000}}
            self.send("POST", "/events", {"business_id": self._business_id, **event})

        self._repeat(attack, threads=4, pause=0.1)

    def _repeat(self, attack: Callable[[int], None], threads: int, pause: float) -> None:
        numbers = itertools.count()

        def run() -> None:
            while True:
                attack(next(numbers))
                time.sleep(pause)

        for _ in range(threads):
            threading.Thread(target=run, daemon=True).start()
        threading.Event().wait()


ATTACKS = ("patterns", "schemas", "messages", "refused", "connections", "storage", "events")

if __name__ == "__main__":
    threading.stack_size(256 * 1024)
    getattr(NoisyTenant(**json.loads(sys.argv[2])), sys.argv[1])()
