-- Messages of staff that are sent again

SET LOCAL lock_timeout = '3s';

-- As for turns, which have the keys of customers' messages. If the table is large, add the columns and build the index
-- before (see docs/changing-the-schema.md).
ALTER TABLE messages
    ADD COLUMN IF NOT EXISTS idempotency_key TEXT,
    ADD COLUMN IF NOT EXISTS request_hash TEXT;  -- detects a key that is sent again with another request
-- A request that is sent again finds its first message.
CREATE UNIQUE INDEX IF NOT EXISTS messages_idempotency_key ON messages (business_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL;
