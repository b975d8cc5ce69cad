"""Reads the body of a model server's response, streamed or not, into one form.

Everything that depends on how a server formats an answer belongs here, in `reasoning` or in `error_bodies`. The
normaliser takes bytes and knows nothing about HTTP. The other modules only see its result.
"""

import codecs
import json
import re
import time
from collections.abc import Callable
from typing import Any

from llm.error_bodies import ServerError, identifier, parse_error, read_error
from llm.finish_reasons import is_failure, is_refusal, normal_reason
from llm.hidden_key import HiddenKey, StreamFilter
from llm.reasoning import ReasoningFilter
from llm.usage import Usage

MAX_BYTES = 32 * 1024 * 1024  # of a stream, whose events take about 300 bytes per token
MAX_DOCUMENT_BYTES = 4 * 1024 * 1024  # of a response that is parsed in one piece, while all other requests wait
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL stores neither NUL nor lone surrogates
_LINE_END = re.compile(r"\r\n|\r(?!\Z)|\n")  # a carriage return at the end may be the first half of a line end
_FIELD = re.compile(r"([\w-]*):")
_PINGS = {"ping", "heartbeat", "keepalive", "keep-alive"}  # names of events without content
_ERROR_MEMBERS = {"error_code", "error_message", "error_msg", "errors", "detail", "message", "code"}


class UnusableResponse(Exception):
    """Raised if a response is not a complete answer of a model. The message is a code and a sentence."""


class EmptyResponse(UnusableResponse):
    """Raised if the answer contains no text."""


class Refused(UnusableResponse):
    """Raised if the model, or a filter of its server, refused to answer."""


class ReportedError(Exception):
    """Raised if the body reports an error although the status is 200."""

    def __init__(self, error: ServerError) -> None:
        super().__init__("the server reported an error")
        self.error = error


class Normaliser:
    """Reads one response: `feed` it the body in pieces of any size, then call `finish`.

    Visible text is passed to `on_delta` as it arrives. `on_reset` is called if the text so far turned out to be
    reasoning. `raw` is the content as the model wrote it, for the trace. `is_done` is whether a stream announced its
    end. `first_token_at` is in the units of time.monotonic().
    """

    def __init__(
        self,
        on_delta: Callable[[str], None] | None = None,
        on_reset: Callable[[], None] | None = None,
        expects_closing_tag: bool = False,
        hidden_key: HiddenKey | None = None,
    ) -> None:
        self.finish_reason: str | None = None
        self.usage = Usage()
        self.first_token_at: float | None = None
        self.has_deltas = False  # which are still valid
        self.is_done = False
        self._on_delta, self._on_reset = on_delta, on_reset
        self._filter, self._key_filter = ReasoningFilter(expects_closing_tag), StreamFilter(hidden_key)
        self._raw: list[str] = []
        self._refusal: list[str] = []
        self._called_tools = False
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._size = 0
        self._is_stream: bool | None = None  # None: not known yet
        self._buffer: list[str] = []  # a JSON body, or the start of a line
        self._data = ""  # of the current event
        self._event_name = ""
        self._has_events = False
        self._unknown: Any = None  # the last thing in the stream that is no chunk: probably an error
        self._half_character = ""  # the first of two surrogates

    @property
    def text(self) -> str:
        """Returns the answer without reasoning."""
        return self._filter.text

    @property
    def raw(self) -> str:
        """Returns the content as it was received, or the refusal if there is none."""
        return "".join(self._raw) or self._key_filter.remove("".join(self._refusal))

    @property
    def has_closing_tag_only(self) -> bool:
        """Returns whether the reasoning ended with a closing tag but had no opening tag."""
        return self._filter.has_closing_tag_only

    def feed(self, chunk: bytes) -> None:
        """Reads the next bytes. Raises UnusableResponse or ReportedError."""
        self._size += len(chunk)
        self._feed_text(self._decoder.decode(chunk))
        if self._size > (MAX_BYTES if self._is_stream else MAX_DOCUMENT_BYTES):
            raise UnusableResponse("too_large: the response is too large")

    def finish(self) -> None:
        """Ends the response. Raises UnusableResponse or ReportedError if it is not a complete answer."""
        self._feed_text(self._decoder.decode(b"", final=True))
        if self._is_stream:
            self._read_line("".join(self._buffer))
            self._end_event()
        else:
            self._add(_parse("".join(self._buffer)), is_chunk=False)
        if self._is_stream and not self._has_events:
            raise UnusableResponse("unreadable: the body is not a completion in JSON")
        if is_failure(self.finish_reason):
            code = identifier(f"finish_reason_{self.finish_reason}")
            raise ReportedError(ServerError(code=code or "finish_reason"))
        if self.finish_reason is None and self._unknown is not None:
            raise ReportedError(read_error(self._unknown))
        if self._is_stream and not self.is_done and self.finish_reason is None:
            raise UnusableResponse("cut: the stream ended before the answer was complete")
        self._add_text(self._key_filter.finish())
        self._pass_on(self._filter.finish())
        if self._refusal or is_refusal(self.finish_reason):
            raise Refused("refused: the model" if self._refusal else "refused: a content filter of the server")
        if not self.text.strip():
            raise EmptyResponse(self._why_empty())

    def _feed_text(self, text: str) -> None:
        if self._is_stream is None:
            start = "".join(self._buffer) + text
            self._buffer = [start]
            if not start.strip():
                return
            self._is_stream = start.lstrip()[0] not in "{["
            text, self._buffer = start, []
        if not self._is_stream:
            self._buffer.append(text)
            return
        if self._buffer and self._buffer[-1].endswith("\r"):
            self._buffer[-1], text = self._buffer[-1][:-1], f"\r{text}"
        *lines, rest = _LINE_END.split(text)
        for line in lines:
            self._read_line("".join(self._buffer) + line)
            self._buffer = []
        if rest:
            self._buffer.append(rest)

    def _read_line(self, line: str) -> None:
        """Reads a line of server-sent events. Some servers send several events without a blank line in between."""
        if self.is_done:
            return
        if not line.strip():
            self._end_event()
            return
        field = _FIELD.match(line)
        name, value = (field[1].lower(), line[field.end() :].strip()) if field else ("", line.strip())
        if name == "error":  # instead of `event: error`, sent by llama.cpp
            raise ReportedError(parse_error(value.encode(errors="replace")))
        if name == "event":
            self._event_name = value.lower()
        elif (name == "data" and self._event_name not in _PINGS) or value == "[DONE]":
            self._read_data(value)
        elif not field:  # for example the text of a proxy's error
            self._unknown = value

    def _read_data(self, value: str) -> None:
        self._data += value
        if self._data.startswith(":"):  # a comment that a proxy has wrapped
            self._data = ""
        elif self._data.strip('"').upper() == "[DONE]":
            self.is_done, self._has_events, self._data = True, True, ""
        elif self._data[-1:] in ("}", "]"):
            try:
                document = json.loads(self._data)
            except (ValueError, RecursionError):
                return  # the event has more lines
            self._data = ""
            self._add_event(document)

    def _end_event(self) -> None:
        if self._data and self._event_name == "error":
            raise ReportedError(parse_error(self._data.encode(errors="replace")))
        if self._data:
            document, self._data = _parse(self._data), ""
            self._add_event(document)
        self._event_name = ""

    def _add_event(self, document: Any) -> None:
        self._has_events = True
        if self._event_name == "error":
            raise ReportedError(read_error(document))
        if document is not None:
            self._add(document, is_chunk=True)

    def _add(self, document: Any, is_chunk: bool) -> None:
        """Adds a completion, or a chunk of one."""
        if isinstance(document, list) and len(document) == 1:
            document = document[0]
        if not isinstance(document, dict):
            raise UnusableResponse("unreadable: the body is not a completion in JSON")
        choices = document.get("choices")
        choices = choices if isinstance(choices, list) else [choices]
        choice = next((each for each in choices if isinstance(each, dict) and each.get("index") in (0, "0", None)), {})
        for part in (document, choice, choice.get("delta"), document.get("x_groq")):
            if isinstance(part, dict) and (part.get("error") or part.get("object") == "error"):
                raise ReportedError(read_error(part))
        if "choices" not in document and document.keys() & _ERROR_MEMBERS:
            self._unknown = document
        self.usage = self.usage.updated(document.get("usage"))
        reason = choice.get("finish_reason")
        self.finish_reason = normal_reason(reason) if isinstance(reason, str) and reason else self.finish_reason
        self._add_message(choice, is_chunk)

    def _add_message(self, choice: dict[str, Any], is_chunk: bool) -> None:
        first, second = ("delta", "message") if is_chunk else ("message", "delta")
        message = choice.get(first)
        if not isinstance(message, dict) or (not message and not self._raw):
            # Some servers send the whole message in the last chunk, or plain text as in the older completions API.
            other = choice.get(second) if not self._raw else None
            message = other if isinstance(other, dict) else {"content": choice.get("text")}
        self._called_tools |= bool(message.get("tool_calls") or message.get("function_call"))
        text, refusal = _content(message.get("content"))
        refusal += message["refusal"] if isinstance(message.get("refusal"), str) else ""
        if refusal:
            self._refusal.append(_UNSTORABLE.sub("", refusal))
        self._add_text(self._key_filter.feed(self._storable(text)))

    def _add_text(self, text: str) -> None:
        if not text:
            return
        self._raw.append(text)
        visible, is_restarted = self._filter.feed(text)
        if is_restarted and self.has_deltas:
            self.has_deltas = False
            if self._on_reset:
                self._on_reset()
        self._pass_on(visible)

    def _pass_on(self, visible: str) -> None:
        if visible and self._on_delta:
            self.first_token_at = self.first_token_at or time.monotonic()
            self.has_deltas = True
            self._on_delta(visible)

    def _storable(self, text: str) -> str:
        """Removes what PostgreSQL cannot store. A character may be split between two chunks."""
        text, self._half_character = self._half_character + text, ""
        if not _UNSTORABLE.search(text):
            return text
        if "\ud800" <= text[-1] <= "\udbff":
            text, self._half_character = text[:-1], text[-1]
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
        return text.replace("\0", "")

    def _why_empty(self) -> str:
        if self._called_tools:
            return "empty: the model called a tool instead of answering"
        if self._raw:
            return "empty: the answer contains only reasoning"
        return "empty: the answer contains no text"


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise UnusableResponse("unreadable: the body is not a completion in JSON") from None


def _content(content: Any) -> tuple[str, str]:
    """Returns the text and the refusal in a message's content, which is text or a list of typed parts."""
    if content is None or isinstance(content, str):
        return content or "", ""
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        raise UnusableResponse("unreadable: the content of the answer is neither text nor a list")
    texts, refusals = [], []
    for part in content:
        if isinstance(part, str):
            texts.append(part)
        elif isinstance(part, dict):
            kind = part.get("type")
            if kind in (None, "text", "output_text") and isinstance(part.get("text"), str):
                texts.append(part["text"])
            elif kind == "refusal" and isinstance(part.get("refusal"), str):
                refusals.append(part["refusal"])
    return "".join(texts), "".join(refusals)
