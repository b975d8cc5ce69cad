"""Random responses of a model server: complete answers in every notation, and everything that is not an answer.

Each complete answer is the given text. Reasoning contains `SECRET`. So a test can tell from a reply whether it is
complete, and whether it contains reasoning.
"""

import json
import math
import random
from collections.abc import Callable
from typing import Any

from tests.support.model_replies import CutStream, Raw, Reply

SECRET = "reasoning-of-the-model"
_USAGES: list[Any] = ["7", [7], 7, -7, {"prompt_tokens": "7"}, {"prompt_tokens": -7}, {"prompt_tokens": 10**40}]
_USAGES += [{"prompt_tokens": {"a": 1}}, {"prompt_tokens": math.nan}, {"prompt_tokens": 7, "completion_tokens": 7}]
_RETRY_AFTER = [
    "NaN",
    "inf",
    "-inf",
    "-5",
    "0",
    "0.01",
    "soon",
    "",
    "1e400",
    "1e9999999",
    "Fri, 31 Dec 99999 23:59:59 GMT",
    "٣",
]
# What servers send in the middle of a stream instead of an error in the usual form.
_ERRORS_IN_A_STREAM = [
    *('error: {"code": 500, "message": "boom"}', "Internal Server Error", "event: error\ndata: boom", "data: boom"),
    *('data: {"detail": "boom"}', 'data: {"code": 500, "message": "boom"}', 'data: {"x_groq": {"error": "boom"}}'),
    *('data: {"choices": [{"index": 0, "delta": {"error": "boom"}}]}', 'data: {"errors": [{"message": "boom"}]}'),
]
_ERRORS_IN_A_STREAM += [
    f'data: {{"choices": [{{"index": 0, "delta": {{}}, "finish_reason": "{reason}"}}]}}'
    for reason in ("error", "network_error", "CONTENT_FILTER", "SAFETY", "cancelled")
]
_MESSAGES = [
    *("System role not supported", "Conversation roles must alternate user/assistant", "Failed to generate JSON"),
    *("No endpoints found that support response_format", "maximum context length is 10 tokens", "no"),
    *(
        "Unsupported parameter: temperature",
        "max_tokens is too large",
        "response_format is not supported",
        f"no {SECRET}",
    ),
]
_DOCUMENTS: list[Any] = [None, 5, "text", [], {}, {"a": {"b": [1]}}, {"choices": 5}, {"choices": [5]}, [[[]]]]
_DOCUMENTS += [{"choices": [{"message": {"content": 5}}]}, {"choices": [{"delta": None}]}, {"detail": "no"}]


def random_reply(rng: random.Random, text: str) -> Reply:
    """An answer with this text, or in about one of three cases something else."""
    if rng.random() < 0.65:
        return rng.choice((_completion, _stream))(rng, text)
    return rng.choice((_cut_off, _reported_error, _stopped_stream, _error_status, _not_an_answer, _refusal))(rng, text)


def _completion(rng: random.Random, text: str) -> Raw:
    parts = [{"type": "text", "text": _with_reasoning(rng, text)}]
    message: dict[str, Any] = {"content": rng.choice((_with_reasoning(rng, text), parts, parts[0]))}
    message |= rng.choice(({}, {"reasoning": SECRET}, {"reasoning_content": SECRET}, {"tool_calls": None}))
    body = {"choices": [{"message": message, "finish_reason": rng.choice(("stop", None, "eos", 7))}]}
    return _raw(rng, json.dumps({**body, "usage": rng.choice(_USAGES)}).encode())


def _stream(rng: random.Random, text: str) -> Raw:
    return _raw(rng, _chunks(rng, text) + _stream_end(rng))


def _chunks(rng: random.Random, text: str) -> bytes:
    text, events, gap = _with_reasoning(rng, text), [], rng.choice(("\n\n", "\r\n\r\n", "\n\n: keep-alive\n\n"))
    while text:
        piece, text = text[: (size := rng.randint(1, 9))], text[size:]
        delta = {"content": piece, **rng.choice(({}, {"reasoning_content": SECRET}, {"role": "assistant"}))}
        events.append(json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}))
    comment = rng.choice(("", ": ping\n\n", "data: : keepalive\n\n"))
    return (comment + "".join(f"data: {event}{gap}" for event in events)).encode()


def _stream_end(rng: random.Random) -> bytes:
    end = json.dumps({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": rng.choice(_USAGES)})
    event, done = f"data: {end}\n\n", "data: [DONE]\n\n"
    return rng.choice((event, done, event + done, done.strip())).encode()


def _cut_off(rng: random.Random, text: str) -> Reply:
    completion = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
    body = rng.choice((_chunks(rng, text), completion))
    if rng.random() < 0.2:
        return CutStream(rng.randint(0, 2), f"{text} and more", well_formed=rng.random() < 0.5)
    return _raw(rng, body[: rng.randrange(len(body))])


def _reported_error(rng: random.Random, text: str) -> Raw:
    error = f"data: {json.dumps(_error(rng))}\n\n".encode()
    return _raw(rng, rng.choice((json.dumps(_error(rng)).encode(), _chunks(rng, text) + error + _stream_end(rng))))


def _stopped_stream(rng: random.Random, text: str) -> Raw:
    """A part of the answer, an error in one of its rarer forms, and the usual end."""
    error = f"{rng.choice(_ERRORS_IN_A_STREAM)}\n\ndata: [DONE]\n\n".encode()
    return _raw(rng, _chunks(rng, text[: len(text) // 2]) + error)


def _error_status(rng: random.Random, text: str) -> Raw:
    body = rng.choice((json.dumps(_error(rng)).encode(), text.encode(), rng.randbytes(20), b""))
    headers = {rng.choice(("Retry-After", "retry-after-ms")): rng.choice(_RETRY_AFTER).encode().decode("latin-1")}
    status = rng.choice((400, 400, 401, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 529, 599, 302, 304, 999))
    return _raw(rng, b"" if status == 304 else body, status, headers if rng.random() < 0.5 else {})


def _error(rng: random.Random) -> dict[str, Any]:
    message = rng.choice(_MESSAGES)
    error = {"message": message, "code": rng.choice(("c", 7, None, message, [1], 429)), "type": rng.choice(("t", {}))}
    return rng.choice(({"error": error}, {"error": message}, {"object": "error", **error}, {"error": [error]}))


def _not_an_answer(rng: random.Random, text: str) -> Raw:
    document = json.dumps(rng.choice(_DOCUMENTS))
    return _raw(rng, rng.choice((rng.randbytes(50), document.encode(), f"data: {document}\n\n".encode(), b"<html>")))


def _refusal(rng: random.Random, text: str) -> Raw:
    message = rng.choice(({"refusal": "No."}, {"tool_calls": [{"id": "1"}]}, {"content": f"<think>{SECRET}"}, {}))
    return _raw(rng, json.dumps({"choices": [{"message": message, "finish_reason": "stop"}]}).encode())


def _with_reasoning(rng: random.Random, text: str) -> str:
    variants: tuple[Callable[[str], str], ...] = (
        lambda text: text,
        lambda text: f"<think>{SECRET}</think>{text}",
        lambda text: f"<think>\n{SECRET}\n</think>\n\n{text}",
        lambda text: f"{SECRET}</think>{text}",
        lambda text: f"{text}<think>{SECRET}",
        lambda text: f"<seed:think>{SECRET}</seed:think>{text}",
        lambda text: f"<|begin_of_thought|>{SECRET}<|end_of_thought|><|begin_of_solution|>{text}<|end_of_solution|>",
        lambda text: f"<|channel|>analysis<|message|>{SECRET}<|end|><|channel|>final<|message|>{text}<|return|>",
    )
    return rng.choice(variants)(text)


def _raw(rng: random.Random, body: bytes, code: int = 200, headers: dict[str, str] | None = None) -> Raw:
    cuts = sorted(rng.randrange(len(body) + 1) for _ in range(rng.randrange(6)))
    chunks = tuple(body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True))
    types = ("application/json", "text/event-stream", "text/plain", "nonsense", "")
    return Raw(chunks, {"Content-Type": rng.choice(types), **(headers or {})}, code)
