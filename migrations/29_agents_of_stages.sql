-- Agents get instructions, languages and working hours, and a stage may have several agents.

ALTER TABLE agents
    ADD COLUMN instructions TEXT,
    ADD COLUMN languages TEXT[] NOT NULL DEFAULT '{}',  -- language tags such as de or pt-BR; empty: any language
    -- A list of {day, start, end}, in the business's time zone; NULL: always.
    ADD COLUMN working_hours JSONB;

-- The agents of a stage with their conditions, of which the first that matches is responsible. The first of them is also
-- in stages.agent_id. A stage without rows has that agent only, or none.
CREATE TABLE stage_agents (
    business_id UUID NOT NULL,
    stage_id UUID NOT NULL,
    agent_id UUID NOT NULL,
    position INTEGER NOT NULL,
    conditions TEXT[] NOT NULL DEFAULT '{}' CHECK (conditions <@ ARRAY['language', 'hours']),
    PRIMARY KEY (business_id, stage_id, agent_id),
    CONSTRAINT stage_agents_stage_fkey FOREIGN KEY (business_id, stage_id)
        REFERENCES stages (business_id, stage_id) ON DELETE CASCADE,
    CONSTRAINT stage_agents_agent_fkey FOREIGN KEY (business_id, agent_id)
        REFERENCES agents (business_id, agent_id) ON DELETE CASCADE
);
-- The stages of an agent, and the foreign key.
CREATE INDEX stage_agents_of_agent ON stage_agents (business_id, agent_id);

-- Returns the agents of a stage in their order, as a list of {agent_id, conditions}. p_agent_id is stages.agent_id. The
-- previous version of the code changes only that column. Then the rows are out of date, and do not count.
CREATE FUNCTION agents_of_stage_v1(p_business_id UUID, p_stage_id UUID, p_agent_id UUID) RETURNS JSONB
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN COALESCE(
        (SELECT jsonb_agg(jsonb_build_object('agent_id', a.agent_id, 'conditions', a.conditions) ORDER BY a.position)
         FROM stage_agents a
         WHERE a.business_id = p_business_id AND a.stage_id = p_stage_id
         HAVING (array_agg(a.agent_id ORDER BY a.position))[1] = p_agent_id),
        CASE WHEN p_agent_id IS NULL THEN '[]'
             ELSE jsonb_build_array(jsonb_build_object('agent_id', p_agent_id, 'conditions', '[]'::jsonb)) END);
END
$$;
