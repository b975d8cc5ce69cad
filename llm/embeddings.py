"""Embeddings from the `/embeddings` of the model server."""

import json
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from core.circuit_breaker import COOL_DOWN, CircuitBreaker
from core.embeddings import Calibration, EmbeddingsUnavailable, Vector
from core.limited_log import LimitedLog
from llm.client import OPENAI_URL
from llm.failures import REQUEST_ERRORS, RequestFailed, classify
from llm.types import EmbeddingCall
from llm.usage import Usage
from llm.wire import ModelServer

logger = logging.getLogger(__name__)

OPENAI_MODEL = "text-embedding-3-small"
_MAX_RESPONSE_BYTES = 16 * 1024 * 1024
_MAX_DIMENSIONS = 8_192


class ServerEmbedder:
    """An `Embedder` that calls the platform's model server. A server that is down is not called for a while."""

    is_local = False

    def __init__(
        self,
        api_key: str | None,
        base_url: str | None,
        model: str,
        unrelated: Sequence[str],
        usual_questions: Sequence[str],
        cool_down: float = COOL_DOWN,
        record: Callable[[UUID, EmbeddingCall], None] = lambda _business_id, _call: None,
    ) -> None:
        """Without a base URL, OpenAI is called. `unrelated` and `usual_questions` calibrate the embeddings; they are
        sent with the first request. `cool_down` is that of the circuit breaker. `record` is called after each request
        for a business."""
        self.name = model
        self._server = ModelServer(api_key or "none", base_url or OPENAI_URL, path="embeddings")
        self._reference_texts = unrelated, usual_questions
        self._calibration: Calibration | None = None
        self._circuit_breaker = CircuitBreaker("model", {"model": model}, cool_down)
        self._record = record
        self._log = LimitedLog(logger)

    def embed_question(self, business_id: UUID, text: str, seconds: float) -> Vector:
        """The embedding of a customer's question."""
        calibration = self._calibrated(business_id, seconds)
        return calibration.of_question(self._embed(business_id, [text], seconds)[0])

    def embed_passages(self, business_id: UUID, texts: Sequence[str], seconds: float) -> list[Vector]:
        """The embeddings of passages of articles."""
        calibration = self._calibrated(business_id, seconds)
        return [calibration.of_passage(vector) for vector in self._embed(business_id, texts, seconds)]

    def _embed(self, business_id: UUID, texts: Sequence[str], seconds: float) -> list[list[float]]:
        """The vectors of texts of a business, which pays for them."""
        created_at, started_at = datetime.now(UTC), time.monotonic()
        vectors, usage = self._request(business_id, texts, seconds)
        latency_ms = round((time.monotonic() - started_at) * 1000)
        self._record(business_id, EmbeddingCall(self.name, len(texts), usage, latency_ms, created_at))
        return vectors

    def _calibrated(self, business_id: UUID, seconds: float) -> Calibration:
        if self._calibration is None:
            unrelated, usual_questions = self._reference_texts
            vectors, _ = self._request(business_id, [*unrelated, *usual_questions], seconds)
            self._calibration = Calibration(vectors[: len(unrelated)], vectors[len(unrelated) :])
        return self._calibration

    def _request(self, business_id: UUID, texts: Sequence[str], seconds: float) -> tuple[list[list[float]], Usage]:
        permit = self._circuit_breaker.admit(seconds, str(business_id))
        if permit is None:
            raise EmbeddingsUnavailable("the server is not called because it is down")
        body: dict[str, Any] = {"model": self.name, "input": list(texts), "encoding_format": "float"}
        failure: RequestFailed | None = None
        try:
            received = self._receive(body, seconds)
        except REQUEST_ERRORS as error:
            messages = [{"role": "user", "content": text} for text in texts]  # which the error may repeat
            failure = classify(error, {"messages": messages})
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


def _read_vectors(received: bytes, count: int) -> tuple[list[list[float]], Usage]:
    """The vectors of a response, and the tokens of the texts."""
    try:
        document = json.loads(received)
        rows = sorted(document["data"], key=lambda row: int(row.get("index", 0)))
        vectors = [[float(value) for value in row["embedding"]] for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise EmbeddingsUnavailable("the response has another format") from None
    if len(vectors) != count or len({len(vector) for vector in vectors}) != 1 or len(vectors[0]) > _MAX_DIMENSIONS:
        raise EmbeddingsUnavailable("the response has not one vector per text")
    prompt_tokens = Usage().updated(document.get("usage")).prompt_tokens
    return vectors, Usage(prompt_tokens, None if prompt_tokens is None else 0)
