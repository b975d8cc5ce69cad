-- What the analytics say about a conversation, in one place: the figures and the lists of the conversations behind them
-- read the same function.

SET LOCAL lock_timeout = '3s';

-- The conversations that started from p_since to before p_until and count, with what they count as.
--
-- Those of test customers do not count, and neither do those in which nothing was said yet: a customer's message counts
-- when its turn has ended.
--
-- outcome: 'handed_over' if a person took over, or one is needed. 'open' if it has not ended: it is not completed, and
-- ends_at has not come. 'abandoned' if it ended while required fields were missing, an action waited for the customer,
-- or the customer for an answer. 'resolved' otherwise.
CREATE FUNCTION counted_conversations_v1(p_business_id UUID, p_since TIMESTAMPTZ, p_until TIMESTAMPTZ)
RETURNS TABLE (
    conversation_id UUID, user_id UUID, start_time TIMESTAMPTZ, channel TEXT, language TEXT, stage_id UUID,
    agent_id UUID, release_id UUID, by_customer BIGINT, by_assistant BIGINT, by_staff BIGINT, is_reopened BOOLEAN,
    ends_at TIMESTAMPTZ, outcome TEXT)
LANGUAGE sql STABLE AS $$
    SELECT c.conversation_id, c.user_id, c.start_time, c.channel, c.language, answered.stage_id, answered.agent_id,
           first.release_id, said.by_customer, said.by_assistant, said.by_staff,
           previous.last_at >= c.start_time - interval '24 hours', said.last_at + interval '24 hours',
           CASE WHEN c.needs_person_reason IS NOT NULL OR EXISTS (
                    SELECT FROM takeovers o
                    WHERE o.business_id = p_business_id AND o.conversation_id = c.conversation_id)
                    THEN 'handed_over'
                WHEN c.status <> 'completed' AND said.last_at + interval '24 hours' > now() THEN 'open'
                WHEN said.last_sender = 'user' OR extraction.output -> 'missing' <> '[]' OR EXISTS (
                    SELECT FROM pending_actions p
                    WHERE p.business_id = p_business_id AND p.conversation_id = c.conversation_id)
                    THEN 'abandoned'
                ELSE 'resolved' END
    FROM conversations c
    JOIN users u ON u.user_id = c.user_id AND (u.business_id = p_business_id OR u.business_id IS NULL)
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE m.sender_type = 'user') AS by_customer,
               count(*) FILTER (WHERE m.sender_type = 'assistant') AS by_assistant,
               count(*) FILTER (WHERE m.sender_type = 'agent') AS by_staff,
               max(m.created_at) AS last_at,
               (array_agg(m.sender_type ORDER BY m.seq DESC))[1] AS last_sender
        FROM messages m
        LEFT JOIN turns t ON t.business_id = m.business_id AND t.turn_id = m.turn_id
        WHERE m.business_id = p_business_id AND m.conversation_id = c.conversation_id AND m.sender_type <> 'note'
          AND (m.turn_id IS NULL OR t.status IN ('completed', 'failed', 'held'))) AS said
    LEFT JOIN LATERAL (
        SELECT t.turn_id, t.stage_id, (t.decision #>> '{agent,agent_id}')::uuid AS agent_id FROM turns t
        WHERE t.business_id = p_business_id AND t.conversation_id = c.conversation_id
          AND t.status = 'completed' AND t.answered_by IS NULL
        ORDER BY t.seq DESC LIMIT 1) AS answered ON true
    LEFT JOIN LATERAL (
        SELECT s.output FROM turn_steps s
        WHERE s.business_id = p_business_id AND s.turn_id = answered.turn_id AND s.step = 'extraction' AND s.place = 0
          AND s.turn_id >= lowest_uuidv7(p_since)
        LIMIT 1) AS extraction ON true  -- a look-up each, instead of a scan of all steps
    LEFT JOIN LATERAL (
        SELECT t.release_id FROM turns t
        WHERE t.business_id = p_business_id AND t.conversation_id = c.conversation_id
          AND t.status IN ('completed', 'failed', 'held') AND t.release_id IS NOT NULL
        ORDER BY t.seq LIMIT 1) AS first ON true
    LEFT JOIN LATERAL (
        SELECT p.conversation_id FROM conversations p
        WHERE p.business_id = p_business_id AND p.user_id = c.user_id AND NOT p.is_copy
          AND (p.start_time, p.conversation_id) < (c.start_time, c.conversation_id)
        ORDER BY p.start_time DESC, p.conversation_id DESC LIMIT 1) AS earlier ON true
    LEFT JOIN LATERAL (
        SELECT m.created_at AS last_at FROM messages m
        WHERE m.business_id = p_business_id AND m.conversation_id = earlier.conversation_id
          AND m.sender_type <> 'note' AND m.created_at < c.start_time
        ORDER BY m.seq DESC LIMIT 1) AS previous ON true
    WHERE c.business_id = p_business_id AND c.start_time >= p_since AND c.start_time < p_until
      AND NOT c.is_copy AND NOT u.is_test AND said.last_at IS NOT NULL
$$;
