"""Rules mode: answers a turn without a language model, from what the business has entered.

The stage is the most similar one, the fields are those that can be recognised by their schema, and the reply is the
stage's fixed reply. If no stage is similar enough, the message is unclear: the reply is a question, and after a second
unclear message a person answers. Nothing imitates a model: the turn's engine is `rules`, and the trace shows what was
compared.
"""

from typing import TYPE_CHECKING

from message_processing.business_data import BusinessData
from message_processing.engines.rules.field_extraction import find_fields
from message_processing.engines.rules.fixed_replies import FixedReplies
from message_processing.engines.rules.stage_matching import StageMatch, match_stage
from message_processing.engines.rules.texts import CLARIFYING_QUESTIONS
from message_processing.release import Stage
from message_processing.step_outputs import ExtractionOutput, FoundPassage, ResponseOutput, SelectionOutput, StageScore
from message_processing.steps.selection import kept_stage, percent
from message_processing.turn import Outcome, Turn

if TYPE_CHECKING:
    from message_processing.engines.rules.similarity import SimilarityModel

_MAX_EXTRA_WORDS = 4
_DISTINCTIVE = ("pattern", "format")  # how a field was recognised


class RulesEngine(FixedReplies):
    """The rules engine of one turn."""

    name = "rules"
    answers_from_articles = True

    def __init__(self, business_data: BusinessData, similarity_model: "SimilarityModel") -> None:
        super().__init__(business_data)
        self._similarity_model = similarity_model

    def select_stage(self, turn: Turn) -> Outcome:
        """Selects the most similar stage if its margin over the next one is large enough.

        A message that answers a question of the current stage always stays in that stage. So does an unclear message,
        but nothing is extracted from it, and the stage's fixed reply is not sent.
        """
        current, stages = turn.current_stage, turn.release.active_stages
        if len(stages) == 1:
            return self._selected(stages[0], None, "Only one stage is active, so nothing was compared.")
        answered = _answered_fields(turn)
        if answered:
            why = f"the message answers its question for {', '.join(answered)}"
            return self._selected(current, 1.0, kept_stage(turn, why))
        match = match_stage(turn.message, stages, self._similarity_model)
        stage, confidence, reason = _decide(turn, match)
        mentioned = _mentioned_fields(turn) if confidence is None else []
        if mentioned:
            return self._selected(
                current, None, kept_stage(turn, f"the message contains {', '.join(mentioned)}"), match
            )
        return self._selected(stage, confidence, reason, match, unclear=confidence is None)

    def extract_data(self, turn: Turn) -> Outcome:
        """Finds the fields that can be recognised by their schema, but none in an unclear message."""
        if not _is_unclear(turn):
            return super().extract_data(turn)
        missing = [name for name in turn.chosen_stage.required_fields if name not in turn.collected_before]
        output: ExtractionOutput = {"fields": {}, "text": None, "problems": [], "missing": missing}
        return Outcome(output, "The message is unclear, so nothing was extracted.", engine=self.name)

    def generate_response(self, turn: Turn) -> Outcome:
        """Replies as `FixedReplies` does. To an unclear message, with a question; to a second one in a row, by saying
        that a person will answer. The same goes for questions that no article answers, if the stage has no reply."""
        if turn.retrieval is not None and turn.retrieval.get("is_answer"):
            return self._passage(turn.retrieval["passages"][0])
        if not _is_unclear(turn):
            if not _lacks_article(turn):
                return super().generate_response(turn)
            if turn.conversation["last_trouble"] == "lookup_failed":
                return self.person_will_answer(turn, ", because no article answered two messages in a row")
        elif turn.conversation["last_trouble"] == "unclear":
            return self.person_will_answer(turn, ", because two messages in a row were unclear")
        own_text = turn.release.settings.get("clarifying_question")
        return self._own_or_shipped(turn, own_text, CLARIFYING_QUESTIONS, "clarifying question")

    def _passage(self, passage: FoundPassage) -> Outcome:
        output: ResponseOutput = {
            "reply": passage["text"],
            "source": f'passage of the article "{passage["title"]}"',
            "needs_person": False,
            "articles": [passage["article_id"]],
        }
        return Outcome(output, f"Sent the {output['source']}.", engine=self.name)

    def _selected(
        self,
        stage: Stage,
        confidence: float | None,
        reason: str,
        match: StageMatch | None = None,
        unclear: bool = False,
    ) -> Outcome:
        output: SelectionOutput = {
            "stage_id": stage.stage_id,
            "stage_name": stage.stage_name,
            "confidence": confidence,
            "reason": reason,
        }
        if unclear:
            output["unclear"] = True
        if match is not None:
            output["margin"] = match.margin
            output["similarities"] = _stage_scores(match)
        return Outcome(output, reason, engine=self.name)


def _answered_fields(turn: Turn) -> list[str]:
    """Returns the fields of the current stage that the message answers, if it contains little else.

    The message is either only a value, or a missing field's value with few other words ("it's A-10433, thanks").
    """
    if turn.stage_before is None:
        return []
    findings = find_fields(turn.current_stage.extraction_schema, turn.message)
    word_count = len(findings.other_words(turn.message))
    is_missing = not findings.fields.keys().isdisjoint(turn.missing_fields)
    return sorted(findings.fields) if word_count == 0 or (word_count <= _MAX_EXTRA_WORDS and is_missing) else []


def _mentioned_fields(turn: Turn) -> list[str]:
    """Returns the missing fields of the current stage that the message contains among other words, in a form that does
    not occur by chance: an order number, not just any number."""
    if turn.stage_before is None:
        return []
    found = find_fields(turn.current_stage.extraction_schema, turn.message).found
    return [each.field for each in found if each.field in turn.missing_fields and each.by.startswith(_DISTINCTIVE)]


def _lacks_article(turn: Turn) -> bool:
    """Returns whether the stage's look-up found no article, and the stage has no reply for that."""
    retrieval, stage = turn.retrieval, turn.chosen_stage
    if retrieval is None or retrieval["status"] != "not_found" or "passages" not in retrieval:
        return False
    return retrieval["say"] is None and not stage.fixed_reply and not stage.actions


def _is_unclear(turn: Turn) -> bool:
    return turn.selection is not None and turn.selection.get("unclear", False)


def _decide(turn: Turn, match: StageMatch) -> tuple[Stage, float | None, str]:
    """Returns the stage, the confidence and the reason."""
    stage = match.stage
    if stage is None:
        return turn.current_stage, None, kept_stage(turn, "no stage matched the message")
    threshold = turn.release.threshold_of(stage)
    if match.confidence < threshold:
        why = (
            f'"{stage.stage_name}" matched with {percent(match.confidence)}, below the minimum of {percent(threshold)}'
        )
        return turn.current_stage, None, kept_stage(turn, why)
    return stage, match.confidence, f'Matched "{stage.stage_name}" ({percent(match.confidence)}).'


def _stage_scores(match: StageMatch) -> list[StageScore]:
    """Returns the similarity to each stage, highest first."""
    return [
        {
            "stage_name": name,
            "score": round(each.score, 3),
            "nearest": each.closest_sentence,
            "similarity": round(each.similarity, 3),
        }
        for name, each in match.similarities.items()
    ]
