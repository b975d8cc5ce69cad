"""The report about a sequence of stages: how many conversations reached each of them."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from analytics.question import Question, Report
from analytics.statistics import rate, wilson_interval
from db import Connection, Row
from repositories import analytics_conversations, analytics_names

Group = tuple[UUID | None, int | None]  # the release, or the version of a template
Steps = dict[int, list[int]]  # per step from 1: reached, and milliseconds


def funnel(conn: Connection, question: Question) -> Report:
    """How many conversations reached each stage of a sequence, per release or version of a template if asked for."""
    found = analytics_conversations.sum_conversions(conn, question.business_id, question.scope, question.stage_ids)
    names = analytics_names.stage_names(conn, question.business_id)
    numbers = analytics_names.release_numbers(conn, question.business_id)
    groups = _grouped(found, question, _versions(conn, question))
    everything: Steps = defaultdict(lambda: [0, 0])
    rows: list[Row] = []
    for group in sorted(groups, key=lambda group: (numbers.get(group[0], 0) if group[0] else 0, group[1] or 0)):
        steps = groups[group]
        for step, stage_id in enumerate(question.stage_ids, 1):
            reached, milliseconds = steps[step]
            everything[step][0] += reached
            rows.append(
                {
                    "slot": 1,
                    "release_id": group[0],
                    "release_number": numbers.get(group[0]) if group[0] else None,
                    "template_version": group[1],
                    "step": step,
                    "stage_id": stage_id,
                    "stage_name": names.get(stage_id),
                    **_conversion(reached, steps[1][0]),
                    "dropped": reached - steps[step + 1][0] if step < len(question.stage_ids) else 0,
                    "seconds": milliseconds / reached / 1000 if reached and step > 1 else None,
                }
            )
    return Report(_conversion(everything[len(question.stage_ids)][0], everything[1][0]), rows)


def _versions(conn: Connection, question: Question) -> Mapping[UUID, int]:
    if question.group_by != "template_version" or question.template_id is None:
        return {}
    return analytics_names.template_versions(conn, question.business_id, question.template_id)


def _grouped(found: list[Row], question: Question, versions: Mapping[UUID, int]) -> dict[Group, Steps]:
    groups: dict[Group, Steps] = {} if question.group_by else {(None, None): defaultdict(lambda: [0, 0])}
    for row in found:
        release_id = row["release_id"]
        by_release = question.group_by == "release"
        group = (release_id if by_release else None, versions.get(release_id))
        steps = groups.setdefault(group, defaultdict(lambda: [0, 0]))
        steps[row["step"]][0] += row["reached"]
        steps[row["step"]][1] += row["milliseconds"]
    return groups


def _conversion(reached: int, entered: int) -> dict[str, Any]:
    low, high = wilson_interval(reached, entered)
    return {
        "entered": entered,
        "reached": reached,
        "rate": rate(reached, entered),
        "rate_low": low,
        "rate_high": high,
    }
