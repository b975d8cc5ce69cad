-- People who handle conversations: takeovers, assignment, notes, tags, read marks and canned replies.

SET LOCAL lock_timeout = '3s';

ALTER TABLE users ADD COLUMN is_test BOOLEAN NOT NULL DEFAULT false;  -- a customer of the playground
-- Search for customers by name. As in message_words, the business's ID is one of the indexed words.
CREATE FUNCTION user_words(business_id UUID, first_name TEXT, last_name TEXT) RETURNS TSVECTOR
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN array_to_tsvector(ARRAY[business_id::text])
        || to_tsvector('simple'::regconfig, COALESCE(first_name, '') || ' ' || COALESCE(last_name, ''));
CREATE INDEX users_words ON users USING gin (user_words(business_id, first_name, last_name))
    WHERE business_id IS NOT NULL;

ALTER TABLE conversations
    ADD COLUMN assignee_id UUID,  -- the member who handles it
    -- When the oldest customer message was sent that nobody has answered. A message that the AI is answering does not
    -- count: otherwise each turn would change the index twice.
    ADD COLUMN waiting_since TIMESTAMPTZ,
    ADD COLUMN needs_person_reason TEXT,  -- why the AI or the model asked for a person; NULL: it did not
    ADD COLUMN snoozed_until TIMESTAMPTZ,
    ADD COLUMN last_trouble TEXT,  -- of the last turn: low_confidence, lookup_failed or unclear
    ADD CONSTRAINT conversations_assignee_fkey FOREIGN KEY (business_id, assignee_id)
        REFERENCES business_members (business_id, user_id) ON DELETE SET NULL (assignee_id) NOT VALID;
-- Filters of the inbox, most of which match few conversations.
CREATE INDEX conversations_of_assignee ON conversations (business_id, assignee_id, start_time, conversation_id)
    WHERE assignee_id IS NOT NULL;
CREATE INDEX conversations_waiting ON conversations (business_id, waiting_since, conversation_id)
    WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_needing_person ON conversations (business_id, start_time, conversation_id)
    WHERE needs_person_reason IS NOT NULL;
CREATE INDEX conversations_snoozed ON conversations (business_id, snoozed_until, conversation_id)
    WHERE snoozed_until IS NOT NULL;

-- A held turn without completed_at waits until its conversation is released.
ALTER TABLE turns
    ADD COLUMN answered_by UUID,  -- the later turn that answered this held message too
    ADD COLUMN first_message_seq INTEGER;  -- set if the turn answers held messages: the seq of the first one
-- The held turns that a release ends.
CREATE INDEX turns_held ON turns (business_id, conversation_id, seq) WHERE status = 'held' AND completed_at IS NULL;

ALTER TABLE messages DROP CONSTRAINT messages_sender_type_check;
ALTER TABLE messages ADD CONSTRAINT messages_sender_type_check  -- a note is visible to the business's staff only
    CHECK (sender_type IN ('user', 'assistant', 'agent', 'note')) NOT VALID;

CREATE TABLE takeovers (
    business_id UUID NOT NULL,
    takeover_id UUID NOT NULL DEFAULT uuidv7(),
    conversation_id UUID NOT NULL,
    user_id UUID REFERENCES users (user_id) ON DELETE SET NULL,  -- who took over; NULL: a rule, or an API key
    from_user_id UUID REFERENCES users (user_id) ON DELETE SET NULL,  -- the colleague who handled it before
    assignee_id UUID REFERENCES users (user_id) ON DELETE SET NULL,  -- who handled it from then on
    reason TEXT NOT NULL,
    messages_written INTEGER NOT NULL DEFAULT 0,
    started_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    ended_at TIMESTAMPTZ,
    ended_by UUID REFERENCES users (user_id) ON DELETE SET NULL,
    answer TEXT CHECK (answer IN ('last', 'none')),  -- what the release asked for; NULL: another takeover ended it
    PRIMARY KEY (business_id, takeover_id),
    CONSTRAINT takeovers_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE
);
-- Pages of a conversation's takeovers. Also the foreign key.
CREATE INDEX takeovers_of_conversation ON takeovers (business_id, conversation_id, takeover_id);
-- A conversation has one open takeover, which a release finds.
CREATE UNIQUE INDEX takeovers_open ON takeovers (business_id, conversation_id) WHERE ended_at IS NULL;
-- The foreign keys.
CREATE INDEX takeovers_of_user ON takeovers (user_id) WHERE user_id IS NOT NULL;
CREATE INDEX takeovers_from_user ON takeovers (from_user_id) WHERE from_user_id IS NOT NULL;
CREATE INDEX takeovers_of_assignee ON takeovers (assignee_id) WHERE assignee_id IS NOT NULL;
CREATE INDEX takeovers_ended_by ON takeovers (ended_by) WHERE ended_by IS NOT NULL;

-- A takeover asks each live process to end its streams of the conversation, and waits until the row is deleted.
CREATE TABLE hold_requests (
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    process_id UUID NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, conversation_id, process_id),
    CONSTRAINT hold_requests_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE
);
-- Each process looks for its own requests.
CREATE INDEX hold_requests_of_process ON hold_requests (process_id);

CREATE TABLE conversation_tags (
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    tag TEXT NOT NULL,
    PRIMARY KEY (business_id, conversation_id, tag),
    CONSTRAINT conversation_tags_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE
);
-- The conversations with a tag.
CREATE INDEX conversation_tags_in_order ON conversation_tags (business_id, tag, conversation_id);

-- How far each member has read a conversation.
CREATE TABLE conversation_reads (
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    user_id UUID NOT NULL,
    read_seq INTEGER NOT NULL,
    PRIMARY KEY (business_id, conversation_id, user_id),
    CONSTRAINT conversation_reads_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE,
    CONSTRAINT conversation_reads_member_fkey FOREIGN KEY (business_id, user_id)
        REFERENCES business_members (business_id, user_id) ON DELETE CASCADE
);
-- The foreign key.
CREATE INDEX conversation_reads_of_member ON conversation_reads (business_id, user_id);

-- Texts that staff insert with their shortcut. They contain variables, as templates do.
CREATE TABLE canned_replies (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    canned_reply_id UUID NOT NULL DEFAULT uuidv7(),
    shortcut TEXT NOT NULL,
    title TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, canned_reply_id),
    -- Also pages of a business's canned replies.
    CONSTRAINT canned_replies_shortcut_key UNIQUE (business_id, shortcut)
);

-- The members of a human agent, who are assigned its conversations in turn.
CREATE TABLE agent_members (
    business_id UUID NOT NULL,
    agent_id UUID NOT NULL,
    user_id UUID NOT NULL,
    last_assigned_at TIMESTAMPTZ NOT NULL DEFAULT '-infinity',
    PRIMARY KEY (business_id, agent_id, user_id),
    CONSTRAINT agent_members_agent_fkey FOREIGN KEY (business_id, agent_id)
        REFERENCES agents (business_id, agent_id) ON DELETE CASCADE,
    CONSTRAINT agent_members_member_fkey FOREIGN KEY (business_id, user_id)
        REFERENCES business_members (business_id, user_id) ON DELETE CASCADE
);
-- The foreign key.
CREATE INDEX agent_members_of_member ON agent_members (business_id, user_id);
