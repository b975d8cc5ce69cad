"""Embeddings of texts: vectors that are close to each other if the texts mean the same."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

Vector = Sequence[float]
"""A vector of length 1."""


class EmbeddingsUnavailable(Exception):
    """The model did not compute them. The text says why, without the texts. Full-text search still works."""


class Embedder(Protocol):
    """Computes embeddings with one model, whose `name` is stored with them.

    Both methods take at most `seconds`, and raise EmbeddingsUnavailable.
    """

    name: str

    def embed_question(self, business_id: UUID, text: str, seconds: float) -> Vector:
        """The embedding of a customer's question."""
        ...

    def embed_passages(self, business_id: UUID, texts: Sequence[str], seconds: float) -> list[Vector]:
        """The embeddings of passages of articles."""
        ...
