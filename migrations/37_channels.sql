-- Channels: where customers write, such as WhatsApp or e-mail. A reply in a conversation of a channel is stored together
-- with its sending (channel_sends), in one transaction, and background jobs send it.

SET LOCAL lock_timeout = '3s';

CREATE TABLE channels (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    channel_id UUID NOT NULL,
    kind TEXT NOT NULL,  -- a module of channels/
    name TEXT NOT NULL,
    settings JSONB NOT NULL,  -- as the kind defines
    encrypted_secrets BYTEA NOT NULL,  -- a JSON object of all of them; see secrets.encrypted_value
    key_id TEXT NOT NULL,
    enabled BOOLEAN NOT NULL DEFAULT true,
    pushes BOOLEAN NOT NULL,  -- of the kind: whether replies are sent; otherwise the customer's device fetches them
    polls BOOLEAN NOT NULL,  -- of the kind: whether a job fetches messages from the provider
    poll_state JSONB NOT NULL DEFAULT '{}',  -- how far it has got
    last_error TEXT,  -- a sentence for the owner; NULL: the last request or message in either direction was fine
    last_error_at TIMESTAMPTZ,
    last_inbound_at TIMESTAMPTZ,  -- to within a few seconds, like last_sent_at
    last_sent_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, channel_id),
    -- Finds the channel of a provider's request, which does not name the business.
    CONSTRAINT channels_channel_id_key UNIQUE (channel_id),
    CONSTRAINT channels_name_key UNIQUE (business_id, name)
);
-- The channels that are polled, of all businesses.
CREATE INDEX channels_polled ON channels (channel_id) WHERE polls AND enabled;

-- The channel of a conversation, and the customer's address in it.
CREATE TABLE channel_conversations (
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    channel_id UUID NOT NULL,
    recipient_id TEXT NOT NULL,  -- the provider's ID of the customer
    thread TEXT,  -- the provider's ID of the conversation, if it has any
    details JSONB NOT NULL DEFAULT '{}',  -- what the kind needs for a reply, of the customer's latest message
    last_inbound_at TIMESTAMPTZ,  -- when the customer last wrote
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, conversation_id),
    CONSTRAINT channel_conversations_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE,
    CONSTRAINT channel_conversations_channel_fkey FOREIGN KEY (business_id, channel_id)
        REFERENCES channels (business_id, channel_id) ON DELETE CASCADE
);
-- The conversation of a thread. Also the foreign key.
CREATE INDEX channel_conversations_of_channel ON channel_conversations (business_id, channel_id, thread);
-- The customer with an address, also after they were merged with another one.
CREATE INDEX channel_conversations_of_recipient ON channel_conversations (business_id, channel_id, recipient_id);

-- What is sent: a row for each part of a message.
CREATE TABLE channel_sends (
    business_id UUID NOT NULL,
    send_id UUID NOT NULL DEFAULT uuidv7(),
    channel_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    seq INTEGER NOT NULL,  -- of the message; messages and their parts are sent in this order
    part INTEGER NOT NULL DEFAULT 1,
    message_id UUID NOT NULL,
    content TEXT,  -- the text of the part; NULL until the message is split
    status TEXT NOT NULL DEFAULT 'pending'
        CHECK (status IN ('pending', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown')),
    attempts INTEGER NOT NULL DEFAULT 0,  -- each is recorded before it is made, as 'sending'
    provider_id TEXT,  -- the provider's ID of the sent message
    error_code TEXT,  -- of the last attempt, like error
    error TEXT,
    attempted_at TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    delivered_at TIMESTAMPTZ,
    read_at TIMESTAMPTZ,
    deadline TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp() + interval '1 day',  -- no further attempts after that
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, send_id),
    -- The delivery of a conversation's messages. Also the foreign key.
    CONSTRAINT channel_sends_part_key UNIQUE (business_id, conversation_id, seq, part),
    CONSTRAINT channel_sends_message_fkey FOREIGN KEY (business_id, conversation_id, seq)
        REFERENCES messages (business_id, conversation_id, seq) ON DELETE CASCADE,
    CONSTRAINT channel_sends_channel_fkey FOREIGN KEY (business_id, channel_id)
        REFERENCES channels (business_id, channel_id) ON DELETE CASCADE
);
-- The next part to send, and those whose outcome is unknown after a crash.
CREATE INDEX channel_sends_unfinished ON channel_sends (business_id, conversation_id, seq, part)
    WHERE status IN ('pending', 'sending');
-- How many parts wait in a channel.
CREATE INDEX channel_sends_waiting ON channel_sends (business_id, channel_id) WHERE status = 'pending';
-- The parts of a message that a person sends again.
CREATE INDEX channel_sends_of_message ON channel_sends (business_id, message_id);
-- The part that a receipt is about. Also the foreign key.
CREATE INDEX channel_sends_of_provider ON channel_sends (business_id, channel_id, provider_id);

-- Photos and other things that customers send.
CREATE TABLE attachments (
    business_id UUID NOT NULL,
    attachment_id UUID NOT NULL DEFAULT uuidv7(),
    conversation_id UUID NOT NULL,
    seq INTEGER NOT NULL,  -- of the message
    place INTEGER NOT NULL,  -- in the message, from 1
    kind TEXT NOT NULL
        CHECK (kind IN ('image', 'voice', 'video', 'file', 'location', 'sticker', 'contact', 'unknown')),
    media_type TEXT,
    name TEXT,
    reference TEXT,  -- the provider's ID or URL
    content BYTEA,  -- of images, once they are downloaded
    error TEXT,  -- why an image could not be downloaded
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, attachment_id),
    -- Pages of a message's attachments. Also the foreign key.
    CONSTRAINT attachments_place_key UNIQUE (business_id, conversation_id, seq, place),
    CONSTRAINT attachments_message_fkey FOREIGN KEY (business_id, conversation_id, seq)
        REFERENCES messages (business_id, conversation_id, seq) ON DELETE CASCADE
);

-- Lets the pending messages of a conversation be sent. If its job is running, it runs again; if it waits for the next
-- attempt, it goes on waiting.
CREATE FUNCTION add_channel_job_v1(p_business_id UUID, p_conversation_id UUID) RETURNS VOID LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO jobs AS j (business_id, kind, unique_key, payload)
    VALUES (p_business_id, 'send_channel_messages', 'send_channel_messages ' || p_conversation_id,
            jsonb_build_object('conversation_id', p_conversation_id))
    ON CONFLICT (tenant_id, unique_key) DO UPDATE SET requests = j.requests + 1;
END
$$;

-- A message to a customer of a channel is sent. Conversations without a channel cost one look-up.
CREATE FUNCTION send_message_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    target_id UUID;
BEGIN
    SELECT c.channel_id INTO target_id FROM channel_conversations cc
    JOIN channels c ON c.business_id = cc.business_id AND c.channel_id = cc.channel_id
    WHERE cc.business_id = NEW.business_id AND cc.conversation_id = NEW.conversation_id AND c.pushes;
    IF FOUND THEN
        INSERT INTO channel_sends (business_id, channel_id, conversation_id, seq, message_id)
        VALUES (NEW.business_id, target_id, NEW.conversation_id, NEW.seq, NEW.message_id);
        PERFORM add_channel_job_v1(NEW.business_id, NEW.conversation_id);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_send AFTER INSERT ON messages
    FOR EACH ROW WHEN (NEW.sender_type IN ('assistant', 'agent')) EXECUTE FUNCTION send_message_v1();

-- How far a message has got to the customer; NULL if it was not sent in a channel. The least advanced part counts.
CREATE FUNCTION message_delivery_v1(p_business_id UUID, p_conversation_id UUID, p_seq INTEGER) RETURNS JSONB
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'status', CASE
                WHEN bool_or(s.status = 'failed') THEN 'failed'
                WHEN bool_or(s.status = 'unknown') THEN 'unknown'
                WHEN bool_or(s.status IN ('pending', 'sending')) THEN 'pending'
                WHEN bool_or(s.status = 'sent') THEN 'sent'
                WHEN bool_or(s.status = 'delivered') THEN 'delivered'
                ELSE 'read' END,
            'error_code', (array_agg(s.error_code ORDER BY s.part) FILTER (WHERE s.error IS NOT NULL))[1],
            'error', (array_agg(s.error ORDER BY s.part) FILTER (WHERE s.error IS NOT NULL))[1],
            'attempts', max(s.attempts),
            'parts', count(*),
            'parts_sent', count(*) FILTER (WHERE s.status IN ('sent', 'delivered', 'read')),
            'sent_at', max(s.sent_at), 'delivered_at', max(s.delivered_at), 'read_at', max(s.read_at))
        FROM channel_sends s
        WHERE s.business_id = p_business_id AND s.conversation_id = p_conversation_id AND s.seq = p_seq
        HAVING count(*) > 0);
END
$$;

-- Nobody waits for the response to a message in a channel, so its turn is run again if it fails: after 30 s, 2 minutes and
-- 10 minutes. Then the conversation needs a person.
CREATE FUNCTION retry_channel_turn_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM channel_conversations cc
        WHERE cc.business_id = NEW.business_id AND cc.conversation_id = NEW.conversation_id)
    THEN
        RETURN NULL;
    END IF;
    IF NEW.attempts > 3 THEN
        UPDATE conversations c SET needs_person_reason = COALESCE(c.needs_person_reason, 'turn_failed')
        WHERE c.business_id = NEW.business_id AND c.conversation_id = NEW.conversation_id AND c.status <> 'completed';
    ELSE
        INSERT INTO jobs (business_id, kind, unique_key, payload, run_at)
        VALUES (NEW.business_id, 'retry_channel_turn', concat_ws(' ', 'retry_channel_turn', NEW.turn_id, NEW.attempts),
                jsonb_build_object('turn_id', NEW.turn_id),
                clock_timestamp() + CASE NEW.attempts
                    WHEN 1 THEN interval '30 seconds'
                    WHEN 2 THEN interval '2 minutes'
                    ELSE interval '10 minutes' END)
        ON CONFLICT (tenant_id, unique_key) DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER turns_retry_in_channel AFTER UPDATE OF status ON turns
    FOR EACH ROW WHEN (OLD.status = 'running' AND NEW.status = 'failed') EXECUTE FUNCTION retry_channel_turn_v1();
