"""The tables `replays` and `replay_results`: sets of turns that are answered again, and what became of them."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Jsonb, JsonRows, Row
from repositories.page import Page

KEPT_REPLAYS = 100  # the latest ones of a business


def insert_replay(
    conn: Connection, business_id: UUID, values: dict[str, Any], estimates: dict[UUID, Decimal | None]
) -> UUID:
    """Store a replay of the turns in `estimates`, which are what each is expected to cost, and return its ID. Older
    replays are deleted.

    `values`: name, release, release_id or draft, overrides, model, turns and limit_usd.
    """
    row = conn.execute(
        """
        WITH replay AS (
            INSERT INTO replays (business_id, name, release, release_id, draft, overrides, model, turns, limit_usd)
            VALUES (%(business_id)s, %(name)s, %(release)s, %(release_id)s, %(draft)s, %(overrides)s, %(model)s,
                %(turns)s, %(limit_usd)s)
            RETURNING replay_id),
        waiting AS (
            INSERT INTO replay_results (business_id, replay_id, turn_id, position, estimated_usd)
            SELECT %(business_id)s, replay.replay_id, t.turn_id, t.position, t.estimated_usd
            FROM replay, jsonb_to_recordset(%(rows)s) AS t (turn_id UUID, position INTEGER, estimated_usd NUMERIC))
        SELECT replay_id FROM replay
        """,
        {
            **values,
            "business_id": business_id,
            "draft": None if values["draft"] is None else Jsonb(values["draft"]),
            "overrides": Jsonb(values["overrides"]),
            "turns": Jsonb(values["turns"]),
            "rows": JsonRows(
                {"turn_id": turn_id, "position": position, "estimated_usd": estimated_usd}
                for position, (turn_id, estimated_usd) in enumerate(estimates.items(), start=1)
            ),
        },
    ).fetchone()
    assert row is not None
    conn.execute(
        """
        DELETE FROM replays WHERE business_id = %(business_id)s AND status NOT IN ('running', 'paused')
          AND created_at < (SELECT created_at FROM replays WHERE business_id = %(business_id)s
                            ORDER BY created_at DESC OFFSET %(kept)s LIMIT 1)
        """,
        {"business_id": business_id, "kept": KEPT_REPLAYS - 1},
    )
    return UUID(str(row["replay_id"]))


def list_replays(conn: Connection, business_id: UUID, page: Page) -> list[Row]:
    """The business's replays without their results, newest first."""
    return conn.execute(
        """
        SELECT p.business_id, p.replay_id, p.name, p.release, p.release_id, r.number AS release_number, p.model,
               p.turns, p.limit_usd, p.status, p.is_limit_reached, p.created_at, p.started_at, p.finished_at, counts.*
        FROM replays p
        CROSS JOIN LATERAL replay_counts_v1(p.business_id, p.replay_id) AS counts
        LEFT JOIN releases r ON r.business_id = p.business_id AND r.release_id = p.release_id
        WHERE p.business_id = %(business_id)s AND (p.created_at, p.replay_id) < (%(after_time)s, %(after_id)s)
        ORDER BY p.created_at DESC, p.replay_id DESC LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id},
    ).fetchall()


def get_replay(conn: Connection, business_id: UUID, replay_id: UUID) -> Row:
    """One replay without its results. Raises NotFound."""
    row = conn.execute(
        """
        SELECT p.business_id, p.replay_id, p.name, p.release, p.release_id, r.number AS release_number, p.model,
               p.turns, p.limit_usd, p.status, p.is_limit_reached, p.created_at, p.started_at, p.finished_at, counts.*
        FROM replays p
        CROSS JOIN LATERAL replay_counts_v1(p.business_id, p.replay_id) AS counts
        LEFT JOIN releases r ON r.business_id = p.business_id AND r.release_id = p.release_id
        WHERE p.business_id = %(business_id)s AND p.replay_id = %(replay_id)s
        """,
        {"business_id": business_id, "replay_id": replay_id},
    ).fetchone()
    if row is None:
        raise NotFound("Replay not found.")
    return row


def get_design(conn: Connection, business_id: UUID, replay_id: UUID) -> Row:
    """What answers in a replay: release_id, draft (a snapshot), overrides and model. Raises NotFound."""
    row = conn.execute(
        """
        SELECT release_id, draft, overrides, model FROM replays
        WHERE business_id = %(business_id)s AND replay_id = %(replay_id)s
        """,
        {"business_id": business_id, "replay_id": replay_id},
    ).fetchone()
    if row is None:
        raise NotFound("Replay not found.")
    return row


def lock_replay(conn: Connection, business_id: UUID, replay_id: UUID) -> Row:
    """The status and the limit_usd of a replay, whose row is locked. Raises NotFound."""
    row = conn.execute(
        """
        SELECT status, limit_usd FROM replays WHERE business_id = %(business_id)s AND replay_id = %(replay_id)s
        FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "replay_id": replay_id},
    ).fetchone()
    if row is None:
        raise NotFound("Replay not found.")
    return row


def count_running(conn: Connection, business_id: UUID) -> int:
    """How many replays of the business run or wait for their turn."""
    row = conn.execute(
        "SELECT count(*) AS number FROM replays WHERE business_id = %(business_id)s AND status = 'running'",
        {"business_id": business_id},
    ).fetchone()
    return row["number"] if row else 0


def set_status(
    conn: Connection, business_id: UUID, replay_id: UUID, status: str, *, is_limit_reached: bool = False
) -> None:
    """Start, pause or end a replay. A draft is only stored until it ends."""
    conn.execute(
        """
        UPDATE replays SET status = %(status)s, is_limit_reached = %(is_limit_reached)s,
            started_at = CASE WHEN %(status)s = 'running' THEN coalesce(started_at, clock_timestamp())
                ELSE started_at END,
            finished_at = CASE WHEN %(status)s NOT IN ('running', 'paused') THEN clock_timestamp() END,
            draft = CASE WHEN %(status)s IN ('running', 'paused') THEN draft END
        WHERE business_id = %(business_id)s AND replay_id = %(replay_id)s
        """,
        {
            "business_id": business_id,
            "replay_id": replay_id,
            "status": status,
            "is_limit_reached": is_limit_reached,
        },
    )


def set_limit(conn: Connection, business_id: UUID, replay_id: UUID, limit_usd: float | None) -> None:
    """Change the limit of a replay."""
    conn.execute(
        """
        UPDATE replays SET limit_usd = %(limit_usd)s
        WHERE business_id = %(business_id)s AND replay_id = %(replay_id)s
        """,
        {"business_id": business_id, "replay_id": replay_id, "limit_usd": limit_usd},
    )


def get_spent(conn: Connection, business_id: UUID, replay_id: UUID) -> Decimal:
    """What a replay has cost so far, as far as the prices are known."""
    row = conn.execute(
        """
        SELECT coalesce(sum(cost_usd), 0) AS spent FROM replay_results
        WHERE business_id = %(business_id)s AND replay_id = %(replay_id)s
        """,
        {"business_id": business_id, "replay_id": replay_id},
    ).fetchone()
    assert row is not None
    return Decimal(row["spent"])


def list_waiting(conn: Connection, business_id: UUID, replay_id: UUID, limit: int) -> list[Row]:
    """The next turns of a replay that have no result yet: turn_id and estimated_usd."""
    return conn.execute(
        """
        SELECT turn_id, estimated_usd FROM replay_results
        WHERE business_id = %(business_id)s AND replay_id = %(replay_id)s AND difference IS NULL
        ORDER BY position LIMIT %(limit)s
        """,
        {"business_id": business_id, "replay_id": replay_id, "limit": limit},
    ).fetchall()


def store_result(conn: Connection, business_id: UUID, replay_id: UUID, turn_id: UUID, values: dict[str, Any]) -> None:
    """Store what became of a turn: difference, result (None if there is none), error, tokens and cost_usd."""
    conn.execute(
        """
        UPDATE replay_results SET difference = %(difference)s, result = %(result)s, error = %(error)s,
            tokens = %(tokens)s, cost_usd = %(cost_usd)s, finished_at = clock_timestamp()
        WHERE business_id = %(business_id)s AND replay_id = %(replay_id)s AND turn_id = %(turn_id)s
        """,
        {
            **values,
            "business_id": business_id,
            "replay_id": replay_id,
            "turn_id": turn_id,
            "result": None if values["result"] is None else Jsonb(values["result"]),
        },
    )


def list_results(
    conn: Connection, business_id: UUID, replay_id: UUID, after: int, limit: int, difference: str | None = None
) -> list[Row]:
    """The results of a replay after this position, optionally only those with this difference: position, turn_id,
    conversation_id, message, difference, result, error, tokens, cost_usd and finished_at."""
    return conn.execute(
        """
        SELECT r.position, r.turn_id, t.conversation_id, m.message_content AS message, r.difference, r.result, r.error,
               r.tokens, r.cost_usd, r.finished_at
        FROM replay_results r
        JOIN turns t ON t.business_id = r.business_id AND t.turn_id = r.turn_id
        JOIN messages m ON m.business_id = r.business_id AND m.turn_id = r.turn_id AND m.sender_type = 'user'
        WHERE r.business_id = %(business_id)s AND r.replay_id = %(replay_id)s AND r.difference IS NOT NULL
          AND (%(difference)s::text IS NULL OR r.difference = %(difference)s) AND r.position > %(after)s
        ORDER BY r.position LIMIT %(limit)s
        """,
        {
            "business_id": business_id,
            "replay_id": replay_id,
            "difference": difference,
            "after": after,
            "limit": limit + 1,
        },
    ).fetchall()
