"""Which texts share words with a message."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from core.concurrency import run_in_thread

MAX_CHARACTERS = 2_000  # of a message
_MIN_WORD_LENGTH = 3
_STEM_LENGTH = 5  # "order", "orders" and "ordered" count as the same word
_UNSPACED = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff"  # Thai, Japanese and Chinese write no spaces between words
_PAIR = re.compile(rf"(?=([{_UNSPACED}]{{2}}))")
_WORD = re.compile(rf"[^\W\d_{_UNSPACED}]{{{_MIN_WORD_LENGTH},}}")


def stems(text: str) -> frozenset[str]:
    """Returns the beginnings of the words in the text, and pairs of characters in scripts without spaces."""
    text = text.casefold()
    return frozenset((*(word[:_STEM_LENGTH] for word in _WORD.findall(text)), *_PAIR.findall(text)))


def closest_texts(message: str, texts: Sequence[str], count: int) -> list[int]:
    """Returns the indices of the texts that share most with the message in relation to their length, the closest first.

    Words that fewer texts contain count more. Texts that share nothing are left out. Nothing is cached, because the
    texts may be those of customers.
    """
    return run_in_thread(_closest_texts, message[:MAX_CHARACTERS], texts, count)


def _closest_texts(message: str, texts: Sequence[str], count: int) -> list[int]:
    words, words_of = stems(message), [stems(text) for text in texts]
    used_by = Counter(word for own in words_of for word in words & own)
    scores = [
        sum(math.log(1 + len(texts) / used_by[word]) for word in words & own) / (1 + len(words | own))
        for own in words_of
    ]
    order = sorted(range(len(texts)), key=lambda index: -scores[index])
    return [index for index in order[:count] if scores[index] > 0]
