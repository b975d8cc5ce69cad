-- claim_turn_v2: like v1, for turns that answer several held messages.
--
-- It makes a turn of the process p_owner the running one of its conversation, with a new lease epoch and, the first
-- time, the live release. A turn that is already running is claimed again: a process has one thread per conversation.
--
-- Returns no row while an earlier turn of the conversation is unfinished, and if the turn no longer belongs to p_owner.
-- Raises unique_violation of turns_one_running if another process starts a turn of this conversation at the same moment.
CREATE FUNCTION claim_turn_v2(p_business_id UUID, p_turn_id UUID, p_owner UUID) RETURNS TABLE (
    turn_id UUID, conversation_id UUID, seq INTEGER, release_id UUID, lease_epoch INTEGER, attempts INTEGER,
    stage_before UUID, message_id UUID, message_content TEXT, user_id UUID, session_id TEXT, stage_id UUID,
    conversation_status TEXT, conversation_summary JSONB, summarised_through INTEGER, summary_tried_at INTEGER,
    start_time TIMESTAMPTZ, last_updated TIMESTAMPTZ, collected JSONB, last_trouble TEXT,
    first_message_seq INTEGER
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
            collected_fields_v1(p_business_id, t.conversation_id, t.seq), c.last_trouble, t.first_message_seq;
END
$$;

-- The customer's messages from p_first_seq to p_last_seq, which one turn answers together.
CREATE FUNCTION held_messages_v1(p_business_id UUID, p_conversation_id UUID, p_first_seq INTEGER, p_last_seq INTEGER)
RETURNS TEXT LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (
        SELECT string_agg(m.message_content, E'\n\n' ORDER BY m.seq) FROM messages m
        WHERE m.business_id = p_business_id AND m.conversation_id = p_conversation_id
          AND m.seq BETWEEN p_first_seq AND p_last_seq AND m.sender_type = 'user');
END
$$;
