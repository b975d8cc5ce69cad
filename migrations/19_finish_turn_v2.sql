-- finish_turn_v2 and fail_turn_v2: like v1, for conversations that people take over.
--
-- A takeover makes the running turn `held` while its process still works on it. Then only the steps are stored.

-- Stores the whole end of an answered turn, all or nothing: its last steps (see save_steps_v2), the reply, the fields,
-- the conversation's new stage and agent, and the turn with its answer; also the earlier held turns that it answers. A
-- turn that is retried after later turns were answered does not change the conversation.
--
-- With p_handover, the reason, a person handles the conversation from now on: the next member of its agent, if it has
-- members. p_trouble is kept for the next turn.
--
-- `result` is `completed`. If the AI does not handle the conversation any more, the reply is dropped: then it is `held`,
-- or `failed` with the error p_closed if the conversation is closed. Returns no row and stores nothing if the lease is
-- lost.
CREATE FUNCTION finish_turn_v2(
    p_business_id UUID, p_conversation_id UUID, p_turn_id UUID, p_epoch INTEGER, p_steps JSONB, p_message_id UUID,
    p_reply_id UUID, p_reply TEXT, p_fields JSONB, p_stage_id UUID, p_agent_id UUID, p_handover TEXT, p_trouble TEXT,
    p_confidence DOUBLE PRECISION, p_decision JSONB, p_engine TEXT, p_answer JSON, p_closed JSONB
) RETURNS TABLE (result TEXT, handled_by TEXT) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    conversation conversations%ROWTYPE;
    turn turns%ROWTYPE;
    new_stage_id UUID := p_stage_id;
    new_agent_id UUID := p_agent_id;
BEGIN
    SELECT c.* INTO conversation FROM conversations c
    WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id
    FOR NO KEY UPDATE;
    SELECT t.* INTO turn FROM turns t
    WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id
    FOR NO KEY UPDATE;
    IF turn.turn_id IS NULL OR turn.lease_epoch <> p_epoch OR turn.status NOT IN ('running', 'held') THEN
        RETURN;
    END IF;
    PERFORM insert_steps_v2(p_business_id, p_conversation_id, p_turn_id, p_steps);

    IF turn.status = 'held' THEN  -- by a takeover, which may have been released since
        RETURN QUERY SELECT 'held', conversation.handled_by;
        RETURN;
    END IF;
    IF conversation.handled_by <> 'ai' OR conversation.status <> 'active' OR is_ai_paused_v1(p_business_id) THEN
        result := CASE WHEN conversation.status IN ('completed', 'error') THEN 'failed' ELSE 'held' END;
        UPDATE turns t SET status = result, stage_id = p_stage_id,
            completed_at = CASE WHEN result = 'failed' THEN clock_timestamp() END,
            error = CASE WHEN result = 'failed' THEN p_closed END
        WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id;
        UPDATE conversations c SET waiting_since = COALESCE(c.waiting_since, turn.created_at)
        WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id
          AND result = 'held';
        PERFORM notify_if_waiting_v1(p_business_id, p_conversation_id);
        handled_by := conversation.handled_by;
        RETURN NEXT;
        RETURN;
    END IF;

    INSERT INTO messages (message_id, business_id, conversation_id, seq, turn_id, message_content, sender_type)
    VALUES (p_reply_id, p_business_id, p_conversation_id, turn.seq + 1, p_turn_id, p_reply, 'assistant');
    IF p_fields <> '{}' THEN
        INSERT INTO collected_fields (business_id, conversation_id, field, value, message_id, turn_id, seq)
        SELECT p_business_id, p_conversation_id, key, value, p_message_id, p_turn_id, turn.seq
        FROM jsonb_each(p_fields);
    END IF;
    IF conversation.last_seq = turn.seq + 1 OR NOT EXISTS (
        SELECT FROM turns later
        WHERE later.business_id = p_business_id AND later.conversation_id = p_conversation_id
          AND later.seq > turn.seq AND later.status = 'completed')
    THEN
        -- Stage and agent are looked up only if they change: either may have been deleted meanwhile.
        IF p_stage_id IS DISTINCT FROM conversation.stage_id THEN
            SELECT s.stage_id INTO new_stage_id FROM stages s
            WHERE s.business_id = p_business_id AND s.stage_id = p_stage_id
            FOR KEY SHARE;
        END IF;
        IF p_agent_id IS DISTINCT FROM conversation.agent_id THEN
            SELECT a.agent_id INTO new_agent_id FROM agents a
            WHERE a.business_id = p_business_id AND a.agent_id = p_agent_id
            FOR KEY SHARE;
        END IF;
        UPDATE conversations c SET last_updated = clock_timestamp(), stage_id = new_stage_id, agent_id = new_agent_id,
            waiting_since = NULL, last_trouble = p_trouble
        WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id;
        IF p_handover IS NOT NULL THEN
            PERFORM hand_over_v1(p_business_id, p_conversation_id, new_agent_id, p_handover, turn.created_at);
        END IF;
    END IF;
    UPDATE turns t SET status = 'completed', stage_id = p_stage_id, confidence = p_confidence, decision = p_decision,
        engine = p_engine, answer = p_answer, completed_at = clock_timestamp()
    WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id;
    IF turn.first_message_seq IS NOT NULL THEN
        UPDATE turns t SET status = 'completed', answer = p_answer, completed_at = clock_timestamp()
        WHERE t.business_id = p_business_id AND t.conversation_id = p_conversation_id AND t.answered_by = p_turn_id
          AND t.status = 'held' AND t.completed_at IS NULL;
    END IF;
    IF conversation.last_seq > turn.seq + 1 THEN
        PERFORM pg_notify('icmp_turns', p_conversation_id::text);
    END IF;
    RETURN QUERY SELECT 'completed', conversation.handled_by;
END
$$;

-- Ends a turn without an answer. Returns whether the lease is still held; otherwise nothing is stored. A turn that a
-- takeover has held stays held.
CREATE FUNCTION fail_turn_v2(
    p_business_id UUID, p_conversation_id UUID, p_turn_id UUID, p_epoch INTEGER, p_error JSONB
) RETURNS BOOLEAN LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    turn turns%ROWTYPE;
BEGIN
    PERFORM c.conversation_id FROM conversations c
    WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id
    FOR NO KEY UPDATE;
    SELECT t.* INTO turn FROM turns t
    WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id
    FOR NO KEY UPDATE;
    IF turn.turn_id IS NULL OR turn.lease_epoch <> p_epoch OR turn.status NOT IN ('running', 'held') THEN
        RETURN false;
    END IF;
    IF turn.status = 'running' THEN
        UPDATE turns t SET status = 'failed', error = p_error, completed_at = clock_timestamp()
        WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id;
        UPDATE conversations c SET waiting_since = COALESCE(c.waiting_since, turn.created_at)
        WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id AND c.status <> 'completed';
    END IF;
    PERFORM notify_if_waiting_v1(p_business_id, p_conversation_id);
    RETURN true;
END
$$;

-- Gives a conversation, which the caller has locked, to a person, and holds the messages that wait in it. The agent's
-- members take turns; without members, nobody is assigned.
CREATE FUNCTION hand_over_v1(
    p_business_id UUID, p_conversation_id UUID, p_agent_id UUID, p_reason TEXT, p_waiting_since TIMESTAMPTZ
) RETURNS VOID LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    next_member UUID;
BEGIN
    SELECT m.user_id INTO next_member FROM agent_members m
    JOIN agents a ON a.business_id = m.business_id AND a.agent_id = m.agent_id
    WHERE m.business_id = p_business_id AND m.agent_id = p_agent_id AND a.agent_type = 'human'
    ORDER BY m.last_assigned_at, m.user_id LIMIT 1
    FOR NO KEY UPDATE OF m;
    UPDATE agent_members m SET last_assigned_at = clock_timestamp()
    WHERE m.business_id = p_business_id AND m.agent_id = p_agent_id AND m.user_id = next_member;
    UPDATE conversations c SET handled_by = 'human', assignee_id = COALESCE(next_member, c.assignee_id),
        needs_person_reason = p_reason, waiting_since = p_waiting_since, last_trouble = NULL
    WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id;
    INSERT INTO takeovers (business_id, conversation_id, assignee_id, reason)
    SELECT c.business_id, c.conversation_id, c.assignee_id, p_reason FROM conversations c
    WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id;
    UPDATE turns t SET status = 'held'
    WHERE t.business_id = p_business_id AND t.conversation_id = p_conversation_id AND t.status = 'accepted';
END
$$;
