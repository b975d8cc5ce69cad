"""The tables `budget_periods` and `budget_turns`: what businesses with a budget spend."""

from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from db import Connection, Row


class Periods(NamedTuple):
    """A day and its month, and the lowest IDs of rows that are stored in them."""

    day: date
    first_id_of_day: UUID
    month: date
    first_id_of_month: UUID


def reserve(
    conn: Connection, business_id: UUID, turn_id: UUID, user_id: UUID, periods: Periods, estimate: Decimal
) -> str:
    """Reserve the cost of a turn; returns its level: normal, cheaper_model, fixed_reply or person
    (`migrations/43_budgets.sql`). `estimate` is used until the average of the business's turns is known."""
    row = conn.execute(
        """
        SELECT reserve_budget_v1(p_business_id => %(business_id)s, p_turn_id => %(turn_id)s, p_user_id => %(user_id)s,
            p_day => %(day)s, p_first_id_of_day => %(first_id_of_day)s, p_month => %(month)s,
            p_first_id_of_month => %(first_id_of_month)s, p_estimate => %(estimate)s) AS level
        """,
        {
            "business_id": business_id,
            "turn_id": turn_id,
            "user_id": user_id,
            **periods._asdict(),
            "estimate": estimate,
        },
    ).fetchone()
    assert row is not None
    return str(row["level"])


def settle(conn: Connection, business_id: UUID, turn_id: UUID, is_end: bool = True) -> list[Row]:
    """Count what the recorded calls of a turn have cost. With `is_end`, nothing is reserved for it any more. Returns
    the periods that have reached 50, 80 or 100 percent of their limit: period, start, percent, limit_usd and
    spent_usd."""
    return conn.execute(
        """
        SELECT * FROM settle_budget_v1(p_business_id => %(business_id)s, p_turn_id => %(turn_id)s,
            p_is_end => %(is_end)s)
        """,
        {"business_id": business_id, "turn_id": turn_id, "is_end": is_end},
    ).fetchall()


def add_cost(conn: Connection, business_id: UUID, periods: Periods, cost: Decimal | int, is_unpriced: bool) -> None:
    """Count a call that belongs to no turn, if the periods are counted already: otherwise they start with its row."""
    conn.execute(
        """
        UPDATE budget_periods SET spent = spent + %(cost)s, unpriced_calls = unpriced_calls + %(unpriced)s
        WHERE business_id = %(business_id)s
          AND (period = 'day' AND start = %(day)s OR period = 'month' AND start = %(month)s)
        """,
        {**periods._asdict(), "business_id": business_id, "cost": cost, "unpriced": int(is_unpriced)},
    )


def list_unsettled(conn: Connection, business_id: UUID, limit: int) -> list[UUID]:
    """Turns that have ended more than a minute ago and still have a reservation: their process has died."""
    rows = conn.execute(
        """
        SELECT b.turn_id FROM budget_turns b
        JOIN turns t ON t.business_id = b.business_id AND t.turn_id = b.turn_id
        WHERE b.business_id = %(business_id)s AND NOT b.is_settled
          AND b.created_at < clock_timestamp() - interval '1 minute' AND t.status NOT IN ('accepted', 'running')
        ORDER BY b.created_at LIMIT %(limit)s
        """,
        {"business_id": business_id, "limit": limit},
    ).fetchall()
    return [row["turn_id"] for row in rows]


def list_businesses(conn: Connection) -> list[UUID]:
    """The businesses that have spent something since they have a budget."""
    rows = conn.execute("SELECT DISTINCT business_id FROM budget_periods WHERE period = 'month'").fetchall()
    return [row["business_id"] for row in rows]


def delete_expired(conn: Connection, business_id: UUID, days: int, limit: int) -> int:
    """Delete settled turns of more than `days` days ago, at most `limit`; returns how many. What they have cost is part
    of their period."""
    rows = conn.execute(
        """
        DELETE FROM budget_turns WHERE business_id = %(business_id)s AND turn_id = ANY(ARRAY(
            SELECT turn_id FROM budget_turns
            WHERE business_id = %(business_id)s AND day < current_date - %(days)s::integer AND is_settled
            ORDER BY day LIMIT %(limit)s))
        RETURNING turn_id
        """,
        {"business_id": business_id, "days": days, "limit": limit},
    ).fetchall()
    return len(rows)


def read_periods(conn: Connection, business_id: UUID, periods: Periods) -> list[Row]:
    """What the business has spent on a day and in its month, also if it has no budget: period, start, spent_usd,
    reserved_usd, turns, unpriced_calls, reached and reached_at."""
    return conn.execute(
        """
        SELECT given.period, given.start, COALESCE(known.spent, counted.spent) AS spent_usd,
               COALESCE(known.reserved, 0) AS reserved_usd, COALESCE(known.turns, counted.turns) AS turns,
               COALESCE(known.unpriced_calls, counted.unpriced_calls) AS unpriced_calls,
               COALESCE(known.reached, 0) AS reached, known.reached_at
        FROM (VALUES ('day', %(day)s::date, %(first_id_of_day)s::uuid),
                     ('month', %(month)s::date, %(first_id_of_month)s::uuid)) AS given (period, start, first_id)
        LEFT JOIN budget_periods known
            ON known.business_id = %(business_id)s AND known.period = given.period AND known.start = given.start
        LEFT JOIN LATERAL budget_spent_since_v1(%(business_id)s, given.first_id) AS counted ON known.period IS NULL
        ORDER BY given.period
        """,
        {**periods._asdict(), "business_id": business_id},
    ).fetchall()


def forget(conn: Connection, business_id: UUID) -> None:
    """Delete what was counted for an earlier budget, so that the periods of a new one start with all calls."""
    conn.execute("DELETE FROM budget_turns WHERE business_id = %(business_id)s", {"business_id": business_id})
    conn.execute("DELETE FROM budget_periods WHERE business_id = %(business_id)s", {"business_id": business_id})
