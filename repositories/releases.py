"""The table `releases`: immutable snapshots of a business's design."""

from typing import Any
from uuid import UUID

from db import Connection

KEPT_RELEASES = 20  # the latest ones of a business; of the older ones only those that turns have used


def publish(conn: Connection, business_id: UUID) -> None:
    """Store the business's current design as its next release and make that the live release.

    The caller has locked the business (`businesses.lock_business`), so that release numbers are consecutive.
    `message_processing.release.read_release` reads the snapshot. Older releases that no turn has used are deleted.
    """
    conn.execute(
        """
        WITH snapshot AS (
            SELECT jsonb_build_object(
                'business', (
                    SELECT jsonb_build_object('business_name', business_name, 'phone_number', phone_number,
                        'business_description', business_description, 'address', address, 'website', website)
                    FROM businesses WHERE business_id = %(business_id)s),
                'settings', (SELECT settings FROM businesses WHERE business_id = %(business_id)s),
                'default_stage_id', (SELECT default_stage_id FROM businesses WHERE business_id = %(business_id)s),
                'stages', (
                    SELECT coalesce(jsonb_agg(to_jsonb(stage) ORDER BY stage_order), '[]')
                    FROM (
                        SELECT stage_id, stage_name, stage_description, stage_type, agent_id,
                               stage_selection_template_id, data_extraction_template_id,
                               response_generation_template_id, extraction_schema, data_retrieval, actions,
                               example_messages, fixed_reply, fixed_reply_translations,
                               confidence_threshold, is_active
                        FROM stages WHERE business_id = %(business_id)s) AS stage
                    JOIN (
                        SELECT stage_id, row_number() OVER (ORDER BY position, created_at, stage_id) AS stage_order
                        FROM stages WHERE business_id = %(business_id)s) AS numbered USING (stage_id)),
                'templates', (
                    SELECT coalesce(jsonb_agg(jsonb_build_object('template_id', template_id, 'version', version,
                        'template_name', template_name, 'template_type', template_type, 'content', content,
                        'system_prompt', system_prompt, 'model_settings', model_settings)), '[]')
                    FROM templates t WHERE business_id = %(business_id)s AND EXISTS (
                        SELECT 1 FROM stages s WHERE s.business_id = t.business_id AND t.template_id IN (
                            s.stage_selection_template_id, s.data_extraction_template_id,
                            s.response_generation_template_id))),
                'defaults', (
                    SELECT coalesce(jsonb_object_agg(shipped_type, jsonb_build_object('content', content,
                        'system_prompt', system_prompt)), '{}')
                    FROM templates WHERE shipped_type IS NOT NULL),
                'summary_template', (
                    SELECT jsonb_build_object('template_id', template_id, 'version', version,
                        'template_name', template_name, 'template_type', template_type, 'content', content,
                        'system_prompt', system_prompt, 'model_settings', model_settings)
                    FROM templates WHERE business_id = %(business_id)s AND template_type = 'conversation_summary'
                    ORDER BY created_at, template_id LIMIT 1),
                'agents', (
                    SELECT coalesce(jsonb_agg(jsonb_build_object('agent_id', agent_id, 'agent_name', agent_name,
                        'agent_type', agent_type, 'description', description, 'instructions', instructions,
                        'languages', languages, 'working_hours', working_hours)), '[]')
                    FROM agents WHERE business_id = %(business_id)s),
                'stage_agents', (
                    SELECT coalesce(jsonb_object_agg(stage_id,
                        agents_of_stage_v1(business_id, stage_id, agent_id)), '{}')
                    FROM stages WHERE business_id = %(business_id)s AND agent_id IS NOT NULL),
                'variables', (
                    SELECT coalesce(jsonb_object_agg(name, value), '{}')
                    FROM business_variables WHERE business_id = %(business_id)s)) AS value),
        release AS (
            INSERT INTO releases (business_id, number, snapshot)
            SELECT %(business_id)s, (
                SELECT coalesce(max(number), 0) + 1 FROM releases WHERE business_id = %(business_id)s), value
            FROM snapshot
            RETURNING release_id)
        UPDATE businesses SET live_release_id = release.release_id
        FROM release WHERE business_id = %(business_id)s
        """,
        {"business_id": business_id},
    )
    # With each edit, one release is no longer among the latest. If no turn has used it by now, none ever will.
    conn.execute(
        """
        DELETE FROM releases r
        WHERE r.business_id = %(business_id)s
          AND r.number = (SELECT max(number) - %(kept)s FROM releases WHERE business_id = %(business_id)s)
          AND NOT r.is_used
        """,
        {"business_id": business_id, "kept": KEPT_RELEASES},
    )


def publish_missing(conn: Connection) -> None:
    """Publish the first release of every business without one. Businesses from an older database have none."""
    rows = conn.execute(
        "SELECT business_id FROM businesses WHERE live_release_id IS NULL ORDER BY business_id FOR NO KEY UPDATE"
    ).fetchall()
    for row in rows:
        publish(conn, row["business_id"])


def get_snapshot(conn: Connection, business_id: UUID, release_id: UUID) -> dict[str, Any]:
    """The snapshot of a release."""
    row = conn.execute(
        "SELECT snapshot FROM releases WHERE business_id = %(business_id)s AND release_id = %(release_id)s",
        {"business_id": business_id, "release_id": release_id},
    ).fetchone()
    assert row is not None, "releases of turns are never deleted"
    return dict(row["snapshot"])
