"""Stage selection: which stage does this message belong to, and how sure are we? (SPEC 7.4)"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from message_processing.engines.prompting import Ask
from message_processing.release import Stage
from message_processing.steps.lenient_json import read_json
from message_processing.turn import Outcome, Turn

_CONFIDENCE = re.compile(
    r"\(?\bconfidence\b(?:\W{1,5}(?:level|score|of|is|at|about|around)\b)*\W{0,5}?(\d+(?:[.,]\d+)?|\.\d+)\s*(%?)\)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """What a reply says: the stages it names (one is an answer), and a confidence from 0 to 1 if it states one."""

    stages: tuple[Stage, ...]
    confidence: float | None


def select_stage(turn: Turn, ask: Ask) -> Outcome:
    """The stage that the message belongs to; where the model names none surely, the conversation stays where it is."""
    standing, stages = turn.current_stage, turn.release.active_stages
    if len(stages) == 1:
        why = "There is one active stage, so there was nothing to ask."
        return Outcome(_output(stages[0], None, why, Reading((), None)), why)

    names = [stage.stage_name for stage in stages]
    reply = ask(
        turn,
        standing.selection,
        contract="Reply with JSON only, and nothing around it:"
        ' {"stage": "<one of the stage names, exactly as written>", "confidence": <a number from 0 to 1>}',
        schema={
            "type": "object",
            "properties": {
                "stage": {"type": "string", "enum": names},
                "confidence": {"type": "number", "minimum": 0, "maximum": 1},
            },
            "required": ["stage", "confidence"],
            "additionalProperties": False,
        },
    )
    reading = read_selection(reply.text, stages)
    stage, confidence, why = _decide(turn, reading)
    return reply.outcome(_output(stage, confidence, why, reading), why)


def read_selection(text: str, stages: tuple[Stage, ...]) -> Reading:
    """Reads JSON, `Order help, confidence: 0.9`, a quoted or bare name, `order_help`, or prose that names a stage."""
    value = read_json(text)
    if isinstance(value, dict):
        said = {_plain(key): item for key, item in value.items()}
        named = next((said[key] for key in ("stage", "stage name", "name") if isinstance(said.get(key), str)), "")
        return Reading(_named_in(named, stages), _as_confidence(said.get("confidence")))
    if isinstance(value, str):
        text = value
    stated = _CONFIDENCE.search(text)
    if stated:
        number, percent = stated.groups()
        rest = text[: stated.start()] + " " + text[stated.end() :]
        return Reading(_named_in(rest, stages), _as_confidence(number + percent))
    return Reading(_named_in(text, stages), None)


def _named_in(text: str, stages: tuple[Stage, ...]) -> tuple[Stage, ...]:
    """The stages that the text is the name of, else those whose name stands in it as whole words. A name inside a
    longer stage's name does not count: "Order help" does not also name "Order"."""
    letter_by_letter = tuple(stage for stage in stages if stage.stage_name == text.strip())
    if letter_by_letter:
        return letter_by_letter
    text = _plain(text)
    named = [stage for stage in stages if _plain(stage.stage_name)]
    exact = tuple(stage for stage in named if _plain(stage.stage_name) == text.strip(" .,:;!?\"'`*()[]{}"))
    if exact:
        return exact
    found = []
    for stage in sorted(named, key=lambda stage: -len(_plain(stage.stage_name))):
        whole_words = re.compile(rf"(?<!\w){re.escape(_plain(stage.stage_name))}(?!\w)")
        text, times = whole_words.subn("\0", text)  # so that a shorter name is not found inside it again
        if times:
            found.append(stage)
    return tuple(found)


def _plain(name: str) -> str:
    """Case, spaces, hyphens and underscores are one."""
    return re.sub(r"[\s_-]+", " ", unicodedata.normalize("NFKC", name).casefold()).strip()


def _as_confidence(value: Any) -> float | None:
    """A confidence from 0 to 1, also written as text, as `95%` or as `0,95`; None for anything else, since nothing is
    guessed, but less than nothing is nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        text = str(value).strip().replace(",", ".")
        number = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    except ValueError:
        return None
    return max(number, 0.0) if number <= 1 else None


def _decide(turn: Turn, reading: Reading) -> tuple[Stage, float | None, str]:
    standing = turn.current_stage
    stays = f'"{standing.stage_name}" {"stays" if turn.stage_before else "begins"}'
    if not reading.stages:
        return standing, None, f"The model named no stage of this business, so {stays}."
    if len(reading.stages) > 1:
        named = ", ".join(f'"{stage.stage_name}"' for stage in reading.stages)
        return standing, None, f"The model named more than one stage ({named}), so {stays}."
    stage, threshold = reading.stages[0], turn.release.threshold_of(reading.stages[0])
    if reading.confidence is not None and reading.confidence < threshold:
        why = f'The model named "{stage.stage_name}" with confidence {reading.confidence:g}, under {threshold:g}'
        return standing, None, f"{why}, so {stays}."
    stated = reading.confidence
    sure = "and no confidence from 0 to 1" if stated is None else f"with confidence {stated:g}"
    return stage, stated, f'The model named "{stage.stage_name}" {sure}.'


def _output(stage: Stage, confidence: float | None, reason: str, reading: Reading) -> dict[str, Any]:
    return {
        "stage_id": stage.stage_id,
        "stage_name": stage.stage_name,
        "confidence": confidence,
        "reason": reason,
        "named_stages": [stage.stage_name for stage in reading.stages],
        "stated_confidence": reading.confidence,
    }
