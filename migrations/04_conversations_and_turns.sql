-- Conversations with customers, and the turns that answer them: steps, collected data and calls to models.

CREATE TABLE conversations (
    conversation_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    user_id UUID NOT NULL CONSTRAINT conversations_user_id_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    agent_id UUID,
    stage_id UUID,
    session_id TEXT NOT NULL,
    channel TEXT NOT NULL DEFAULT 'api',
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'completed', 'error')),
    handled_by TEXT NOT NULL DEFAULT 'ai' CHECK (handled_by IN ('ai', 'human')),
    conversation_summary JSONB,
    summarised_through INTEGER NOT NULL DEFAULT 0,  -- the seq of the last message that the summary covers
    summary_tried_at INTEGER,  -- the seq of the turn after which a newer one was last begun; NULL once it is stored
    last_seq INTEGER NOT NULL DEFAULT 0,  -- the last seq given to a message or reserved for a reply
    start_time TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    last_updated TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (business_id, conversation_id),  -- the target of foreign keys
    CONSTRAINT conversations_agent_fkey FOREIGN KEY (business_id, agent_id)
        REFERENCES agents (business_id, agent_id) ON DELETE SET NULL (agent_id),
    -- A stage cannot be deleted while a conversation is in it: the caller chooses the stage that takes over.
    CONSTRAINT conversations_stage_fkey FOREIGN KEY (business_id, stage_id)
        REFERENCES stages (business_id, stage_id)
);
-- Pages of a business's conversations: all of them, and one index per filter of the list.
CREATE INDEX conversations_in_order ON conversations (business_id, start_time, conversation_id);
CREATE INDEX conversations_of_user ON conversations (business_id, user_id, start_time, conversation_id);
CREATE INDEX conversations_in_status ON conversations (business_id, status, start_time, conversation_id);
CREATE INDEX conversations_handled_by ON conversations (business_id, handled_by, start_time, conversation_id);
CREATE INDEX conversations_in_stage ON conversations (business_id, stage_id, start_time, conversation_id);
-- The customer's latest conversation, which a new message continues.
CREATE INDEX conversations_of_user_latest ON conversations (user_id, business_id, last_updated);
-- The foreign key.
CREATE INDEX conversations_of_agent ON conversations (business_id, agent_id);

-- The processes that run turns. Each updates its row every few seconds; the turns of one that stopped doing so are
-- taken over by another.
CREATE TABLE processes (
    process_id UUID PRIMARY KEY,  -- new at each start; the value of turns.lease_owner
    beat_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE turns (
    turn_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    seq INTEGER NOT NULL,  -- that of the customer's message; the reply has seq + 1
    release_id UUID,  -- set when the turn first runs
    status TEXT NOT NULL DEFAULT 'accepted'
        CHECK (status IN ('accepted', 'running', 'completed', 'failed', 'held')),
    stage_before UUID,
    stage_id UUID,
    confidence DOUBLE PRECISION,
    decision JSONB,
    engine TEXT CHECK (engine IN ('model', 'rules', 'fallback')),
    error JSONB,
    request_hash TEXT,  -- detects an idempotency key that is sent again with another request
    idempotency_key TEXT,
    answer JSON,  -- the response exactly as sent; JSONB would change the order of its fields
    lease_owner UUID,  -- the process that runs the turn; no foreign key, because its row is deleted when it ends
    lease_epoch INTEGER NOT NULL DEFAULT 0,  -- grows with each claim, so a previous owner cannot write any more
    attempts INTEGER NOT NULL DEFAULT 0,
    takeovers INTEGER NOT NULL DEFAULT 0,  -- since the turn was accepted or last retried
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    started_at TIMESTAMPTZ,
    completed_at TIMESTAMPTZ,
    UNIQUE (business_id, turn_id),  -- the target of foreign keys
    UNIQUE (conversation_id, seq),
    -- A request that is sent again finds its first turn.
    CONSTRAINT turns_idempotency_key UNIQUE (business_id, idempotency_key),
    CONSTRAINT turns_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE,
    CONSTRAINT turns_release_fkey FOREIGN KEY (business_id, release_id) REFERENCES releases (business_id, release_id),
    CONSTRAINT turns_stage_before_fkey FOREIGN KEY (business_id, stage_before)
        REFERENCES stages (business_id, stage_id) ON DELETE SET NULL (stage_before),
    CONSTRAINT turns_stage_fkey FOREIGN KEY (business_id, stage_id)
        REFERENCES stages (business_id, stage_id) ON DELETE SET NULL (stage_id)
);
-- At most one turn of a conversation runs at a time.
CREATE UNIQUE INDEX turns_one_running ON turns (conversation_id) WHERE status = 'running';
-- Unfinished turns: those before a turn that wants to start, and those of processes that have died.
CREATE INDEX turns_unfinished ON turns (conversation_id, seq) WHERE status IN ('accepted', 'running');
-- Pages of a conversation's turns.
CREATE INDEX turns_of_conversation ON turns (business_id, conversation_id, seq);
-- A business's turns by time.
CREATE INDEX turns_in_order ON turns (business_id, created_at, turn_id);
-- The foreign keys.
CREATE INDEX turns_of_release ON turns (business_id, release_id);
CREATE INDEX turns_of_stage_before ON turns (business_id, stage_before);
CREATE INDEX turns_of_stage ON turns (business_id, stage_id);

CREATE TABLE messages (
    message_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    seq INTEGER NOT NULL,  -- the order of the conversation
    turn_id UUID,  -- NULL: written by a person of the business, or adopted from the older system
    message_content TEXT NOT NULL,
    sender_type TEXT NOT NULL CHECK (sender_type IN ('user', 'assistant', 'agent')),
    sender_user_id UUID CONSTRAINT messages_sender_fkey REFERENCES users (user_id) ON DELETE SET NULL,
    metadata JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (business_id, message_id),  -- the target of foreign keys
    UNIQUE (conversation_id, seq),
    CONSTRAINT messages_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE,
    CONSTRAINT messages_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE
);
-- The database itself rejects a second reply to a message.
CREATE UNIQUE INDEX messages_one_of_a_kind ON messages (turn_id, sender_type)
    WHERE sender_type IN ('user', 'assistant');
-- Pages of a conversation's messages, and the history in prompts.
CREATE INDEX messages_of_conversation ON messages (business_id, conversation_id, seq);
-- The foreign keys.
CREATE INDEX messages_of_turn ON messages (business_id, turn_id);
CREATE INDEX messages_of_sender ON messages (sender_user_id);

-- Full-text search over messages. The configuration 'simple' (no stop words, no stemming) treats all languages alike.
-- The business's ID is one of the indexed words, so a search costs no more when other businesses have many messages.
-- Only the start of a long message is indexed, because PostgreSQL limits the indexed form to 1 MB.
CREATE FUNCTION message_words(business_id UUID, message_content TEXT) RETURNS TSVECTOR
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN array_to_tsvector(ARRAY[business_id::text])
        || to_tsvector('simple'::regconfig, left(message_content, 50000));

-- New words are collected in a pending list before they enter the index. Every search reads that list, so it is short.
CREATE INDEX messages_words ON messages USING gin (message_words(business_id, message_content))
    WITH (gin_pending_list_limit = 512);

-- The steps of a turn: both its checkpoints and its trace.
CREATE TABLE turn_steps (
    turn_id UUID NOT NULL REFERENCES turns (turn_id) ON DELETE CASCADE,
    step TEXT NOT NULL CHECK (step IN ('selection', 'extraction', 'retrieval', 'actions', 'response')),
    attempt INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('completed', 'failed')),
    discarded BOOLEAN NOT NULL DEFAULT false,  -- a speculative extraction for a stage that was not selected
    engine TEXT,
    output JSONB,
    decision TEXT,
    variables JSONB NOT NULL DEFAULT '[]',
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (turn_id, step, attempt)
);
-- Each step has one result that counts. A turn that is resumed reads these.
CREATE UNIQUE INDEX turn_steps_one_that_counts ON turn_steps (turn_id, step)
    WHERE status = 'completed' AND NOT discarded;

-- The data extracted from a conversation. Rows are only added: a correction is a row with a higher seq.
CREATE TABLE collected_fields (
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    field TEXT NOT NULL,
    value JSONB NOT NULL,
    message_id UUID NOT NULL,
    turn_id UUID NOT NULL,
    seq INTEGER NOT NULL,  -- that of the turn
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (turn_id, field),
    CONSTRAINT collected_fields_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE,
    CONSTRAINT collected_fields_message_fkey FOREIGN KEY (business_id, message_id)
        REFERENCES messages (business_id, message_id) ON DELETE CASCADE,
    CONSTRAINT collected_fields_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE
);
-- The latest value of each field, found without reading the older ones.
CREATE INDEX collected_fields_newest ON collected_fields (business_id, conversation_id, field, seq DESC);
-- The foreign keys.
CREATE INDEX collected_fields_of_message ON collected_fields (business_id, message_id);
CREATE INDEX collected_fields_of_turn ON collected_fields (business_id, turn_id);

-- Every request to a model, including failed and repeated ones.
CREATE TABLE llm_calls (
    call_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    turn_id UUID,
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    conversation_id UUID,
    template_id UUID,
    template_version INTEGER,
    step TEXT NOT NULL,
    -- The attempt of turn_steps that made the call. Times do not identify it, because a speculative extraction that is discarded
    -- overlaps with the one that counts.
    step_attempt INTEGER NOT NULL DEFAULT 1,
    model TEXT NOT NULL,
    request JSONB NOT NULL,
    response TEXT,
    parsed JSONB,
    prompt_tokens INTEGER,
    completion_tokens INTEGER,
    cost_usd NUMERIC(14, 8),
    latency_ms INTEGER NOT NULL,
    first_token_ms INTEGER,
    attempt INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('completed', 'failed')),
    error TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    CONSTRAINT llm_calls_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE,
    CONSTRAINT llm_calls_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE,
    CONSTRAINT llm_calls_template_fkey FOREIGN KEY (business_id, template_id)
        REFERENCES templates (business_id, template_id) ON DELETE SET NULL (template_id)
);
-- Pages of a business's calls: all of them, and one index per filter of the list. The second also serves the trace.
CREATE INDEX llm_calls_in_order ON llm_calls (business_id, created_at, call_id);
CREATE INDEX llm_calls_of_turn ON llm_calls (business_id, turn_id, created_at, call_id);
CREATE INDEX llm_calls_of_conversation ON llm_calls (business_id, conversation_id, created_at, call_id);
CREATE INDEX llm_calls_of_template ON llm_calls (business_id, template_id, created_at, call_id);
CREATE INDEX llm_calls_of_step ON llm_calls (business_id, step, created_at, call_id);
CREATE INDEX llm_calls_of_status ON llm_calls (business_id, status, created_at, call_id);
