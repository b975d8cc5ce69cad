"""Sends completion requests with the OpenAI SDK's client, each over a connection of its own.

Connections are pooled here because a single client shared by hundreds of calls searches all of its connections for each
call, and creating a client for a call costs more than the call.
"""

import json
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx2
import openai

from llm.http_errors import ConnectionFailed, ErrorStatus, HttpError, RequestTimedOut
from llm.transport import Countdown, SingleConnectionTransport

_DRAIN_SECONDS = 0.05  # for the end of a stream after its last event
_MAX_ERROR_BYTES = 65_536


class Response:
    """The response to a request, as an iterator over its body. Close it after use."""

    def __init__(self, response: httpx2.Response, countdown: Countdown) -> None:
        self._response = response
        self._countdown = countdown
        self._chunks = self._read()

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def drain(self) -> None:
        """Reads what follows the last event. A connection can only be reused if it has been read to the end."""
        self._countdown.start(_DRAIN_SECONDS)
        with suppress(HttpError):
            for _ in self._chunks:
                pass

    def close(self) -> None:
        """Ends the response. If it has not been read to the end, its connection is closed."""
        self._response.close()

    def _read(self) -> Iterator[bytes]:
        with _convert_errors():
            yield from self._response.iter_bytes()


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
        self._completions_url = completions_url(base_url)
        self._headers = {
            "Accept": "application/json",
            **authorization(api_key, base_url),
            "Content-Type": "application/json",
            "User-Agent": "ICMP",
        }

    def send(self, body: dict[str, Any], seconds: float) -> Response:
        """Sends a completion request that ends within `seconds`. The caller reads and closes the response.

        Raises HttpError, as does reading the response.

        The SDK's own methods are avoided for speed: `chat.completions.create` walks `messages` recursively, and `post`
        spends as much time on building the request and parsing the response as all the rest of a call.
        """
        self.countdown.start(seconds)
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        request = self._client.build_request(
            "POST", self._completions_url, content=content, headers=self._headers, timeout=seconds
        )
        with _convert_errors():
            http_response = self._client.send(request, stream=True)
            response = Response(http_response, self.countdown)
            if http_response.is_success:
                return response
            try:
                start = b""
                for chunk in response:
                    start += chunk
                    if len(start) >= _MAX_ERROR_BYTES:
                        break
            finally:
                response.close()
        headers = {name.lower(): value for name, value in http_response.headers.items()}
        raise ErrorStatus(http_response.status_code, headers, start)


def completions_url(base_url: str) -> str:
    """Returns the address to send requests to. A query such as Azure's `api-version` is kept."""
    parts = urlsplit(base_url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/chat/completions"))


def authorization(api_key: str, base_url: str) -> dict[str, str]:
    """Returns the header that contains the key. Azure, whose URLs have an `api-version`, has a header of its own."""
    if "api-version" in parse_qs(urlsplit(base_url).query):
        return {"api-key": api_key}
    return {"Authorization": f"Bearer {api_key}"}


@contextmanager
def _convert_errors() -> Iterator[None]:
    """Raises every error of the HTTP library as HttpError. A broken response may cause any kind of error in it."""
    try:
        yield
    except HttpError:
        raise
    except httpx2.TimeoutException as error:
        raise RequestTimedOut from error
    except Exception as error:
        raise ConnectionFailed(type(error).__name__) from error


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
