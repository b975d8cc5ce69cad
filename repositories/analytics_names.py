"""What reports show of other tables: names of stages, templates and people, and the releases of a template."""

from typing import Any
from uuid import UUID

from db import Connection


def get_time_zone(conn: Connection, business_id: UUID) -> str | None:
    """The name of the time zone in which the business's days are counted, otherwise the one that it has set."""
    row = conn.execute(
        """
        SELECT COALESCE(s.time_zone, b.settings ->> 'timezone') AS time_zone
        FROM businesses b LEFT JOIN analytics_state s ON s.business_id = b.business_id
        WHERE b.business_id = %(business_id)s
        """,
        {"business_id": business_id},
    ).fetchone()
    return None if row is None else row["time_zone"]


def stage_names(conn: Connection, business_id: UUID) -> dict[UUID, str]:
    """The names of the business's stages."""
    rows = conn.execute(
        "SELECT stage_id, stage_name FROM stages WHERE business_id = %(business_id)s", {"business_id": business_id}
    ).fetchall()
    return {row["stage_id"]: row["stage_name"] for row in rows}


def template_names(conn: Connection, business_id: UUID) -> dict[UUID, str]:
    """The names of the business's templates."""
    rows = conn.execute(
        "SELECT template_id, template_name FROM templates WHERE business_id = %(business_id)s",
        {"business_id": business_id},
    ).fetchall()
    return {row["template_id"]: row["template_name"] for row in rows}


def member_names(conn: Connection, business_id: UUID) -> dict[UUID, str]:
    """The names of the business's members."""
    rows = conn.execute(
        """
        SELECT m.user_id, display_name(u.first_name, u.last_name, u.email, NULL) AS name
        FROM business_members m JOIN users u ON u.user_id = m.user_id AND u.business_id IS NULL
        WHERE m.business_id = %(business_id)s
        """,
        {"business_id": business_id},
    ).fetchall()
    return {row["user_id"]: row["name"] for row in rows}


def release_numbers(conn: Connection, business_id: UUID) -> dict[UUID, int]:
    """The numbers of the business's releases."""
    rows = conn.execute(
        "SELECT release_id, number FROM releases WHERE business_id = %(business_id)s", {"business_id": business_id}
    ).fetchall()
    return {row["release_id"]: row["number"] for row in rows}


def template_versions(conn: Connection, business_id: UUID, template_id: UUID) -> dict[UUID, int]:
    """The version of a template in each release of the business that contains it."""
    rows: list[dict[str, Any]] = conn.execute(
        """
        SELECT r.release_id, (template ->> 'version')::integer AS version
        FROM releases r CROSS JOIN LATERAL jsonb_path_query(
            r.snapshot, '$.templates[*] ? (@.template_id == $id)', jsonb_build_object('id', %(template_id)s::text)
        ) AS template
        WHERE r.business_id = %(business_id)s AND r.is_used
        """,
        {"business_id": business_id, "template_id": template_id},
    ).fetchall()
    return {row["release_id"]: row["version"] for row in rows}
