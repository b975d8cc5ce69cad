"""Messages that matched no stage or article, in groups of similar ones."""

from typing import Any

from analytics.clusters import cluster
from analytics.question import Question
from db import Connection, Row
from repositories import unanswered_questions

MAX_MESSAGES = 1_000  # different ones per cause that are compared, the most frequent first
MAX_CLUSTERS = 100
MAX_EXAMPLES = 5


def find_messages(conn: Connection, question: Question) -> list[Row]:
    """The messages of the period, each once, with how often it was sent (`times`) and why it is listed (`cause`)."""
    arguments = conn, question.business_id, question.period.start, question.period.end, question.filters, MAX_MESSAGES
    return [
        *({**row, "cause": "article"} for row in unanswered_questions.count_questions(*arguments)),
        *({**row, "cause": "stage"} for row in unanswered_questions.count_unmatched(*arguments)),
    ]


def report(messages: list[Row]) -> dict[str, Any]:
    """The clusters of these messages, the largest first."""
    rows = []
    for cause in ("article", "stage"):
        of_cause = [row for row in messages if row["cause"] == cause]
        for places in cluster([row["question"] for row in of_cause]):
            members = [of_cause[place] for place in places]
            rows.append(
                {
                    "question": members[0]["question"],
                    "cause": cause,
                    "times": sum(row["times"] for row in members),
                    "last_asked_at": max(row["last_asked_at"] for row in members),
                    "examples": [
                        {name: row[name] for name in ("question", "times", "turn_id", "conversation_id")}
                        for row in members[:MAX_EXAMPLES]
                    ],
                }
            )
    rows.sort(key=lambda row: (-row["times"], row["question"]))
    totals = {"messages": sum(row["times"] for row in rows), "clusters": len(rows)}
    return {"totals": totals, "rows": rows[:MAX_CLUSTERS]}
