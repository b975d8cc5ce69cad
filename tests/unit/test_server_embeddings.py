"""Embeddings from a model server."""

import re
import uuid
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from core.embeddings import EmbeddingsUnavailable, Vector
from llm.embeddings import ServerEmbedder
from llm.types import EmbeddingCall
from llm.usage import Usage
from message_processing.knowledge.reference_texts import REFERENCE_TEXTS
from tests.support.fake_model import FakeModel
from tests.support.model_replies import Status

BUSINESS = uuid.uuid4()
DIMENSIONS = 256


def words(body: dict[str, Any]) -> dict[str, Any]:
    """Vectors that count words, in reverse order."""
    data = []
    for index, text in enumerate(body["input"]):
        vector = [0.1] * DIMENSIONS
        for word in re.findall(r"\w+", text.lower()):
            vector[zlib.crc32(word.encode()) % DIMENSIONS] += 1
        data.insert(0, {"index": index, "embedding": vector})
    return {"data": data}


@pytest.fixture
def fake() -> Iterator[FakeModel]:
    with FakeModel() as started:
        started.embed(words)
        yield started


def embedder(fake: FakeModel) -> ServerEmbedder:
    return ServerEmbedder("key", fake.base_url, "words", *REFERENCE_TEXTS)


def product(first: Vector, second: Vector) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))


def test_question_is_closest_to_the_passage_with_its_words(fake: FakeModel) -> None:
    embeds = embedder(fake)
    returns, parking = embeds.embed_passages(BUSINESS, ["Send shoes back within 30 days", "Park in the courtyard"], 10)
    question = embeds.embed_question(BUSINESS, "Send the shoes back?", 10)
    assert product(question, returns) > product(question, parking)
    assert len(question) == DIMENSIONS + 1


def test_texts_of_businesses_are_recorded(fake: FakeModel) -> None:
    fake.embed(lambda body: {**words(body), "usage": {"prompt_tokens": 4, "total_tokens": 4}})
    calls: list[tuple[uuid.UUID, EmbeddingCall]] = []
    embeds = ServerEmbedder(
        "key",
        fake.base_url,
        "words",
        *REFERENCE_TEXTS,
        record=lambda business_id, call: calls.append((business_id, call)),
    )
    embeds.embed_question(BUSINESS, "Send the shoes back?", 10)
    [(business_id, call)] = calls  # without the texts that calibrate the embeddings
    assert (business_id, call.model, call.texts, call.usage) == (BUSINESS, "words", 1, Usage(4, 0))


@pytest.mark.parametrize(
    "answer",
    [
        Status(500),
        Status(404),
        {"data": []},
        {"data": [{"embedding": [1, 2]}, {"embedding": [1]}]},
        {"data": [{"embedding": ["x"]}]},
        {"data": "x"},
        [],
        {},
    ],
)
def test_unusable_answer_is_reported(fake: FakeModel, answer: Any) -> None:
    embeds = embedder(fake)
    embeds.embed_question(BUSINESS, "hello", 10)
    fake.embed(lambda body: answer)
    with pytest.raises(EmbeddingsUnavailable):
        embeds.embed_question(BUSINESS, "secret words", 10)


def test_error_does_not_contain_the_text(fake: FakeModel) -> None:
    fake.embed(lambda body: Status(400, {}, {"error": {"message": body["input"][0]}}))
    with pytest.raises(EmbeddingsUnavailable) as raised:
        ServerEmbedder(None, fake.base_url, "words", ["secret words"], ["x"]).embed_question(BUSINESS, "x", 10)
    assert "secret" not in str(raised.value)
