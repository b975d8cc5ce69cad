-- Pinned conversations: with the setting `pin` = `conversation`, a conversation stays with the release that was live
-- when it started. And trials: a release that answers some of the new conversations, with all their messages.
--
-- accept_message_v4, store_message_v4 and claim_turn_v4 are like v3, and start the turns of these conversations with
-- their release. The previous version of the code answers them with the live release.

SET LOCAL lock_timeout = '3s';

-- No foreign keys: a release that is_used is never deleted, and the previous version of the code does not empty them.
ALTER TABLE conversations ADD COLUMN release_id UUID;  -- the release it is pinned to, which is_used
ALTER TABLE businesses
    ADD COLUMN trial_release_id UUID,  -- which is_used
    ADD COLUMN trial_percent INTEGER CHECK (trial_percent BETWEEN 1 AND 99);

-- Whether a trial with this percentage answers a customer's new conversations. Those of one customer are all answered
-- with the same release, and a higher percentage only adds customers.
CREATE FUNCTION is_in_trial_v1(p_user_id UUID, p_release_id UUID, p_percent INTEGER) RETURNS BOOLEAN
LANGUAGE sql IMMUTABLE AS $$
    SELECT ('x' || left(md5(p_user_id::text || p_release_id::text), 8))::bit(32)::bigint % 100 < p_percent
$$;

-- The release that answers a conversation which started with p_release_id. NULL: the live one.
CREATE FUNCTION pinned_release_v1(p_release_id UUID, p_trial_release_id UUID, p_settings JSONB) RETURNS UUID
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN p_release_id IS NOT NULL
                 AND (p_release_id = p_trial_release_id OR p_settings ->> 'pin' = 'conversation')
                THEN p_release_id END
$$;

-- The release to which a new conversation is pinned, which is_used from now on: the trial or the live release, or NULL.
CREATE FUNCTION release_of_new_conversation_v1(p_business_id UUID, p_user_id UUID) RETURNS UUID
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    pinned_id UUID;
BEGIN
    SELECT CASE WHEN is_in_trial_v1(p_user_id, b.trial_release_id, b.trial_percent) THEN b.trial_release_id
                WHEN b.settings ->> 'pin' = 'conversation' THEN b.live_release_id END
    INTO pinned_id FROM businesses b WHERE b.business_id = p_business_id;
    IF pinned_id IS NOT NULL THEN
        UPDATE releases r SET is_used = true
        WHERE r.business_id = p_business_id AND r.release_id = pinned_id AND NOT r.is_used;
    END IF;
    RETURN pinned_id;
END
$$;

-- Copies try out the live design, so they are not pinned.
CREATE FUNCTION pin_conversation_v1() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.release_id := release_of_new_conversation_v1(NEW.business_id, NEW.user_id);
    RETURN NEW;
END
$$;
CREATE TRIGGER conversations_pin BEFORE INSERT ON conversations
    FOR EACH ROW WHEN (NEW.release_id IS NULL AND NOT NEW.is_copy) EXECUTE FUNCTION pin_conversation_v1();

-- Like store_message_v3. p_release_id is the live release; a pinned conversation is answered with its own one, and then
-- `live_release_id` is the live release, whose settings and profile the turn uses. Otherwise it is NULL.
CREATE FUNCTION store_message_v4(
    p_business_id UUID, p_conversation_id UUID, p_user_id UUID, p_message TEXT, p_owner UUID, p_release_id UUID,
    p_idempotency_key TEXT, p_request_hash TEXT, p_max_unfinished INTEGER, p_language TEXT, p_guessed_language TEXT,
    p_metadata JSONB
) RETURNS TABLE (
    turn_id UUID, conversation_id UUID, message_id UUID, session_id TEXT, seq INTEGER, status TEXT, handled_by TEXT,
    release_id UUID, lease_epoch INTEGER, attempts INTEGER, stage_before UUID, user_id UUID, stage_id UUID,
    conversation_status TEXT, conversation_summary JSONB, summarised_through INTEGER, summary_tried_at INTEGER,
    start_time TIMESTAMPTZ, last_updated TIMESTAMPTZ, collected JSONB, last_trouble TEXT, language TEXT,
    metadata JSONB, live_release_id UUID
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    conversation conversations%ROWTYPE;
    unfinished INTEGER;
    is_held BOOLEAN;
    is_started BOOLEAN;
    turn_release_id UUID := p_release_id;
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
        IF conversation.release_id IS NOT NULL THEN
            SELECT COALESCE(pinned_release_v1(conversation.release_id, b.trial_release_id, b.settings), p_release_id)
            INTO turn_release_id FROM businesses b WHERE b.business_id = p_business_id;
        END IF;
        UPDATE releases r SET is_used = true
        WHERE r.business_id = p_business_id AND r.release_id = turn_release_id AND NOT r.is_used;
    END IF;

    -- The turn has the seq of its message. The next seq is reserved for the reply, so that history is always in order.
    INSERT INTO turns AS t (business_id, conversation_id, seq, lease_owner, idempotency_key, request_hash, status,
                            release_id, stage_before, lease_epoch, attempts, started_at)
    VALUES (p_business_id, p_conversation_id, conversation.last_seq + 1, p_owner, p_idempotency_key, p_request_hash,
            CASE WHEN is_started THEN 'running'
                 WHEN is_held THEN 'held'
                 ELSE 'accepted' END,
            CASE WHEN is_started THEN turn_release_id END, CASE WHEN is_started THEN conversation.stage_id END,
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
        conversation.last_trouble, new_language, p_metadata,
        CASE WHEN turn_release_id <> p_release_id THEN p_release_id END;
END
$$;

-- Like accept_message_v3, with store_message_v4.
CREATE FUNCTION accept_message_v4(
    p_business_id UUID, p_user_id UUID, p_user JSONB, p_conversation_id UUID, p_session_id TEXT, p_idle INTERVAL,
    p_message TEXT, p_owner UUID, p_release_id UUID, p_idempotency_key TEXT, p_request_hash TEXT,
    p_max_unfinished INTEGER, p_language TEXT, p_guessed_language TEXT
) RETURNS TABLE (
    turn_id UUID, conversation_id UUID, message_id UUID, session_id TEXT, seq INTEGER, status TEXT, handled_by TEXT,
    release_id UUID, lease_epoch INTEGER, attempts INTEGER, stage_before UUID, user_id UUID, stage_id UUID,
    conversation_status TEXT, conversation_summary JSONB, summarised_through INTEGER, summary_tried_at INTEGER,
    start_time TIMESTAMPTZ, last_updated TIMESTAMPTZ, collected JSONB, last_trouble TEXT, language TEXT,
    metadata JSONB, live_release_id UUID
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
    RETURN QUERY SELECT stored.* FROM store_message_v4(
        p_business_id, target_id, customer_id, p_message, p_owner, p_release_id, p_idempotency_key, p_request_hash,
        p_max_unfinished, p_language, p_guessed_language, '{}') AS stored;
END
$$;

-- Like claim_turn_v3, with the release of a pinned conversation, and `live_release_id` as in store_message_v4.
CREATE FUNCTION claim_turn_v4(p_business_id UUID, p_turn_id UUID, p_owner UUID) RETURNS TABLE (
    turn_id UUID, conversation_id UUID, seq INTEGER, release_id UUID, lease_epoch INTEGER, attempts INTEGER,
    stage_before UUID, message_id UUID, message_content TEXT, user_id UUID, session_id TEXT, stage_id UUID,
    conversation_status TEXT, conversation_summary JSONB, summarised_through INTEGER, summary_tried_at INTEGER,
    start_time TIMESTAMPTZ, last_updated TIMESTAMPTZ, collected JSONB, last_trouble TEXT,
    first_message_seq INTEGER, language TEXT, metadata JSONB, live_release_id UUID
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
            release_id = COALESCE(
                t.release_id, pinned_release_v1(c.release_id, b.trial_release_id, b.settings), b.live_release_id),
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
            c.language, m.metadata,
            CASE WHEN t.release_id = c.release_id AND t.release_id <> b.live_release_id THEN b.live_release_id END;
END
$$;
