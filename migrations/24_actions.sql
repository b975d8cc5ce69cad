-- Actions of stages: the one that waits until the customer has confirmed it, and the changes of a turn's actions.

SET LOCAL lock_timeout = '3s';

CREATE TABLE pending_actions (
    business_id UUID NOT NULL,
    conversation_id UUID NOT NULL,
    turn_id UUID NOT NULL,  -- its reply is the question
    stage_id UUID NOT NULL,  -- of the release; it may have been deleted since
    action_index INTEGER NOT NULL,
    action JSONB NOT NULL,  -- as the stage declared it; if it has changed since, the action no longer waits
    given JSONB NOT NULL,  -- the values of its variables, with which it is carried out
    question TEXT NOT NULL,
    times_asked INTEGER NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, conversation_id),  -- one per conversation
    CONSTRAINT pending_actions_conversation_fkey FOREIGN KEY (business_id, conversation_id)
        REFERENCES conversations (business_id, conversation_id) ON DELETE CASCADE
);

-- Carries out the changes of a turn's actions, and stores the action that waits (p_pending; NULL: none waits). The caller
-- saves the step in the same transaction. Only rows of the conversation's customer are changed.
--
-- p_changes is a JSON array of {index, do, on_failure, ...}. `failures` contains {index, cause} of those that could not be
-- made. After one with the on_failure hand_over, no further change is made, and no action waits.
-- `result` is `applied`; `stored` if the step is already stored, with its `output`; `held` if the AI does not handle the
-- conversation any more; `late` if a later message has been answered. Then nothing is changed. Returns no row if the
-- lease is lost.
CREATE FUNCTION apply_actions_v1(
    p_business_id UUID, p_conversation_id UUID, p_turn_id UUID, p_epoch INTEGER, p_changes JSONB, p_pending JSONB
) RETURNS TABLE (result TEXT, output JSONB, failures JSONB)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    conversation conversations%ROWTYPE;
    turn turns%ROWTYPE;
    change JSONB;
    cause TEXT;
BEGIN
    IF p_changes @> '[{"do": "update_customer"}]' THEN  -- customers are locked before conversations
        PERFORM u.user_id FROM users u
        WHERE u.business_id = p_business_id AND u.user_id = (
            SELECT c.user_id FROM conversations c
            WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id)
        FOR NO KEY UPDATE;
    END IF;
    SELECT c.* INTO conversation FROM conversations c
    WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id
    FOR NO KEY UPDATE;
    SELECT t.* INTO turn FROM turns t
    WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id
    FOR NO KEY UPDATE;
    IF turn.turn_id IS NULL OR turn.lease_epoch <> p_epoch OR turn.status NOT IN ('running', 'held') THEN
        RETURN;
    END IF;
    failures := '[]';
    SELECT s.output INTO output FROM turn_steps s
    WHERE s.business_id = p_business_id AND s.turn_id = p_turn_id AND s.step = 'actions' AND s.place = 0;
    result := CASE
        WHEN FOUND THEN 'stored'
        WHEN turn.status = 'held' OR NOT may_act_v1(p_business_id, p_conversation_id) THEN 'held'
        WHEN is_answered_later_v1(p_business_id, p_conversation_id, turn.seq) THEN 'late'
        ELSE 'applied' END;
    IF result = 'applied' THEN
        FOR place IN 0 .. jsonb_array_length(p_changes) - 1 LOOP
            change := p_changes -> place;
            cause := NULL;
            BEGIN
                IF NOT apply_action_v1(p_business_id, p_conversation_id, p_turn_id, conversation.user_id, change) THEN
                    cause := 'not_found';
                END IF;
            EXCEPTION
                WHEN unique_violation THEN
                    cause := 'conflict';
                WHEN integrity_constraint_violation OR data_exception OR program_limit_exceeded THEN
                    cause := 'invalid_value';
            END;
            IF cause IS NOT NULL THEN
                failures := failures || jsonb_build_object('index', change -> 'index', 'cause', cause);
                IF change ->> 'on_failure' = 'hand_over' THEN
                    p_pending := NULL;
                    EXIT;
                END IF;
            END IF;
        END LOOP;
        DELETE FROM pending_actions p WHERE p.business_id = p_business_id AND p.conversation_id = p_conversation_id;
        IF p_pending IS NOT NULL THEN
            INSERT INTO pending_actions (business_id, conversation_id, turn_id, stage_id, action_index, action, given,
                                         question, times_asked)
            SELECT p_business_id, p_conversation_id, p_turn_id, p.stage_id, p.action_index, p.action, p.given,
                   p.question, p.times_asked
            FROM jsonb_to_record(p_pending) AS p (
                stage_id UUID, action_index INTEGER, action JSONB, given JSONB, question TEXT, times_asked INTEGER);
        END IF;
    END IF;
    RETURN NEXT;
END
$$;

-- Makes one change, and records it in the audit log with the turn as its actor. Returns whether the row exists.
CREATE FUNCTION apply_action_v1(
    p_business_id UUID, p_conversation_id UUID, p_turn_id UUID, p_user_id UUID, p_change JSONB
) RETURNS BOOLEAN LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    new_values JSONB := p_change -> 'set';
    changed_id UUID;
    resource TEXT := 'user';
    removed INTEGER;
    added INTEGER;
BEGIN
    CASE p_change ->> 'do'
        WHEN 'update_order' THEN
            UPDATE orders o SET status = COALESCE(new_values ->> 'status', o.status),
                shipping_address = COALESCE(new_values ->> 'shipping_address', o.shipping_address),
                billing_address = COALESCE(new_values ->> 'billing_address', o.billing_address),
                payment_method = COALESCE(new_values ->> 'payment_method', o.payment_method),
                tracking_number = COALESCE(new_values ->> 'tracking_number', o.tracking_number),
                shipping_carrier = COALESCE(new_values ->> 'shipping_carrier', o.shipping_carrier),
                updated_at = clock_timestamp()
            WHERE o.business_id = p_business_id AND o.order_id = (p_change ->> 'order_id')::uuid
              AND o.user_id = p_user_id
            RETURNING o.order_id INTO changed_id;
            resource := 'order';
        WHEN 'update_customer' THEN
            UPDATE users u SET first_name = COALESCE(new_values ->> 'first_name', u.first_name),
                last_name = COALESCE(new_values ->> 'last_name', u.last_name),
                email = COALESCE(new_values ->> 'email', u.email),
                is_verified = u.is_verified
                    AND lower(u.email) IS NOT DISTINCT FROM lower(COALESCE(new_values ->> 'email', u.email)),
                phone = COALESCE(new_values ->> 'phone', u.phone),
                language = COALESCE(new_values ->> 'language', u.language),
                timezone = COALESCE(new_values ->> 'timezone', u.timezone), updated_at = clock_timestamp()
            WHERE u.business_id = p_business_id AND u.user_id = p_user_id
            RETURNING u.user_id INTO changed_id;
        WHEN 'create_event' THEN
            INSERT INTO events (business_id, event_type, user_id, session_id, stage_id, custom_event_properties,
                                verified)
            SELECT p_business_id, p_change ->> 'event_type', p_user_id, p_change ->> 'session_id', (
                    SELECT s.stage_id FROM stages s
                    WHERE s.business_id = p_business_id AND s.stage_id = (p_change ->> 'stage_id')::uuid),
                   p_change -> 'properties', true;
            RETURN true;
        WHEN 'tag' THEN
            DELETE FROM conversation_tags g
            WHERE g.business_id = p_business_id AND g.conversation_id = p_conversation_id
              AND g.tag IN (SELECT jsonb_array_elements_text(p_change -> 'remove'));
            GET DIAGNOSTICS removed = ROW_COUNT;
            INSERT INTO conversation_tags (business_id, conversation_id, tag)
            SELECT p_business_id, p_conversation_id, value FROM jsonb_array_elements_text(p_change -> 'add')
            ON CONFLICT DO NOTHING;
            GET DIAGNOSTICS added = ROW_COUNT;
            IF (SELECT count(*) FROM conversation_tags g
                WHERE g.business_id = p_business_id AND g.conversation_id = p_conversation_id) > 20
            THEN
                RAISE check_violation;
            END IF;
            IF removed + added = 0 THEN
                RETURN true;
            END IF;
            changed_id := p_conversation_id;
            resource := 'conversation';
            new_values := '{"tags": null}';
    END CASE;
    IF changed_id IS NULL THEN
        RETURN false;
    END IF;
    INSERT INTO audit_log (business_id, actor_type, actor_id, action, resource, resource_id, fields)
    SELECT p_business_id, 'turn', p_turn_id, 'update', resource, changed_id, array_agg(key ORDER BY key)
    FROM jsonb_object_keys(new_values) AS key;
    RETURN true;
END
$$;

-- Whether the AI answers in the conversation: it handles it, and neither it nor the business is paused.
CREATE FUNCTION may_act_v1(p_business_id UUID, p_conversation_id UUID) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN NOT is_ai_paused_v1(p_business_id) AND EXISTS (
        SELECT FROM conversations c
        WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id AND c.handled_by = 'ai'
          AND c.status = 'active');
END
$$;

-- Whether a message with a larger seq has been answered.
CREATE FUNCTION is_answered_later_v1(p_business_id UUID, p_conversation_id UUID, p_seq INTEGER) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM turns later
        WHERE later.business_id = p_business_id AND later.conversation_id = p_conversation_id AND later.seq > p_seq
          AND later.status = 'completed');
END
$$;
