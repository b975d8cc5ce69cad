"""Errors and ends of a response that servers report in ways of their own. A partial answer never counts as complete."""

import json
from typing import Any

import pytest

from llm.normaliser import Normaliser, Refused, ReportedError, UnusableResponse

PARTIAL = 'data: {"choices": [{"index": 0, "delta": {"content": "Hello."}}]}\n\n'
COMPLETE = PARTIAL.replace("}]}", ', "finish_reason": "stop"}]}')
DONE = "data: [DONE]\n\n"


def read(body: str, size: int) -> Normaliser:
    response, content = Normaliser(), body.encode()
    for at in range(0, len(content), size):
        response.feed(content[at : at + size])
    response.finish()
    return response


def completion(finish_reason: str) -> str:
    return json.dumps({"choices": [{"message": {"content": "Hello."}, "finish_reason": finish_reason}]})


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    "error",
    [
        'error: {"code": 500, "message": "boom", "type": "server_error"}',
        "Error: boom",
        "Internal Server Error",
        "<html>502 Bad Gateway</html>",
        "event: error\ndata: upstream died",
        "event: Error\ndata: {}",
        'data: {"choices": [], "x_groq": {"error": "over capacity"}}',
        'data: {"choices": [{"index": 0, "delta": {"error": "boom"}}]}',
        'data: {"detail": "Internal error"}',
        'data: {"code": 500, "message": "Internal error"}',
        'data: {"errors": [{"message": "boom"}]}',
        'data: {"error_code": 500, "error_message": "boom"}',
        "data: boom",
    ],
)
def test_partial_answer_with_an_error_is_a_failure(error: str, size: int) -> None:
    with pytest.raises((ReportedError, UnusableResponse)):
        read(f"{PARTIAL}{error}\n\n{DONE}", size)


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    "body",
    [
        f"event: ping\ndata: 2026-11-30 02:00\n\n{PARTIAL}{DONE}",
        f'event: ping\ndata: {{"type": "ping"}}\n\n{PARTIAL}{DONE}',
        f'{PARTIAL}data: {{"object": "chat.completion.chunk", "usage": {{}}}}\n\n{DONE}',
        f"{PARTIAL}data: null\n\ndata:\n\n{DONE}",
        f"trace: 7\n{PARTIAL}{DONE}",
        f"{PARTIAL}[DONE]\n\n",
        f'{PARTIAL}data: "[DONE]"\n\n',
        f"{PARTIAL}data: [done]\n\n",
        f'{COMPLETE}data: {{"message": "bye"}}\n\n{DONE}',
        PARTIAL.replace('"index": 0', '"index": "0"') + DONE,
        PARTIAL.replace("[{", "{").replace("}]", "}") + DONE,
    ],
)
def test_other_additions_to_a_stream_are_ignored(body: str, size: int) -> None:
    assert read(body, size).text == "Hello."


@pytest.mark.parametrize(
    "reason",
    ["CONTENT_FILTER", "content_filter: SAFETY", "PROHIBITED_CONTENT", "sensitive", "refusal", "guardrail_intervened"],
)
def test_answer_that_a_filter_ends_is_refused(reason: str) -> None:
    with pytest.raises(Refused):
        read(completion(reason), 100)


@pytest.mark.parametrize(
    "reason", ["ERROR", "network_error", "failed", "Cancelled", "function_call_filter: MALFORMED_FUNCTION_CALL"]
)
def test_answer_that_the_server_failed_to_complete_is_a_failure(reason: str) -> None:
    with pytest.raises(ReportedError):
        read(completion(reason), 100)


@pytest.mark.parametrize("text", ["my phone number is 5551234, error", "x" * 1000])
def test_cause_contains_no_text_of_a_finish_reason(text: str) -> None:
    with pytest.raises(ReportedError) as failure:
        read(completion(f"error {text}"), 100)
    assert failure.value.error.cause == "finish_reason"


@pytest.mark.parametrize("reason", ["MAX_TOKENS", "model_length", "max_output_tokens"])
def test_every_name_of_the_token_limit_means_that_the_answer_is_cut_off(reason: str) -> None:
    assert read(completion(reason), 100).finish_reason == "length"


@pytest.mark.parametrize("document", [{"message": {"content": "Hi"}}, {"code": 500, "message": "boom"}])
def test_document_without_choices_that_looks_like_an_error_is_one(document: dict[str, Any]) -> None:
    with pytest.raises(ReportedError):
        read(json.dumps(document), 100)
