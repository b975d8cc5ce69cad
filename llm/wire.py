"""Sends completion requests with urllib3 and raises the errors of the OpenAI SDK.

The SDK's own methods need two to four times the processor time per request: `chat.completions.create` walks through all
messages, and each response passes through several layers. urllib3 is a thin one above the standard library's client.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httpx2
import openai
import urllib3

from core.outgoing.failures import CallFailed
from core.timed_http import set_deadline
from llm.transport import PlatformTransport, Transport

COMPLETIONS = "chat/completions"
_MIN_TIMEOUT = 0.001  # seconds; urllib3 rejects 0
_CHUNK_SIZE = 65_536  # bytes
_DRAIN_SECONDS = 0.05  # for the end of a stream after its last event
_MAX_ERROR_BYTES = 65_536
_KEPT_HEADERS = ("retry-after", "retry-after-ms")  # of errors


class Response:
    """The response to a request, as an iterator over its body. Close it after use. Reading raises openai.APIError."""

    def __init__(self, response: urllib3.BaseHTTPResponse, url: str) -> None:
        self._response, self._url = response, url
        self._chunks = self._read()

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def drain(self) -> None:
        """Reads what follows the last event. A connection can only be reused if it has been read to the end."""
        set_deadline(_DRAIN_SECONDS)
        with suppress(openai.APIError):
            for _ in self._chunks:
                pass

    def close(self) -> None:
        """Ends the response. If it has not been read to the end, its connection is closed."""
        self._response.close()
        self._response.release_conn()

    def _read(self) -> Iterator[bytes]:
        with _convert_errors(self._url):
            while chunk := self._response.read1(_CHUNK_SIZE):
                yield chunk


class ModelServer:
    """One server and its key. Thread-safe.

    The environment variables of the SDK (OPENAI_ORG_ID, ...) do not apply: only `config` reads settings.
    """

    def __init__(
        self, api_key: str, base_url: str, transport: Transport | None = None, path: str = COMPLETIONS
    ) -> None:
        """`transport` sends the requests to that path of the server; by default as to the platform's server."""
        self._url = endpoint_url(base_url, path)
        self._headers = {
            "Accept": "application/json",
            **authorization(api_key, base_url),
            "Content-Type": "application/json",
            "User-Agent": "ICMP",
        }
        self._transport = transport or PlatformTransport(self._url)

    def send(self, body: dict[str, Any], seconds: float) -> Response:
        """Sends a request that ends within `seconds`. The caller reads and closes the response.

        Raises openai.APIError, or CallFailed if the address must not be called.
        """
        seconds = max(seconds, _MIN_TIMEOUT)
        set_deadline(seconds)
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        with _convert_errors(self._url):
            http_response = self._transport.post(self._headers, content, seconds)
        response = Response(http_response, self._url)
        if 200 <= http_response.status < 300:
            return response
        raise self._status_error(http_response, response)

    def close(self) -> None:
        """Closes idle connections. Those in use close when their call ends."""
        self._transport.close()

    def _status_error(self, http_response: urllib3.BaseHTTPResponse, response: Response) -> openai.APIStatusError:
        """The error that the server reports, with the start of the response's body."""
        start = b""
        try:
            for chunk in response:
                start += chunk
                if len(start) >= _MAX_ERROR_BYTES:
                    break
        finally:
            response.close()
        received = httpx2.Response(
            http_response.status,
            headers=[
                (name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
                for name, value in http_response.headers.items()
                if name.lower() in _KEPT_HEADERS
            ],
            content=start,
            request=httpx2.Request("POST", self._url),
        )
        return openai.APIStatusError(str(http_response.status), response=received, body=None)


def completions_url(base_url: str) -> str:
    """Returns the address to send completion requests to."""
    return endpoint_url(base_url, COMPLETIONS)


def endpoint_url(base_url: str, path: str) -> str:
    """Returns the address to send requests to. A query such as Azure's `api-version` is kept."""
    parts = urlsplit(base_url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{path}"))


def authorization(api_key: str, base_url: str) -> dict[str, str]:
    """Returns the header that contains the key. Azure, whose URLs have an `api-version`, has a header of its own."""
    if "api-version" in parse_qs(urlsplit(base_url).query):
        return {"api-key": api_key}
    return {"Authorization": f"Bearer {api_key}"}


@contextmanager
def _convert_errors(url: str) -> Iterator[None]:
    """Raises every error of the HTTP library as one of the SDK. A broken response may cause any kind of error in it."""
    try:
        yield
    except (openai.APIError, CallFailed):
        raise
    except Exception as error:
        is_timeout = isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError)
        if is_timeout and not isinstance(error, urllib3.exceptions.NewConnectionError):  # a subclass by mistake
            raise openai.APITimeoutError(httpx2.Request("POST", url)) from error
        raise openai.APIConnectionError(message=type(error).__name__, request=httpx2.Request("POST", url)) from error
