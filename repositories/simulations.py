"""The table `simulations`: conversations of the assistant with a customer played by a model."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Jsonb, Row
from repositories.page import Page

KEPT_SIMULATIONS = 100  # the latest ones of a business


def insert_simulation(
    conn: Connection, business_id: UUID, release_id: UUID | None, draft: dict[str, Any] | None, values: dict[str, Any]
) -> UUID:
    """Store a simulation that waits, and return its ID. Older ones are deleted.

    `release_id` or `draft`, a snapshot, is what answers. `values`: persona, goal, facts, max_turns, customer, data and
    lookups.
    """
    row = conn.execute(
        """
        INSERT INTO simulations (business_id, release_id, draft, persona, goal, facts, max_turns, customer, data,
            lookups)
        VALUES (%(business_id)s, %(release_id)s, %(draft)s, %(persona)s, %(goal)s, %(facts)s, %(max_turns)s,
            %(customer)s, %(data)s, %(lookups)s)
        RETURNING simulation_id
        """,
        {
            **values,
            **{name: Jsonb(values[name]) for name in ("facts", "customer", "data", "lookups")},
            "business_id": business_id,
            "release_id": release_id,
            "draft": None if draft is None else Jsonb(draft),
        },
    ).fetchone()
    assert row is not None
    conn.execute(
        """
        DELETE FROM simulations WHERE business_id = %(business_id)s AND status NOT IN ('waiting', 'running')
          AND created_at < (SELECT created_at FROM simulations WHERE business_id = %(business_id)s
                            ORDER BY created_at DESC OFFSET %(kept)s LIMIT 1)
        """,
        {"business_id": business_id, "kept": KEPT_SIMULATIONS - 1},
    )
    return UUID(str(row["simulation_id"]))


def list_simulations(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's simulations without facts, data and turns, newest first."""
    return conn.execute(
        """
        SELECT s.business_id, s.simulation_id, s.release_id, r.number AS release_number, s.persona, s.goal, s.max_turns,
               s.status, s.ended_by, s.goal_reached, s.error, s.tokens, s.cost_usd, s.created_at, s.started_at,
               s.finished_at
        FROM simulations s
        LEFT JOIN releases r ON r.business_id = s.business_id AND r.release_id = s.release_id
        WHERE s.business_id = %(business_id)s AND (s.created_at, s.simulation_id) < (%(after_time)s, %(after_id)s)
        ORDER BY s.created_at DESC, s.simulation_id DESC LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def get_simulation(conn: Connection, business_id: UUID, simulation_id: UUID) -> Row:
    """One simulation with all columns except the draft. Raises NotFound."""
    row = conn.execute(
        """
        SELECT s.business_id, s.simulation_id, s.release_id, r.number AS release_number, s.persona, s.goal, s.facts,
               s.max_turns, s.customer, s.data, s.lookups, s.status, s.turns, s.ended_by, s.goal_reached, s.error,
               s.tokens, s.cost_usd, s.created_at, s.started_at, s.finished_at
        FROM simulations s
        LEFT JOIN releases r ON r.business_id = s.business_id AND r.release_id = s.release_id
        WHERE s.business_id = %(business_id)s AND s.simulation_id = %(simulation_id)s
        """,
        {"business_id": business_id, "simulation_id": simulation_id},
    ).fetchone()
    if row is None:
        raise NotFound("Simulation not found.")
    return row


def is_any_unfinished(conn: Connection, business_id: UUID) -> bool:
    """Whether a simulation of the business waits or runs."""
    row = conn.execute(
        """
        SELECT 1 FROM simulations WHERE business_id = %(business_id)s AND status IN ('waiting', 'running')
        """,
        {"business_id": business_id},
    ).fetchone()
    return row is not None


def get_draft(conn: Connection, business_id: UUID, simulation_id: UUID) -> dict[str, Any] | None:
    """The snapshot with which a simulation of a draft answers; None if it answers with a release."""
    row = conn.execute(
        "SELECT draft FROM simulations WHERE business_id = %(business_id)s AND simulation_id = %(simulation_id)s",
        {"business_id": business_id, "simulation_id": simulation_id},
    ).fetchone()
    return row["draft"] if row else None


def start(conn: Connection, business_id: UUID, simulation_id: UUID) -> bool:
    """Start a simulation that waits, or start it again from the beginning. Returns False if it has ended."""
    row = conn.execute(
        """
        UPDATE simulations SET status = 'running', turns = '[]', started_at = coalesce(started_at, clock_timestamp())
        WHERE business_id = %(business_id)s AND simulation_id = %(simulation_id)s
          AND status IN ('waiting', 'running')
        RETURNING simulation_id
        """,
        {"business_id": business_id, "simulation_id": simulation_id},
    ).fetchone()
    return row is not None


def record(
    conn: Connection, business_id: UUID, simulation_id: UUID, turns: list[dict[str, Any]], calls: list[dict[str, Any]]
) -> bool:
    """Store the turns so far, and what further model calls have cost. Returns False if the simulation has ended."""
    costs = [call["cost_usd"] for call in calls]
    row = conn.execute(
        """
        UPDATE simulations SET turns = %(turns)s, tokens = tokens + %(tokens)s,
            cost_usd = cost_usd + %(cost_usd)s::numeric
        WHERE business_id = %(business_id)s AND simulation_id = %(simulation_id)s
        RETURNING status
        """,
        {
            "business_id": business_id,
            "simulation_id": simulation_id,
            "turns": Jsonb(turns),
            "tokens": sum((call["prompt_tokens"] or 0) + (call["completion_tokens"] or 0) for call in calls),
            "cost_usd": None if None in costs else sum(costs, Decimal(0)),
        },
    ).fetchone()
    return row is not None and row["status"] == "running"


def end(
    conn: Connection,
    business_id: UUID,
    simulation_id: UUID,
    status: str,
    *,
    ended_by: str | None = None,
    goal_reached: bool | None = None,
    error: str | None = None,
) -> bool:
    """End a simulation, whose draft is only stored until then. Returns False if it has already ended."""
    row = conn.execute(
        """
        UPDATE simulations SET status = %(status)s, ended_by = %(ended_by)s, goal_reached = %(goal_reached)s,
            error = %(error)s, finished_at = clock_timestamp(), draft = NULL
        WHERE business_id = %(business_id)s AND simulation_id = %(simulation_id)s
          AND status IN ('waiting', 'running')
        RETURNING simulation_id
        """,
        {
            "business_id": business_id,
            "simulation_id": simulation_id,
            "status": status,
            "ended_by": ended_by,
            "goal_reached": goal_reached,
            "error": error,
        },
    ).fetchone()
    return row is not None
