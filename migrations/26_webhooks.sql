-- Outgoing webhooks: events are stored in the transaction of the change (outbox), and background jobs deliver them.

SET LOCAL lock_timeout = '3s';

CREATE TABLE webhooks (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    webhook_id UUID NOT NULL,
    url TEXT NOT NULL,
    events TEXT[] NOT NULL,  -- the types of events that it receives
    enabled BOOLEAN NOT NULL DEFAULT true,
    encrypted_secret BYTEA NOT NULL,  -- signs the requests; see secrets.encrypted_value
    key_id TEXT NOT NULL,
    failing_since TIMESTAMPTZ,  -- the first failure since the last success
    disabled_reason TEXT CHECK (disabled_reason IN ('failing', 'gone')),  -- NULL: it is enabled, or the owner disabled it
    disabled_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, webhook_id)
);

-- Events that an enabled webhook wants. Others are not stored.
CREATE TABLE outbox_events (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    event_id UUID NOT NULL DEFAULT uuidv7(),
    type TEXT NOT NULL,
    conversation_id UUID,
    order_id UUID,
    data JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, event_id),  -- also finds old events: the order of IDs is that of their creation
    CONSTRAINT outbox_events_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE,
    CONSTRAINT outbox_events_order_fkey FOREIGN KEY (business_id, order_id)
        REFERENCES orders (business_id, order_id) ON DELETE CASCADE
);
-- The foreign keys.
CREATE INDEX outbox_events_of_conversation ON outbox_events (business_id, conversation_id)
    WHERE conversation_id IS NOT NULL;
CREATE INDEX outbox_events_of_order ON outbox_events (business_id, order_id) WHERE order_id IS NOT NULL;

CREATE TABLE webhook_deliveries (
    business_id UUID NOT NULL,
    delivery_id UUID NOT NULL DEFAULT uuidv7(),
    webhook_id UUID NOT NULL,
    event_id UUID NOT NULL,
    subject TEXT NOT NULL,  -- deliveries of a webhook with the same subject are sent in order
    number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,  -- that order
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    response_status INTEGER,  -- of the last attempt, like error and duration_ms
    error TEXT,
    duration_ms INTEGER,
    last_attempt_at TIMESTAMPTZ,
    next_attempt_at TIMESTAMPTZ,  -- NULL: as soon as possible, or it has ended
    deadline TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp() + interval '1 day',  -- no attempts after that
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, delivery_id),
    CONSTRAINT webhook_deliveries_webhook_fkey FOREIGN KEY (business_id, webhook_id)
        REFERENCES webhooks (business_id, webhook_id) ON DELETE CASCADE,
    CONSTRAINT webhook_deliveries_event_fkey FOREIGN KEY (business_id, event_id)
        REFERENCES outbox_events (business_id, event_id) ON DELETE CASCADE
);
-- Pages of a webhook's deliveries, also of those that failed. Also the foreign key.
CREATE INDEX webhook_deliveries_of_webhook ON webhook_deliveries (business_id, webhook_id, delivery_id);
CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (business_id, webhook_id, delivery_id)
    WHERE status = 'failed';
-- The next delivery of a subject, and pages of those that are pending.
CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (business_id, webhook_id, subject, number)
    WHERE status = 'pending';
-- The foreign key.
CREATE INDEX webhook_deliveries_of_event ON webhook_deliveries (business_id, event_id);

-- Whether an enabled webhook of the business wants events of this type. Most businesses have no webhooks, so this is all
-- that the triggers below cost them.
CREATE FUNCTION is_event_wanted_v1(p_business_id UUID, p_type TEXT) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM webhooks w WHERE w.business_id = p_business_id AND w.enabled AND p_type = ANY (w.events));
END
$$;

-- Stores an event, a delivery for each webhook that wants it, and the jobs that send them. Events about the same
-- conversation, or otherwise the same order, are delivered in the order of these calls.
CREATE FUNCTION add_outbox_event_v1(
    p_business_id UUID, p_type TEXT, p_conversation_id UUID, p_order_id UUID, p_data JSONB
) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE
    new_event_id UUID := uuidv7();
    event_subject TEXT := COALESCE(p_conversation_id, p_order_id)::text;
BEGIN
    INSERT INTO outbox_events (business_id, event_id, type, conversation_id, order_id, data)
    VALUES (p_business_id, new_event_id, p_type, p_conversation_id, p_order_id, p_data);
    INSERT INTO webhook_deliveries (business_id, webhook_id, event_id, subject)
    SELECT p_business_id, w.webhook_id, new_event_id, event_subject FROM webhooks w
    WHERE w.business_id = p_business_id AND w.enabled AND p_type = ANY (w.events);
    -- One job for each webhook and subject. A job that is sending runs again; one that waits for its next attempt waits.
    INSERT INTO jobs AS j (business_id, kind, unique_key, payload)
    SELECT p_business_id, 'deliver_webhook', w.webhook_id || ' ' || event_subject,
        jsonb_build_object('webhook_id', w.webhook_id, 'subject', event_subject)
    FROM webhooks w
    WHERE w.business_id = p_business_id AND w.enabled AND p_type = ANY (w.events)
    ORDER BY w.webhook_id
    ON CONFLICT (tenant_id, unique_key) DO UPDATE SET requests = j.requests + 1;
END
$$;

-- What events contain of a conversation and its customer; NULL for test customers, whose events are not sent.
CREATE FUNCTION conversation_data_v1(p_business_id UUID, p_conversation_id UUID) RETURNS JSONB
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'conversation_id', c.conversation_id, 'session_id', c.session_id, 'channel', c.channel,
            'user_id', c.user_id, 'external_id', u.external_id, 'status', c.status, 'handled_by', c.handled_by,
            'assignee_id', c.assignee_id, 'agent_id', c.agent_id, 'stage_id', c.stage_id, 'start_time', c.start_time)
        FROM conversations c
        JOIN users u ON u.user_id = c.user_id AND (u.business_id = p_business_id OR u.business_id IS NULL)
        WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id AND NOT u.is_test);
END
$$;

CREATE FUNCTION outbox_conversation_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    event_type TEXT := TG_ARGV[0];
    event_data JSONB;
BEGIN
    IF is_event_wanted_v1(NEW.business_id, event_type) THEN
        event_data := conversation_data_v1(NEW.business_id, NEW.conversation_id);
        IF event_data IS NOT NULL THEN
            IF event_type = 'conversation.handed_over' THEN
                event_data := event_data || jsonb_build_object('reason', NEW.needs_person_reason);
            END IF;
            PERFORM add_outbox_event_v1(NEW.business_id, event_type, NEW.conversation_id, NULL, event_data);
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER conversations_outbox_started AFTER INSERT ON conversations
    FOR EACH ROW EXECUTE FUNCTION outbox_conversation_v1('conversation.started');
CREATE TRIGGER conversations_outbox_handed_over AFTER UPDATE OF handled_by ON conversations
    FOR EACH ROW WHEN (OLD.handled_by = 'ai' AND NEW.handled_by = 'human')
    EXECUTE FUNCTION outbox_conversation_v1('conversation.handed_over');
CREATE TRIGGER conversations_outbox_completed AFTER UPDATE OF status ON conversations
    FOR EACH ROW WHEN (OLD.status <> 'completed' AND NEW.status = 'completed')
    EXECUTE FUNCTION outbox_conversation_v1('conversation.completed');

CREATE FUNCTION outbox_message_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    conversation JSONB;
BEGIN
    IF is_event_wanted_v1(NEW.business_id, 'message.created') THEN
        conversation := conversation_data_v1(NEW.business_id, NEW.conversation_id);
        IF conversation IS NOT NULL THEN
            PERFORM add_outbox_event_v1(NEW.business_id, 'message.created', NEW.conversation_id, NULL,
                jsonb_build_object(
                    'message_id', NEW.message_id, 'conversation_id', NEW.conversation_id, 'seq', NEW.seq,
                    'turn_id', NEW.turn_id, 'message_content', NEW.message_content, 'sender_type', NEW.sender_type,
                    'sender_user_id', NEW.sender_user_id, 'metadata', NEW.metadata, 'created_at', NEW.created_at,
                    'user_id', conversation -> 'user_id', 'external_id', conversation -> 'external_id'));
        END IF;
    END IF;
    RETURN NULL;
END
$$;
-- Notes are for the staff only.
CREATE TRIGGER messages_outbox AFTER INSERT ON messages
    FOR EACH ROW WHEN (NEW.sender_type <> 'note') EXECUTE FUNCTION outbox_message_v1();

CREATE FUNCTION outbox_turn_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    conversation JSONB;
BEGIN
    IF is_event_wanted_v1(NEW.business_id, 'turn.failed') THEN
        conversation := conversation_data_v1(NEW.business_id, NEW.conversation_id);
        IF conversation IS NOT NULL THEN
            PERFORM add_outbox_event_v1(NEW.business_id, 'turn.failed', NEW.conversation_id, NULL,
                jsonb_build_object(
                    'turn_id', NEW.turn_id, 'conversation_id', NEW.conversation_id, 'seq', NEW.seq,
                    'user_id', conversation -> 'user_id', 'external_id', conversation -> 'external_id',
                    'error_code', NEW.error -> 'error_code', 'message', NEW.error -> 'message'));
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER turns_outbox AFTER UPDATE OF status ON turns
    FOR EACH ROW WHEN (OLD.status <> 'failed' AND NEW.status = 'failed') EXECUTE FUNCTION outbox_turn_v1();

-- The actions of a turn that were done, from the checkpoint of the step.
CREATE FUNCTION outbox_actions_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    action JSONB;
    turn_conversation_id UUID;
    conversation JSONB;
BEGIN
    IF is_event_wanted_v1(NEW.business_id, 'action.done') THEN
        turn_conversation_id := conversation_of_turn_v1(NEW.business_id, NEW.turn_id);
        conversation := conversation_data_v1(NEW.business_id, turn_conversation_id);
        IF conversation IS NOT NULL THEN
            FOR place IN 0 .. COALESCE(jsonb_array_length(NEW.output -> 'results'), 0) - 1 LOOP
                action := NEW.output -> 'results' -> place;
                IF action ->> 'status' = 'done' AND NOT EXISTS (  -- a turn that runs again repeats it in its results
                    SELECT FROM turn_steps s CROSS JOIN jsonb_array_elements(s.output -> 'results') AS earlier
                    WHERE s.business_id = NEW.business_id AND s.turn_id = NEW.turn_id AND s.step = 'actions'
                      AND s.status = 'completed' AND s.attempt < NEW.attempt AND earlier @> jsonb_build_object(
                          'index', action -> 'index', 'do', action -> 'do', 'status', 'done',
                          'values', action -> 'values')
                ) THEN
                    PERFORM add_outbox_event_v1(NEW.business_id, 'action.done', turn_conversation_id, NULL,
                        jsonb_build_object(
                            'turn_id', NEW.turn_id, 'conversation_id', turn_conversation_id,
                            'user_id', conversation -> 'user_id', 'external_id', conversation -> 'external_id',
                            'index', action -> 'index', 'do', action -> 'do', 'values', action -> 'values'));
                END IF;
            END LOOP;
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION conversation_of_turn_v1(p_business_id UUID, p_turn_id UUID) RETURNS UUID
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT t.conversation_id FROM turns t WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id);
END
$$;
CREATE TRIGGER turn_steps_outbox AFTER INSERT ON turn_steps
    FOR EACH ROW WHEN (NEW.step = 'actions' AND NEW.status = 'completed' AND NOT NEW.discarded)
    EXECUTE FUNCTION outbox_actions_v1();

CREATE FUNCTION outbox_order_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    before JSONB;
    after JSONB;
    changed JSONB;
BEGIN
    IF is_event_wanted_v1(NEW.business_id, 'order.updated') THEN
        before := to_jsonb(OLD) - 'updated_at';
        after := to_jsonb(NEW);
        changed := (
            SELECT jsonb_agg(name ORDER BY name) FROM jsonb_object_keys(before) AS name
            WHERE before -> name IS DISTINCT FROM after -> name);
        IF changed IS NOT NULL THEN
            PERFORM add_outbox_event_v1(NEW.business_id, 'order.updated', NULL, NEW.order_id,
                jsonb_build_object('order', after, 'changed', changed));
        END IF;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER orders_outbox AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION outbox_order_v1();
