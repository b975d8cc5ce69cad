"""Computes the embeddings of passages in the background. Until then, the passages are found by their words."""

from collections.abc import Sequence
from uuid import UUID

from background import jobs
from background.jobs import Continue, Job, Kind, Retry
from core.embeddings import Embedder, EmbeddingsUnavailable
from db import Connection, Database, Row
from repositories import businesses, passages

_BATCH = 8  # passages per transaction
_BATCHES = 20  # until it is the turn of other businesses
_SECONDS = 30.0  # that a batch may take
_MAX_BATCH_NOW = 4  # passages of a short article, which are embedded before it is stored
_SECONDS_NOW = 3.0
_INTERVAL = 3600.0  # seconds between looks for passages of another model


class ArticleEmbedding:
    """The jobs that compute embeddings. Without an embedder there are none."""

    def __init__(self, database: Database, embedder: Embedder | None) -> None:
        self._database = database
        self._embedder = embedder

    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of these jobs, for the runner."""
        return (
            Kind("embed_passages", self._embed_passages, max_attempts=None),
            Kind("find_passages_without_embedding", self._find_businesses, every=_INTERVAL),
        )

    def _embed_passages(self, job: Job) -> None:
        if self._embedder is None:
            return
        for _ in range(_BATCHES):
            with self._database.transaction() as conn:
                if not (self._embedder.is_local or passages.may_leave(conn, job.business_id)):
                    return
                rows = passages.list_without_embedding(conn, job.business_id, self._embedder.name, _BATCH)
            if not rows:
                return
            try:
                vectors = self._embedder.embed_passages(job.business_id, [text_of(row) for row in rows], _SECONDS)
            except EmbeddingsUnavailable as error:
                raise Retry(str(error)) from error
            with self._database.transaction() as conn:
                job.checkpoint(conn)
                passages.set_embeddings(conn, job.business_id, self._embedder.name, rows, vectors)
        raise Continue

    def _find_businesses(self, job: Job) -> None:
        """Add the jobs of businesses whose passages have no embedding of the current model."""
        if self._embedder is None:
            return
        with self._database.transaction() as conn:
            ids = businesses.list_ids(conn)
        for business_id in ids:
            with self._database.transaction() as conn:
                job.checkpoint(conn)
                if passages.list_without_embedding(conn, business_id, self._embedder.name, 1):
                    embed_later(conn, business_id)


def embed_later(conn: Connection, business_id: UUID) -> None:
    """Compute the missing embeddings of the business after the commit. Wake up the runner then."""
    jobs.add(conn, "embed_passages", business_id, {}, unique_key="embed_passages")


def text_of(row: Row) -> str:
    """The text of a passage that is embedded: with its title and heading, because they say what it is about."""
    return "\n".join(filter(None, (row["title"], row["heading"], row["text"])))


def embed_now(embedder: Embedder | None, business_id: UUID, rows: Sequence[Row]) -> Sequence[Sequence[float]] | None:
    """The embeddings of a short article, so that the next question is compared with them. None if it has too many
    passages, or if they cannot be computed now."""
    if embedder is None or len(rows) > _MAX_BATCH_NOW:
        return None
    try:
        return embedder.embed_passages(business_id, [text_of(row) for row in rows], _SECONDS_NOW)
    except EmbeddingsUnavailable:
        return None
