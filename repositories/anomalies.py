"""The table `anomalies`: hours in which a figure of a business was unusual."""

from datetime import datetime
from typing import Any
from uuid import UUID

from db import Connection, Row
from repositories.page import Page


def insert_anomaly(conn: Connection, business_id: UUID, values: dict[str, Any]) -> bool:
    """Store an anomaly: figure, hour, value, usual and turns. Returns whether it is new: each figure of an hour has at
    most one."""
    inserted = conn.execute(
        """
        INSERT INTO anomalies (business_id, figure, hour, value, usual, turns)
        VALUES (%(business_id)s, %(figure)s, %(hour)s, %(value)s, %(usual)s, %(turns)s)
        ON CONFLICT (business_id, hour, figure) DO NOTHING
        """,
        {**values, "business_id": business_id},
    )
    return inserted.rowcount > 0


def list_anomalies(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's anomalies, oldest first."""
    return conn.execute(
        """
        SELECT anomaly_id, figure, hour, value, usual, turns, created_at
        FROM anomalies
        WHERE business_id = %(business_id)s AND (created_at, anomaly_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, anomaly_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def list_latest_anomalies(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """Like `list_anomalies`, newest first."""
    return conn.execute(
        """
        SELECT anomaly_id, figure, hour, value, usual, turns, created_at
        FROM anomalies
        WHERE business_id = %(business_id)s AND (created_at, anomaly_id) < (%(after_time)s, %(after_id)s)
        ORDER BY created_at DESC, anomaly_id DESC LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def read_hours(conn: Connection, business_id: UUID, hours: list[datetime]) -> list[Row]:
    """The figures of hours that start at these times, in the same order: turns, errors, handovers, cost (US dollars)
    and full_answer (a histogram of milliseconds)."""
    return conn.execute(
        """
        SELECT hours.hour, COALESCE(sum(t.turns), 0)::integer AS turns,
               COALESCE(sum(t.failed + t.by_fallback), 0)::integer AS errors, COALESCE(sum(t.cost_usd), 0) AS cost,
               merged_histogram_v1(t.full_answer) AS full_answer,
               (SELECT COALESCE(sum(h.handovers), 0)::integer FROM analytics_handovers h
                WHERE h.business_id = %(business_id)s AND h.period = 'quarter_hour' AND h.bucket >= hours.hour
                  AND h.bucket < hours.hour + interval '1 hour') AS handovers
        FROM unnest(%(hours)s::timestamptz[]) WITH ORDINALITY AS hours (hour, place)
        LEFT JOIN analytics_turns t
            ON t.business_id = %(business_id)s AND t.period = 'quarter_hour' AND t.bucket >= hours.hour
               AND t.bucket < hours.hour + interval '1 hour'
        GROUP BY hours.hour, hours.place ORDER BY hours.place
        """,
        {"business_id": business_id, "hours": hours},
    ).fetchall()


def is_counted(conn: Connection, business_id: UUID, hour: datetime) -> bool:
    """Whether the figures of the hour contain all changes until now."""
    row = conn.execute(
        """
        SELECT NOT EXISTS (
            SELECT FROM analytics_changes c
            WHERE c.business_id = %(business_id)s AND c.turn_bucket >= %(hour)s
              AND c.turn_bucket < %(hour)s + interval '1 hour') AS is_counted
        """,
        {"business_id": business_id, "hour": hour},
    ).fetchone()
    return row is not None and bool(row["is_counted"])
