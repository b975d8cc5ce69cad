-- The language of a conversation: that of the customer's latest message whose language is certain; and the metadata of a
-- customer's message, which says what it contains besides its text.
--
-- accept_message_v3 and store_message_v3 are like v2, and store and return both; claim_turn_v3 returns them too.

SET LOCAL lock_timeout = '3s';

ALTER TABLE conversations ADD COLUMN language TEXT;

-- Stores the message in a conversation. The turn is `held` if a person handles the conversation, or if it or the whole
-- business is paused; `running` if it may start now; and otherwise `accepted`: it waits. The columns after `handled_by`
-- are those of claim_turn_v3; they matter only if the turn is running. A snoozed conversation is no longer snoozed.
--
-- p_language is the language of the message if that is certain, p_guessed_language if it is not: then it only counts in a
-- conversation without a language whose customer has none.
--
-- Returns no row if the conversation is closed or p_max_unfinished turns are unfinished. Raises unique_violation of
-- turns_idempotency_key if the key is taken.
CREATE FUNCTION store_message_v3(
    p_business_id UUID, p_conversation_id UUID, p_user_id UUID, p_message TEXT, p_owner UUID, p_release_id UUID,
    p_idempotency_key TEXT, p_request_hash TEXT, p_max_unfinished INTEGER, p_language TEXT, p_guessed_language TEXT,
    p_metadata JSONB
) RETURNS TABLE (
    turn_id UUID, conversation_id UUID, message_id UUID, session_id TEXT, seq INTEGER, status TEXT, handled_by TEXT,
    release_id UUID, lease_epoch INTEGER, attempts INTEGER, stage_before UUID, user_id UUID, stage_id UUID,
    conversation_status TEXT, conversation_summary JSONB, summarised_through INTEGER, summary_tried_at INTEGER,
    start_time TIMESTAMPTZ, last_updated TIMESTAMPTZ, collected JSONB, last_trouble TEXT, language TEXT,
    metadata JSONB
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    conversation conversations%ROWTYPE;
    unfinished INTEGER;
    is_held BOOLEAN;
    is_started BOOLEAN;
    turn turns%ROWTYPE;
    new_message_id UUID;
    accepted_at TIMESTAMPTZ;
    new_language TEXT;
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
    is_held := conversation.handled_by = 'human' OR conversation.status = 'paused' OR is_ai_paused_v1(p_business_id);
    is_started := unfinished = 0 AND NOT is_held;
    IF is_started THEN
        UPDATE releases r SET is_used = true
        WHERE r.business_id = p_business_id AND r.release_id = p_release_id AND NOT r.is_used;
    END IF;

    -- The turn has the seq of its message. The next seq is reserved for the reply, so that history is always in order.
    INSERT INTO turns AS t (business_id, conversation_id, seq, lease_owner, idempotency_key, request_hash, status,
                            release_id, stage_before, lease_epoch, attempts, started_at)
    VALUES (p_business_id, p_conversation_id, conversation.last_seq + 1, p_owner, p_idempotency_key, p_request_hash,
            CASE WHEN is_started THEN 'running'
                 WHEN is_held THEN 'held'
                 ELSE 'accepted' END,
            CASE WHEN is_started THEN p_release_id END, CASE WHEN is_started THEN conversation.stage_id END,
            is_started::int, is_started::int, CASE WHEN is_started THEN clock_timestamp() END)
    RETURNING t.* INTO turn;
    INSERT INTO messages AS m (business_id, conversation_id, seq, turn_id, message_content, sender_type, sender_user_id,
                               metadata)
    VALUES (p_business_id, p_conversation_id, turn.seq, turn.turn_id, p_message, 'user', p_user_id, p_metadata)
    RETURNING m.message_id INTO new_message_id;
    new_language := COALESCE(p_language, conversation.language);
    IF new_language IS NULL THEN
        SELECT COALESCE(u.language, p_guessed_language) INTO new_language FROM users u
        WHERE u.user_id = conversation.user_id AND (u.business_id = p_business_id OR u.business_id IS NULL);
    END IF;
    UPDATE conversations c SET last_seq = turn.seq + 1, last_updated = clock_timestamp(), snoozed_until = NULL,
        language = new_language,
        waiting_since = CASE WHEN is_held THEN COALESCE(c.waiting_since, turn.created_at) ELSE c.waiting_since END
    WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id
    RETURNING c.last_updated INTO accepted_at;

    RETURN QUERY SELECT
        turn.turn_id, p_conversation_id, new_message_id, conversation.session_id, turn.seq, turn.status,
        conversation.handled_by, turn.release_id, turn.lease_epoch, turn.attempts, turn.stage_before,
        conversation.user_id, conversation.stage_id, conversation.status, conversation.conversation_summary,
        conversation.summarised_through, conversation.summary_tried_at, conversation.start_time, accepted_at,
        CASE WHEN is_started THEN collected_fields_v1(p_business_id, p_conversation_id, turn.seq) END,
        conversation.last_trouble, new_language, p_metadata;
END
$$;

-- Accepts a message that continues an open conversation, the named one or the customer's latest, as most messages do.
-- The customer is named by p_user_id or described by p_user, which must not change their data.
--
-- Returns no row if there is no such customer or conversation, if p_release_id is not the live release, or if the key is
-- taken; also for the reasons of store_message_v3. The caller finds out which with separate statements.
CREATE FUNCTION accept_message_v3(
    p_business_id UUID, p_user_id UUID, p_user JSONB, p_conversation_id UUID, p_session_id TEXT, p_idle INTERVAL,
    p_message TEXT, p_owner UUID, p_release_id UUID, p_idempotency_key TEXT, p_request_hash TEXT,
    p_max_unfinished INTEGER, p_language TEXT, p_guessed_language TEXT
) RETURNS TABLE (
    turn_id UUID, conversation_id UUID, message_id UUID, session_id TEXT, seq INTEGER, status TEXT, handled_by TEXT,
    release_id UUID, lease_epoch INTEGER, attempts INTEGER, stage_before UUID, user_id UUID, stage_id UUID,
    conversation_status TEXT, conversation_summary JSONB, summarised_through INTEGER, summary_tried_at INTEGER,
    start_time TIMESTAMPTZ, last_updated TIMESTAMPTZ, collected JSONB, last_trouble TEXT, language TEXT,
    metadata JSONB
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
    RETURN QUERY SELECT stored.* FROM store_message_v3(
        p_business_id, target_id, customer_id, p_message, p_owner, p_release_id, p_idempotency_key, p_request_hash,
        p_max_unfinished, p_language, p_guessed_language, '{}') AS stored;
END
$$;

-- Like claim_turn_v2, with the language of the conversation and the metadata of the message.
CREATE FUNCTION claim_turn_v3(p_business_id UUID, p_turn_id UUID, p_owner UUID) RETURNS TABLE (
    turn_id UUID, conversation_id UUID, seq INTEGER, release_id UUID, lease_epoch INTEGER, attempts INTEGER,
    stage_before UUID, message_id UUID, message_content TEXT, user_id UUID, session_id TEXT, stage_id UUID,
    conversation_status TEXT, conversation_summary JSONB, summarised_through INTEGER, summary_tried_at INTEGER,
    start_time TIMESTAMPTZ, last_updated TIMESTAMPTZ, collected JSONB, last_trouble TEXT,
    first_message_seq INTEGER, language TEXT, metadata JSONB
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    -- The commit does not wait for the disk: if a crash of the database loses it, the turn is claimed again.
    PERFORM set_config('synchronous_commit', 'off', true);
    UPDATE releases r SET is_used = true
    FROM businesses b
    WHERE b.business_id = p_business_id AND r.business_id = p_business_id AND r.release_id = b.live_release_id
      AND NOT r.is_used;
    RETURN QUERY
        UPDATE turns t SET status = 'running', lease_epoch = t.lease_epoch + 1, attempts = t.attempts + 1,
            started_at = COALESCE(t.started_at, clock_timestamp()),
            release_id = COALESCE(t.release_id, b.live_release_id),
            stage_before = CASE WHEN t.attempts = 0 THEN c.stage_id ELSE t.stage_before END
        FROM businesses b, conversations c, messages m
        WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id AND t.lease_owner = p_owner
          AND t.status IN ('accepted', 'running')
          AND b.business_id = p_business_id
          AND c.business_id = p_business_id AND c.conversation_id = t.conversation_id
          AND m.business_id = p_business_id AND m.turn_id = p_turn_id AND m.sender_type = 'user'
          AND NOT EXISTS (
              SELECT FROM turns earlier
              WHERE earlier.business_id = p_business_id AND earlier.conversation_id = t.conversation_id
                AND earlier.seq < t.seq AND earlier.status = 'running')
          AND NOT EXISTS (
              SELECT FROM turns earlier
              WHERE earlier.business_id = p_business_id AND earlier.conversation_id = t.conversation_id
                AND earlier.seq < t.seq AND earlier.status = 'accepted')
        RETURNING t.turn_id, t.conversation_id, t.seq, t.release_id, t.lease_epoch, t.attempts, t.stage_before,
            m.message_id,
            CASE WHEN t.first_message_seq IS NULL THEN m.message_content
                 ELSE held_messages_v1(p_business_id, t.conversation_id, t.first_message_seq, m.seq) END,
            c.user_id, c.session_id, c.stage_id, c.status, c.conversation_summary, c.summarised_through,
            c.summary_tried_at, c.start_time, c.last_updated,
            collected_fields_v1(p_business_id, t.conversation_id, t.seq), c.last_trouble, t.first_message_seq,
            c.language, m.metadata;
END
$$;
