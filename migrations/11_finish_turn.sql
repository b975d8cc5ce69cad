-- finish_turn_v1 and fail_turn_v1 end a turn. The conversation is locked first, so that a turn accepted later sees this
-- one finished. If a turn of the conversation is waiting, all processes are notified that it may start; only then,
-- because NOTIFY makes commits wait for each other.

-- Stores the whole end of an answered turn, all or nothing: its last steps (see save_steps_v1), the reply, the fields,
-- the conversation's new stage, agent and handler, and the turn with its answer. A turn that is retried after later
-- turns were answered does not change the conversation's stage.
--
-- `result` is `completed`. If the AI no longer handles the conversation, the reply is dropped: then it is `held`, or
-- `failed` with the error p_closed if the conversation is closed. Returns no row and stores nothing if the lease is lost.
CREATE FUNCTION finish_turn_v1(
    p_business_id UUID, p_conversation_id UUID, p_turn_id UUID, p_epoch INTEGER, p_steps JSONB, p_message_id UUID,
    p_reply_id UUID, p_reply TEXT, p_fields JSONB, p_stage_id UUID, p_agent_id UUID, p_to_human BOOLEAN,
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
    IF turn.turn_id IS NULL OR turn.lease_epoch <> p_epoch OR turn.status <> 'running' THEN
        RETURN;
    END IF;
    PERFORM insert_steps_v1(p_business_id, p_conversation_id, p_turn_id, p_steps);

    IF conversation.handled_by <> 'ai' OR conversation.status <> 'active' THEN
        result := CASE WHEN conversation.status IN ('completed', 'error') THEN 'failed' ELSE 'held' END;
        UPDATE turns t SET status = result, stage_id = p_stage_id, completed_at = clock_timestamp(),
            error = CASE WHEN result = 'failed' THEN p_closed END
        WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id;
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
            handled_by = CASE WHEN p_to_human THEN 'human' ELSE c.handled_by END
        WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id;
    END IF;
    UPDATE turns t SET status = 'completed', stage_id = p_stage_id, confidence = p_confidence, decision = p_decision,
        engine = p_engine, answer = p_answer, completed_at = clock_timestamp()
    WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id;
    IF conversation.last_seq > turn.seq + 1 THEN
        PERFORM pg_notify('icmp_turns', p_conversation_id::text);
    END IF;
    RETURN QUERY SELECT 'completed', conversation.handled_by;
END
$$;

-- Ends a turn without an answer. Returns whether the lease is still held; otherwise nothing is stored.
CREATE FUNCTION fail_turn_v1(
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
    IF turn.turn_id IS NULL OR turn.lease_epoch <> p_epoch OR turn.status <> 'running' THEN
        RETURN false;
    END IF;
    UPDATE turns t SET status = 'failed', error = p_error, completed_at = clock_timestamp()
    WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id;
    PERFORM notify_if_waiting_v1(p_business_id, p_conversation_id);
    RETURN true;
END
$$;

CREATE FUNCTION notify_if_waiting_v1(p_business_id UUID, p_conversation_id UUID) RETURNS VOID
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF EXISTS (SELECT FROM turns t
               WHERE t.business_id = p_business_id AND t.conversation_id = p_conversation_id AND t.status = 'accepted')
    THEN
        PERFORM pg_notify('icmp_turns', p_conversation_id::text);
    END IF;
END
$$;
