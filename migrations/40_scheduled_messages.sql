-- Messages that businesses write as their assistant, and that wait for the end of the customer's quiet hours.

SET LOCAL lock_timeout = '3s';

CREATE TABLE scheduled_messages (
    business_id UUID NOT NULL,
    scheduled_message_id UUID NOT NULL DEFAULT uuidv7(),
    conversation_id UUID NOT NULL,
    message_content TEXT NOT NULL,
    metadata JSONB NOT NULL DEFAULT '{}',  -- of the message
    scheduled_for TIMESTAMPTZ NOT NULL,
    -- dropped: a person handled the conversation by then, or it was completed or paused
    status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'posted', 'dropped')),
    seq INTEGER,  -- of the message, once it is posted
    idempotency_key TEXT,
    request_hash TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, scheduled_message_id),
    CONSTRAINT scheduled_messages_idempotency_key UNIQUE (business_id, idempotency_key),
    CONSTRAINT scheduled_messages_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE
);
-- Pages of a conversation's messages. Also the foreign key.
CREATE INDEX scheduled_messages_of_conversation
    ON scheduled_messages (business_id, conversation_id, created_at, scheduled_message_id);
