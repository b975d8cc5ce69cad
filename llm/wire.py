"""The wire under `openai_helper`: the SDK's client, bounded in time, one call at a time on each; what goes and comes.

Why there is a pool of clients: a client that hundreds of calls share searches its connections at each of them, and one
that is made for a call costs more than the call.
"""

import json
import re
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import openai

from llm.transport import Clock, OneConnection

_DRAIN = 0.05  # seconds for the end of a stream whose last word is here already
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL's text has neither NUL nor lone surrogates
_STRICT_KEYWORDS = {
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "anyOf",
    "enum",
    "const",
    "title",
    "description",
}


class Connection(openai.OpenAI):
    """The SDK's client with one kept-alive connection, a clock, and no retries of its own.

    The machine's proxy and certificate settings hold. Of the variables that the SDK reads by itself (OPENAI_ORG_ID,
    OPENAI_CUSTOM_HEADERS, ...) none reaches the server: what holds for this program, config has read.
    """

    def __init__(self, api_key: str, base_url: str, ssl_context: ssl.SSLContext) -> None:
        self.clock = Clock()
        http = openai.DefaultHttpxClient(verify=ssl_context)
        http._transport = OneConnection(self.clock, ssl_context)  # as an argument it would switch proxies off
        super().__init__(api_key=api_key, base_url=base_url, max_retries=0, http_client=http)
        self._completions = self._prepare_url("/chat/completions")
        self._headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {api_key}",
            "Content-Type": "application/json",
            "User-Agent": "ICMP",
        }

    def ask(self, body: dict[str, Any], seconds: float) -> httpx2.Response:
        """Ask for a completion, done in `seconds`. The response is for the caller to read and close; raises the SDK's
        error for a status that is none of success, and httpx2's where there is no response.

        Neither `chat.completions.create`, which walks `messages` recursively, nor `post`: building the same request
        anew, and objects out of its response, took the SDK as long as all the rest of a call.
        """
        self.clock.start(seconds)
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        request = self._client.build_request(
            "POST", self._completions, content=content, headers=self._headers, timeout=seconds
        )
        response = self._client.send(request, stream=True)
        if response.is_success:
            return response
        with closing(response):
            response.read()
            raise self._make_status_error_from_response(response)


class Connections:
    """As many as there were calls at once. They are made when wanted, hence after a fork."""

    def __init__(self, api_key: str, base_url: str) -> None:
        self._api_key, self._base_url = api_key, base_url
        self._ssl_context: ssl.SSLContext | None = None
        self._lock = threading.Lock()
        self._idle: deque[Connection] = deque()
        self._closed = False

    @contextmanager
    def take(self) -> Iterator[Connection]:
        try:
            connection = self._idle.pop()  # the one used last, whose connection is the likeliest to live
        except IndexError:
            with self._lock:  # the SSL context is the dear part of a client, so there is one
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
        """Close the idle ones; those in use close when their call ends."""
        self._closed = True
        with suppress(IndexError):
            while True:
                self._idle.pop().close()


class UnusableReply(Exception):
    """The server answered, but not with a whole answer of a model; the message is a code and a sentence."""


class EmptyReply(UnusableReply):
    """The model had nothing to say."""


@dataclass
class Reply:
    """What has come of an answer so far."""

    text: str = ""
    finish_reason: str | None = None
    usage: dict[str, Any] = field(default_factory=dict)
    first_token_at: float | None = None

    def read(self, response: httpx2.Response, clock: Clock, on_delta: Callable[[str], None] | None) -> None:
        """Take in all of the response; raises UnusableReply where it is no whole answer."""
        if response.headers.get("content-type", "").startswith("text/event-stream"):
            events = iter(httpx2.EventSource(response))
            for event in events:
                if event.data == "[DONE]":
                    break
                self._take(event.data, "delta", on_delta)
            if self.finish_reason is None:
                raise UnusableReply("cut: the stream ended before the answer did")
            clock.start(_DRAIN)  # only a connection that is read to its end can be used again
            with suppress(httpx2.HTTPError):
                for _ in events:
                    pass
        else:
            self._take(response.read(), "message", on_delta)
        if not self.text.strip():
            raise EmptyReply("empty: the answer holds no text")

    def tokens(self, name: str) -> int | None:
        count = self.usage.get(name)
        return count if isinstance(count, int) else None

    def _take(self, document: bytes | str, part: str, on_delta: Callable[[str], None] | None) -> None:
        try:
            body = json.loads(document)
            self.usage = body.get("usage") or self.usage
            choice = (body.get("choices") or [{}])[0]  # a stream's last chunk has usage and no choice
            self.finish_reason = choice.get("finish_reason") or self.finish_reason
            text = _UNSTORABLE.sub("", (choice.get(part) or {}).get("content") or "")
        except (ValueError, TypeError, AttributeError, LookupError):
            raise UnusableReply("unreadable: the body is not a completion in JSON") from None
        if text:
            self.text += text
            if on_delta:
                self.first_token_at = self.first_token_at or time.monotonic()
                on_delta(text)


def retry_after(value: str) -> float:
    """Seconds to wait by a Retry-After header: a number or a date (RFC 9110, 10.2.3); 0 for none."""
    try:
        return float(value)
    except ValueError:
        with suppress(TypeError, ValueError):
            return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    return 0.0


def response_format(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """The parameter that constrains an answer to a JSON Schema."""
    strict = schema.get("type") == "object" and _is_strict(schema)
    return {"type": "json_schema", "json_schema": {"name": name, "schema": schema, "strict": strict}}


def _is_strict(schema: dict[str, Any]) -> bool:
    """Whether OpenAI's strict mode surely takes it: plain keywords, objects closed and all their members required."""
    properties = schema.get("properties", {})
    if not schema.keys() <= _STRICT_KEYWORDS:
        return False
    if "object" in schema.get("type", "") and (
        schema.get("additionalProperties") is not False or set(schema.get("required", ())) != properties.keys()
    ):
        return False
    nested = [*properties.values(), *schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]
    return all(isinstance(part, dict) and _is_strict(part) for part in nested)
