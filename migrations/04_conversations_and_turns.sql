-- Conversations with customers, and the turns that answer them: steps, collected data and calls to models.
--
-- Turns and their calls name the release, stages and templates that they used, which all turns of a business have in
-- common. These columns are not foreign keys: each turn would lock the same rows, and deleting a stage or a template
-- would rewrite the history (docs/decisions/0012-hot-rows-without-foreign-keys.md).

CREATE TABLE conversations (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    conversation_id UUID NOT NULL DEFAULT uuidv7(),
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
    -- For the index that finds the customer's latest conversation. Each turn changes last_updated; if it were indexed,
    -- each turn would also write all other indexes of the table.
    last_day DATE NOT NULL GENERATED ALWAYS AS ((last_updated AT TIME ZONE 'UTC')::date) STORED,
    CONSTRAINT conversations_agent_fkey FOREIGN KEY (business_id, agent_id)
        REFERENCES agents (business_id, agent_id) ON DELETE SET NULL (agent_id),
    -- A stage cannot be deleted while a conversation is in it: the caller chooses the stage that takes over.
    CONSTRAINT conversations_stage_fkey FOREIGN KEY (business_id, stage_id)
        REFERENCES stages (business_id, stage_id)
) WITH (fillfactor = 90);  -- room for the next version of a row in the same page, which then needs no index entries
-- Pages of a business's conversations: all of them, and one index per filter of the list.
CREATE INDEX conversations_in_order ON conversations (business_id, start_time, conversation_id);
CREATE INDEX conversations_of_user ON conversations (user_id, business_id, start_time, conversation_id);
CREATE INDEX conversations_in_status ON conversations (business_id, status, start_time, conversation_id);
CREATE INDEX conversations_handled_by ON conversations (business_id, handled_by, start_time, conversation_id);
CREATE INDEX conversations_in_stage ON conversations (business_id, stage_id, start_time, conversation_id);
-- The conversation that a customer's new message continues: one used recently, or one without a time limit.
CREATE INDEX conversations_of_user_recent ON conversations (user_id, business_id, last_day) WHERE status = 'active';
CREATE INDEX conversations_of_user_unlimited ON conversations (user_id, business_id)
    WHERE status = 'paused' OR status = 'active' AND handled_by = 'human';
-- The foreign key.
CREATE INDEX conversations_of_agent ON conversations (business_id, agent_id) WHERE agent_id IS NOT NULL;
-- After the other indexes. To plans made while the table is empty, all indexes that start with business_id cost the same,
-- and PostgreSQL takes the last one. Sessions keep these plans until the table is analysed.
ALTER TABLE conversations ADD PRIMARY KEY (business_id, conversation_id);

-- The processes that run turns. Each updates its row every few seconds; the turns of one that stopped doing so are
-- taken over by another.
CREATE TABLE processes (
    process_id UUID PRIMARY KEY,  -- new at each start; the value of turns.lease_owner
    beat_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE turns (
    business_id UUID NOT NULL,
    turn_id UUID NOT NULL DEFAULT uuidv7(),
    conversation_id UUID NOT NULL,
    seq INTEGER NOT NULL,  -- that of the customer's message; the reply has seq + 1
    release_id UUID,  -- set when the turn first runs; a release that is_used is never deleted
    status TEXT NOT NULL DEFAULT 'accepted'
        CHECK (status IN ('accepted', 'running', 'completed', 'failed', 'held')),
    stage_before UUID,  -- of the release; it may have been deleted since
    stage_id UUID,  -- also of the release
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
    -- Also pages of a conversation's turns.
    CONSTRAINT turns_in_conversation_key UNIQUE (business_id, conversation_id, seq),
    CONSTRAINT turns_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE
) WITH (fillfactor = 60);  -- room for the finished turn, which is several times larger, in the same page
-- A request that is sent again finds its first turn.
CREATE UNIQUE INDEX turns_idempotency_key ON turns (business_id, idempotency_key) WHERE idempotency_key IS NOT NULL;
-- At most one turn of a conversation runs at a time. Also finds the turns of processes that have died.
CREATE UNIQUE INDEX turns_one_running ON turns (business_id, conversation_id) WHERE status = 'running';
-- Turns that wait for an earlier one. Also finds those of processes that have died.
CREATE INDEX turns_waiting ON turns (business_id, conversation_id, seq) WHERE status = 'accepted';
-- After the other indexes, as for conversations.
ALTER TABLE turns ADD PRIMARY KEY (business_id, turn_id);

CREATE TABLE messages (
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    seq INTEGER NOT NULL,  -- the order of the conversation
    message_id UUID NOT NULL DEFAULT uuidv7(),  -- without an index: nothing looks it up
    turn_id UUID,  -- NULL: written by a person of the business, or adopted from the older system
    message_content TEXT NOT NULL,
    sender_type TEXT NOT NULL CHECK (sender_type IN ('user', 'assistant', 'agent')),
    sender_user_id UUID CONSTRAINT messages_sender_fkey REFERENCES users (user_id) ON DELETE SET NULL,
    metadata JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    -- Also pages of a conversation's messages, and the history in prompts.
    PRIMARY KEY (business_id, conversation_id, seq),
    CONSTRAINT messages_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE,
    CONSTRAINT messages_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE
);
-- The database itself rejects a second reply to a message. Also the foreign key, and finds the message of a turn.
CREATE UNIQUE INDEX messages_one_of_a_kind ON messages (business_id, turn_id, sender_type) WHERE turn_id IS NOT NULL;
-- The foreign key.
CREATE INDEX messages_of_sender ON messages (sender_user_id) WHERE sender_user_id IS NOT NULL;

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

-- The steps of a turn: both its checkpoints and its trace. One partition per month, see below.
CREATE TABLE turn_steps (
    business_id UUID NOT NULL,
    turn_id UUID NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('selection', 'extraction', 'retrieval', 'actions', 'response')),
    attempt INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('completed', 'failed')),
    discarded BOOLEAN NOT NULL DEFAULT false,  -- a speculative result that was not used
    engine TEXT,
    output JSONB,
    decision TEXT,
    variables JSONB NOT NULL DEFAULT '[]',
    started_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ NOT NULL,
    -- 0: the result that counts, of which the primary key allows one per step. A turn that is resumed reads these.
    place INTEGER NOT NULL
        GENERATED ALWAYS AS (CASE WHEN status = 'completed' AND NOT discarded THEN 0 ELSE attempt END) STORED,
    PRIMARY KEY (business_id, turn_id, step, place),
    CONSTRAINT turn_steps_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE
) PARTITION BY RANGE (turn_id);

-- The data extracted from a conversation. Rows are only added: a correction is a row with a higher seq.
CREATE TABLE collected_fields (
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,  -- of the turn, like message_id
    field TEXT NOT NULL,
    value JSONB NOT NULL,
    message_id UUID NOT NULL,
    turn_id UUID NOT NULL,
    seq INTEGER NOT NULL,  -- that of the turn
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, turn_id, field),
    CONSTRAINT collected_fields_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE
);
-- The latest value of each field, found without reading the older ones.
CREATE INDEX collected_fields_newest ON collected_fields (business_id, conversation_id, field, seq DESC);

-- Every request to a model, including failed and repeated ones. One partition per month, see below.
--
-- Only the turn is a foreign key. Its conversation is also that of the call.
CREATE TABLE llm_calls (
    business_id UUID NOT NULL,
    call_id UUID NOT NULL DEFAULT uuidv7(),
    turn_id UUID,
    conversation_id UUID,
    template_id UUID,
    template_version INTEGER,
    step TEXT NOT NULL,
    -- The attempt of turn_steps that made the call. Times do not identify it, because a speculative step that is discarded
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
    -- Also pages of a business's calls: the order of IDs is that of their creation.
    PRIMARY KEY (business_id, call_id),
    CONSTRAINT llm_calls_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE
) PARTITION BY RANGE (call_id);
-- Pages of a business's calls: one index per filter of the list. The first also serves the trace and the foreign key.
CREATE INDEX llm_calls_of_turn ON llm_calls (business_id, turn_id) WHERE turn_id IS NOT NULL;
CREATE INDEX llm_calls_of_conversation ON llm_calls (business_id, conversation_id, call_id);
CREATE INDEX llm_calls_of_template ON llm_calls (business_id, template_id, call_id);
-- The other steps are frequent, so a page of them is found by reading the calls in order.
CREATE INDEX llm_calls_of_step ON llm_calls (business_id, step, call_id)
    WHERE step NOT IN ('selection', 'extraction', 'response');
CREATE INDEX llm_calls_failed ON llm_calls (business_id, call_id) WHERE status = 'failed';

-- Partitions: one per calendar month (UTC), so that the traces of old months can be dropped at once. The key that is
-- partitioned by is a UUIDv7, which starts with its time. Other IDs are stored in the default partitions.

-- The lowest UUIDv7 of a time.
CREATE FUNCTION lowest_uuidv7(at TIMESTAMPTZ) RETURNS UUID LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT rpad(lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;

-- Create the partitions of the current month and the following ones that do not exist. Returns their names. A month
-- for which the default partition already holds rows gets none; these rows stay where they are.
CREATE FUNCTION create_partitions(months INTEGER DEFAULT 3) RETURNS SETOF TEXT LANGUAGE plpgsql
SET lock_timeout = '3s'  -- statements that arrive later wait as well, so it is better to try again in an hour
AS $$
DECLARE
    parent TEXT;
    month TIMESTAMP;
    partition TEXT;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('create_partitions'));
    FOREACH parent IN ARRAY ARRAY['turn_steps', 'llm_calls'] LOOP
        FOR month IN SELECT date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC') + n * interval '1 month'
                     FROM generate_series(0, months - 1) AS n LOOP
            partition := format('%s_%s', parent, to_char(month, 'YYYY_MM'));
            CONTINUE WHEN to_regclass(partition) IS NOT NULL;
            BEGIN
                EXECUTE format(
                    'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', partition, parent,
                    lowest_uuidv7(month AT TIME ZONE 'UTC'),
                    lowest_uuidv7((month + interval '1 month') AT TIME ZONE 'UTC'));
                RETURN NEXT partition;
            EXCEPTION WHEN check_violation THEN
                NULL;  -- the default partition holds rows of this month
            END;
        END LOOP;
    END LOOP;
END
$$;

DO $$
BEGIN
    CREATE TABLE turn_steps_default PARTITION OF turn_steps DEFAULT;
    CREATE TABLE llm_calls_default PARTITION OF llm_calls DEFAULT;
    PERFORM create_partitions();
END
$$;
