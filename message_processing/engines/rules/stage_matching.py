"""Which stage a message belongs to without a model: the one whose name, description and examples are nearest."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from message_processing.release import Stage

# The lead over the next at which the confidence is 0.5, what a stage asks for where it names no threshold of its own.
# Chosen on messages that are neither examples nor tests.
EVEN_LEAD = 0.03
_CODE = re.compile(r"(?<!\S)(?=\S*[^\W\d])(?=\S*\d)[\w-]+")  # letters and digits
MOST_SENTENCES = 600  # of a business, shared out among its stages


@dataclass(frozen=True)
class Likeness:
    """How much a message is like a group of sentences: about 1 for one of its own, 0 for one of another's; and the
    nearest of the sentences (None: one that is of no business), with its similarity from -1 to 1."""

    score: float
    nearest: str | None
    similarity: float


class Comparison(Protocol):
    """What `sentences.Sentences` does."""

    def compare(self, message: str, groups: Sequence[Sequence[str]]) -> Sequence[tuple[float, int, float]]:
        """For each group, and at last for sentences that are of no business: the score, the place of the nearest
        sentence in the group, and its similarity. See Likeness."""
        ...


@dataclass(frozen=True)
class Nearest:
    """`stage` is None where the message is most like no stage; `margin` is the lead over the next, of which
    `confidence` is made; `likenesses` by the stage's name, None for no stage."""

    stage: Stage | None
    confidence: float
    margin: float
    likenesses: dict[str | None, Likeness]


def find_nearest(message: str, stages: tuple[Stage, ...], sentences: Comparison) -> Nearest:
    most = max(5, MOST_SENTENCES // len(stages))
    groups = [_sentences_of(stage, most) for stage in stages]
    compared = sentences.compare(_alike(message), [list(map(_alike_again, group)) for group in groups])
    found = [
        Likeness(score, group[place] if group else None, similarity)
        for (score, place, similarity), group in zip(compared, [*groups, None], strict=True)
    ]
    order = sorted(range(len(found)), key=lambda index: -found[index].score)
    margin = found[order[0]].score - found[order[1]].score
    names = [*(stage.stage_name for stage in stages), None]
    return Nearest(
        stage=stages[order[0]] if order[0] < len(stages) else None,
        confidence=round(margin / (margin + EVEN_LEAD), 3),
        margin=round(margin, 3),
        likenesses={names[index]: found[index] for index in order},
    )


def _alike(text: str) -> str:
    """Which code or number it is says nothing about the stage, and would outweigh the few words around it."""
    return re.sub(r"\d", "0", _CODE.sub("A0", text))


@lru_cache(4_000)
def _alike_again(sentence: str) -> str:
    """Of a stage's sentence, which each message is compared with; a message is not remembered."""
    return _alike(sentence)


def _sentences_of(stage: Stage, most: int) -> list[str]:
    """Name, description, both together, and the examples, as many as fit."""
    name, description = stage.stage_name, stage.stage_description
    described = [name, description, f"{name}: {description}"] if description.strip() else [name]
    return [*described, *stage.example_messages[: most - len(described)]]
