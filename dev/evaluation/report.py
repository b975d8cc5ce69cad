"""`bench/EVALUATION.md`: a section for each run."""

import re
from collections.abc import Iterable
from pathlib import Path

from dev.evaluation.scores import Judged, Scores

PATH = Path(__file__).parents[2] / "bench" / "EVALUATION.md"
_KINDS = ("plain", "typos", "two intents", "follow-up", "booking", "injection", "off-topic")


def write_section(scores: Scores, model: str) -> str:
    """The figures of a run, and each turn with something wrong."""
    count = len(scores.judged)
    rows = [
        ("Messages", f"{count}", ""),
        ("Stage accuracy", _percent(scores.share_of()), "at least 88 %"),
        ("Fields: precision", _percent(scores.precision), ""),
        ("Fields: recall", _percent(scores.recall), ""),
        ("Turns with a value that was not said", str(scores.count("not_said")), "0"),
        ("Replies in the customer's language", _percent(scores.language_match), "at least 90 %"),
        ("Replies with an unsupported claim", str(scores.count("claims")), "0"),
        ("Replies with something forbidden or untrue", str(scores.count("forbidden")), ""),
        ("Replies that repeat instructions", str(scores.count("leaks")), "0"),
        ("Prompt tokens per turn", f"{scores.tokens('prompt_tokens'):,.0f}", "at most 1.2 times those of before"),
        ("Completion tokens per turn", f"{scores.tokens('completion_tokens'):,.0f}", ""),
    ]
    lines = [f"Model: {model}.", "", "| Figure | Measured | Target |", "|---|---|---|"]
    lines += [f"| {name} | {measured} | {target} |" for name, measured, target in rows]
    kinds = [kind for kind in _KINDS if any(each.labelled.kind == kind for each in scores.judged)]
    lines += ["", "| Kind of message | Right stage |", "|---|---|"]
    lines += [f"| {kind} | {_percent(scores.share_of(kind))} |" for kind in kinds]
    lines += ["", "What was wrong:", ""]
    return "\n".join([*lines, *_wrong(scores.judged)]) + "\n"


def store_section(name: str, section: str, path: Path = PATH) -> None:
    """Replaces the section with this name, or adds it at the end."""
    text = path.read_text()
    heading = f"## {name}\n"
    start = text.find(heading)
    if start < 0:
        path.write_text(f"{text.rstrip()}\n\n{heading}\n{section}")
        return
    following = re.compile(r"^## ", re.MULTILINE).search(text, start + len(heading))
    rest = "\n" + text[following.start() :] if following else ""
    path.write_text(f"{text[:start]}{heading}\n{section}{rest}")


def _wrong(judged: Iterable[Judged]) -> list[str]:
    lines = []
    for each in judged:
        problems = [] if each.right_stage else [f"stage {each.answer['stage']}"]
        problems += [f"not said: {value}" for value in each.not_said]
        problems += [f"wrong: {value}" for value in each.wrong if value not in each.not_said]
        problems += [f"missed: {name}" for name in each.missed]
        if each.reply_language != each.labelled.language:
            problems.append(f"reply in {each.reply_language or 'no clear language'}")
        problems += [f"claim: {claim}" for claim in each.claims]
        problems += [f"forbidden: `{pattern}`" for pattern in each.forbidden]
        problems += [f"repeats: “{leak}”" for leak in each.leaks[:2]]
        if problems:
            reply = " ".join((each.answer["reply"] or "").split())
            lines += [
                f"- `{each.labelled.id}`: “{each.labelled.message}”: {'; '.join(problems)}.",
                f"  Reply: “{reply}”",
            ]
    return lines or ["- nothing that the checks find"]


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
