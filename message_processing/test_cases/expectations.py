"""Compares what a turn did with what its test case expects."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypedDict

from core.patterns import UnusablePattern, contains_match
from message_processing.languages import recognise
from message_processing.test_cases.judge import DEFAULT_THRESHOLD, Judge, Judgement


class Check(TypedDict):
    """One expectation, and whether it was met."""

    check: str
    passed: bool
    expected: Any
    actual: Any


@dataclass(frozen=True)
class Observed:
    """What a turn did. Without a reply, `error` says why."""

    stage_name: str | None
    fields: dict[str, Any]
    look_up: str
    actions: list[dict[str, Any]]
    reply: str | None
    tokens: int
    error: str | None = None


def check_turn(expect: dict[str, Any], observed: Observed, message: str, judge: Judge) -> list[Check]:
    """Returns the results of all expectations of a turn. A turn that has failed does not meet any."""
    if observed.error is not None:
        return [{"check": "answered", "passed": False, "expected": True, "actual": observed.error}]
    return [*_of_turn(expect, observed), *_of_reply(expect.get("reply", {}), observed.reply or "", message, judge)]


def _of_turn(expect: dict[str, Any], observed: Observed) -> Iterator[Check]:
    if "stage" in expect:
        yield _check("stage", expect["stage"], observed.stage_name, observed.stage_name == expect["stage"])
    if "fields" in expect:
        actual = {name: observed.fields.get(name) for name in expect["fields"]}
        yield _check("fields", expect["fields"], actual, actual == expect["fields"])
    if "look_up" in expect:
        yield _check("look_up", expect["look_up"], observed.look_up, observed.look_up == expect["look_up"])
    if "action" in expect:
        wanted = {"status": "done", **expect["action"]}
        actions = [{name: each.get(name) for name in ("name", "do", "status")} for each in observed.actions]
        is_met = any(wanted.items() <= each.items() for each in actions)
        yield _check("action", expect["action"], actions, is_met)
    if "max_tokens" in expect:
        yield _check("max_tokens", expect["max_tokens"], observed.tokens, observed.tokens <= expect["max_tokens"])


def _of_reply(expect: dict[str, Any], reply: str, message: str, judge: Judge) -> Iterator[Check]:
    folded = reply.casefold()
    for text in expect.get("contains", []):
        yield _check("contains", text, reply, text.casefold() in folded)
    for text in expect.get("excludes", []):
        yield _check("excludes", text, reply, text.casefold() not in folded)
    if "matches" in expect:
        yield _check("matches", expect["matches"], *_match(expect["matches"], reply))
    if "language" in expect:
        found = recognise(reply, [expect["language"]])
        tag = found.language if found else None
        yield _check("language", expect["language"], tag, tag == expect["language"])
    if "max_length" in expect:
        yield _check("max_length", expect["max_length"], len(reply), len(reply) <= expect["max_length"])
    if "judged" in expect:
        judgement = judge.judge(expect["judged"]["sentence"], message, reply)
        if judgement["has_failed"]:
            yield _check("answered", True, judgement["reason"], False)
            return
        threshold = expect["judged"].get("threshold", DEFAULT_THRESHOLD)
        yield _check("judged", {"threshold": threshold, **expect["judged"]}, *_judged(judgement, threshold))


def _match(pattern: str, reply: str) -> tuple[str, bool]:
    """The pattern was checked when the test case was stored, but not with this text."""
    try:
        return reply, contains_match(pattern, reply)
    except UnusablePattern:
        return "The regular expression would take too long with this reply.", False


def _judged(judgement: Judgement, threshold: float) -> tuple[dict[str, Any], bool]:
    score = judgement["score"]
    return {"score": score, "reason": judgement["reason"]}, score is not None and score >= threshold


def _check(name: str, expected: Any, actual: Any, passed: bool) -> Check:
    return {"check": name, "passed": passed, "expected": expected, "actual": actual}
