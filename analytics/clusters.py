"""Groups similar questions, by the words that they have in common.

The more questions contain a word, the less it says. Two questions are similar if their weighted words have a cosine of
at least MIN_SIMILARITY. The questions that were asked most often come first, and each of the others joins the most
similar first one, or becomes the first one of a new group.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import log, sqrt

from core.shared_words import stems

MIN_SIMILARITY = 0.5

Weights = dict[str, float]


def cluster(questions: Sequence[str]) -> list[list[int]]:
    """The indices of similar questions, as groups. `questions` are in the order in which they become the first one."""
    vectors = _weigh([stems(question) for question in questions])
    groups: list[list[int]] = []
    with_word: defaultdict[str, list[int]] = defaultdict(list)  # the groups whose first question has the word
    for index, vector in enumerate(vectors):
        scores: defaultdict[int, float] = defaultdict(float)
        for word, weight in vector.items():
            for number in with_word[word]:
                scores[number] += weight * vectors[groups[number][0]][word]
        best = max(scores, key=lambda number: (scores[number], -number), default=None)
        if best is not None and scores[best] >= MIN_SIMILARITY:
            groups[best].append(index)
            continue
        for word in vector:
            with_word[word].append(len(groups))
        groups.append([index])
    return groups


def _weigh(words_of: Sequence[frozenset[str]]) -> list[Weights]:
    """The words of each question with their weights, whose squares have the sum 1."""
    count = Counter(word for words in words_of for word in words)
    weight = {word: log(1 + len(words_of) / number) for word, number in count.items()}
    vectors = []
    for words in words_of:
        length = sqrt(sum(weight[word] ** 2 for word in words))
        vectors.append({word: weight[word] / length for word in sorted(words)})
    return vectors
