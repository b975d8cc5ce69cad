"""Selects a stage without a model: the one whose name, description and examples are most similar to the message."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from message_processing.release import Stage

if TYPE_CHECKING:
    from message_processing.engines.rules.similarity import SimilarityModel

# The margin at which the confidence is 0.5, the default threshold. Chosen on messages that are neither examples nor
# test data.
MARGIN_FOR_HALF_CONFIDENCE = 0.03
MAX_SENTENCES = 600  # per business, divided among its stages
_MIN_SHARE_OF_BEST = 0.5  # of the score of the most similar stage: examples of other stages would only confuse
_CLEARLY_UNRELATED = 0.2  # how much higher the score of unrelated sentences is than that of the best stage
_NUMBER = re.compile(r"(?<!\S)\d+(?:[.,]\d+)*(?=[.,;:!?]*(?:\s|$))")  # on its own, unlike a date or part of a code
_CODE = re.compile(r"(?<!\S)(?=\S*[^\W\d])(?=\S*\d)[\w-]+")  # letters and digits


@dataclass(frozen=True)
class StageSimilarity:
    """How similar a message is to a stage.

    `score` is about 1 for one of the stage's own sentences and 0 for those of another stage. `closest_sentence` is the
    most similar sentence (None for the group of unrelated sentences), `similarity` its similarity from -1 to 1.
    """

    score: float
    closest_sentence: str | None
    similarity: float


@dataclass(frozen=True)
class StageMatch:
    """The most similar stage, None if the message is most similar to sentences that belong to no stage.

    `margin` is the difference between the two highest scores, from which `confidence` is derived. `similarities` has
    the highest score first; its keys are stage names, and None for no stage.
    """

    stage: Stage | None
    confidence: float
    margin: float
    similarities: dict[str | None, StageSimilarity]


def match_stage(message: str, stages: tuple[Stage, ...], similarity_model: "SimilarityModel") -> StageMatch:
    """Compares the message with each stage."""
    groups, masked_groups = _groups_of(stages)
    results = similarity_model.compare(_mask_codes(_without_numbers(message)), masked_groups)
    similarities = [
        StageSimilarity(score, group[index] if group else None, similarity)
        for (score, index, similarity), group in zip(results, [*groups, None], strict=True)
    ]
    ranking = sorted(range(len(similarities)), key=lambda index: -similarities[index].score)
    margin = similarities[ranking[0]].score - similarities[ranking[1]].score
    names = [*(stage.stage_name for stage in stages), None]
    return StageMatch(
        stage=stages[ranking[0]] if ranking[0] < len(stages) else None,
        confidence=round(margin / (margin + MARGIN_FOR_HALF_CONFIDENCE), 3),
        margin=round(margin, 3),
        similarities={names[index]: similarities[index] for index in ranking},
    )


def nearest_examples(
    message: str, stages: tuple[Stage, ...], similarity_model: "SimilarityModel", count: int
) -> list[tuple[Stage, str]]:
    """Returns example messages that are similar to the message, the most similar first: half of them of the most
    similar stage, then of other stages that are about as similar. None of them if it clearly belongs to no stage."""
    groups, masked_groups = _groups_of(stages)
    *ranked, (unrelated, _) = similarity_model.rank(_mask_codes(_without_numbers(message)), masked_groups)
    best = max(score for score, _ in ranked)
    if unrelated - best > _CLEARLY_UNRELATED:
        return []
    close = [at for at, (score, _) in enumerate(ranked) if score >= best * _MIN_SHARE_OF_BEST]
    found: list[tuple[Stage, str]] = []
    for at in sorted(close, key=lambda at: -ranked[at][0]):
        examples = [groups[at][index] for index in ranked[at][1] if groups[at][index] in stages[at].example_messages]
        is_only = len(close) == 1
        found += [(stages[at], each) for each in examples[: count if is_only else max(1, (count - len(found)) // 2)]]
        if len(found) >= count:
            break
    return found


def is_unrelated(message: str, stages: tuple[Stage, ...], similarity_model: "SimilarityModel") -> bool:
    """Returns whether the message clearly belongs to no stage."""
    similarities = match_stage(message, stages, similarity_model).similarities
    best = max(each.score for name, each in similarities.items() if name is not None)
    return similarities[None].score - best > _CLEARLY_UNRELATED


def _groups_of(stages: tuple[Stage, ...]) -> tuple[list[list[str]], list[list[str]]]:
    """Returns the sentences of each stage, and the same without codes."""
    groups = [sentences_of(stage, max(5, MAX_SENTENCES // len(stages))) for stage in stages]
    return groups, [[_mask_codes_cached(sentence) for sentence in group] for group in groups]


def _without_numbers(message: str) -> str:
    """Removes numbers. They would make a message similar to stages whose examples contain codes, such as orders."""
    text = _NUMBER.sub("", message)
    return text if re.search(r"\w", text) else message


def _mask_codes(text: str) -> str:
    """Replaces codes and numbers. Their exact value says nothing about the stage and would outweigh other words."""
    return re.sub(r"\d", "0", _CODE.sub("A0", text))


@lru_cache(4_000)
def _mask_codes_cached(sentence: str) -> str:
    """Caches the sentences of stages, which every message is compared with. Messages are not cached."""
    return _mask_codes(sentence)


def sentences_of(stage: Stage, limit: int) -> list[str]:
    """Returns the name, the description, both together, and as many examples as the limit allows."""
    name, description = stage.stage_name, stage.stage_description
    described = [name, description, f"{name}: {description}"] if description.strip() else [name]
    return [*described, *stage.example_messages[: limit - len(described)]]
