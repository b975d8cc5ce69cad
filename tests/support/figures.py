"""Random figures of turns and conversations, and what the summary says about them."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.database import Connection
from tests.support.factories import Shop
from tests.support.rollups import DAYS, FIRST, Figures, insert, percentile, random_rows, total, uuids

PERIOD = {"from": FIRST.date().isoformat(), "to": (FIRST.date() + timedelta(days=DAYS - 1)).isoformat()}
STAGES = uuids(1, 4)
AGENTS = uuids(2, 2)
RELEASES = uuids(3, 3)
TEMPLATES = uuids(4, 2)
PEOPLE = uuids(5, 2)
SHARED: dict[str, list[Any]] = {"channel": ["api", "widget"], "language": ["de", "pt-BR", None]}
OF_TURNS = {**SHARED, "stage_id": [*STAGES, None], "agent_id": [*AGENTS, None], "release_id": [*RELEASES, None]}
COUNTS = ("turns", "completed", "failed", "held", "by_model", "by_rules", "by_fallback", "with_missing_fields")
RATINGS = ("rated_good", "rated_bad", "marked_good", "marked_bad")
COSTS = {"unpriced_calls": 3, "prompt_tokens": 900, "completion_tokens": 90, "cost_usd": 7}
TURNS = {
    **dict.fromkeys((*COUNTS, "handed_over", "calls", "failed_calls"), 9),
    **COSTS,
    **dict.fromkeys(RATINGS, 4),
    "confidence[]": 10,
    **dict.fromkeys(("first_token[]", "full_answer[]", "queueing[]"), 120),
}
ENDS = ("conversations", "resolved", "handed_over", "abandoned", "open", "reopened")
SENDERS = ("customer", "assistant", "staff")
CONVERSATIONS = {**dict.fromkeys((*ENDS, *(f"{sender}_messages" for sender in SENDERS)), 9), "ratings[]": 5}


def add_turns(shop: Shop, sql: Connection, count: int = 120) -> list[Figures]:
    names = {**OF_TURNS, "stage_before": [*STAGES, None]}
    rows = random_rows(1, count, names, TURNS)
    insert(sql, "analytics_turns", shop.business_id, rows)
    return rows


def add_conversations(shop: Shop, sql: Connection) -> list[Figures]:
    rows = random_rows(2, 120, OF_TURNS, CONVERSATIONS)
    for row in rows:
        row["ratings"] = [[number + 1, count] for number, count in row["ratings"]]
    insert(sql, "analytics_conversations", shop.business_id, rows)
    return rows


def ask(shop: Shop, report: str, **query: Any) -> Any:
    answer = shop.get(f"/analytics/{report}", **{**PERIOD, **query})
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def expected_summary(turns: list[Figures], conversations: list[Figures]) -> Figures:
    first, full = ((total(turns, name) or {}) for name in ("first_token", "full_answer"))
    figures = {name: total(conversations, name) for name in ENDS}
    figures["messages"] = sum(total(conversations, f"{sender}_messages") for sender in SENDERS)
    figures |= {name: total(turns, name) for name in ("turns", "completed", "failed", "held", "by_fallback", *COSTS)}
    figures |= {name: total(turns, name) for name in ("rated_good", "rated_bad")}
    rated = figures["rated_good"] + figures["rated_bad"]
    figures["satisfaction"] = figures["rated_good"] / rated if rated else None
    ratings = total(conversations, "ratings") or {}
    figures["conversation_ratings"] = count = sum(ratings.values())
    figures["conversation_rating"] = sum(each * times for each, times in ratings.items()) / count if count else None
    for whole in ("conversations", "resolved"):
        name = {"conversations": "conversation"}.get(whole, whole)
        figures[f"cost_per_{name}_usd"] = figures["cost_usd"] / figures[whole] if figures[whole] else None
    for name, counts in (("first_token", first), ("answer", full)):
        figures |= {f"{name}_p{each}_ms": percentile(counts, each / 100) for each in (50, 95)}
    return figures


def assert_equal(answer: Figures, expected: Figures) -> None:
    assert answer.keys() == expected.keys()
    for name, value in expected.items():
        assert answer[name] == (pytest.approx(value) if isinstance(value, float) else value), name
