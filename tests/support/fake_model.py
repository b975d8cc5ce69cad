"""A model server for tests. It speaks OpenAI's HTTP protocol, gives the answers that a test sets, and records requests.

with FakeModel() as fake:
    fake.reply(Status(500), "Hello.")             # answers for the next two requests
    fake.respond = lambda body: "Greeting"        # answers for all further requests
    ... ModelClient(None, fake.base_url) ...
    assert fake.requests[0]["temperature"] == 0.2
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, Self

from tests.support.fake_model_server import FakeModelServer
from tests.support.model_replies import Reply


class FakeModel:
    """Context manager. `requests`, `headers` (names in lower case) and `times` (time.monotonic()) have one entry per
    request, in order of arrival. `connections` counts all connections opened so far."""

    def __init__(self, respond: Callable[[dict[str, Any]], Reply] = lambda body: "OK") -> None:
        self.respond = respond
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self._queue: deque[Reply] = deque()
        self._changed = threading.Condition()
        self._server = FakeModelServer(self._take)
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/v1"

    @property
    def connections(self) -> int:
        return self._server.connections

    def embed(self, answer: Callable[[dict[str, Any]], Any] | None) -> None:
        """Set the answers of `/embeddings` to request bodies: an object, or a Status. None: there is no such path."""
        self._server.embed = answer

    def reply(self, *answers: Reply) -> None:
        """Set the answers to the next requests, one each."""
        self._queue.extend(answers)

    def forget(self) -> None:
        """Forget all requests and prepared answers, and answer "OK" again."""
        with self._changed:
            self.respond = lambda body: "OK"
            for records in (self.requests, self.headers, self.times, self._queue):
                records.clear()

    def wait_for_requests(self, count: int, timeout: float = 60) -> None:
        """Wait until `count` requests have arrived in total. Raises TimeoutError after `timeout` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.requests) >= count, timeout):
                raise TimeoutError(f"{len(self.requests)} of {count} requests arrived.")

    def _take(self, body: dict[str, Any], headers: dict[str, str]) -> Reply:
        """Record a request and return its answer."""
        with self._changed:
            self.requests.append(body)
            self.headers.append(headers)
            self.times.append(time.monotonic())
            answer = self._queue.popleft() if self._queue else None
            self._changed.notify_all()
        return self.respond(body) if answer is None else answer

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._server.server_close()
