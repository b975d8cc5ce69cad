-- Messages of staff that are sent again, and copies of conversations for test customers.

SET LOCAL lock_timeout = '3s';

-- As for turns, which have the keys of customers' messages. If the table is large, add the columns and build the index
-- before (see docs/changing-the-schema.md).
ALTER TABLE messages
    ADD COLUMN IF NOT EXISTS idempotency_key TEXT,
    ADD COLUMN IF NOT EXISTS request_hash TEXT;  -- detects a key that is sent again with another request
-- A request that is sent again finds its first message.
CREATE UNIQUE INDEX IF NOT EXISTS messages_idempotency_key ON messages (business_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;

-- The customer whose conversations the test customer's are copies of. Turns in copies read their orders.
ALTER TABLE users ADD COLUMN copy_of UUID
    CONSTRAINT users_copy_of_fkey REFERENCES users (user_id) ON DELETE CASCADE;
-- The foreign key.
CREATE INDEX users_copy_of ON users (copy_of) WHERE copy_of IS NOT NULL;
UPDATE users u SET copy_of = original.user_id
FROM users original
WHERE u.is_test AND u.external_id = 'copy-of-' || original.user_id
  AND (original.business_id = u.business_id OR original.business_id IS NULL);

ALTER TABLE conversations ADD COLUMN is_copy BOOLEAN NOT NULL DEFAULT false;
UPDATE conversations c SET is_copy = true
FROM users u
WHERE u.is_test AND u.user_id = c.user_id AND c.session_id LIKE 'copy-%';

-- As before, without copies: messages of test customers continue them only if they name them.
CREATE OR REPLACE FUNCTION latest_open_conversation_v1(
    p_business_id UUID, p_user_id UUID, p_session_id TEXT, p_idle INTERVAL
) RETURNS UUID LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    earliest TIMESTAMPTZ := now() - p_idle;
    earliest_day DATE := (earliest AT TIME ZONE 'UTC')::date;
BEGIN
    RETURN (
        SELECT candidate.conversation_id FROM (
            SELECT c.conversation_id, c.session_id, c.last_updated FROM conversations c
            WHERE c.business_id = p_business_id AND c.user_id = p_user_id AND c.status = 'active'
              AND c.last_day >= earliest_day AND c.last_updated > earliest AND NOT c.is_copy
            UNION ALL
            SELECT c.conversation_id, c.session_id, c.last_updated FROM conversations c
            WHERE c.business_id = p_business_id AND c.user_id = p_user_id
              AND (c.status = 'paused' OR c.status = 'active' AND c.handled_by = 'human')
              AND NOT c.is_copy) AS candidate
        WHERE p_session_id IS NULL OR candidate.session_id = p_session_id
        ORDER BY candidate.last_updated DESC LIMIT 1);
END
$$;
