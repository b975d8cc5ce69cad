-- turn_failure_v1 returns how the model failed in a turn: `step`, `cause`, `status_code` (if the server sent one) and the
-- `call_id` of the last call that failed. NULL if it did not fail, or if it answered in the end.

-- The turn stores the failure in its decision if the fixed reply was sent, otherwise in its error. The ID of the call is
-- looked up here because the call gets it when it is stored.
CREATE FUNCTION turn_failure_v1(p_business_id UUID, p_turn_id UUID, p_decision JSONB, p_error JSONB) RETURNS JSONB
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    failure JSONB := COALESCE(p_decision -> 'failure', p_error -> 'failure');
BEGIN
    IF failure IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN failure || jsonb_build_object('call_id', (
        SELECT c.call_id FROM llm_calls c
        WHERE c.business_id = p_business_id AND c.turn_id = p_turn_id AND c.step = failure ->> 'step'
          AND c.status = 'failed' AND c.call_id > p_turn_id  -- only the partitions since then
        ORDER BY c.call_id DESC LIMIT 1));
END
$$;
