"""Streamed answers of the model."""

import threading

import pytest

from llm.client import ModelClient
from tests.support.fake_model import FakeModel
from tests.support.model_calls import ask, errors, fail
from tests.support.model_replies import CutStream, Gated, NotJson, Status


def test_deltas_arrive_while_the_model_is_writing(fake: FakeModel, model_client: ModelClient) -> None:
    gate = threading.Semaphore(0)
    fake.reply(Gated("one two three", gate))
    pieces: list[str] = []

    def on_delta(text: str) -> None:
        pieces.append(text)
        gate.release()  # the fake server waits for this before the next word

    answer = ask(model_client, on_delta=on_delta)
    assert pieces == ["one", " two", " three"]
    [call] = answer.calls
    assert (answer.text, answer.finish_reason) == ("one two three", "stop")
    assert (call.usage.prompt_tokens, call.usage.completion_tokens) == (6, 3)
    assert call.first_token_ms is not None
    assert 0 <= call.first_token_ms <= call.latency_ms


@pytest.mark.parametrize(("well_formed", "error"), [(False, "connection"), (True, "cut")])
def test_cut_stream_resets_its_deltas(
    fake: FakeModel, model_client: ModelClient, well_formed: bool, error: str
) -> None:
    fake.reply(CutStream(2, well_formed=well_formed), "Whole again.")
    received: list[str] = []
    answer = ask(model_client, on_delta=received.append, on_reset=lambda: received.append("RESET"))
    assert received == ["one", " two", "RESET", "Whole", " again."]
    assert errors(answer.calls) == [error, None]
    assert answer.calls[0].response == "one two"
    assert answer.text == "Whole again."


def test_no_reset_without_deltas(fake: FakeModel, model_client: ModelClient) -> None:
    fake.reply(Status(500), CutStream(0), "Ok")
    received: list[str] = []
    ask(model_client, on_delta=received.append, on_reset=lambda: received.append("RESET"))
    assert received == ["Ok"]


def test_reset_after_the_last_failure(fake: FakeModel, model_client: ModelClient) -> None:
    fake.respond = lambda body: Gated("one two", threading.Event())
    received: list[str] = []
    failed = fail(model_client, seconds=0.5, on_delta=received.append, on_reset=lambda: received.append("RESET"))
    assert received == ["one", "RESET"]
    assert failed.timed_out
    assert failed.calls[0].response == "one"


def test_server_without_streaming(fake: FakeModel, model_client: ModelClient) -> None:
    fake.reply(NotJson('{"choices": [{"message": {"content": "All at once."}, "finish_reason": "stop"}]}'))
    pieces: list[str] = []
    assert ask(model_client, on_delta=pieces.append).text == "All at once."
    assert pieces == ["All at once."]


def test_error_of_a_callback_is_raised_unchanged(fake: FakeModel, model_client: ModelClient) -> None:
    with pytest.raises(ZeroDivisionError):
        ask(model_client, on_delta=lambda text: print(1 / 0))
    assert ask(model_client).text == "OK"
    assert len(fake.requests) == 2
