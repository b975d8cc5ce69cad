"""The normaliser: whatever a model server sends becomes one complete answer, or an error."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm.normaliser import EmptyResponse, Normaliser, Refused, ReportedError, UnusableResponse
from llm.usage import Usage

SECRET = "the model's reasoning"


class Reading:
    """A response that was read, with the pieces that a customer saw. A reset is recorded as None."""

    def __init__(self, chunks: list[bytes], expects_closing_tag: bool = False) -> None:
        self.pieces: list[str | None] = []
        self.response = Normaliser(self.pieces.append, lambda: self.pieces.append(None), expects_closing_tag)
        self.error: Exception | None = None
        try:
            for chunk in chunks:
                self.response.feed(chunk)
            self.response.finish()
        except (UnusableResponse, ReportedError) as error:
            self.error = error

    @property
    def shown(self) -> str:
        """The pieces since the last reset."""
        last_reset = max((at for at, piece in enumerate(self.pieces) if piece is None), default=-1)
        return "".join(piece or "" for piece in self.pieces[last_reset + 1 :])

    @property
    def text(self) -> str:
        assert self.error is None
        assert self.shown == self.response.text
        return self.response.text


def completion(message: Any, finish_reason: Any = "stop", **members: Any) -> bytes:
    return json.dumps({"choices": [{"message": message, "finish_reason": finish_reason}], **members}).encode()


def stream(*contents: Any, end: str = "data: [DONE]\n\n", finish_reason: Any = "stop") -> bytes:
    deltas = [each if isinstance(each, dict) else {"content": each} for each in contents]
    choices: list[dict[str, Any]] = [{"index": 0, "delta": delta, "finish_reason": None} for delta in deltas]
    choices.append({"index": 0, "delta": {}, "finish_reason": finish_reason})
    return "".join(f"data: {json.dumps({'choices': [each]})}\n\n" for each in choices).encode() + end.encode()


def read(body: bytes, expects_closing_tag: bool = False) -> Reading:
    return Reading([body], expects_closing_tag)


def split(body: bytes, data: st.DataObject) -> list[bytes]:
    """The body in chunks of random sizes."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=12)))
    return [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]


@pytest.mark.parametrize("expects_closing_tag", [False, True])
@pytest.mark.parametrize(
    "content",
    [
        f"<think>{SECRET}</think>Hello.",
        f"<think>\n{SECRET}\n</think>\n\nHello.",
        f"  <THINK>{SECRET}</Think> Hello.",
        f"<thinking effort='high'>{SECRET}</thinking>Hello.",
        f"{SECRET}</think>\nHello.",
        f"{SECRET} <b>{SECRET}</b> </think>Hello.",
        f"Hello.<think>{SECRET}",
        f"<think>{SECRET}</think>Hello.<think>{SECRET}</think>",
        f"<think>a <think> b</think>{SECRET}</think>Hello.",
        f"[THINK]{SECRET}[/THINK]Hello.",
        f"◁think▷{SECRET}◁/think▷Hello.",
        f"<|channel|>analysis<|message|>{SECRET}<|end|><|start|>assistant<|channel|>final<|message|>Hello.",
    ],
)
@given(data=st.data())
@settings(max_examples=8)
def test_reasoning_is_removed_however_it_is_split(content: str, expects_closing_tag: bool, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=8)))
    pieces = [content[start:end] for start, end in zip([0, *cuts], [*cuts, len(content)], strict=True)]
    reading = read(stream(*pieces), expects_closing_tag)
    assert reading.text == "Hello."
    assert reading.response.raw == content
    assert read(completion({"content": content})).text == "Hello."
    if expects_closing_tag:
        assert None not in reading.pieces  # the customer never saw the reasoning


@pytest.mark.parametrize("content", [f"<think>{SECRET}", f"{SECRET}</think>", f"<think>{SECRET}</think>\n", " ", ""])
def test_reasoning_without_an_answer_is_empty(content: str) -> None:
    for body in (completion({"content": content}), stream(content)):
        assert isinstance(read(body).error, EmptyResponse)


@pytest.mark.parametrize("name", ["reasoning", "reasoning_content", "thinking", "reasoning_details"])
def test_reasoning_next_to_the_content_is_ignored(name: str) -> None:
    assert read(completion({"content": "Hello.", name: SECRET})).text == "Hello."
    assert read(stream({name: SECRET}, {"content": "Hel"}, {"content": "lo.", name: SECRET})).text == "Hello."
    assert isinstance(read(completion({"content": None, name: SECRET})).error, EmptyResponse)


@pytest.mark.parametrize("text", ["a < b", "I <3 you", "<b>bold</b>", "x <t", "<thin>", "[THINGS]", "1 </ 2"])
def test_other_brackets_are_kept(text: str) -> None:
    for size in (1, 2, 100):
        assert read(stream(*(text[at : at + size] for at in range(0, len(text), size)))).text == text


PARTS = [
    ("Hello.", "Hello."),
    ([{"type": "text", "text": "Hel"}, {"type": "text", "text": "lo."}], "Hello."),
    (
        [{"type": "thinking", "thinking": [{"type": "text", "text": SECRET}]}, {"type": "text", "text": "Hello."}],
        "Hello.",
    ),
    ([{"type": "output_text", "text": "Hello."}, {"type": "image_url", "image_url": {}}, None, 5], "Hello."),
    (["Hel", "lo."], "Hello."),
    ({"type": "text", "text": "Hello."}, "Hello."),
]


@pytest.mark.parametrize(("content", "text"), PARTS)
def test_typed_parts_are_joined(content: Any, text: str) -> None:
    assert read(completion({"content": content})).text == text
    assert read(stream({"content": content})).text == text


@pytest.mark.parametrize(
    "body",
    [
        completion({"content": None, "refusal": "I cannot help with that."}),
        completion({"content": [{"type": "refusal", "refusal": "I cannot help with that."}]}),
        stream({"refusal": "I cannot "}, {"refusal": "help with that."}),
        completion({"content": "Well, I think that"}, "content_filter"),
        stream("Well, ", "I think", finish_reason="content_filter"),
    ],
)
def test_refusal_is_not_an_answer(body: bytes) -> None:
    reading = read(body)
    assert isinstance(reading.error, Refused)
    assert reading.response.raw in ("I cannot help with that.", "Well, I think that", "Well, I think")


def test_tool_call_without_content_is_empty() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    for body in (completion({"content": None, "tool_calls": [call]}, "tool_calls"), stream({"tool_calls": [call]})):
        assert "tool" in str(read(body).error)


@pytest.mark.parametrize(
    "usage",
    [
        *("12", [12], 12, True, None, {}, {"prompt_tokens": {"total": 5}}, {"prompt_tokens": "12"}),
        *({"prompt_tokens": -1}, {"prompt_tokens": 10**30}, {"prompt_tokens": 1.5}, {"prompt_tokens": True}),
        *({"prompt_tokens": math.nan}, {"prompt_tokens": math.inf}, {"prompt_tokens": [1]}),
    ],
)
def test_implausible_usage_is_ignored(usage: Any) -> None:
    response = read(completion({"content": "Hello."}, usage=usage)).response
    assert (response.text, response.usage) == ("Hello.", Usage())


@pytest.mark.parametrize(
    "error",
    [
        {"error": {"message": "Overloaded", "code": 529, "type": "overloaded_error"}},
        {"error": "Overloaded"},
        {"object": "error", "message": "Overloaded"},
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "error"}]},
        {"choices": [{"index": 0, "delta": {"content": ""}, "error": {"code": 502}, "finish_reason": "error"}]},
    ],
)
@pytest.mark.parametrize("done", ["data: [DONE]\n\n", ""])
def test_error_within_a_stream_is_a_failure(error: dict[str, Any], done: str) -> None:
    chunk = {"choices": [{"index": 0, "delta": {"content": "Your order"}}]}
    body = f"data: {json.dumps(chunk)}\n\ndata: {json.dumps(error)}\n\n{done}"
    assert isinstance(read(body.encode()).error, ReportedError)
    assert isinstance(read(json.dumps(error).encode()).error, ReportedError)


def test_error_event_is_a_failure() -> None:
    body = b'data: {"choices": [{"delta": {"content": "Your"}}]}\n\nevent: error\ndata: {"message": "Overloaded"}\n\n'
    assert isinstance(read(body).error, ReportedError)


HELLO = stream("Hel", "lo.")


@pytest.mark.parametrize(
    "body",
    [
        HELLO,
        stream("Hel", "lo.", finish_reason=None),  # only [DONE] announces the end
        stream("Hel", "lo.", end=""),  # only finish_reason does
        stream("Hel", "lo.", end="data: [DONE]"),
        stream("Hel", "lo.", end="").rstrip(b"\n"),
        HELLO.replace(b"\n", b"\r\n"),
        HELLO.replace(b"\n", b"\r"),
        HELLO.replace(b"\n\n", b"\n"),
        HELLO.replace(b"data: ", b"data:"),
        HELLO.replace(b"\n\ndata", b"\n\n: keep-alive\n\ndata"),
        HELLO.replace(b"\n\ndata", b"\n\ndata: : keepalive\n\ndata"),
        HELLO.replace(b"\n\ndata", b"\n\nevent: message\nid: 7\nretry: 10\ndata"),
        b": OPENROUTER PROCESSING\n\n" + HELLO,
        b"\xef\xbb\xbf" + HELLO,
        b"\n\n" + HELLO,
        HELLO.replace(b'", ', b'",\ndata: ').replace(b'{"choices"', b'{\ndata: "choices"'),
        HELLO + b"data: nonsense after the end\n\n",
        HELLO.replace(b'"delta": {}', b'"delta": {}, "message": {"content": "Hello."}'),
        b'data: {"choices": [], "usage": null}\n\n' + HELLO,
        b'data: {"choices": [{"index": 1, "delta": {"content": "Another"}}]}\n\n' + HELLO,
    ],
)
@given(data=st.data())
@settings(max_examples=5)
def test_every_notation_of_a_stream_is_read(body: bytes, data: st.DataObject) -> None:
    assert Reading(split(body, data)).text == "Hello."


@pytest.mark.parametrize("length", range(1, len(stream("Hello, ", "it left", " yesterday.", end="")) - 2))
def test_stream_that_ends_early_is_not_an_answer(length: int) -> None:
    assert read(stream("Hello, ", "it left", " yesterday.", end="")[:length]).error is not None


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b" ", b"<html>", b"[]", b"[1, 2]", b"null", b"5", b'"text"', b"{", b"[" * 100_000, b"\xff\xfe\x00"),
        *(b'{"a":' * 100_000, b'{"choices": [{"message": {"content": 5}}]}', b"data: {\n\n", b"9" * 5000),
        *(b'{"choices": 7}', b'{"choices": [7]}', b'{"choices": {}}', b'{"choices": [{"message": 7}]}', b"data:\n\n"),
    ],
    ids=lambda body: body[:20],
)
def test_other_bodies_are_not_an_answer(body: bytes) -> None:
    assert isinstance(read(body).error, UnusableResponse)


@pytest.mark.parametrize(("start", "megabytes"), [(b'{"a": "', 5), (b"data: ", 40)], ids=["document", "stream"])
def test_oversized_response_is_rejected(start: bytes, megabytes: int) -> None:
    reading = Reading([start] + [b"x" * 1024 * 1024] * megabytes)
    assert "too_large" in str(reading.error)


@given(text=st.text(max_size=40), data=st.data())
@settings(max_examples=60)
def test_characters_may_be_split_between_chunks(text: str, data: st.DataObject) -> None:
    """JSON escapes an emoji as two surrogates, and some servers send them in separate events."""
    text = f"Hi {text.replace(chr(0), '').replace('<', '')} 😀."
    units = text.encode("utf-16-le")
    letters = [units[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(units), 2)]
    assert Reading(split(stream(*letters), data)).text == text


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    "choices",
    "message",
    "delta",
    "content",
    "finish_reason",
    "usage",
    "error",
    "index",
    "refusal",
    "text",
    "type",
)
DOCUMENTS = st.recursive(
    JSON_VALUES,
    lambda inner: st.dictionaries(st.sampled_from(NAMES), inner, max_size=5) | st.lists(inner, max_size=2),
    max_leaves=20,
)


@given(
    documents=st.lists(DOCUMENTS, max_size=4), is_stream=st.booleans(), garbage=st.binary(max_size=9), data=st.data()
)
@settings(max_examples=100)
def test_no_body_raises_another_error(
    documents: list[Any], is_stream: bool, garbage: bytes, data: st.DataObject
) -> None:
    texts = [json.dumps(each) for each in documents]
    body = "".join(f"data: {each}\n\n" for each in texts) if is_stream else "".join(texts)
    whole = Reading([body.encode() + garbage])
    pieces = Reading(split(body.encode() + garbage, data))
    assert type(whole.error) is type(pieces.error)
    assert whole.response.text == pieces.response.text
