-- What every message reads: its business key, and the history and the customer for the prompts.

-- The valid key with this hash. It tells which business a request is for. `is_stale` asks to record its use.
CREATE FUNCTION key_by_hash_v1(p_key_hash TEXT) RETURNS TABLE (key_id UUID, business_id UUID, is_stale BOOLEAN)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT k.key_id, k.business_id, k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute'
        FROM api_keys k WHERE k.key_hash = p_key_hash AND (k.expires_at IS NULL OR k.expires_at > now());
END
$$;

-- The latest p_limit messages with a smaller seq, newest first.
CREATE FUNCTION latest_messages_v1(
    p_business_id UUID, p_conversation_id UUID, p_before_seq INTEGER, p_limit INTEGER
) RETURNS TABLE (seq INTEGER, sender_type TEXT, message_content TEXT)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT m.seq, m.sender_type, m.message_content FROM messages m
        WHERE m.business_id = p_business_id AND m.conversation_id = p_conversation_id AND m.seq < p_before_seq
        ORDER BY m.seq DESC LIMIT p_limit;
END
$$;

-- The user who sent a message to the business: one of its customers, or a staff account.
CREATE FUNCTION sender_v1(p_business_id UUID, p_user_id UUID) RETURNS TABLE (
    user_id UUID, external_id TEXT, first_name TEXT, last_name TEXT, email TEXT, phone TEXT, language TEXT,
    timezone TEXT, metadata JSONB
) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT u.user_id, u.external_id, u.first_name, u.last_name, u.email, u.phone, u.language, u.timezone, u.metadata
        FROM users u
        WHERE u.user_id = p_user_id AND (u.business_id = p_business_id OR u.business_id IS NULL);
END
$$;
