"""When a person takes over from the assistant at the end of a turn, and why.

The first of these reasons counts. The second, third and sixth can be switched on or off in the setting `handover`:

1. `stage`: the responsible agent of the stage is human.
2. `keyword`: the message contains one of the `keywords`. Then no model is asked: the reply says that a person will
   answer (`engines/rules/person_requested.py`).
3. `low_confidence`, `lookup_failed` or `unclear`: the turn has the same trouble as the previous one.
4. `action` or `action_failed`: an action hands over, or has failed and then hands over.
5. `budget`: the budget is used up, and the reply says that a person will answer.
6. `needs_person`: the reply says that a person will answer.
"""

import unicodedata
from collections.abc import Iterable
from typing import Literal

from message_processing.actions.results import hand_over_reason
from message_processing.business_settings import HandoverSettings
from message_processing.turn import Turn

Trouble = Literal["low_confidence", "lookup_failed", "unclear"]
Reason = Literal[
    "stage",
    "keyword",
    "low_confidence",
    "lookup_failed",
    "unclear",
    "action",
    "action_failed",
    "budget",
    "needs_person",
]

# After two unclear messages, rules mode says that a person will answer. So the same setting applies.
_SETTINGS: dict[Trouble, Literal["low_confidence", "failed_lookups", "needs_person"]] = {
    "low_confidence": "low_confidence",
    "lookup_failed": "failed_lookups",
    "unclear": "needs_person",
}
_DEFAULTS: HandoverSettings = {"keywords": [], "low_confidence": False, "failed_lookups": False, "needs_person": True}
# Words are written without spaces, or in Korean with particles attached. The start of the names of their characters.
_UNSPACED = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")


def trouble_of(turn: Turn) -> Trouble | None:
    """Returns what went wrong in a finished turn, although it was answered.

    `unclear`: the message matched no stage in rules mode. `lookup_failed`: data retrieval found nothing, or failed.
    `low_confidence`: the model named no stage or several, or its confidence was below the minimum.
    """
    if turn.retrieval is not None and turn.retrieval.get("is_answer"):  # a passage of an article was the reply
        return None
    if turn.selection is not None and turn.selection.get("unclear"):
        return "unclear"
    if turn.retrieval is not None and turn.retrieval["status"] in ("not_found", "failed"):
        return "lookup_failed"
    return "low_confidence" if _is_stage_uncertain(turn) else None


def handover_reason(turn: Turn, trouble: Trouble | None, needs_person: bool) -> Reason | None:
    """Returns why a person handles the conversation after this turn; None if the assistant does."""
    settings = _settings_of(turn)
    if turn.agent is not None and turn.agent["agent_type"] == "human":
        return "stage"
    if keyword_in(turn):
        return "keyword"
    if trouble is not None and trouble == turn.conversation["last_trouble"] and settings[_SETTINGS[trouble]]:
        return trouble
    reason = hand_over_reason(turn.actions)
    if reason is not None:
        return reason
    if needs_person and turn.selection is not None and turn.selection.get("over_budget"):
        return "budget"  # whatever the settings say: nobody else answers
    return "needs_person" if needs_person and settings["needs_person"] else None


def keyword_in(turn: Turn) -> str | None:
    """Returns the first keyword that the message contains.

    Messages that a person has handed back to the assistant are not searched: it should answer them now.
    """
    keywords = [] if turn.is_handed_back else _settings_of(turn)["keywords"]
    return find_keyword(turn.message, keywords)


def find_keyword(message: str, keywords: Iterable[str]) -> str | None:
    """Returns the first keyword that the text contains as whole words, ignoring case and the number of spaces.

    Where words are not separated by spaces, as in Japanese and Thai, a keyword may be anywhere.
    """
    text = _normalise(message)
    return next((keyword for keyword in keywords if _contains(text, _normalise(keyword))), None)


def _settings_of(turn: Turn) -> HandoverSettings:
    return {**_DEFAULTS, **turn.release.settings.get("handover", {})}


def _is_stage_uncertain(turn: Turn) -> bool:
    selection = turn.selection
    if selection is None or "named_stages" not in selection or len(turn.release.active_stages) == 1:
        return False
    is_below_minimum = selection["confidence"] is None and selection.get("stated_confidence") is not None
    return len(selection["named_stages"]) != 1 or is_below_minimum


def _normalise(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _contains(text: str, words: str) -> bool:
    start = text.find(words)
    while words and start >= 0:
        end = start + len(words)
        if not _is_inside_word(text, start) and not _is_inside_word(text, end):
            return True
        start = text.find(words, start + 1)
    return False


def _is_inside_word(text: str, index: int) -> bool:
    """Returns whether a word of the text continues at the index."""
    if not 0 < index < len(text):
        return False
    if unicodedata.category(text[index]).startswith("M"):  # a vowel sign belongs to the letter before it
        return True
    return all(_is_of_spaced_word(character) for character in text[index - 1 : index + 1])


def _is_of_spaced_word(character: str) -> bool:
    is_of_word = character == "_" or unicodedata.category(character)[0] in "LMN"
    return is_of_word and not unicodedata.name(character, "").startswith(_UNSPACED)
