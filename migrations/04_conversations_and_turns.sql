-- What customers say, and everything that answering them took.

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
    summarised_through INTEGER NOT NULL DEFAULT 0,  -- the seq of the last message that the summary holds
    last_seq INTEGER NOT NULL DEFAULT 0,  -- the last number given to a message or kept for a reply
    start_time TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    last_updated TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (business_id, conversation_id),
    CONSTRAINT conversations_agent_fkey FOREIGN KEY (business_id, agent_id)
        REFERENCES agents (business_id, agent_id) ON DELETE SET NULL (agent_id),
    CONSTRAINT conversations_stage_fkey FOREIGN KEY (business_id, stage_id)
        REFERENCES stages (business_id, stage_id)  -- a stage is deleted only once its conversations stand elsewhere
);
CREATE INDEX conversations_in_order ON conversations (business_id, start_time, conversation_id);
CREATE INDEX conversations_of_user ON conversations (business_id, user_id, start_time, conversation_id);
CREATE INDEX conversations_of_user_latest ON conversations (user_id, business_id, last_updated);
CREATE INDEX conversations_in_status ON conversations (business_id, status, start_time, conversation_id);
CREATE INDEX conversations_handled_by ON conversations (business_id, handled_by, start_time, conversation_id);
CREATE INDEX conversations_in_stage ON conversations (business_id, stage_id, start_time, conversation_id);
CREATE INDEX conversations_of_agent ON conversations (business_id, agent_id);

CREATE TABLE turns (
    turn_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    seq INTEGER NOT NULL,  -- its message's; its reply has seq + 1
    release_id UUID,
    status TEXT NOT NULL DEFAULT 'accepted'
        CHECK (status IN ('accepted', 'running', 'completed', 'failed', 'held')),
    stage_before UUID,
    stage_id UUID,
    confidence DOUBLE PRECISION,
    decision JSONB,
    engine TEXT CHECK (engine IN ('model', 'rules', 'fallback')),
    error JSONB,
    request_hash TEXT,
    idempotency_key TEXT,
    answer JSON,  -- as sent, word for word; JSONB would not keep the words' order
    lease_owner UUID,
    lease_epoch INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    started_at TIMESTAMPTZ,
    completed_at TIMESTAMPTZ,
    UNIQUE (business_id, turn_id),
    UNIQUE (conversation_id, seq),
    CONSTRAINT turns_idempotency_key UNIQUE (business_id, idempotency_key),
    CONSTRAINT turns_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE,
    CONSTRAINT turns_release_fkey FOREIGN KEY (business_id, release_id) REFERENCES releases (business_id, release_id),
    CONSTRAINT turns_stage_before_fkey FOREIGN KEY (business_id, stage_before)
        REFERENCES stages (business_id, stage_id) ON DELETE SET NULL (stage_before),
    CONSTRAINT turns_stage_fkey FOREIGN KEY (business_id, stage_id)
        REFERENCES stages (business_id, stage_id) ON DELETE SET NULL (stage_id)
);
CREATE UNIQUE INDEX turns_one_running ON turns (conversation_id) WHERE status = 'running';
CREATE INDEX turns_unfinished ON turns (conversation_id, seq) WHERE status IN ('accepted', 'running');
CREATE INDEX turns_of_conversation ON turns (business_id, conversation_id, seq);
CREATE INDEX turns_of_release ON turns (business_id, release_id);
CREATE INDEX turns_of_stage_before ON turns (business_id, stage_before);
CREATE INDEX turns_of_stage ON turns (business_id, stage_id);
CREATE INDEX turns_in_order ON turns (business_id, created_at, turn_id);

CREATE TABLE messages (
    message_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    seq INTEGER NOT NULL,
    turn_id UUID,
    message_content TEXT NOT NULL,
    sender_type TEXT NOT NULL CHECK (sender_type IN ('user', 'assistant', 'agent')),
    sender_user_id UUID CONSTRAINT messages_sender_fkey REFERENCES users (user_id) ON DELETE SET NULL,
    metadata JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (business_id, message_id),
    UNIQUE (conversation_id, seq),
    CONSTRAINT messages_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE,
    CONSTRAINT messages_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX messages_one_of_a_kind ON messages (turn_id, sender_type)
    WHERE sender_type IN ('user', 'assistant');  -- the schema itself refuses a second reply
CREATE INDEX messages_of_conversation ON messages (business_id, conversation_id, seq);
CREATE INDEX messages_of_turn ON messages (business_id, turn_id);
CREATE INDEX messages_of_sender ON messages (sender_user_id);

CREATE TABLE turn_steps (
    turn_id UUID NOT NULL REFERENCES turns (turn_id) ON DELETE CASCADE,
    step TEXT NOT NULL CHECK (step IN ('selection', 'extraction', 'retrieval', 'actions', 'response')),
    attempt INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('completed', 'failed')),
    discarded BOOLEAN NOT NULL DEFAULT false,
    engine TEXT,
    output JSONB,
    decision TEXT,
    variables JSONB NOT NULL DEFAULT '[]',
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (turn_id, step, attempt)
);
CREATE UNIQUE INDEX turn_steps_one_that_counts ON turn_steps (turn_id, step)
    WHERE status = 'completed' AND NOT discarded;

CREATE TABLE collected_fields (
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    field TEXT NOT NULL,
    value JSONB NOT NULL,
    message_id UUID NOT NULL,
    turn_id UUID NOT NULL,
    seq INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (turn_id, field),
    CONSTRAINT collected_fields_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE,
    CONSTRAINT collected_fields_message_fkey FOREIGN KEY (business_id, message_id)
        REFERENCES messages (business_id, message_id) ON DELETE CASCADE,
    CONSTRAINT collected_fields_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE
);
CREATE INDEX collected_fields_latest ON collected_fields (business_id, conversation_id, field, seq);
CREATE INDEX collected_fields_of_message ON collected_fields (business_id, message_id);
CREATE INDEX collected_fields_of_turn ON collected_fields (business_id, turn_id);

CREATE TABLE llm_calls (
    call_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    turn_id UUID,
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    conversation_id UUID,
    template_id UUID,
    template_version INTEGER,
    step TEXT NOT NULL,
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
CREATE INDEX llm_calls_in_order ON llm_calls (business_id, created_at, call_id);
CREATE INDEX llm_calls_of_turn ON llm_calls (business_id, turn_id, created_at, call_id);
CREATE INDEX llm_calls_of_conversation ON llm_calls (business_id, conversation_id, created_at, call_id);
CREATE INDEX llm_calls_of_template ON llm_calls (business_id, template_id, created_at, call_id);
CREATE INDEX llm_calls_of_step ON llm_calls (business_id, step, created_at, call_id);
CREATE INDEX llm_calls_of_status ON llm_calls (business_id, status, created_at, call_id);
