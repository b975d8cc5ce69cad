"""Finds the passages of a business's articles that answer a question.

Full-text search and embeddings each rank the passages, and the two rankings are merged. The score of a passage says how
close it is to the question, so that nothing is claimed if none is. The numbers were chosen on questions that are not
test data.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul
from uuid import UUID

from core.embeddings import Embedder, EmbeddingsUnavailable, Vector
from core.limited_log import LimitedLog
from db import Database, Row
from message_processing.step_outputs import FoundPassage
from repositories import passages

logger = logging.getLogger(__name__)
limited_log = LimitedLog(logger)

DEFAULT_LIMIT = 3  # passages
MIN_SCORE_FOR_PROMPT = 0.4  # a model decides whether the passage answers the question
MIN_SCORE_FOR_REPLY = 0.5
_MAX_QUESTION_CHARACTERS = 1_000
_MAX_CANDIDATES = 50  # of each ranking
_EMBEDDING_SECONDS = 3.0  # that a customer waits for the embedding of a question
# Merging: the place in a ranking counts as 1 / (_RANK_OFFSET + place). Places by words count less, because a question
# in other words shares only unimportant ones with the passage.
_RANK_OFFSET = 3
_WEIGHT_OF_WORDS = 0.5
# Score: similarity, plus the distance to the next article, plus a part for words.
_BACKGROUND = 0.1  # what unrelated texts are similar at most; counts as the next article if there is none
_SHARE_OF_WORDS = 0.2
_SUM_FOR_REPLY = 0.47
_CLOSE_COVERAGE = 0.3  # without an embedding model, the share of a question's words that is enough for a prompt

Key = tuple[UUID, int]


@dataclass
class _Candidate:
    row: Row
    coverage: float  # of the question, by words
    place_by_words: int | None
    similarity: float | None  # None: without an embedding
    place_by_similarity: int | None = None

    @property
    def merged(self) -> float:
        by_words = 0.0 if self.place_by_words is None else self.coverage / (_RANK_OFFSET + self.place_by_words)
        is_embedded = self.place_by_similarity is not None
        by_similarity = 1 / (_RANK_OFFSET + (self.place_by_similarity or 0)) if is_embedded else 0.0
        return by_similarity + by_words * (_WEIGHT_OF_WORDS if is_embedded else 1)


class KnowledgeSearch:
    """Searches the articles of all businesses; without an embedder only by words."""

    def __init__(self, database: Database, embedder: Embedder | None) -> None:
        self._database = database
        self.embedder = embedder  # see `embedder_of`

    def embedder_of(self, business_id: UUID) -> Embedder | None:
        """Returns the embedder for texts of the business, None if there is none that may receive them."""
        if self.embedder is None or self.embedder.is_local:
            return self.embedder
        with self._database.statement() as conn:
            return self.embedder if passages.may_leave(conn, business_id) else None

    def find(self, business_id: UUID, question: str, limit: int = DEFAULT_LIMIT) -> list[FoundPassage]:
        """Returns the best passages of valid articles, the best first, including those that are not close. Empty if
        nothing has been written. No connection may be held: the embedding may come from another server."""
        question = question[:_MAX_QUESTION_CHARACTERS]
        with self._database.statement() as conn:
            if not question.strip() or not passages.has_passages(conn, business_id):
                return []
        embedder = self.embedder_of(business_id)
        vector = _embed(embedder, business_id, question)
        model = embedder.name if embedder and vector else None
        with self._database.read_only() as conn:
            by_words = passages.search_words(conn, business_id, question, _MAX_CANDIDATES)
            similar: list[Key] = []
            if vector is not None and model is not None:
                similar = passages.search_similar(conn, business_id, model, vector, _MAX_CANDIDATES)
            keys = dict.fromkeys([*((row["article_id"], row["number"]) for row in by_words), *similar])
            rows = passages.get_passages(conn, business_id, list(keys), model) if keys else []
        return _ranked(rows, by_words, vector, limit, has_embedder=embedder is not None)


def _embed(embedder: Embedder | None, business_id: UUID, question: str) -> Vector | None:
    if embedder is None:
        return None
    try:
        return embedder.embed_question(business_id, question, _EMBEDDING_SECONDS)
    except EmbeddingsUnavailable as error:
        limited_log.warning("question not embedded", str(error), cause=str(error))
        return None


def _ranked(
    rows: Sequence[Row], by_words: Sequence[Row], vector: Vector | None, limit: int, has_embedder: bool
) -> list[FoundPassage]:
    places = {(row["article_id"], row["number"]): place for place, row in enumerate(by_words)}
    candidates = []
    for row in rows:
        place = places.get((row["article_id"], row["number"]))
        coverage = 0.0 if place is None else float(by_words[place]["coverage"])
        similarity = sum(map(mul, row["vector"], vector)) if row["vector"] and vector else None
        candidates.append(_Candidate(row, coverage, place, similarity))
    embedded = [each for each in candidates if each.similarity is not None]
    for place, each in enumerate(sorted(embedded, key=_similarity, reverse=True)):
        each.place_by_similarity = place
    lead = _lead(embedded)
    best = sorted(candidates, key=lambda each: (-each.merged, each.row["article_id"], each.row["number"]))[:limit]
    found: list[FoundPassage] = []
    for each in best:
        score = _score(each, lead, has_embedder)
        found.append(
            {
                "article_id": str(each.row["article_id"]),
                "title": each.row["title"],
                "heading": each.row["heading"],
                "text": each.row["text"],
                "score": round(score, 3),
                "is_close": score >= MIN_SCORE_FOR_PROMPT,
            }
        )
    return found


def _lead(embedded: Sequence[_Candidate]) -> float:
    """How much more similar the most similar article is than the next one: a question that no article answers is
    similar to several."""
    best_of: dict[UUID, float] = {}
    for each in embedded:
        best_of[each.row["article_id"]] = max(_similarity(each), best_of.get(each.row["article_id"], -1.0))
    best, *others = [*sorted(best_of.values(), reverse=True), _BACKGROUND]
    return max(0.0, best - max(others, default=_BACKGROUND))


def _similarity(candidate: _Candidate) -> float:
    return -1.0 if candidate.similarity is None else candidate.similarity


def _score(candidate: _Candidate, lead: float, has_embedder: bool) -> float:
    if candidate.similarity is not None:
        total = candidate.similarity + lead + _SHARE_OF_WORDS * candidate.coverage
        score = MIN_SCORE_FOR_REPLY + total - _SUM_FOR_REPLY
    elif has_embedder:  # until the embedding is computed, or while the model does not answer
        score = candidate.coverage
    else:
        score = MIN_SCORE_FOR_PROMPT * candidate.coverage / _CLOSE_COVERAGE
    return min(1.0, max(0.0, score))
