-- Drafts: with the setting `publishing` = `reviewed`, edits change the tables of the design, but not the live release.
-- Releases say who published them and why, so that people find the one that they want to restore.

SET LOCAL lock_timeout = '3s';

ALTER TABLE releases
    ADD COLUMN note TEXT,
    ADD COLUMN author_type TEXT,  -- as in audit_log; NULL: published before this migration, or by the platform
    ADD COLUMN author_id UUID,
    ADD COLUMN restored_from INTEGER,  -- the number of the release whose design it has
    ADD COLUMN is_draft BOOLEAN NOT NULL DEFAULT false;  -- never live: a draft that another design has replaced

-- The snapshot of the business's current design, which `message_processing.release.read_release` reads.
CREATE FUNCTION design_snapshot_v1(p_business_id UUID) RETURNS JSONB LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'business', (
            SELECT jsonb_build_object('business_name', business_name, 'phone_number', phone_number,
                'business_description', business_description, 'address', address, 'website', website)
            FROM businesses WHERE business_id = p_business_id),
        'settings', (SELECT settings FROM businesses WHERE business_id = p_business_id),
        'default_stage_id', (SELECT default_stage_id FROM businesses WHERE business_id = p_business_id),
        'stages', (
            SELECT coalesce(jsonb_agg(to_jsonb(stage) ORDER BY stage_order), '[]')
            FROM (
                SELECT stage_id, stage_name, stage_description, stage_type, agent_id,
                       stage_selection_template_id, data_extraction_template_id,
                       response_generation_template_id, extraction_schema, data_retrieval, actions,
                       example_messages, fixed_reply, fixed_reply_translations,
                       confidence_threshold, is_active
                FROM stages WHERE business_id = p_business_id) AS stage
            JOIN (
                SELECT stage_id, row_number() OVER (ORDER BY position, created_at, stage_id) AS stage_order
                FROM stages WHERE business_id = p_business_id) AS numbered USING (stage_id)),
        'templates', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('template_id', template_id, 'version', version,
                'template_name', template_name, 'template_type', template_type, 'content', content,
                'system_prompt', system_prompt, 'model_settings', model_settings)), '[]')
            FROM templates t WHERE business_id = p_business_id AND EXISTS (
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
            FROM templates WHERE business_id = p_business_id AND template_type = 'conversation_summary'
            ORDER BY created_at, template_id LIMIT 1),
        'agents', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('agent_id', agent_id, 'agent_name', agent_name,
                'agent_type', agent_type, 'description', description, 'instructions', instructions,
                'languages', languages, 'working_hours', working_hours)), '[]')
            FROM agents WHERE business_id = p_business_id),
        'stage_agents', (
            SELECT coalesce(jsonb_object_agg(stage_id,
                agents_of_stage_v1(business_id, stage_id, agent_id)), '{}')
            FROM stages WHERE business_id = p_business_id AND agent_id IS NOT NULL),
        'variables', (
            SELECT coalesce(jsonb_object_agg(name, value), '{}')
            FROM business_variables WHERE business_id = p_business_id))
$$;

-- The number of a business's next release. The caller has locked the business.
CREATE FUNCTION next_release_number_v1(p_business_id UUID) RETURNS INTEGER LANGUAGE sql STABLE AS $$
    SELECT coalesce(max(number), 0) + 1 FROM releases WHERE business_id = p_business_id
$$;
