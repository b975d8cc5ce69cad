-- save_steps_v2: like v1, and also stores the steps of a turn that a takeover has held while it was running, because its
-- calls cost money. Failed and discarded steps are not stored twice either.

-- Inserts steps with different names. p_steps is a JSON array of objects with the columns of turn_steps and `calls`, an
-- array of objects with the columns of llm_calls. The caller has locked the turn, so the attempts are numbered without
-- gaps. A step that is already stored is left out: its commit succeeded, but the answer to it was lost.
CREATE FUNCTION insert_steps_v2(p_business_id UUID, p_conversation_id UUID, p_turn_id UUID, p_steps JSONB) RETURNS VOID
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    WITH given AS (
        SELECT step.*, earlier.attempts
        FROM jsonb_to_recordset(p_steps) AS step (
            step TEXT, status TEXT, discarded BOOLEAN, engine TEXT, output JSONB, decision TEXT, variables JSONB,
            started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, calls JSONB)
        CROSS JOIN LATERAL (
            SELECT count(*) AS attempts, count(*) FILTER (WHERE s.place = 0) AS results,
                   count(*) FILTER (WHERE s.started_at = step.started_at AND s.finished_at = step.finished_at) AS stored
            FROM turn_steps s
            WHERE s.business_id = p_business_id AND s.turn_id = p_turn_id AND s.step = step.step) AS earlier
        WHERE earlier.stored = 0 AND (earlier.results = 0 OR step.status <> 'completed' OR step.discarded)),
    inserted_steps AS (
        INSERT INTO turn_steps (business_id, turn_id, step, attempt, status, discarded, engine, output, decision,
                                variables, started_at, finished_at)
        SELECT p_business_id, p_turn_id, given.step, given.attempts + 1, given.status, given.discarded, given.engine,
               given.output, given.decision, given.variables, given.started_at, given.finished_at
        FROM given)
    INSERT INTO llm_calls (business_id, turn_id, conversation_id, template_id, template_version, step, step_attempt,
        model, request, response, parsed, prompt_tokens, completion_tokens, cost_usd, latency_ms, first_token_ms,
        attempt, status, error, created_at)
    SELECT p_business_id, p_turn_id, p_conversation_id, call.template_id, call.template_version, given.step,
        given.attempts + 1, call.model, call.request, call.response, call.parsed, call.prompt_tokens,
        call.completion_tokens, call.cost_usd, call.latency_ms, call.first_token_ms, call.attempt, call.status,
        call.error, call.created_at
    FROM given, jsonb_to_recordset(given.calls) AS call (
        template_id UUID, template_version INTEGER, model TEXT, request JSONB, response TEXT, parsed JSONB,
        prompt_tokens INTEGER, completion_tokens INTEGER, cost_usd NUMERIC, latency_ms INTEGER, first_token_ms INTEGER,
        attempt INTEGER, status TEXT, error TEXT, created_at TIMESTAMPTZ);
END
$$;

-- Returns whether the lease is still held; otherwise nothing is stored. Without p_epoch no lease is needed. A release gives
-- a held turn a new lease epoch.
CREATE FUNCTION save_steps_v2(p_business_id UUID, p_turn_id UUID, p_epoch INTEGER, p_steps JSONB) RETURNS BOOLEAN
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    turn turns%ROWTYPE;
BEGIN
    SELECT t.* INTO turn FROM turns t
    WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id
    FOR NO KEY UPDATE;
    IF turn.turn_id IS NULL
        OR p_epoch IS NOT NULL AND (turn.lease_epoch <> p_epoch OR turn.status NOT IN ('running', 'held'))
    THEN
        RETURN false;
    END IF;
    PERFORM insert_steps_v2(p_business_id, turn.conversation_id, p_turn_id, p_steps);
    RETURN true;
END
$$;
