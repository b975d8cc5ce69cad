"""Rules mode: a turn without a language model, from what the business has written down. (SPEC 8)

The stage is the nearest one, the facts are those that can be told by their form, the reply is the stage's fixed reply.
Nothing pretends to be a model: the turn's engine is `rules`, and the trace shows what was compared and found.
"""

from typing import Any

from message_processing.business_data import BusinessData
from message_processing.engines.rules.field_extraction import find_fields
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.engines.rules.stage_matching import Comparison, Nearest, find_nearest
from message_processing.release import Stage
from message_processing.turn import Outcome, Shown, Turn

_FEW_WORDS = 3


class RulesEngine(FixedReplies):
    """The engine of one turn."""

    name = "rules"

    def __init__(self, business_data: BusinessData, sentences: Comparison) -> None:
        super().__init__(business_data)
        self._sentences = sentences

    def select_stage(self, turn: Turn) -> Outcome:
        """The nearest stage, where the lead over the next makes it sure enough; else the conversation stays. A message
        that answers what the present stage asks for belongs to that stage, whatever it is like."""
        standing, stages = turn.current_stage, turn.release.active_stages
        if len(stages) == 1:
            return self._selected(stages[0], None, "There is one active stage, so there was nothing to compare.", {})
        answered = _answers_of(turn)
        if answered:
            why = f'The message says {", ".join(answered)}, for which "{standing.stage_name}" asks, so it stays.'
            return self._selected(standing, 1.0, why, {})
        nearest = find_nearest(turn.message, stages, self._sentences)
        stage, confidence, why = _decide(turn, nearest)
        return self._selected(stage, confidence, why, _shown(nearest))

    def _selected(self, stage: Stage, confidence: float | None, why: str, shown: dict[str, Any]) -> Outcome:
        output = {"stage_id": stage.stage_id, "stage_name": stage.stage_name, "confidence": confidence, "reason": why}
        return Outcome({**output, **shown}, why, engine=self.name)


class RulesEngines:
    """What a runner without a model is given."""

    def __init__(self, sentences: Comparison) -> None:
        self._sentences = sentences

    def for_turn(self, business_data: BusinessData, _shown: Shown) -> RulesEngine:
        return RulesEngine(business_data, self._sentences)

    def summarise(self, _business_data: BusinessData, _turn: Turn, _rows: list[dict[str, Any]]) -> None:
        """Rules write no summaries."""

    def close(self) -> None:
        """Nothing is held."""


def _answers_of(turn: Turn) -> list[str]:
    """The fields of the present stage that the message is nothing but an answer to: not a word beside a value, or a
    few ("it's A-10433, thanks") where the stage still misses the field."""
    if turn.stage_before is None:
        return []
    said = find_fields(turn.current_stage.extraction_schema, turn.message)
    words = len(said.rest_of(turn.message))
    is_answer = words == 0 or (words <= _FEW_WORDS and not said.fields.keys().isdisjoint(turn.missing_fields))
    return sorted(said.fields) if is_answer else []


def _decide(turn: Turn, nearest: Nearest) -> tuple[Stage, float | None, str]:
    standing, stage = turn.current_stage, nearest.stage
    stays = f'"{standing.stage_name}" {"stays" if turn.stage_before else "begins"}'
    if stage is None:
        return standing, None, f"The message is most like what belongs to no stage, so {stays}."
    threshold = turn.release.threshold_of(stage)
    lead = f"by a margin of {nearest.margin:g}: confidence {nearest.confidence:g}"
    if nearest.confidence < threshold:
        return standing, None, f'"{stage.stage_name}" is nearest, {lead}, under {threshold:g}, so {stays}.'
    return stage, nearest.confidence, f'"{stage.stage_name}" is nearest, {lead}.'


def _shown(nearest: Nearest) -> dict[str, Any]:
    """For the trace: every stage with its likeness, the nearest first."""
    return {
        "margin": nearest.margin,
        "similarities": [
            {
                "stage_name": name,
                "score": round(likeness.score, 3),
                "nearest": likeness.nearest,
                "similarity": round(likeness.similarity, 3),
            }
            for name, likeness in nearest.likenesses.items()
        ],
    }
