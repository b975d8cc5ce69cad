"""Embeddings from the `/embeddings` of the model server."""

import json
import logging
import math
from collections.abc import Sequence
from contextlib import closing
from typing import Any
from uuid import UUID

from core.circuit_breaker import COOL_DOWN, CircuitBreaker
from core.embeddings import EmbeddingsUnavailable, Vector
from core.limited_log import LimitedLog
from llm.client import OPENAI_URL
from llm.failures import REQUEST_ERRORS, RequestFailed, classify
from llm.wire import ModelServer

logger = logging.getLogger(__name__)

OPENAI_MODEL = "text-embedding-3-small"
_MAX_RESPONSE_BYTES = 16 * 1024 * 1024
_MAX_DIMENSIONS = 8_192


class ServerEmbedder:
    """An `Embedder` that calls the platform's model server. A server that is down is not called for a while.

    The mean of unrelated sentences is subtracted from all vectors, because with many models all texts are similar to
    each other.
    """

    def __init__(
        self,
        api_key: str | None,
        base_url: str | None,
        model: str,
        unrelated: Sequence[str],
        cool_down: float = COOL_DOWN,
    ) -> None:
        """Without a base URL, OpenAI is called. `cool_down` is that of the circuit breaker."""
        self.name = model
        self._server = ModelServer(api_key or "none", base_url or OPENAI_URL, path="embeddings")
        self._unrelated = list(unrelated)
        self._mean: list[float] | None = None
        self._circuit_breaker = CircuitBreaker("model", {"model": model}, cool_down)
        self._log = LimitedLog(logger)

    def embed_question(self, business_id: UUID, text: str, seconds: float) -> Vector:
        """The embedding of a customer's question."""
        return self.embed_passages(business_id, [text], seconds)[0]

    def embed_passages(self, business_id: UUID, texts: Sequence[str], seconds: float) -> list[Vector]:
        """The embeddings of passages of articles."""
        if self._mean is None:
            vectors = self._request(business_id, self._unrelated, seconds)
            self._mean = [sum(values) / len(vectors) for values in zip(*vectors, strict=True)]
        mean = self._mean
        vectors = self._request(business_id, texts, seconds)
        if any(len(vector) != len(mean) for vector in vectors):
            raise EmbeddingsUnavailable("the number of dimensions has changed")
        return [_scaled([value - middle for value, middle in zip(each, mean, strict=True)]) for each in vectors]

    def _request(self, business_id: UUID, texts: Sequence[str], seconds: float) -> list[list[float]]:
        permit = self._circuit_breaker.admit(seconds, str(business_id))
        if permit is None:
            raise EmbeddingsUnavailable("the server is not called because it is down")
        body: dict[str, Any] = {"model": self.name, "input": list(texts), "encoding_format": "float"}
        failure: RequestFailed | None = None
        try:
            received = self._receive(body, seconds)
        except REQUEST_ERRORS as error:
            failure = classify(error, body)
            self._log.warning("embedding failed", self.name, failure.error, model=self.name, cause=failure.error)
            raise EmbeddingsUnavailable(failure.error) from None  # the error may contain the texts
        finally:
            if failure is not None and failure.is_outage:
                self._circuit_breaker.record_failure(permit, failure.error)
            else:
                self._circuit_breaker.record_success(permit)
        return _read_vectors(received, len(texts))

    def _receive(self, body: dict[str, Any], seconds: float) -> bytes:
        received = bytearray()
        with closing(self._server.send(body, seconds)) as response:
            for chunk in response:
                received += chunk
                if len(received) > _MAX_RESPONSE_BYTES:
                    raise EmbeddingsUnavailable("the response is too large")
        return bytes(received)


def _read_vectors(received: bytes, count: int) -> list[list[float]]:
    """The vectors of a response, scaled to length 1."""
    try:
        rows = sorted(json.loads(received)["data"], key=lambda row: int(row.get("index", 0)))
        vectors = [[float(value) for value in row["embedding"]] for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise EmbeddingsUnavailable("the response has another format") from None
    if len(vectors) != count or len({len(vector) for vector in vectors}) != 1 or len(vectors[0]) > _MAX_DIMENSIONS:
        raise EmbeddingsUnavailable("the response has not one vector per text")
    return [_scaled(vector) for vector in vectors]


def _scaled(vector: list[float]) -> list[float]:
    length = math.hypot(*vector)
    if not 0 < length < math.inf:
        raise EmbeddingsUnavailable("a vector has no length")
    return [value / length for value in vector]
