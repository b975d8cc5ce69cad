"""Whether a message is close to the stage that its conversation is in, so that it will probably stay there, and which
examples of stages are close to it."""

import math
import threading
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from core.concurrency import run_in_thread
from core.shared_words import MAX_CHARACTERS, stems
from message_processing.engines.rules.stage_matching import (
    MAX_SENTENCES,
    is_unrelated,
    match_stage,
    nearest_examples,
    sentences_of,
)
from message_processing.release import Stage
from message_processing.turn import Turn

if TYPE_CHECKING:
    from message_processing.engines.rules.similarity import SimilarityModel

_MAX_STAGE_CHARACTERS = 60_000  # of all stages of a business together


class Closeness:
    """Compares messages with stages: first by their words, which costs next to nothing. If these do not decide it, the
    embedding model of rules mode does, where it is installed."""

    def __init__(self, load_model: Callable[[], "SimilarityModel | None"] = lambda: None) -> None:
        """`load_model` is called when the model is first needed, and returns None if it is not installed."""
        self._load_model = load_model
        self._lock = threading.Lock()
        self._is_loaded = False
        self._model: SimilarityModel | None = None

    def is_close(self, turn: Turn) -> bool:
        """Returns whether no other active stage is closer to the message than the current one."""
        stages, current = turn.release.active_stages, turn.current_stage
        if len(stages) == 1 or closest_by_words(turn.message, stages) == current:
            return True
        model = self._loaded_model()
        if model is None:
            return False
        similarities = match_stage(turn.message, stages, model).similarities
        scores = {name: each.score for name, each in similarities.items() if name is not None}
        return max(scores, key=lambda name: scores[name]) == current.stage_name

    def examples(self, message: str, stages: tuple[Stage, ...], count: int) -> list[tuple[Stage, str]] | None:
        """Returns the example messages of the stages that are closest to the message, the closest first: by their
        meaning where the embedding model is installed, otherwise by their words. None if the words say nothing."""
        model = self._loaded_model()
        if model is not None:
            return nearest_examples(message, stages, model, count)
        return closest_examples_by_words(message, stages, count) or None

    def is_unrelated(self, turn: Turn) -> bool:
        """Returns whether the message clearly belongs to no active stage. False without the embedding model, because
        words do not tell."""
        model = self._loaded_model()
        return model is not None and is_unrelated(turn.message, turn.release.active_stages, model)

    def _loaded_model(self) -> "SimilarityModel | None":
        with self._lock:
            if not self._is_loaded:
                self._model, self._is_loaded = run_in_thread(self._load_model), True
        return self._model


def closest_examples_by_words(message: str, stages: tuple[Stage, ...], count: int) -> list[tuple[Stage, str]]:
    """Returns the example messages that share most with the message, in relation to their length. Those that share
    nothing are left out."""
    length = _MAX_STAGE_CHARACTERS // len(stages)
    per_stage = max(5, MAX_SENTENCES // len(stages))
    examples = [(stage, each[:length]) for stage in stages for each in stage.example_messages[:per_stage]]
    if not examples:
        return []
    words_of, weights = run_in_thread(_vocabulary, tuple(example for _, example in examples))
    words = stems(message[:MAX_CHARACTERS])
    scores = [sum(weights[word] for word in words & own) / (1 + len(own | words)) for own in words_of]
    order = sorted(range(len(examples)), key=lambda index: -scores[index])
    return [examples[index] for index in order[:count] if scores[index] > 0]


def closest_by_words(message: str, stages: tuple[Stage, ...]) -> Stage | None:
    """Returns the stage whose name, description and examples share most with the message.

    Words that fewer stages use count more. Returns None if several stages share equally much, or none anything.
    """
    length, count = _MAX_STAGE_CHARACTERS // len(stages), max(5, MAX_SENTENCES // len(stages))
    texts = tuple("\n".join(each[:length] for each in sentences_of(stage, count))[:length] for stage in stages)
    words_of, weights = run_in_thread(_vocabulary, texts)  # long texts would delay other requests
    words = stems(message[:MAX_CHARACTERS])
    scores = [sum(weights[word] for word in words & own) for own in words_of]
    best = max(scores)
    return stages[scores.index(best)] if best and scores.count(best) == 1 else None


@lru_cache(256)
def _vocabulary(texts: tuple[str, ...]) -> tuple[tuple[frozenset[str], ...], dict[str, float]]:
    """Returns the words of each text, and the weight of each word: 0 if all texts contain it."""
    words_of = tuple(map(stems, texts))
    used_by = Counter(word for words in words_of for word in words)
    return words_of, {word: math.log(len(texts) / count) for word, count in used_by.items()}
