"""The table `releases`: immutable snapshots of a business's design.

The tables of the design (stages, templates, agents, variables, test cases) are the draft. Turns use the live release.
Without reviews, each edit publishes the draft, so both are the same.
"""

from typing import Any
from uuid import UUID

from core.errors import NotFound
from db import Connection, Row
from repositories.page import LAST_ID, Page, fetch_page

KEPT_RELEASES = 20  # the latest ones of a business; of the older ones only those that turns have used
_NO_VALUES = dict.fromkeys(("note", "author_type", "author_id", "restored_from", "override_reason"))


def publish(conn: Connection, business_id: UUID, values: dict[str, Any] | None = None) -> Row:
    """Store the business's current design as its next release and make that the live release. Returns its release_id
    and number.

    `values` may contain note, author_type, author_id, restored_from and override_reason. The caller has locked the
    business (`businesses.lock_business`), so that release numbers are consecutive.
    `message_processing.release.read_release` reads the snapshot. Older releases that no turn has used are deleted.
    """
    release = _insert(conn, business_id, values or {}, is_draft=False)
    conn.execute(
        "UPDATE businesses SET live_release_id = %(release_id)s WHERE business_id = %(business_id)s",
        {"business_id": business_id, "release_id": release["release_id"]},
    )
    return release


def publish_edit(conn: Connection, business_id: UUID, values: dict[str, Any]) -> None:
    """Publish what an edit has changed: everything, or, if the business reviews its drafts, only its settings, its
    profile and the platform's default templates, which take effect at once. The caller has locked the business."""
    row = conn.execute(
        """
        SELECT live_release_id IS NOT NULL AND settings ->> 'publishing' = 'reviewed' AS is_reviewed
        FROM businesses WHERE business_id = %(business_id)s
        """,
        {"business_id": business_id},
    ).fetchone()
    if row is not None and row["is_reviewed"]:
        _publish_settings(conn, business_id, values)
    else:
        publish(conn, business_id, values)


def keep_draft(conn: Connection, business_id: UUID, values: dict[str, Any]) -> Row:
    """Store the draft as a release that is not live, before another design replaces it."""
    return _insert(conn, business_id, values, is_draft=True)


def publish_missing(conn: Connection) -> None:
    """Publish the first release of every business without one. Businesses from an older database have none."""
    rows = conn.execute(
        "SELECT business_id FROM businesses WHERE live_release_id IS NULL ORDER BY business_id FOR NO KEY UPDATE"
    ).fetchall()
    for row in rows:
        publish(conn, row["business_id"])


def get_snapshot(conn: Connection, business_id: UUID, release_id: UUID) -> dict[str, Any]:
    """The snapshot of a release without its test cases, which turns do not need."""
    row = conn.execute(
        """
        SELECT snapshot - 'test_cases' AS snapshot FROM releases
        WHERE business_id = %(business_id)s AND release_id = %(release_id)s
        """,
        {"business_id": business_id, "release_id": release_id},
    ).fetchone()
    assert row is not None, "releases of turns are never deleted"
    return dict(row["snapshot"])


def draft_snapshot(conn: Connection, business_id: UUID) -> dict[str, Any]:
    """The snapshot that publishing the draft would store."""
    row = conn.execute(
        "SELECT design_snapshot_v2(%(business_id)s) AS snapshot", {"business_id": business_id}
    ).fetchone()
    assert row is not None
    return dict(row["snapshot"])


def draft_design(conn: Connection, business_id: UUID) -> dict[str, Any]:
    """The snapshot of the draft without its test cases, which answers do not need."""
    row = conn.execute(
        "SELECT design_snapshot_v1(%(business_id)s) AS snapshot", {"business_id": business_id}
    ).fetchone()
    assert row is not None
    return dict(row["snapshot"])


def get_release(conn: Connection, business_id: UUID, release_id: UUID) -> Row:
    """A release with its snapshot, whether it was never live (`is_draft`), whether it ever answered customers
    (`is_used`), and `previous`, the snapshot of the one that was published before it. Raises NotFound."""
    row = conn.execute(
        """
        SELECT r.release_id, r.number, r.is_draft, r.is_used, r.snapshot, (
            SELECT before.snapshot FROM releases before
            WHERE before.business_id = r.business_id AND before.number < r.number AND NOT before.is_draft
            ORDER BY before.number DESC LIMIT 1) AS previous
        FROM releases r
        WHERE r.business_id = %(business_id)s AND r.release_id = %(release_id)s
        """,
        {"business_id": business_id, "release_id": release_id},
    ).fetchone()
    if row is None:
        raise NotFound("Release not found.")
    return row


def get_live(conn: Connection, business_id: UUID) -> Row:
    """The live release: release_id, number and snapshot."""
    row = conn.execute(
        """
        SELECT r.release_id, r.number, r.snapshot FROM releases r
        JOIN businesses b ON b.business_id = r.business_id AND b.live_release_id = r.release_id
        WHERE r.business_id = %(business_id)s
        """,
        {"business_id": business_id},
    ).fetchone()
    if row is None:
        raise NotFound("Release not found.")
    return row


def get_summary(conn: Connection, business_id: UUID, release_id: UUID) -> Row:
    """A release without its snapshot. Raises NotFound."""
    rows = list_releases(conn, business_id, Page(1, "infinity", LAST_ID), release_id)
    if not rows:
        raise NotFound("Release not found.")
    return rows[0]


def list_releases(conn: Connection, business_id: UUID, page: Page, release_id: UUID | None = None) -> list[Row]:
    """The releases that are kept, the latest first, without their snapshots; perhaps only the one with this ID."""
    return fetch_page(
        conn,
        """
        SELECT r.release_id, r.business_id, r.number, r.note, r.author_type, r.author_id,
               CASE WHEN u.user_id IS NOT NULL
                    THEN display_name(u.first_name, u.last_name, u.email, NULL) END AS author_name,
               r.restored_from,
               CASE WHEN r.is_draft THEN coalesce(r.check_status, 'draft') ELSE 'published' END AS status,
               r.check_result AS "check", r.override_reason, r.release_id = b.live_release_id AS is_live,
               r.release_id IS NOT DISTINCT FROM b.trial_release_id AS is_trial, r.created_at
        FROM releases r
        JOIN businesses b ON b.business_id = r.business_id
        LEFT JOIN users u ON u.user_id = r.author_id AND u.business_id IS NULL
        WHERE r.business_id = %(business_id)s AND (r.created_at, r.release_id) < (%(after_time)s, %(after_id)s)
          AND (%(release_id)s::uuid IS NULL OR r.release_id = %(release_id)s)
        ORDER BY r.created_at DESC, r.release_id DESC LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id, "release_id": release_id},
    )


def has_stage(conn: Connection, business_id: UUID, stage_id: UUID) -> bool:
    """Whether the stage can be selected in the live release, or in one that is on trial or being checked."""
    row = conn.execute(
        """
        SELECT bool_or(r.snapshot -> 'stages' @> jsonb_build_array(
            jsonb_build_object('stage_id', %(stage_id)s::uuid, 'is_active', true))) AS has_stage
        FROM businesses b
        JOIN releases r ON r.business_id = b.business_id
            AND (r.release_id IN (b.live_release_id, b.trial_release_id) OR r.check_status = 'checking')
        WHERE b.business_id = %(business_id)s
        """,
        {"business_id": business_id, "stage_id": stage_id},
    ).fetchone()
    return row is not None and bool(row["has_stage"])


def has_agent(conn: Connection, business_id: UUID, agent_id: UUID) -> bool:
    """Whether a stage of the live release, or of one that is on trial or being checked, lists the agent."""
    row = conn.execute(
        """
        SELECT bool_or(EXISTS (
            SELECT FROM jsonb_each(r.snapshot -> 'stage_agents') AS of_stage (stage_id, agents)
            WHERE agents @> jsonb_build_array(jsonb_build_object('agent_id', %(agent_id)s::uuid)))) AS has_agent
        FROM businesses b
        JOIN releases r ON r.business_id = b.business_id
            AND (r.release_id IN (b.live_release_id, b.trial_release_id) OR r.check_status = 'checking')
        WHERE b.business_id = %(business_id)s
        """,
        {"business_id": business_id, "agent_id": agent_id},
    ).fetchone()
    return row is not None and bool(row["has_agent"])


def _insert(conn: Connection, business_id: UUID, values: dict[str, Any], *, is_draft: bool) -> Row:
    row = conn.execute(
        """
        INSERT INTO releases (business_id, number, snapshot, note, author_type, author_id, restored_from,
            override_reason, is_draft)
        SELECT %(business_id)s, next_release_number_v1(%(business_id)s), design_snapshot_v2(%(business_id)s),
               %(note)s, %(author_type)s, %(author_id)s, %(restored_from)s, %(override_reason)s, %(is_draft)s
        RETURNING release_id, number
        """,
        {**_NO_VALUES, **values, "business_id": business_id, "is_draft": is_draft},
    ).fetchone()
    assert row is not None
    _prune(conn, business_id)
    return row


def _publish_settings(conn: Connection, business_id: UUID, values: dict[str, Any]) -> None:
    """Publish the live design with the current settings, profile and defaults, if these have changed."""
    conn.execute(
        """
        WITH live AS (
            SELECT r.snapshot, r.snapshot || jsonb_build_object('business', draft -> 'business',
                'settings', draft -> 'settings', 'defaults', draft -> 'defaults') AS changed
            FROM businesses b
            JOIN releases r ON r.business_id = b.business_id AND r.release_id = b.live_release_id
            CROSS JOIN design_snapshot_v1(b.business_id) AS draft
            WHERE b.business_id = %(business_id)s),
        release AS (
            INSERT INTO releases (business_id, number, snapshot, author_type, author_id)
            SELECT %(business_id)s, next_release_number_v1(%(business_id)s), live.changed,
                   %(author_type)s, %(author_id)s
            FROM live WHERE live.changed <> live.snapshot
            RETURNING release_id)
        UPDATE businesses SET live_release_id = release.release_id
        FROM release WHERE business_id = %(business_id)s
        """,
        {**_NO_VALUES, **values, "business_id": business_id},
    )
    _prune(conn, business_id)


def _prune(conn: Connection, business_id: UUID) -> None:
    """With each release, another one is no longer among the latest. If no turn or trial has used it by now, and no
    conversation is pinned to it, none ever will. In a business that reviews its drafts, the live one may be older.
    Test runs, simulations and replays need their release until they end."""
    conn.execute(
        """
        DELETE FROM releases r USING businesses b
        WHERE r.business_id = %(business_id)s AND b.business_id = r.business_id
          AND r.number <= (SELECT max(number) - %(kept)s FROM releases WHERE business_id = %(business_id)s)
          AND NOT r.is_used AND r.release_id IS DISTINCT FROM b.live_release_id
          AND r.check_status IS DISTINCT FROM 'checking'
          AND NOT EXISTS (
              SELECT FROM test_runs t WHERE t.business_id = r.business_id AND t.release_id = r.release_id
                AND t.status IN ('waiting', 'running'))
          AND NOT EXISTS (
              SELECT FROM simulations s WHERE s.business_id = r.business_id AND s.release_id = r.release_id
                AND s.status IN ('waiting', 'running'))
          AND NOT EXISTS (
              SELECT FROM replays p WHERE p.business_id = r.business_id AND p.release_id = r.release_id
                AND p.status IN ('estimated', 'running', 'paused'))
        """,
        {"business_id": business_id, "kept": KEPT_RELEASES},
    )
