-- accept_message_v1 stores a customer's message with the turn that answers it, and starts the turn if no earlier turn
-- of the conversation is unfinished.
--
-- 08 to 14 are the statements that every message needs. As functions, they are planned once per session instead of once
-- per call (plan_cache_mode), also behind a connection pooler in transaction mode. A partition is found when the plan is
-- executed. Each name ends in a version: a function that takes or returns something else is a new one, because the
-- previous version of the code is still running during a migration. In all of them, rows are locked in the order
-- customer, conversation, turn.

-- The fields collected by the turns before p_seq: for each field, the value with the highest seq. Jumps from field to
-- field in the index, so the cost depends on the number of fields, not on how often each was corrected.
CREATE FUNCTION collected_fields_v1(p_business_id UUID, p_conversation_id UUID, p_seq INTEGER) RETURNS JSONB
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (
        WITH RECURSIVE latest AS (
            (SELECT f.field, f.value FROM collected_fields f
             WHERE f.business_id = p_business_id AND f.conversation_id = p_conversation_id AND f.seq < p_seq
             ORDER BY f.field, f.seq DESC LIMIT 1)
            UNION ALL
            SELECT following.field, following.value FROM latest, LATERAL (
                SELECT f.field, f.value FROM collected_fields f
                WHERE f.business_id = p_business_id AND f.conversation_id = p_conversation_id AND f.seq < p_seq
                  AND f.field > latest.field
                ORDER BY f.field, f.seq DESC LIMIT 1) AS following)
        SELECT COALESCE(jsonb_object_agg(latest.field, latest.value), '{}') FROM latest);
END
$$;

-- The conversation that a customer's new message continues, of the session if one is given: the latest that is active
-- and was used within p_idle, handled by a person, or paused. NULL if there is none.
CREATE FUNCTION latest_open_conversation_v1(p_business_id UUID, p_user_id UUID, p_session_id TEXT, p_idle INTERVAL)
RETURNS UUID LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    earliest TIMESTAMPTZ := now() - p_idle;
    earliest_day DATE := (earliest AT TIME ZONE 'UTC')::date;
BEGIN
    RETURN (
        SELECT candidate.conversation_id FROM (
            SELECT c.conversation_id, c.session_id, c.last_updated FROM conversations c
            WHERE c.business_id = p_business_id AND c.user_id = p_user_id AND c.status = 'active'
              AND c.last_day >= earliest_day AND c.last_updated > earliest
            UNION ALL
            SELECT c.conversation_id, c.session_id, c.last_updated FROM conversations c
            WHERE c.business_id = p_business_id AND c.user_id = p_user_id
              AND (c.status = 'paused' OR c.status = 'active' AND c.handled_by = 'human')) AS candidate
        WHERE p_session_id IS NULL OR candidate.session_id = p_session_id
        ORDER BY candidate.last_updated DESC LIMIT 1);
END
$$;

-- Stores the message in a conversation. The turn is `held` if a person handles the conversation or the business has
-- paused it, `running` if it may start now, and otherwise `accepted`: it waits. The columns after `handled_by` are those
-- of claim_turn_v1; they matter only if the turn is running.
--
-- Returns no row if the conversation is closed or p_max_unfinished turns are unfinished. Raises unique_violation of
-- turns_idempotency_key if the key is taken.
CREATE FUNCTION store_message_v1(
    p_business_id UUID, p_conversation_id UUID, p_user_id UUID, p_message TEXT, p_owner UUID, p_release_id UUID,
    p_idempotency_key TEXT, p_request_hash TEXT, p_max_unfinished INTEGER
) RETURNS TABLE (
    turn_id UUID, conversation_id UUID, message_id UUID, session_id TEXT, seq INTEGER, status TEXT, handled_by TEXT,
    release_id UUID, lease_epoch INTEGER, attempts INTEGER, stage_before UUID, user_id UUID, stage_id UUID,
    conversation_status TEXT, conversation_summary JSONB, summarised_through INTEGER, summary_tried_at INTEGER,
    start_time TIMESTAMPTZ, last_updated TIMESTAMPTZ, collected JSONB
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    conversation conversations%ROWTYPE;
    unfinished INTEGER;
    is_started BOOLEAN;
    turn turns%ROWTYPE;
    new_message_id UUID;
    accepted_at TIMESTAMPTZ;
BEGIN
    -- The lock orders the messages of the conversation. What is read below it includes the turns accepted meanwhile.
    SELECT c.* INTO conversation FROM conversations c
    WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id AND c.status IN ('active', 'paused')
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT count(*) INTO unfinished FROM (
        SELECT 1 FROM turns t
        WHERE t.business_id = p_business_id AND t.conversation_id = p_conversation_id AND t.status = 'running'
        UNION ALL
        SELECT 1 FROM turns t
        WHERE t.business_id = p_business_id AND t.conversation_id = p_conversation_id AND t.status = 'accepted'
    ) AS unfinished_turn;
    IF unfinished >= p_max_unfinished THEN
        RETURN;
    END IF;
    is_started := unfinished = 0 AND conversation.handled_by = 'ai' AND conversation.status = 'active';
    IF is_started THEN
        UPDATE releases r SET is_used = true
        WHERE r.business_id = p_business_id AND r.release_id = p_release_id AND NOT r.is_used;
    END IF;

    -- The turn has the seq of its message. The next seq is reserved for the reply, so that history is always in order.
    INSERT INTO turns AS t (business_id, conversation_id, seq, lease_owner, idempotency_key, request_hash, status,
                            release_id, stage_before, lease_epoch, attempts, started_at)
    VALUES (p_business_id, p_conversation_id, conversation.last_seq + 1, p_owner, p_idempotency_key, p_request_hash,
            CASE WHEN is_started THEN 'running'
                 WHEN conversation.handled_by = 'human' OR conversation.status = 'paused' THEN 'held'
                 ELSE 'accepted' END,
            CASE WHEN is_started THEN p_release_id END, CASE WHEN is_started THEN conversation.stage_id END,
            is_started::int, is_started::int, CASE WHEN is_started THEN clock_timestamp() END)
    RETURNING t.* INTO turn;
    INSERT INTO messages AS m (business_id, conversation_id, seq, turn_id, message_content, sender_type, sender_user_id)
    VALUES (p_business_id, p_conversation_id, turn.seq, turn.turn_id, p_message, 'user', p_user_id)
    RETURNING m.message_id INTO new_message_id;
    UPDATE conversations c SET last_seq = turn.seq + 1, last_updated = clock_timestamp()
    WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id
    RETURNING c.last_updated INTO accepted_at;

    RETURN QUERY SELECT
        turn.turn_id, p_conversation_id, new_message_id, conversation.session_id, turn.seq, turn.status,
        conversation.handled_by, turn.release_id, turn.lease_epoch, turn.attempts, turn.stage_before,
        conversation.user_id, conversation.stage_id, conversation.status, conversation.conversation_summary,
        conversation.summarised_through, conversation.summary_tried_at, conversation.start_time, accepted_at,
        CASE WHEN is_started THEN collected_fields_v1(p_business_id, p_conversation_id, turn.seq) END;
END
$$;

-- Accepts a message that continues an open conversation, the named one or the customer's latest, as most messages do.
-- The customer is named by p_user_id or described by p_user, which must not change their data.
--
-- Returns no row if there is no such customer or conversation, if p_release_id is not the live release, or if the key is
-- taken; also for the reasons of store_message_v1. The caller finds out which with separate statements.
CREATE FUNCTION accept_message_v1(
    p_business_id UUID, p_user_id UUID, p_user JSONB, p_conversation_id UUID, p_session_id TEXT, p_idle INTERVAL,
    p_message TEXT, p_owner UUID, p_release_id UUID, p_idempotency_key TEXT, p_request_hash TEXT,
    p_max_unfinished INTEGER
) RETURNS TABLE (
    turn_id UUID, conversation_id UUID, message_id UUID, session_id TEXT, seq INTEGER, status TEXT, handled_by TEXT,
    release_id UUID, lease_epoch INTEGER, attempts INTEGER, stage_before UUID, user_id UUID, stage_id UUID,
    conversation_status TEXT, conversation_summary JSONB, summarised_through INTEGER, summary_tried_at INTEGER,
    start_time TIMESTAMPTZ, last_updated TIMESTAMPTZ, collected JSONB
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    customer_id UUID;
    target_id UUID;
BEGIN
    IF p_user IS NULL THEN
        SELECT u.user_id INTO customer_id FROM users u
        WHERE u.user_id = p_user_id AND u.business_id IS NOT DISTINCT FROM p_business_id  -- found by user_id alone
        FOR KEY SHARE;
    ELSE
        -- In JSON, 1 and 1.0 are equal. The lock is that of the upsert that changes a customer's data, so the later of
        -- two requests sees the changes of the other.
        SELECT u.user_id INTO customer_id FROM users u
        WHERE u.business_id = p_business_id AND u.external_id = p_user ->> 'external_id'
          AND COALESCE(p_user ->> 'first_name', u.first_name) IS NOT DISTINCT FROM u.first_name
          AND COALESCE(p_user ->> 'last_name', u.last_name) IS NOT DISTINCT FROM u.last_name
          AND COALESCE(p_user ->> 'email', u.email) IS NOT DISTINCT FROM u.email
          AND COALESCE(p_user ->> 'phone', u.phone) IS NOT DISTINCT FROM u.phone
          AND COALESCE(p_user ->> 'language', u.language) IS NOT DISTINCT FROM u.language
          AND COALESCE(p_user ->> 'timezone', u.timezone) IS NOT DISTINCT FROM u.timezone
          AND u.metadata || COALESCE(p_user -> 'metadata', '{}') = u.metadata
        FOR NO KEY UPDATE;
    END IF;
    IF customer_id IS NULL
        OR NOT EXISTS (SELECT FROM businesses b WHERE b.business_id = p_business_id AND b.live_release_id = p_release_id)
        OR p_idempotency_key IS NOT NULL AND EXISTS (
            SELECT FROM turns t WHERE t.business_id = p_business_id AND t.idempotency_key = p_idempotency_key)
    THEN
        RETURN;
    END IF;
    IF p_conversation_id IS NULL THEN
        target_id := latest_open_conversation_v1(p_business_id, customer_id, p_session_id, p_idle);
    ELSE
        SELECT c.conversation_id INTO target_id FROM conversations c
        WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id AND c.user_id = customer_id;
    END IF;
    RETURN QUERY SELECT stored.* FROM store_message_v1(
        p_business_id, target_id, customer_id, p_message, p_owner, p_release_id, p_idempotency_key, p_request_hash,
        p_max_unfinished) AS stored;
END
$$;
