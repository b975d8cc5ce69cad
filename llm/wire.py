"""Sends completion requests with the OpenAI SDK's client, each over a connection of its own.

Connections are pooled here because a single client shared by hundreds of calls searches all of its connections for each
call, and creating a client for a call costs more than the call.
"""

import json
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

import httpx2
import openai

from llm.transport import Countdown, SingleConnectionTransport


class Connection(openai.OpenAI):
    """The SDK's client with one kept-alive connection and a time limit per call, without retries.

    The machine's proxy and certificate settings apply. The environment variables that the SDK reads on its own
    (OPENAI_ORG_ID, OPENAI_CUSTOM_HEADERS, ...) do not: only `config` reads settings.
    """

    def __init__(self, api_key: str, base_url: str, ssl_context: ssl.SSLContext) -> None:
        self.countdown = Countdown()
        http = openai.DefaultHttpxClient(verify=ssl_context)
        # Passed as an argument, the transport would disable the proxy settings.
        http._transport = SingleConnectionTransport(self.countdown, ssl_context)
        super().__init__(api_key=api_key, base_url=base_url, max_retries=0, http_client=http)
        self._completions_url = self._prepare_url("/chat/completions")
        self._headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {api_key}",
            "Content-Type": "application/json",
            "User-Agent": "ICMP",
        }

    def send(self, body: dict[str, Any], seconds: float) -> httpx2.Response:
        """Sends a completion request that ends within `seconds`. The caller reads and closes the response.

        Raises the SDK's error for an error status, and httpx2's error if there is no response.

        The SDK's own methods are avoided for speed: `chat.completions.create` walks `messages` recursively, and `post`
        spends as much time on building the request and parsing the response as all the rest of a call.
        """
        self.countdown.start(seconds)
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        request = self._client.build_request(
            "POST", self._completions_url, content=content, headers=self._headers, timeout=seconds
        )
        response = self._client.send(request, stream=True)
        if response.is_success:
            return response
        with closing(response):
            response.read()
            raise self._make_status_error_from_response(response)


class ConnectionPool:
    """Keeps as many connections as there were simultaneous calls. They are opened on demand, so after a fork."""

    def __init__(self, api_key: str, base_url: str) -> None:
        self._api_key, self._base_url = api_key, base_url
        self._ssl_context: ssl.SSLContext | None = None
        self._lock = threading.Lock()
        self._idle: deque[Connection] = deque()
        self._closed = False

    @contextmanager
    def take(self) -> Iterator[Connection]:
        """Yields a connection for one call at a time."""
        try:
            connection = self._idle.pop()  # the last one used is most likely still open
        except IndexError:
            with self._lock:  # creating the SSL context is expensive, so all connections share one
                self._ssl_context = self._ssl_context or httpx2.create_ssl_context()
            connection = Connection(self._api_key, self._base_url, self._ssl_context)
        try:
            yield connection
        finally:
            if self._closed:
                connection.close()
            else:
                self._idle.append(connection)

    def close(self) -> None:
        """Closes idle connections. Those in use close when their call ends."""
        self._closed = True
        with suppress(IndexError):
            while True:
                self._idle.pop().close()
