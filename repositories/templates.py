"""The tables `templates` and `template_versions`.

A template without a business belongs to the platform and has a `default_*` type. For each type one of them is the
current default (`shipped_type`), which replaces empty templates.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from psycopg2.errors import ForeignKeyViolation

from core.errors import Conflict, NotFound
from db import Connection, Jsonb, Row
from repositories.page import Page, fetch_page

KEPT_VERSIONS = 100  # earlier versions of a template


def insert_template(conn: Connection, business_id: UUID | None, values: dict[str, Any]) -> UUID:
    """Create a template of the business, or with None of the platform; returns its ID."""
    row = conn.execute(
        """
        INSERT INTO templates (business_id, template_name, template_type, content, system_prompt, model_settings)
        VALUES (%(business_id)s, %(template_name)s, %(template_type)s, %(content)s, %(system_prompt)s,
                %(model_settings)s)
        RETURNING template_id
        """,
        {
            "system_prompt": None,
            **values,
            "business_id": business_id,
            "model_settings": Jsonb(values.get("model_settings") or {}),
        },
    ).fetchone()
    assert row is not None
    return UUID(str(row["template_id"]))


def list_templates(conn: Connection, business_id: UUID | None, page: Page, template_type: str | None) -> list[Row]:
    """The business's templates, or with None the platform's. Optionally only those of a type."""
    return fetch_page(
        conn,
        """
        SELECT template_id, business_id, template_name, template_type, content, system_prompt, model_settings, version,
               created_at, updated_at
        FROM templates
        WHERE (business_id = %(business_id)s OR %(business_id)s::uuid IS NULL AND business_id IS NULL)
          AND (%(template_type)s::text IS NULL OR template_type = %(template_type)s)
          AND (created_at, template_id) > (%(after_time)s, %(after_id)s)
        ORDER BY created_at, template_id LIMIT %(limit)s
        """,
        {**page.parameters, "business_id": business_id, "template_type": template_type},
    )


def get_template(conn: Connection, business_id: UUID | None, template_id: UUID) -> Row:
    """A template of the business or of the platform. Raises NotFound."""
    row = conn.execute(
        """
        SELECT template_id, business_id, template_name, template_type, content, system_prompt, model_settings, version,
               created_at, updated_at
        FROM templates
        WHERE template_id = %(template_id)s AND (business_id = %(business_id)s OR business_id IS NULL)
        """,
        {"business_id": business_id, "template_id": template_id},
    ).fetchone()
    if row is None:
        raise NotFound("Template not found.")
    return row


def get_current_default(conn: Connection, template_type: str) -> Row:
    """The current default for a type such as `stage_selection` or `default_stage_selection`. Raises NotFound."""
    row = conn.execute(
        """
        SELECT template_id, business_id, template_name, template_type, content, system_prompt, model_settings, version,
               created_at, updated_at
        FROM templates WHERE shipped_type = %(template_type)s
        """,
        {"template_type": template_type.removeprefix("default_")},
    ).fetchone()
    if row is None:
        raise NotFound(f"Default template not found: {template_type}.")
    return row


def update_template(conn: Connection, business_id: UUID | None, template_id: UUID, values: dict[str, Any]) -> Row:
    """Change a template of the business, or with None a default, and keep its previous content as a version. The latest
    KEPT_VERSIONS are kept.

    Returns the changed row.
    """
    conn.execute(
        """
        INSERT INTO template_versions (template_id, version, template_name, content, system_prompt, model_settings,
                                       created_at)
        SELECT template_id, version, template_name, content, system_prompt, model_settings, updated_at
        FROM templates WHERE template_id = %(template_id)s AND business_id IS NOT DISTINCT FROM %(business_id)s
        """,
        {"business_id": business_id, "template_id": template_id},
    )
    conn.execute(
        """
        DELETE FROM template_versions v USING templates t
        WHERE v.template_id = %(template_id)s AND t.template_id = v.template_id
          AND t.business_id IS NOT DISTINCT FROM %(business_id)s AND v.version <= t.version - %(kept)s
        """,
        {"business_id": business_id, "template_id": template_id, "kept": KEPT_VERSIONS},
    )
    row = conn.execute(
        """
        UPDATE templates SET template_name = %(template_name)s, template_type = %(template_type)s,
            content = %(content)s, system_prompt = %(system_prompt)s, model_settings = %(model_settings)s,
            shipped_hash = NULL, version = version + 1, updated_at = clock_timestamp()
        WHERE template_id = %(template_id)s AND business_id IS NOT DISTINCT FROM %(business_id)s
        RETURNING template_id, business_id, template_name, template_type, content, system_prompt, model_settings,
                  version, created_at, updated_at
        """,
        {
            **values,
            "business_id": business_id,
            "template_id": template_id,
            "model_settings": Jsonb(values["model_settings"]),
        },
    ).fetchone()
    assert row is not None
    return row


def lock_template(conn: Connection, business_id: UUID | None, template_id: UUID) -> Row:
    """Like `get_template`, and locks the row."""
    conn.execute(
        """
        SELECT FROM templates
        WHERE template_id = %(template_id)s AND (business_id = %(business_id)s OR business_id IS NULL)
        FOR NO KEY UPDATE
        """,
        {"business_id": business_id, "template_id": template_id},
    )
    return get_template(conn, business_id, template_id)


def list_stages_using(conn: Connection, business_id: UUID | None, template_id: UUID) -> list[str]:
    """The names of the business's stages that use a template."""
    rows = conn.execute(
        """
        SELECT stage_name FROM stages
        WHERE business_id = %(business_id)s AND %(template_id)s IN (
            stage_selection_template_id, data_extraction_template_id, response_generation_template_id)
        ORDER BY stage_name
        """,
        {"business_id": business_id, "template_id": template_id},
    ).fetchall()
    return [row["stage_name"] for row in rows]


def delete_template(conn: Connection, business_id: UUID | None, template_id: UUID) -> None:
    """Delete a template of the business, or with None of the platform.

    Raises Conflict if stages use it, naming them, or if it is the current default for its type.
    """
    stages = list_stages_using(conn, business_id, template_id)
    if stages:
        raise Conflict(
            f"The template is used by these stages: {', '.join(stages)}.",
            remediation="Assign another template to these stages first.",
        )
    try:
        deleted = conn.execute(
            """
            DELETE FROM templates
            WHERE template_id = %(template_id)s AND business_id IS NOT DISTINCT FROM %(business_id)s
              AND shipped_type IS NULL
            """,
            {"business_id": business_id, "template_id": template_id},
        )
    except ForeignKeyViolation as error:
        raise Conflict("The template is used by a stage.") from error
    if not deleted.rowcount:
        raise Conflict("The platform's default template for a type cannot be deleted.", remediation="Edit it instead.")


def delete_unused(conn: Connection, business_id: UUID, template_ids: Iterable[UUID]) -> list[UUID]:
    """Delete those of the business's templates that no stage uses. Returns their IDs."""
    unused = [each for each in set(template_ids) if not list_stages_using(conn, business_id, each)]
    for template_id in unused:
        delete_template(conn, business_id, template_id)
    return unused


def list_versions(
    conn: Connection, business_id: UUID | None, template_id: UUID, after_version: int, limit: int
) -> list[Row]:
    """Versions after `after_version` of a template that the business may read, the current one last."""
    return fetch_page(
        conn,
        """
        SELECT v.template_id, v.version, v.template_name, v.content, v.system_prompt, v.model_settings, v.created_at
        FROM template_versions v JOIN templates t ON t.template_id = v.template_id
        WHERE t.template_id = %(template_id)s AND (t.business_id = %(business_id)s OR t.business_id IS NULL)
          AND v.version > %(after_version)s
        UNION ALL
        SELECT template_id, version, template_name, content, system_prompt, model_settings, updated_at
        FROM templates
        WHERE template_id = %(template_id)s AND (business_id = %(business_id)s OR business_id IS NULL)
          AND version > %(after_version)s
        ORDER BY version LIMIT %(limit)s
        """,
        {"business_id": business_id, "template_id": template_id, "after_version": after_version, "limit": limit},
    )


def list_businesses_using_default(conn: Connection, template_type: str) -> list[UUID]:
    """The businesses that use the current default for a type, because their own template of the type is empty."""
    rows = conn.execute(
        """
        SELECT DISTINCT business_id FROM templates
        WHERE business_id IS NOT NULL AND template_type = %(template_type)s AND btrim(content) = ''
        ORDER BY business_id
        """,
        {"template_type": template_type.removeprefix("default_")},
    ).fetchall()
    return [row["business_id"] for row in rows]


def lock_defaults(conn: Connection) -> None:
    """Wait until no other transaction updates the defaults. Processes that start at the same time would conflict."""
    conn.execute("SELECT pg_advisory_xact_lock(470483970)")


def ship_default(
    conn: Connection, template_type: str, name: str, content: str, system_prompt: str, shipped_hash: str
) -> bool:
    """Update the current default for a type to the text shipped with this version, unless an operator has edited it.

    Returns whether it changed.
    """
    row = conn.execute(
        "SELECT template_id, shipped_hash FROM templates WHERE shipped_type = %(type)s FOR NO KEY UPDATE",
        {"type": template_type},
    ).fetchone()
    if row is not None and row["shipped_hash"] in (None, shipped_hash):
        return False
    values = {
        "template_name": name,
        "template_type": f"default_{template_type}",
        "content": content,
        "system_prompt": system_prompt,
        "model_settings": {},
    }
    template_id = row["template_id"] if row else insert_template(conn, None, values)
    if row:
        update_template(conn, None, template_id, values)
    conn.execute(
        "UPDATE templates SET shipped_type = %(type)s, shipped_hash = %(hash)s WHERE template_id = %(template_id)s",
        {"type": template_type, "hash": shipped_hash, "template_id": template_id},
    )
    return True
