-- Lists of the inbox: indexes, names of people, and history without notes.

SET LOCAL lock_timeout = '3s';

-- Open conversations that a person handles: one index per filter.
CREATE INDEX conversations_open_of_assignee ON conversations (business_id, assignee_id, start_time, conversation_id)
    WHERE assignee_id IS NOT NULL AND status IN ('active', 'paused');
CREATE INDEX conversations_unassigned ON conversations (business_id, start_time, conversation_id)
    WHERE assignee_id IS NULL AND handled_by = 'human' AND status IN ('active', 'paused');
-- Pages in the order of the last activity. Only the day is indexed, because each turn changes last_updated; the
-- conversations of one day are sorted. The condition is true for every conversation. It keeps other statements from using
-- this index: the plans they make while the table is empty would (see the primary key of conversations).
CREATE INDEX conversations_by_day ON conversations (business_id, last_day) WHERE handled_by IN ('ai', 'human');
-- Pages of test customers, and their conversations.
CREATE INDEX users_for_tests ON users (business_id, created_at, user_id) WHERE is_test;

-- The latest p_limit messages with a smaller seq, newest first. Like v1, without notes, which only staff may read.
CREATE FUNCTION latest_messages_v2(
    p_business_id UUID, p_conversation_id UUID, p_before_seq INTEGER, p_limit INTEGER
) RETURNS TABLE (seq INTEGER, sender_type TEXT, message_content TEXT)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT m.seq, m.sender_type, m.message_content FROM messages m
        WHERE m.business_id = p_business_id AND m.conversation_id = p_conversation_id AND m.seq < p_before_seq
          AND m.sender_type <> 'note'
        ORDER BY m.seq DESC LIMIT p_limit;
END
$$;

-- How a person is called in lists: by their name if they have one.
CREATE FUNCTION display_name(first_name TEXT, last_name TEXT, email TEXT, external_id TEXT) RETURNS TEXT
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(NULLIF(btrim(COALESCE(first_name, '') || ' ' || COALESCE(last_name, '')), ''), email, external_id)
$$;
