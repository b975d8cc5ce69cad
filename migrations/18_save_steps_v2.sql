-- save_steps_v2: like v1, and also stores the steps of a turn that a takeover has held while it was running, because its
-- calls cost money. A release gives the turn a new lease epoch.
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
    PERFORM insert_steps_v1(p_business_id, turn.conversation_id, p_turn_id, p_steps);
    RETURN true;
END
$$;
