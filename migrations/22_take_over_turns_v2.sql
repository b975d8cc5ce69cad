-- take_over_turns_v2: like v1, and a turn that is given up has an end.
--
-- It gives turns of dead processes to the process p_process_id, with a new lease epoch: those of p_dead, and those of
-- processes without a row, which have ended. A turn that was running in p_max_takeovers processes that died
-- fails with the error p_given_up. Turns that another process is taking over are left to it.
--
-- Returns the turns, of all businesses, at most p_limit.
CREATE FUNCTION take_over_turns_v2(
    p_process_id UUID, p_dead UUID[], p_limit INTEGER, p_max_takeovers INTEGER, p_given_up JSONB
) RETURNS TABLE (
    turn_id UUID, business_id UUID, conversation_id UUID, message_id UUID, session_id TEXT, seq INTEGER, status TEXT
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        WITH unfinished AS (
            SELECT t.business_id, t.turn_id, t.created_at, t.lease_owner FROM turns t WHERE t.status = 'running'
            UNION ALL
            SELECT t.business_id, t.turn_id, t.created_at, t.lease_owner FROM turns t WHERE t.status = 'accepted'),
        orphans AS (
            SELECT t.business_id, t.turn_id FROM unfinished u
            JOIN turns t ON t.business_id = u.business_id AND t.turn_id = u.turn_id
            LEFT JOIN processes p ON p.process_id = u.lease_owner
            WHERE u.lease_owner IS DISTINCT FROM p_process_id
              AND (p.process_id = ANY (p_dead)
                   -- A process without a row has ended, unless it has just started.
                   OR p.process_id IS NULL AND u.created_at NOT BETWEEN clock_timestamp() - interval '10 seconds'
                                                                    AND clock_timestamp() + interval '10 seconds')
              -- Again for the row as it is once it is locked.
              AND t.status IN ('accepted', 'running') AND t.lease_owner IS NOT DISTINCT FROM u.lease_owner
            ORDER BY t.business_id, t.conversation_id, t.seq LIMIT p_limit
            FOR NO KEY UPDATE OF t SKIP LOCKED)
        UPDATE turns t SET lease_owner = p_process_id, lease_epoch = t.lease_epoch + 1,
            takeovers = t.takeovers + (t.status = 'running')::int,  -- a turn that only waited did no harm
            status = CASE WHEN t.status = 'running' AND t.takeovers >= p_max_takeovers THEN 'failed'
                          ELSE 'accepted' END,
            error = CASE WHEN t.status = 'running' AND t.takeovers >= p_max_takeovers THEN p_given_up ELSE t.error END,
            completed_at = CASE WHEN t.status = 'running' AND t.takeovers >= p_max_takeovers THEN clock_timestamp() END
        FROM orphans o
        JOIN messages m ON m.business_id = o.business_id AND m.turn_id = o.turn_id AND m.sender_type = 'user'
        JOIN conversations c ON c.business_id = m.business_id AND c.conversation_id = m.conversation_id
        WHERE t.business_id = o.business_id AND t.turn_id = o.turn_id
        RETURNING t.turn_id, t.business_id, t.conversation_id, m.message_id, c.session_id, t.seq, t.status;
END
$$;
