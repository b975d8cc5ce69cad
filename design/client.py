"""Talks to the API of a server on behalf of the command."""

from typing import Any

import httpx2

_TIMEOUT = 120.0  # seconds; large designs are compared and written in one request


class ServerError(Exception):
    """A request that was not successful. `body` is the server's error, None if it could not be reached."""

    def __init__(self, message: str, body: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message, self.body = message, body


class Client:
    """The API of the server at `url`, with the key of a business."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url.rstrip("/")
        self._client = httpx2.Client(headers={"Authorization": f"Bearer {key}"}, timeout=_TIMEOUT)

    def send(self, method: str, path: str, **request: Any) -> Any:
        """The JSON of a successful response. Raises ServerError."""
        try:
            response = self._client.request(method, f"{self._url}/api/v1{path}", **request)
        except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:
            raise ServerError(f"Cannot reach the server at {self._url}: {error or type(error).__name__}") from error
        try:
            body = response.json()
        except ValueError:
            body = None
        if response.is_success and isinstance(body, dict):
            return body
        if isinstance(body, dict) and "message" in body:
            raise ServerError(str(body["message"]), body)
        raise ServerError(f"There is no ICMP server at {self._url} (status {response.status_code}).")
