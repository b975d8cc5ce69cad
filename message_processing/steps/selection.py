"""Stage selection: which stage does this message belong to, and with what confidence?"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from core.names import name_key
from message_processing.engines.closeness import Closeness
from message_processing.engines.prompting import PromptRunner
from message_processing.release import Stage
from message_processing.step_outputs import SelectionOutput
from message_processing.steps.lenient_json import read_json, unwrap
from message_processing.turn import Outcome, Turn

_CONFIDENCE = re.compile(
    r"\(?\bconfidence\b(?:\W{1,5}(?:level|score|of|is|at|about|around)\b)*\W{0,5}?(\d+(?:[.,]\d+)?|\.\d+)\s*(%?)\)?",
    re.IGNORECASE,
)

CONTRACT = (
    "Reply with JSON only, and nothing around it:"
    ' {"stage": "<one of the stage names, exactly as written, or null if none fits>",'
    ' "confidence": <a number from 0 to 1>}'
)
_ENOUGH_EXAMPLES = 3  # of a stage, to know which messages do not belong to it
_NAME_KEYS = ("stage", "stage name", "name")
# Arabic and full-width forms.
_PUNCTUATION = {"٫": ".", "．": ".", "،": ",", "，": ",", "٪": "%", "％": "%", "：": ":"}


@dataclass(frozen=True)
class Reading:
    """The stages that a reply names, and its confidence from 0 to 1 if it states one."""

    stages: tuple[Stage, ...]
    confidence: float | None


def select_stage(turn: Turn, prompts: PromptRunner, closeness: Closeness) -> Outcome:
    """Asks the model which stage the message belongs to.

    The conversation stays in its current stage if the answer names no stage or several, if the confidence is below the
    stage's threshold, or if the message clearly belongs to no stage: models are often sure of a stage for these too.
    With only one active stage the model is not asked.
    """
    stages = turn.release.active_stages
    if len(stages) == 1:
        reason = "Only one stage is active, so no model call was needed."
        return Outcome(_output(stages[0], None, reason, Reading((), None)), reason)

    names = [stage.stage_name for stage in stages]
    reply = prompts.run(
        turn,
        turn.current_stage.selection,
        contract=CONTRACT,
        schema={
            "type": "object",
            "properties": {
                "stage": {"type": ["string", "null"], "enum": [*names, None]},
                "confidence": {"type": "number", "minimum": 0, "maximum": 1},
            },
            "required": ["stage", "confidence"],
            "additionalProperties": False,
        },
    )
    reading = read_selection(reply.text, stages)
    stage, confidence, reason = _decide(turn, reading, closeness)
    return reply.outcome(_output(stage, confidence, reason, reading), reason)


def read_selection(text: str, stages: tuple[Stage, ...]) -> Reading:
    """Parses JSON, `Order help, confidence: 0.9`, a quoted or bare name, `order_help`, or prose that names a stage."""
    value = read_json(text)
    if isinstance(value, dict):
        members = unwrap(_with_normal_names(value), (*_NAME_KEYS, "confidence"))
        name = next((members[key] for key in _NAME_KEYS if isinstance(members.get(key), str)), "")
        return Reading(_stages_named_in(name, stages), _as_confidence(members.get("confidence")))
    if isinstance(value, str):
        text = value
    stated = _CONFIDENCE.search(_with_ascii_digits(text))
    if stated:
        number, percent = stated.groups()
        rest = text[: stated.start()] + " " + text[stated.end() :]
        return Reading(_stages_named_in(rest, stages), _as_confidence(number + percent))
    return Reading(_stages_named_in(text, stages), None)


def _stages_named_in(text: str, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """Returns the stages whose name is the whole text, otherwise those whose name occurs in it as whole words.

    A name inside a longer stage name does not count: "Order help" does not also name "Order".
    """
    identical = tuple(stage for stage in stages if stage.stage_name == text.strip())
    if identical:
        return identical
    text = name_key(text)
    candidates = [stage for stage in stages if name_key(stage.stage_name)]
    exact = tuple(stage for stage in candidates if name_key(stage.stage_name) == text.strip(" .,:;!?\"'`*()[]{}"))
    if exact:
        return exact
    found = []
    for stage in sorted(candidates, key=lambda stage: -len(name_key(stage.stage_name))):
        whole_words = re.compile(rf"(?<!\w){re.escape(name_key(stage.stage_name))}(?!\w)")
        text, count = whole_words.subn("\0", text)  # removed, so that a shorter name is not found inside it
        if count:
            found.append(stage)
    return tuple(found)


def _with_normal_names(value: Any) -> Any:
    """Normalises the member names of an object and of those inside it."""
    if isinstance(value, list):
        return [_with_normal_names(item) for item in value]
    if isinstance(value, dict):
        return {name_key(key): _with_normal_names(item) for key, item in value.items()}
    return value


def _with_ascii_digits(text: str) -> str:
    """Replaces digits, decimal separators and percent signs of other scripts with those of ASCII, one by one."""
    if text.isascii():
        return text
    return "".join(_PUNCTUATION.get(each) or str(unicodedata.decimal(each, each)) for each in text)


def _as_confidence(value: Any) -> float | None:
    """Returns a confidence from 0 to 1, which may be written as text, as `95%` or as `0,95`.

    Negative values count as 0. Returns None for anything else, such as 95, whose meaning would be a guess.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        text = _with_ascii_digits(str(value)).strip().replace(",", ".")
        number = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None
    return max(number, 0.0) if number <= 1 else None


def _decide(turn: Turn, reading: Reading, closeness: Closeness) -> tuple[Stage, float | None, str]:
    """Returns the stage, the confidence and the reason."""
    if not reading.stages:
        return turn.current_stage, None, kept_stage(turn, "the answer named no active stage")
    if len(reading.stages) > 1:
        names = ", ".join(f'"{stage.stage_name}"' for stage in reading.stages)
        return turn.current_stage, None, kept_stage(turn, f"the answer named several stages ({names})")
    stage, confidence = reading.stages[0], reading.confidence
    threshold = turn.release.threshold_of(stage)
    has_examples = len(stage.example_messages) >= _ENOUGH_EXAMPLES
    if stage != turn.current_stage and has_examples and closeness.is_unrelated(turn):
        why = f'the answer named "{stage.stage_name}", but the message is not like those of any stage'
        return turn.current_stage, None, kept_stage(turn, why)
    if confidence is None:
        return stage, None, f'Matched "{stage.stage_name}". The answer gave no confidence.'
    if confidence < threshold:
        why = f'"{stage.stage_name}" matched with {percent(confidence)}, below the minimum of {percent(threshold)}'
        return turn.current_stage, None, kept_stage(turn, why)
    return stage, confidence, f'Matched "{stage.stage_name}" ({percent(confidence)}).'


def kept_stage(turn: Turn, why: str) -> str:
    """Returns the sentence that says why the conversation stays in its current stage, or starts in it."""
    verb = "Stayed" if turn.stage_before else "Started"
    return f'{verb} in "{turn.current_stage.stage_name}": {why}.'


def percent(fraction: float) -> str:
    """`95%` for 0.95."""
    return f"{fraction * 100:.4g}%"


def _output(stage: Stage, confidence: float | None, reason: str, reading: Reading) -> SelectionOutput:
    return {
        "stage_id": stage.stage_id,
        "stage_name": stage.stage_name,
        "confidence": confidence,
        "reason": reason,
        "named_stages": [stage.stage_name for stage in reading.stages],
        "stated_confidence": reading.confidence,
    }
