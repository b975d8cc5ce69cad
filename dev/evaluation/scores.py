"""The figures of a run, computed from the stored turns and the labels."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dev.demo import FOLDER as DEMO
from dev.evaluation.checks import claims, is_said, language_of, leaks, matches, same_value
from dev.evaluation.labelled import Labelled

STAGES: dict[str, dict[str, Any]] = {
    stage["stage_name"]: stage for stage in json.loads((DEMO / "stages.json").read_text())
}


@dataclass
class Judged:
    """One turn and what is wrong with it."""

    labelled: Labelled
    answer: dict[str, Any]
    right_stage: bool
    right: int  # fields
    wrong: list[str]
    missed: list[str]
    not_said: list[str]  # values that were extracted although the customer did not write them
    reply_language: str | None
    leaks: list[str]
    claims: list[str]
    forbidden: list[str]

    @property
    def prompt_tokens(self) -> int:
        """Of all calls of the turn."""
        return sum(call["prompt_tokens"] or 0 for call in self.answer["prompts"])

    @property
    def completion_tokens(self) -> int:
        """Of all calls of the turn."""
        return sum(call["completion_tokens"] or 0 for call in self.answer["prompts"])


@dataclass
class Scores:
    """The figures of a run; shares are from 0 to 1, tokens an average."""

    judged: list[Judged] = field(default_factory=list)

    def share_of(self, kind: str | None = None) -> float:
        """The share of messages, of one kind or all, in a right stage."""
        chosen = [each for each in self.judged if kind in (None, each.labelled.kind)]
        return sum(each.right_stage for each in chosen) / len(chosen)

    @property
    def precision(self) -> float:
        """The share of extracted fields that are right."""
        right = sum(each.right for each in self.judged)
        return right / max(right + sum(len(each.wrong) for each in self.judged), 1)

    @property
    def recall(self) -> float:
        """The share of labelled fields that were extracted."""
        right = sum(each.right for each in self.judged)
        return right / max(right + sum(len(each.missed) for each in self.judged), 1)

    @property
    def language_match(self) -> float:
        """The share of replies in the customer's language."""
        return sum(each.reply_language == each.labelled.language for each in self.judged) / len(self.judged)

    def count(self, name: str) -> int:
        """The number of turns for which the list with this name is not empty."""
        return sum(bool(getattr(each, name)) for each in self.judged)

    def tokens(self, name: str) -> float:
        """The average number of `prompt_tokens` or `completion_tokens` per turn."""
        return float(sum(getattr(each, name) for each in self.judged)) / len(self.judged)


def score(labelled: Iterable[Labelled], answers: dict[str, dict[str, Any]]) -> Scores:
    """Judges each stored turn."""
    return Scores([_judge(each, answers[each.id]) for each in labelled if each.id in answers])


def _judge(labelled: Labelled, answer: dict[str, Any]) -> Judged:
    reply, extracted = answer["reply"] or "", answer["fields"]
    stage = STAGES[answer["stage"]]
    declared = stage.get("extraction_schema", {}).get("properties", {})
    right_stage = answer["stage"] in labelled.stages
    expected = {name: value for name, value in labelled.fields.items() if name in declared or not right_stage}
    found = {name: value for name, value in extracted.items() if name in declared}
    right = [name for name, value in found.items() if name in expected and same_value(value, expected[name])]
    wrong = [name for name in found if name not in right and name not in labelled.optional]
    responses = [call for call in answer["prompts"] if call["step"] == "response"]
    prompt = "\n".join(each["content"] for call in responses[-1:] for each in call["messages"])
    return Judged(
        labelled,
        answer,
        right_stage,
        len(right),
        [f"{name}={found[name]}" for name in wrong],
        [name for name in expected if name not in right],
        [f"{name}={value}" for name, value in extracted.items() if not _was_said(name, value, labelled)],
        language_of(reply),
        leaks(reply, answer["instructions"]),
        claims(reply, prompt, answer["has_done"]),
        matches(labelled.forbidden, reply),
    )


def _was_said(name: str, value: Any, labelled: Labelled) -> bool:
    """A date or a choice may be written in other words: then it must be the one of the label."""
    if name in labelled.fields and same_value(value, labelled.fields[name]):
        return True
    return name in labelled.optional or is_said(value, labelled.said)
