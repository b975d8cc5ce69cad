-- Figures about turns and conversations, counted per quarter of an hour and per day.
--
-- Triggers note which quarters of an hour have to be counted again, in the transaction of the change: one plain INSERT,
-- so that turns do not wait for each other. A background job (analytics/) replaces the rows of these quarters by what
-- turns, calls and conversations say. So each turn counts once, also if it is late, is retried, or outlives a crash.
--
-- docs/analytics.md defines every figure.

SET LOCAL lock_timeout = '3s';

-- The start of the quarter of an hour (UTC) that contains a time.
CREATE FUNCTION quarter_hour_v1(at TIMESTAMPTZ) RETURNS TIMESTAMPTZ LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN date_bin('15 minutes', at, TIMESTAMPTZ '2000-01-01 00:00:00+00');

-- The time in a UUIDv7.
CREATE FUNCTION uuidv7_time_v1(id UUID) RETURNS TIMESTAMPTZ LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN to_timestamp(('x' || translate(left(id::text, 13), '-', ''))::bit(48)::bigint / 1000.0);

-- Histograms are arrays of pairs {bin, count}, such as {{57,3},{60,1}}, without empty bins. A duration of x ms is in
-- the bin ceil(ln(x) / ln(1.05 / 0.95)), and bin 0 contains everything up to 1 ms. So each duration in a bin differs
-- from the bin's value by at most 5 % (analytics/histogram.py).
CREATE FUNCTION duration_bin_v1(milliseconds NUMERIC) RETURNS INTEGER LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN milliseconds <= 1 THEN 0
                ELSE ceil(ln(milliseconds::double precision) / ln(1.05::double precision / 0.95))::integer END;

-- The histogram of some bins; NULLs do not count.
CREATE FUNCTION histogram_v1(bins INTEGER[]) RETURNS INTEGER[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(ARRAY[bin, times] ORDER BY bin), '{}')
    FROM (SELECT bin, count(*)::integer AS times FROM unnest(bins) AS bin WHERE bin IS NOT NULL GROUP BY bin) AS counted
$$;

-- The bins of a histogram as rows. To merge histograms: SELECT b.bin, sum(b.times) FROM analytics_turns AS t
-- CROSS JOIN LATERAL histogram_bins_v1(t.full_answer) AS b WHERE ... GROUP BY b.bin.
CREATE FUNCTION histogram_bins_v1(histogram INTEGER[]) RETURNS TABLE (bin INTEGER, times INTEGER)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT histogram[place][1], histogram[place][2] FROM generate_subscripts(histogram, 1) AS place
$$;

-- merged_histogram_v1(histogram) is the sum of all.
CREATE FUNCTION sum_of_bins_v1(pairs INTEGER[]) RETURNS INTEGER[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(ARRAY[bin, total] ORDER BY bin), '{}')
    FROM (SELECT b.bin, sum(b.times)::integer AS total FROM histogram_bins_v1(pairs) AS b GROUP BY b.bin) AS summed
$$;
CREATE AGGREGATE merged_histogram_v1 (INTEGER[]) (
    SFUNC = array_cat, STYPE = INTEGER[], INITCOND = '{}', FINALFUNC = sum_of_bins_v1, PARALLEL = SAFE);

-- Quarters of an hour that have to be counted again, one row per change. Without foreign keys and unique columns, so
-- that inserting waits for nothing.
CREATE TABLE analytics_changes (
    business_id UUID NOT NULL,
    change_id BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    turn_bucket TIMESTAMPTZ,  -- of a turn, or of a takeover
    conversation_bucket TIMESTAMPTZ,  -- of the start of a conversation
    conversation_id UUID,  -- of which all turns and takeovers have to be counted again
    PRIMARY KEY (business_id, change_id)
);

-- When conversations of a quarter of an hour end because nothing more was written in them.
CREATE TABLE analytics_due (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    conversation_bucket TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (business_id, conversation_bucket)
);

-- A business without a row has not been counted yet.
CREATE TABLE analytics_state (
    business_id UUID PRIMARY KEY REFERENCES businesses (business_id) ON DELETE CASCADE,
    time_zone TEXT NOT NULL DEFAULT 'UTC',  -- of the days that are stored
    rolled_up_at TIMESTAMPTZ NOT NULL DEFAULT '-infinity',
    -- Rows from before this time may have been deleted because their retention has ended, so their figures stay as they
    -- are. NULL: nothing has been deleted.
    complete_from TIMESTAMPTZ
);

-- The figures. `bucket` is the start of a quarter of an hour, or of a day in the time zone of the business. A day is
-- the sum of its quarters of an hour. `day_total` is the sum of a day's rows, for reports without filters: it has no
-- channel (''), language, stage, agent, release, model and template. `row_id` only serves the primary key.

-- Turns that have ended, by the time at which their message was accepted.
CREATE TABLE analytics_turns (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    period TEXT NOT NULL CHECK (period IN ('quarter_hour', 'day', 'day_total')),
    bucket TIMESTAMPTZ NOT NULL,
    row_id BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    channel TEXT NOT NULL,  -- of the conversation, like language
    language TEXT,
    stage_before UUID,  -- where the conversation was before the turn
    stage_id UUID,
    agent_id UUID,
    release_id UUID,
    turns INTEGER NOT NULL,
    completed INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    held INTEGER NOT NULL,
    by_model INTEGER NOT NULL,  -- of the completed turns, like the following ones
    by_rules INTEGER NOT NULL,
    by_fallback INTEGER NOT NULL,
    handed_over INTEGER NOT NULL,
    with_missing_fields INTEGER NOT NULL,
    rated_good INTEGER NOT NULL,  -- by customers
    rated_bad INTEGER NOT NULL,
    marked_good INTEGER NOT NULL,  -- by staff
    marked_bad INTEGER NOT NULL,
    confidence INTEGER[] NOT NULL,  -- a histogram with the bins 0 to 9: bin 3 is from 0.3 to less than 0.4, bin 9 to 1
    first_token INTEGER[] NOT NULL,  -- histograms of milliseconds since the message was accepted
    full_answer INTEGER[] NOT NULL,
    queueing INTEGER[] NOT NULL,
    calls INTEGER NOT NULL,  -- to models, also failed and discarded ones
    failed_calls INTEGER NOT NULL,
    unpriced_calls INTEGER NOT NULL,  -- that succeeded, of models without a known price
    prompt_tokens BIGINT NOT NULL,
    completion_tokens BIGINT NOT NULL,
    cached_tokens BIGINT NOT NULL DEFAULT 0,  -- of the prompt tokens
    reasoning_tokens BIGINT NOT NULL DEFAULT 0,  -- of the completion tokens
    cost_usd NUMERIC(16, 8) NOT NULL,
    PRIMARY KEY (business_id, period, bucket, row_id)
);

-- Calls to models, in the bucket of their turn.
CREATE TABLE analytics_calls (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    period TEXT NOT NULL CHECK (period IN ('quarter_hour', 'day', 'day_total')),
    bucket TIMESTAMPTZ NOT NULL,
    row_id BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    channel TEXT NOT NULL,
    language TEXT,
    stage_id UUID,
    agent_id UUID,
    release_id UUID,
    step TEXT NOT NULL,
    model TEXT NOT NULL,
    template_id UUID,
    template_version INTEGER,
    calls INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    prompt_tokens BIGINT NOT NULL,
    completion_tokens BIGINT NOT NULL,
    cached_tokens BIGINT NOT NULL DEFAULT 0,  -- of the prompt tokens
    reasoning_tokens BIGINT NOT NULL DEFAULT 0,  -- of the completion tokens
    cost_usd NUMERIC(16, 8) NOT NULL,
    latency INTEGER[] NOT NULL,  -- a histogram of milliseconds, of the calls that succeeded
    PRIMARY KEY (business_id, period, bucket, row_id)
);

-- Fields that extraction was to find, in the bucket of their turn.
CREATE TABLE analytics_fields (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    period TEXT NOT NULL CHECK (period IN ('quarter_hour', 'day')),
    bucket TIMESTAMPTZ NOT NULL,
    row_id BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    channel TEXT NOT NULL,
    language TEXT,
    stage_id UUID,
    agent_id UUID,
    release_id UUID,
    field TEXT NOT NULL,
    found INTEGER NOT NULL,
    corrected INTEGER NOT NULL,  -- of those: replaced another value of the conversation
    rejected INTEGER NOT NULL,  -- left out because the customer has not said it
    missing INTEGER NOT NULL,  -- required and still unknown after the turn
    PRIMARY KEY (business_id, period, bucket, row_id)
);

-- Actions of stages, in the bucket of their turn.
CREATE TABLE analytics_actions (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    period TEXT NOT NULL CHECK (period IN ('quarter_hour', 'day')),
    bucket TIMESTAMPTZ NOT NULL,
    row_id BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    channel TEXT NOT NULL,
    language TEXT,
    stage_id UUID,
    agent_id UUID,
    release_id UUID,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,  -- done, failed, skipped or waiting
    actions INTEGER NOT NULL,
    PRIMARY KEY (business_id, period, bucket, row_id)
);

-- Conversations, in the bucket in which they started.
CREATE TABLE analytics_conversations (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    period TEXT NOT NULL CHECK (period IN ('quarter_hour', 'day')),
    bucket TIMESTAMPTZ NOT NULL,
    row_id BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    channel TEXT NOT NULL,
    language TEXT,
    stage_id UUID,  -- of the last turn that was answered
    agent_id UUID,  -- likewise
    release_id UUID,  -- of the first turn that has one
    conversations INTEGER NOT NULL,
    resolved INTEGER NOT NULL,  -- each conversation is one of resolved, handed_over, abandoned and open
    handed_over INTEGER NOT NULL,
    abandoned INTEGER NOT NULL,
    open INTEGER NOT NULL,
    reopened INTEGER NOT NULL,
    customer_messages INTEGER NOT NULL,
    assistant_messages INTEGER NOT NULL,
    staff_messages INTEGER NOT NULL,
    ratings INTEGER[] NOT NULL,  -- a histogram with the bins 1 to 5
    PRIMARY KEY (business_id, period, bucket, row_id)
);

-- The stages of conversations in the order in which they were first entered, in the bucket in which they started.
CREATE TABLE analytics_paths (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    period TEXT NOT NULL CHECK (period IN ('quarter_hour', 'day')),
    bucket TIMESTAMPTZ NOT NULL,
    row_id BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    channel TEXT NOT NULL,
    language TEXT,
    release_id UUID,
    path UUID[] NOT NULL,  -- each stage once
    conversations INTEGER NOT NULL,
    entered_ms BIGINT[] NOT NULL,  -- per stage: milliseconds since the start, the sum of these conversations
    PRIMARY KEY (business_id, period, bucket, row_id)
);

-- Conversations that went from the AI to people, by the time at which that happened.
CREATE TABLE analytics_handovers (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    period TEXT NOT NULL CHECK (period IN ('quarter_hour', 'day')),
    bucket TIMESTAMPTZ NOT NULL,
    row_id BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,
    channel TEXT NOT NULL,
    language TEXT,
    reason TEXT NOT NULL,
    person_id UUID,  -- who handled the conversation; no foreign key, because figures outlive accounts
    handovers INTEGER NOT NULL,
    answered INTEGER NOT NULL,  -- of them: a person has written
    waiting INTEGER[] NOT NULL,  -- a histogram of milliseconds until then
    PRIMARY KEY (business_id, period, bucket, row_id)
);

-- The quarter of an hour in which a conversation started; NULL if it does not exist any more.
CREATE FUNCTION conversation_bucket_v1(p_business_id UUID, p_conversation_id UUID) RETURNS TIMESTAMPTZ
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN (
        SELECT quarter_hour_v1(c.start_time) FROM conversations c
        WHERE c.business_id = p_business_id AND c.conversation_id = p_conversation_id);
END
$$;

-- A turn has ended, or runs again after it had.
CREATE FUNCTION note_turn_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO analytics_changes (business_id, turn_bucket, conversation_bucket)
    SELECT NEW.business_id, quarter_hour_v1(uuidv7_time_v1(NEW.turn_id)), quarter_hour_v1(c.start_time)
    FROM conversations c
    WHERE c.business_id = NEW.business_id AND c.conversation_id = NEW.conversation_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER turns_note_end AFTER UPDATE OF status ON turns
    FOR EACH ROW WHEN (OLD.status <> NEW.status AND (NEW.status IN ('completed', 'failed', 'held')
                                                     OR OLD.status IN ('completed', 'failed', 'held')))
    EXECUTE FUNCTION note_turn_v1();
CREATE TRIGGER turns_note_insert AFTER INSERT ON turns
    FOR EACH ROW WHEN (NEW.status IN ('completed', 'failed', 'held')) EXECUTE FUNCTION note_turn_v1();

CREATE FUNCTION note_deleted_turn_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO analytics_changes (business_id, turn_bucket, conversation_bucket)
    VALUES (OLD.business_id, quarter_hour_v1(uuidv7_time_v1(OLD.turn_id)),
            conversation_bucket_v1(OLD.business_id, OLD.conversation_id));
    RETURN NULL;
END
$$;
CREATE TRIGGER turns_note_delete AFTER DELETE ON turns
    FOR EACH ROW WHEN (OLD.status IN ('completed', 'failed', 'held')) EXECUTE FUNCTION note_deleted_turn_v1();

-- What decides how a conversation ended has changed, or how it is counted.
CREATE FUNCTION note_conversation_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO analytics_changes (business_id, conversation_bucket)
    VALUES (NEW.business_id, quarter_hour_v1(OLD.start_time)), (NEW.business_id, quarter_hour_v1(NEW.start_time));
    IF OLD.language IS DISTINCT FROM NEW.language OR OLD.channel <> NEW.channel OR OLD.user_id <> NEW.user_id THEN
        INSERT INTO analytics_changes (business_id, conversation_id) VALUES (NEW.business_id, NEW.conversation_id);
    END IF;
    IF OLD.user_id <> NEW.user_id OR OLD.start_time <> NEW.start_time THEN  -- whether others were reopened
        INSERT INTO analytics_changes (business_id, conversation_bucket)
        SELECT NEW.business_id, quarter_hour_v1(c.start_time) FROM conversations c
        WHERE c.business_id = NEW.business_id AND c.user_id IN (OLD.user_id, NEW.user_id);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER conversations_note
    AFTER UPDATE OF status, needs_person_reason, language, channel, user_id, start_time ON conversations
    FOR EACH ROW WHEN (
        OLD.status <> NEW.status OR OLD.needs_person_reason IS DISTINCT FROM NEW.needs_person_reason
        OR OLD.language IS DISTINCT FROM NEW.language AND OLD.last_seq > 0  -- before, it has no turns
        OR OLD.channel <> NEW.channel OR OLD.user_id <> NEW.user_id OR OLD.start_time <> NEW.start_time)
    EXECUTE FUNCTION note_conversation_v1();

-- Also the customer's next conversation, which may not count as reopened any more.
CREATE FUNCTION note_deleted_conversation_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO analytics_changes (business_id, conversation_bucket)
    SELECT OLD.business_id, quarter_hour_v1(OLD.start_time)
    UNION ALL
    (SELECT OLD.business_id, quarter_hour_v1(c.start_time) FROM conversations c
     WHERE c.business_id = OLD.business_id AND c.user_id = OLD.user_id AND c.start_time >= OLD.start_time
     ORDER BY c.start_time LIMIT 1);
    RETURN NULL;
END
$$;
CREATE TRIGGER conversations_note_delete AFTER DELETE ON conversations
    FOR EACH ROW EXECUTE FUNCTION note_deleted_conversation_v1();

CREATE FUNCTION note_takeover_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    takeover takeovers%ROWTYPE := COALESCE(NEW, OLD);
BEGIN
    INSERT INTO analytics_changes (business_id, turn_bucket, conversation_bucket)
    SELECT takeover.business_id, quarter_hour_v1(uuidv7_time_v1(t.takeover_id)),
           conversation_bucket_v1(takeover.business_id, takeover.conversation_id)
    FROM takeovers t
    WHERE t.business_id = takeover.business_id AND t.conversation_id = takeover.conversation_id
    UNION
    SELECT takeover.business_id, quarter_hour_v1(uuidv7_time_v1(takeover.takeover_id)),
           conversation_bucket_v1(takeover.business_id, takeover.conversation_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER takeovers_note AFTER INSERT OR UPDATE OR DELETE ON takeovers
    FOR EACH ROW EXECUTE FUNCTION note_takeover_v1();

-- What belongs to a conversation and not to a turn: messages of people and of the business, and actions that wait.
CREATE FUNCTION note_part_of_conversation_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    part RECORD := COALESCE(NEW, OLD);
BEGIN
    INSERT INTO analytics_changes (business_id, conversation_bucket)
    VALUES (part.business_id, conversation_bucket_v1(part.business_id, part.conversation_id));
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_note AFTER INSERT ON messages
    FOR EACH ROW WHEN (NEW.turn_id IS NULL AND NEW.sender_type <> 'note')
    EXECUTE FUNCTION note_part_of_conversation_v1();
CREATE TRIGGER pending_actions_note AFTER INSERT OR DELETE ON pending_actions
    FOR EACH ROW EXECUTE FUNCTION note_part_of_conversation_v1();

-- Test customers are not counted.
CREATE FUNCTION note_customer_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO analytics_changes (business_id, conversation_bucket, conversation_id)
    SELECT c.business_id, quarter_hour_v1(c.start_time), c.conversation_id FROM conversations c
    WHERE c.business_id = NEW.business_id AND c.user_id = NEW.user_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER users_note AFTER UPDATE OF is_test ON users
    FOR EACH ROW WHEN (OLD.is_test <> NEW.is_test) EXECUTE FUNCTION note_customer_v1();

-- What is stored about a turn after it has ended: calls for summaries, and ratings.
CREATE FUNCTION note_part_of_turn_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
    part RECORD := COALESCE(NEW, OLD);
BEGIN
    INSERT INTO analytics_changes (business_id, turn_bucket)
    VALUES (part.business_id, quarter_hour_v1(uuidv7_time_v1(part.turn_id)));
    RETURN NULL;
END
$$;
CREATE TRIGGER llm_calls_note AFTER INSERT ON llm_calls
    FOR EACH ROW WHEN (NEW.turn_id IS NOT NULL
                       AND NEW.step NOT IN ('selection', 'extraction', 'retrieval', 'actions', 'response'))
    EXECUTE FUNCTION note_part_of_turn_v1();

-- Days start at other times in another time zone.
CREATE FUNCTION note_time_zone_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO analytics_changes (business_id) VALUES (NEW.business_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER businesses_note AFTER UPDATE OF settings ON businesses
    FOR EACH ROW WHEN (OLD.settings -> 'timezone' IS DISTINCT FROM NEW.settings -> 'timezone')
    EXECUTE FUNCTION note_time_zone_v1();
