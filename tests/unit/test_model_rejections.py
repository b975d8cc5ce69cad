"""How the model client changes a request that a server rejects, and what it remembers about the model."""

import contextlib
from typing import Any

import pytest

from llm.client import ModelClient
from llm.types import ModelFailed, ModelSettings
from tests.support.fake_model import FakeModel
from tests.support.model_calls import MESSAGES, SCHEMA, SETTINGS, ask, errors, fail
from tests.support.model_replies import Reply, Status

SYSTEM, QUESTION = MESSAGES
CONSECUTIVE = [SYSTEM, QUESTION, {"role": "user", "content": "A-10433"}]


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llm.retries._BACKOFF", 0)


def rejection(message: str, status: int = 400, **members: Any) -> Status:
    return Status(status, body={"error": {"message": message, "type": "invalid_request_error", **members}})


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (400, "System role not supported"),
        (400, "Conversation roles must alternate user/assistant/user/assistant/..."),
        (400, "The model does not support system messages."),
        (400, "Developer instruction is not enabled for models/gemma-3-12b-it"),
        (400, "Only user and assistant roles are supported!"),
        (400, "The first message must be from the user."),
        (422, "Unexpected role 'system'"),
        (500, "Jinja Exception: System role not supported"),
    ],
)
def test_system_text_moves_into_the_first_user_message(
    fake: FakeModel, model_client: ModelClient, code: int, message: str
) -> None:
    def respond(body: dict[str, Any]) -> Reply:
        return rejection(message, code) if body["messages"][0]["role"] == "system" else "Ok"

    fake.respond = respond
    answer = ask(model_client)
    assert errors(answer.calls) == [f"{code} rejected a system message", None]
    assert fake.requests[1]["messages"] == [{"role": "user", "content": "Be brief.\n\nWhere is my order?"}]
    assert len(ask(model_client).calls) == 1  # remembered for this model
    assert len(ask(model_client, ModelSettings("another")).calls) == 2


@pytest.mark.parametrize("supports_system", [True, False])
@pytest.mark.parametrize(
    "message",
    [
        "Conversation roles must alternate user/assistant/user/assistant/...",
        "After the optional system message, conversation roles must alternate user and assistant",
        "Two consecutive user messages are not allowed.",
        "Multiple user messages in a row",
        'messages: roles must alternate between "user" and "assistant", but found multiple "user" roles in a row',
    ],
)
def test_consecutive_messages_are_merged(
    fake: FakeModel, model_client: ModelClient, message: str, supports_system: bool
) -> None:
    def respond(body: dict[str, Any]) -> Reply:
        roles = [each["role"] for each in body["messages"]]
        is_allowed = "user user" not in " ".join(roles) and (supports_system or "system" not in roles)
        return "Ok" if is_allowed else rejection(message)

    fake.respond = respond
    for expected_calls in (2 if supports_system else 3, 1):
        answer = model_client.complete(CONSECUTIVE, SETTINGS, deadline=1e12)
        assert len(answer.calls) == expected_calls
    assert "Where is my order?\n\nA-10433" in fake.requests[-1]["messages"][-1]["content"]
    assert "Be brief." in fake.requests[-1]["messages"][0]["content"]


def test_form_that_is_rejected_in_any_case_fails(fake: FakeModel, model_client: ModelClient) -> None:
    fake.respond = lambda body: rejection("System role not supported")
    assert len(fail(model_client).calls) == 2
    fake.forget()
    fake.respond = lambda body: "Ok"
    ask(model_client)
    assert fake.requests[0]["messages"] == MESSAGES  # nothing was learned


@pytest.mark.parametrize(
    "error",
    [
        rejection("Failed to generate JSON. Please adjust your prompt.", code="json_validate_failed"),
        rejection("No endpoints found that support response_format", 404),
        rejection("No endpoints found that can handle the requested parameters.", 404),
    ],
)
def test_rejection_by_chance_is_retried_then_sent_without_the_format(
    fake: FakeModel, model_client: ModelClient, error: Status
) -> None:
    fake.reply(error, "Ok")
    ask(model_client, json_schema=SCHEMA)
    assert ["response_format" in body for body in fake.requests] == [True, True]
    fake.forget()
    fake.respond = lambda body: error if "response_format" in body else "Ok"
    for _ in range(2):  # not remembered
        fake.requests.clear()
        assert ask(model_client, json_schema=SCHEMA).text == "Ok"
        assert ["response_format" in body for body in fake.requests] == [True, True, False]


def ask_echo(client: ModelClient) -> None:
    """Send a message that reads like an error of the server, which may repeat it."""
    question = {"role": "user", "content": "Temperature is not supported, and the system role is not supported"}
    client.complete([SYSTEM, question], SETTINGS, deadline=1e12, json_schema=SCHEMA)


def test_form_is_not_remembered_if_the_error_may_repeat_a_message(fake: FakeModel, model_client: ModelClient) -> None:
    error = rejection("Blocked: 'and the system role is not supported'")
    fake.respond = lambda body: error if len(fake.requests) == 1 else "Ok"
    ask_echo(model_client)
    fake.forget()
    ask_echo(model_client)
    assert fake.requests[0]["messages"][0] == SYSTEM


@pytest.mark.parametrize(
    "error",
    [
        rejection("'response_format' of type 'json_schema' is not supported with this model"),
        rejection("This response_format type is unavailable now"),
        rejection("This model does not support response format `json_schema`."),
        rejection("UnsupportedParamsError: x does not support parameters: ['response_format'], for model=x."),
        Status(422, body={"detail": [{"loc": ["body", "response_format"], "type": "extra_forbidden"}]}),
    ],
)
def test_format_that_the_model_does_not_support_is_remembered(
    fake: FakeModel, model_client: ModelClient, error: Status
) -> None:
    fake.respond = lambda body: error if "response_format" in body else "Ok"
    for expected_calls in (2, 1):
        assert len(ask(model_client, json_schema=SCHEMA).calls) == expected_calls


@pytest.mark.parametrize(
    "error",
    [
        rejection("Your message 'response_format temperature is not good' was blocked.", param="messages"),
        rejection("temperature must be between 0 and 1", param="temperature"),
        rejection("Invalid value: the maximum temperature is 1"),
        rejection("Something about temperature"),
        rejection("max_tokens is too large: 50. At most 20 are supported.", param="max_tokens"),
        rejection("Cannot handle 'where is my order? temperature is not supported says my doctor'"),
        rejection("The provided JSON schema contains features not supported by guidance."),
        rejection("JSON Schema not supported: could not understand the instance `{'x': 1}`"),
        rejection("JSON schema conversion failed: Unrecognized schema: {}"),
        rejection("invalid JSON schema for response_format: 'answer': /properties/x: `pattern` is not supported"),
        Status(400, body=[{"error": {"message": "Unknown name \"const\" at 'generation_config.response_schema'"}}]),
        Status(422, body={"detail": [{"loc": ["body", "response_format", "type"], "msg": "Input should be 'text'"}]}),
    ],
)
def test_ambiguous_rejection_is_not_remembered(fake: FakeModel, model_client: ModelClient, error: Status) -> None:
    """Otherwise one business's prompt or value would change the requests of all others."""
    fake.respond = lambda body: error if len(fake.requests) == 1 else "Ok"
    with contextlib.suppress(ModelFailed):
        ask_echo(model_client)
    fake.forget()
    ask_echo(model_client)
    assert {"temperature", "max_tokens", "response_format"} <= fake.requests[0].keys()


def test_rejection_is_only_remembered_if_the_request_succeeds_without_the_parameter(
    fake: FakeModel, model_client: ModelClient
) -> None:
    fake.respond = lambda body: rejection("Unsupported parameter: temperature", param="temperature")
    fail(model_client)
    fake.forget()
    ask(model_client)
    assert "temperature" in fake.requests[0]


TOO_LONG = [
    rejection("This model's maximum context length is 4096 tokens.", code="context_length_exceeded"),
    rejection(
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens (4950 in the"
        " messages, 50 in the completion)."
    ),
    rejection("the request exceeds the available context size, try increasing it", type="exceed_context_size_error"),
    rejection("prompt is too long: 210000 tokens > 200000 maximum"),
    rejection("The decoder prompt (length 5000) is longer than the maximum model length of 4096."),
    rejection("The input token count (5000) exceeds the maximum number of tokens allowed (4096)."),
    rejection("Please reduce the length of the messages or completion."),
    Status(413, body="Payload too large: the prompt is too long"),
    Status(413, body={"error": {"type": "request_too_large", "message": "Request exceeds the maximum size"}}),
    Status(422, body={"error": "Input validation error: `inputs` must have less than 4095 tokens. Given: 5000"}),
    Status(400, body={"error": "This model's maximum prompt length is 131072 but the request contains 200000 tokens."}),
    Status(200, body={"error": {"code": 400, "message": "context length exceeded"}}),
    Status(500, body={"error": {"message": "the prompt is too long for the context window"}}),
]


@pytest.mark.parametrize("error", TOO_LONG)
def test_prompt_that_is_too_long_is_shortened(fake: FakeModel, model_client: ModelClient, error: Status) -> None:
    fake.respond = lambda body: error if len(str(body["messages"])) > 150 else "Ok"
    shorter = iter([[SYSTEM, {"role": "user", "content": "x" * length}] for length in (400, 200, 20)])
    answer = model_client.complete(
        [SYSTEM, {"role": "user", "content": "x" * 800}],
        SETTINGS,
        deadline=1e12,
        shorten=lambda: next(shorter, None),
    )
    assert answer.text == "Ok"
    assert len(fake.requests[-1]["messages"][1]["content"]) == 20


@pytest.mark.parametrize("error", TOO_LONG[:2])
def test_prompt_that_cannot_be_shortened_fails(fake: FakeModel, model_client: ModelClient, error: Status) -> None:
    fake.respond = lambda body: error
    failed = fail(model_client)
    assert "too long" in failed.error
    assert len(failed.calls) <= 2
