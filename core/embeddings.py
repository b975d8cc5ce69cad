"""Embeddings of texts: vectors whose scalar product is large if the texts mean the same."""

import math
from collections.abc import Sequence
from operator import mul
from typing import Protocol
from uuid import UUID

Vector = Sequence[float]

_USUAL = 20  # questions that a passage is compared with
_WEIGHT_OF_USUAL = 0.5


class EmbeddingsUnavailable(Exception):
    """The model did not compute them. The text says why, without the texts. Full-text search still works."""


class Embedder(Protocol):
    """Computes embeddings with one model, whose `name` is stored with them. `is_local` is whether it runs in this
    process.

    Both methods take at most `seconds`, and raise EmbeddingsUnavailable.
    """

    name: str
    is_local: bool

    def embed_question(self, business_id: UUID, text: str, seconds: float) -> Vector:
        """The embedding of a customer's question."""
        ...

    def embed_passages(self, business_id: UUID, texts: Sequence[str], seconds: float) -> list[Vector]:
        """The embeddings of passages of articles."""
        ...


class Calibration:
    """Makes the vectors of any model comparable.

    With many models, all texts are similar to each other: so the mean of unrelated sentences is subtracted. Some
    passages are similar to all questions: so the similarity to usual questions is subtracted too, with one more
    dimension.
    """

    def __init__(self, unrelated: Sequence[Vector], usual_questions: Sequence[Vector]) -> None:
        self._mean = [sum(values) / len(unrelated) for values in zip(*unrelated, strict=True)]
        self._usual_questions = [self._centred(vector) for vector in usual_questions]

    def of_question(self, vector: Vector) -> Vector:
        """The embedding of a question, from the vector of the model."""
        return [*self._centred(vector), 1.0]

    def of_passage(self, vector: Vector) -> Vector:
        """The embedding of a passage, from the vector of the model."""
        centred = self._centred(vector)
        similarities = sorted((sum(map(mul, centred, each)) for each in self._usual_questions), reverse=True)[:_USUAL]
        return [*centred, -_WEIGHT_OF_USUAL * sum(similarities) / len(similarities)]

    def _centred(self, vector: Vector) -> list[float]:
        """Raises EmbeddingsUnavailable if the vector has another number of dimensions, or no length."""
        if len(vector) != len(self._mean):
            raise EmbeddingsUnavailable("the number of dimensions has changed")
        difference = [value - middle for value, middle in zip(vector, self._mean, strict=True)]
        length = math.hypot(*difference)
        if not 0 < length < math.inf:
            raise EmbeddingsUnavailable("a vector has no length")
        return [value / length for value in difference]
