-- Budgets: what a business spends per day and month, with a reservation for each turn before its first call.

SET LOCAL lock_timeout = '3s';

ALTER TABLE llm_calls
    ADD COLUMN cached_tokens INTEGER,  -- prompt tokens that the provider has read from its cache
    ADD COLUMN reasoning_tokens INTEGER;  -- completion tokens that are reasoning

-- Only businesses with a budget have rows, which are deleted when a budget is set where there was none. Days and months
-- are those of the business's time zone. Amounts are in US dollars.
CREATE TABLE budget_periods (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    period TEXT NOT NULL CHECK (period IN ('day', 'month')),
    start DATE NOT NULL,
    spent NUMERIC(20, 8) NOT NULL DEFAULT 0,
    reserved NUMERIC(20, 8) NOT NULL DEFAULT 0,  -- for turns that are running
    turns INTEGER NOT NULL DEFAULT 0,  -- that have called a model and ended
    unpriced_calls INTEGER NOT NULL DEFAULT 0,  -- with models whose price is not known: `spent` does not contain them
    reached INTEGER NOT NULL DEFAULT 0 CHECK (reached IN (0, 50, 80, 100)),  -- percent of the budget
    reached_at TIMESTAMPTZ,
    PRIMARY KEY (business_id, period, start)
);

CREATE TABLE budget_turns (
    business_id UUID NOT NULL,
    turn_id UUID NOT NULL,
    user_id UUID NOT NULL,
    day DATE NOT NULL,
    month DATE NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('normal', 'cheaper_model', 'fixed_reply', 'person')),
    spent NUMERIC(20, 8) NOT NULL DEFAULT 0,
    reserved NUMERIC(20, 8) NOT NULL DEFAULT 0,
    unpriced_calls INTEGER NOT NULL DEFAULT 0,
    is_settled BOOLEAN NOT NULL DEFAULT false,  -- `spent` is what its recorded calls cost, and nothing is reserved
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, turn_id),  -- also the foreign key
    CONSTRAINT budget_turns_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE
);
-- What a customer has spent on a day.
CREATE INDEX budget_turns_of_customer ON budget_turns (business_id, user_id, day);
-- Turns whose process died before it settled them.
CREATE INDEX budget_turns_unsettled ON budget_turns (business_id, created_at) WHERE NOT is_settled;
-- Old rows, which are deleted.
CREATE INDEX budget_turns_by_day ON budget_turns (business_id, day);

-- What the business has spent since the time in p_first_id, without turns whose cost is counted elsewhere.
CREATE FUNCTION budget_spent_since_v1(p_business_id UUID, p_first_id UUID) RETURNS TABLE (
    spent NUMERIC, turns INTEGER, unpriced_calls INTEGER
) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
        SELECT COALESCE(sum(c.cost_usd), 0), count(DISTINCT c.turn_id)::integer,
            (count(*) FILTER (WHERE c.cost_usd IS NULL AND c.prompt_tokens IS NOT NULL))::integer
        FROM llm_calls c
        WHERE c.business_id = p_business_id AND c.call_id >= p_first_id
          AND NOT EXISTS (
              SELECT FROM budget_turns t WHERE t.business_id = p_business_id AND t.turn_id = c.turn_id);
END
$$;

-- Locks a day or a month and returns it. One that is new starts with what was spent before there was a budget.
CREATE FUNCTION lock_budget_period_v1(p_business_id UUID, p_period TEXT, p_start DATE, p_first_id UUID)
RETURNS budget_periods LANGUAGE plpgsql AS $$
DECLARE
    locked budget_periods%ROWTYPE;
BEGIN
    INSERT INTO budget_periods (business_id, period, start) VALUES (p_business_id, p_period, p_start)
    ON CONFLICT (business_id, period, start) DO NOTHING
    RETURNING * INTO locked;
    IF FOUND THEN
        UPDATE budget_periods p SET spent = s.spent, turns = s.turns, unpriced_calls = s.unpriced_calls
        FROM budget_spent_since_v1(p_business_id, p_first_id) s
        WHERE p.business_id = p_business_id AND p.period = p_period AND p.start = p_start
        RETURNING p.* INTO locked;
    ELSE
        SELECT p.* INTO locked FROM budget_periods p
        WHERE p.business_id = p_business_id AND p.period = p_period AND p.start = p_start
        FOR NO KEY UPDATE;
    END IF;
    RETURN locked;
END
$$;

-- Reserves the estimated cost of a turn, and returns how it may be answered. A turn that runs again, because its process
-- died, keeps its reservation; one that is retried after it was settled gets a new one.
--
-- The rows of the day and the month are locked first, so the turns of a business are admitted one after the other, in
-- all processes. A turn is answered as usual while what is spent and reserved is below each limit. p_estimate is used
-- until a turn of this month or the last one has been settled; then it is the average of those.
CREATE FUNCTION reserve_budget_v1(
    p_business_id UUID, p_turn_id UUID, p_user_id UUID, p_day DATE, p_first_id_of_day UUID, p_month DATE,
    p_first_id_of_month UUID, p_estimate NUMERIC
) RETURNS TEXT LANGUAGE plpgsql AS $$
DECLARE
    budget JSONB;
    known budget_turns%ROWTYPE;
    in_day budget_periods%ROWTYPE;
    in_month budget_periods%ROWTYPE;
    of_customer NUMERIC;
    used NUMERIC;  -- the largest share of a limit
    new_level TEXT;
    estimate NUMERIC := 0;
BEGIN
    -- The commit does not wait for the disk: if a crash of the database loses it, the turn runs again too.
    PERFORM set_config('synchronous_commit', 'off', true);
    PERFORM t.seq FROM turns t WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id FOR KEY SHARE;
    IF NOT FOUND THEN  -- the customer was deleted meanwhile
        RETURN 'normal';
    END IF;
    in_day := lock_budget_period_v1(p_business_id, 'day', p_day, p_first_id_of_day);
    in_month := lock_budget_period_v1(p_business_id, 'month', p_month, p_first_id_of_month);
    SELECT t.* INTO known FROM budget_turns t WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id;
    IF known.turn_id IS NOT NULL AND NOT known.is_settled THEN
        RETURN known.level;
    END IF;

    SELECT b.settings -> 'budget' INTO budget FROM businesses b WHERE b.business_id = p_business_id;
    IF budget ? 'per_customer_day' THEN
        SELECT COALESCE(sum(t.spent + t.reserved), 0) INTO of_customer FROM budget_turns t
        WHERE t.business_id = p_business_id AND t.user_id = p_user_id AND t.day = p_day;
    END IF;
    used := GREATEST(
        (in_day.spent + in_day.reserved) / (budget ->> 'per_day')::numeric,
        (in_month.spent + in_month.reserved) / (budget ->> 'per_month')::numeric,
        of_customer / (budget ->> 'per_customer_day')::numeric,
        0);
    new_level := CASE
        WHEN used < 1 THEN 'normal'
        WHEN budget ->> 'then' = 'person' THEN 'person'
        WHEN budget ->> 'then' = 'cheaper_model'
            AND used < 1 + COALESCE((budget ->> 'cheaper_percent')::numeric, 20) / 100
            THEN 'cheaper_model'
        ELSE 'fixed_reply' END;

    IF new_level IN ('normal', 'cheaper_model') THEN
        SELECT COALESCE(sum(p.spent) / NULLIF(sum(p.turns), 0), p_estimate) INTO estimate FROM budget_periods p
        WHERE p.business_id = p_business_id AND p.period = 'month'
          AND p.start IN (p_month, (p_month - interval '1 month')::date);
        UPDATE budget_periods p SET reserved = p.reserved + estimate
        WHERE p.business_id = p_business_id
          AND (p.period = 'day' AND p.start = p_day OR p.period = 'month' AND p.start = p_month);
    END IF;
    INSERT INTO budget_turns AS t (business_id, turn_id, user_id, day, month, level, reserved)
    VALUES (p_business_id, p_turn_id, p_user_id, p_day, p_month, new_level, estimate)
    ON CONFLICT (business_id, turn_id) DO UPDATE SET day = p_day, month = p_month, level = new_level,
        reserved = estimate, is_settled = false;
    RETURN new_level;
END
$$;

-- Records that a period has reached 50, 80 or 100 percent of its limit since the last time, and informs webhooks. Returns
-- the period if it has.
CREATE FUNCTION report_budget_v1(p_business_id UUID, p_period TEXT, p_start DATE, p_budget JSONB) RETURNS TABLE (
    period TEXT, start DATE, percent INTEGER, limit_usd NUMERIC, spent_usd NUMERIC
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    current budget_periods%ROWTYPE;
    period_limit NUMERIC := (p_budget ->> ('per_' || p_period))::numeric;
    new_reached INTEGER;
BEGIN
    SELECT p.* INTO current FROM budget_periods p
    WHERE p.business_id = p_business_id AND p.period = p_period AND p.start = p_start;
    new_reached := CASE
        WHEN current.spent >= period_limit THEN 100
        WHEN current.spent >= period_limit * 0.8 THEN 80
        WHEN current.spent >= period_limit * 0.5 THEN 50
        ELSE 0 END;
    IF new_reached <> current.reached THEN  -- lower if the limit was raised
        UPDATE budget_periods p SET reached = new_reached, reached_at = clock_timestamp()
        WHERE p.business_id = p_business_id AND p.period = p_period AND p.start = p_start;
    END IF;
    IF new_reached > current.reached THEN
        IF is_event_wanted_v1(p_business_id, 'budget.reached') THEN
            PERFORM add_business_event_v1(p_business_id, 'budget.reached', jsonb_build_object(
                'period', p_period, 'start', p_start, 'percent', new_reached, 'limit_usd', period_limit,
                'spent_usd', current.spent, 'then', p_budget ->> 'then'));
        END IF;
        RETURN QUERY SELECT p_period, p_start, new_reached, period_limit, current.spent;
    END IF;
END
$$;

-- Counts what the recorded calls of a turn have cost. What was reserved for it becomes less, and with p_is_end nothing.
-- Calling it again changes nothing, unless more calls were recorded. Returns the periods that have reached 50, 80 or 100
-- percent of their limit.
CREATE FUNCTION settle_budget_v1(p_business_id UUID, p_turn_id UUID, p_is_end BOOLEAN) RETURNS TABLE (
    period TEXT, start DATE, percent INTEGER, limit_usd NUMERIC, spent_usd NUMERIC
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    budget JSONB;
    known budget_turns%ROWTYPE;
    actual NUMERIC;
    unpriced INTEGER;
    still_reserved NUMERIC;
    is_first BOOLEAN;
BEGIN
    PERFORM set_config('synchronous_commit', 'off', true);
    SELECT t.* INTO known FROM budget_turns t WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id;
    IF known.turn_id IS NULL THEN
        RETURN;
    END IF;
    PERFORM p.start FROM budget_periods p
    WHERE p.business_id = p_business_id AND p.period = 'day' AND p.start = known.day
    FOR NO KEY UPDATE;
    PERFORM p.start FROM budget_periods p
    WHERE p.business_id = p_business_id AND p.period = 'month' AND p.start = known.month
    FOR NO KEY UPDATE;
    SELECT t.* INTO known FROM budget_turns t
    WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id AND t.day = known.day
    FOR NO KEY UPDATE;
    IF known.turn_id IS NULL THEN  -- deleted, or reserved again on another day
        RETURN;
    END IF;
    actual := (
        SELECT COALESCE(sum(c.cost_usd), 0) FROM llm_calls c
        WHERE c.business_id = p_business_id AND c.turn_id = p_turn_id);
    unpriced := (
        SELECT count(*) FROM llm_calls c
        WHERE c.business_id = p_business_id AND c.turn_id = p_turn_id AND c.cost_usd IS NULL
          AND c.prompt_tokens IS NOT NULL);
    is_first := known.spent = 0 AND actual > 0;
    still_reserved := CASE WHEN p_is_end THEN 0 ELSE GREATEST(known.reserved + known.spent - actual, 0) END;
    UPDATE budget_turns t SET spent = actual, reserved = still_reserved, unpriced_calls = unpriced,
        is_settled = t.is_settled OR p_is_end
    WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id;
    UPDATE budget_periods p SET spent = p.spent + actual - known.spent,
        reserved = p.reserved + still_reserved - known.reserved,
        turns = p.turns + is_first::integer, unpriced_calls = p.unpriced_calls + unpriced - known.unpriced_calls
    WHERE p.business_id = p_business_id
      AND (p.period = 'day' AND p.start = known.day OR p.period = 'month' AND p.start = known.month);

    SELECT b.settings -> 'budget' INTO budget FROM businesses b WHERE b.business_id = p_business_id;
    RETURN QUERY SELECT r.* FROM report_budget_v1(p_business_id, 'day', known.day, budget) AS r;
    RETURN QUERY SELECT r.* FROM report_budget_v1(p_business_id, 'month', known.month, budget) AS r;
END
$$;

-- Like add_outbox_event_v1, for events that belong to neither a conversation nor an order. Those of the same type are
-- delivered in order.
CREATE FUNCTION add_business_event_v1(p_business_id UUID, p_type TEXT, p_data JSONB) RETURNS VOID
LANGUAGE plpgsql AS $$
DECLARE
    new_event_id UUID := uuidv7();
BEGIN
    INSERT INTO outbox_events (business_id, event_id, type, data) VALUES (p_business_id, new_event_id, p_type, p_data);
    INSERT INTO webhook_deliveries (business_id, webhook_id, event_id, subject)
    SELECT p_business_id, w.webhook_id, new_event_id, p_type FROM webhooks w
    WHERE w.business_id = p_business_id AND w.enabled AND p_type = ANY (w.events);
    INSERT INTO jobs AS j (business_id, kind, unique_key, payload)
    SELECT p_business_id, 'deliver_webhook', w.webhook_id || ' ' || p_type,
        jsonb_build_object('webhook_id', w.webhook_id, 'subject', p_type)
    FROM webhooks w
    WHERE w.business_id = p_business_id AND w.enabled AND p_type = ANY (w.events)
    ORDER BY w.webhook_id
    ON CONFLICT (tenant_id, unique_key) DO UPDATE SET requests = j.requests + 1;
END
$$;

-- As before, and also stores the cached and reasoning tokens of calls, and notes steps of turns that have ended: a
-- takeover makes a turn `held` while its process works on it. A later version of this function must do so too.
CREATE OR REPLACE FUNCTION insert_steps_v2(
    p_business_id UUID, p_conversation_id UUID, p_turn_id UUID, p_steps JSONB
) RETURNS VOID LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    WITH given AS (
        SELECT step.*, earlier.attempts
        FROM jsonb_to_recordset(p_steps) AS step (
            step TEXT, status TEXT, discarded BOOLEAN, engine TEXT, output JSONB, decision TEXT, variables JSONB,
            started_at TIMESTAMPTZ, finished_at TIMESTAMPTZ, calls JSONB)
        CROSS JOIN LATERAL (
            SELECT count(*) AS attempts, count(*) FILTER (WHERE s.place = 0) AS results,
                   count(*) FILTER (WHERE s.started_at = step.started_at AND s.finished_at = step.finished_at) AS stored
            FROM turn_steps s
            WHERE s.business_id = p_business_id AND s.turn_id = p_turn_id AND s.step = step.step) AS earlier
        WHERE earlier.stored = 0 AND (earlier.results = 0 OR step.status <> 'completed' OR step.discarded)),
    inserted_steps AS (
        INSERT INTO turn_steps (business_id, turn_id, step, attempt, status, discarded, engine, output, decision,
                                variables, started_at, finished_at)
        SELECT p_business_id, p_turn_id, given.step, given.attempts + 1, given.status, given.discarded, given.engine,
               given.output, given.decision, given.variables, given.started_at, given.finished_at
        FROM given)
    INSERT INTO llm_calls (business_id, turn_id, conversation_id, template_id, template_version, step, step_attempt,
        model, request, response, parsed, prompt_tokens, completion_tokens, cached_tokens, reasoning_tokens,
        cost_usd, latency_ms, first_token_ms, attempt, status, error, created_at)
    SELECT p_business_id, p_turn_id, p_conversation_id, call.template_id, call.template_version, given.step,
        given.attempts + 1, call.model, call.request, call.response, call.parsed, call.prompt_tokens,
        call.completion_tokens, call.cached_tokens, call.reasoning_tokens, call.cost_usd, call.latency_ms,
        call.first_token_ms, call.attempt, call.status, call.error, call.created_at
    FROM given, jsonb_to_recordset(given.calls) AS call (
        template_id UUID, template_version INTEGER, model TEXT, request JSONB, response TEXT, parsed JSONB,
        prompt_tokens INTEGER, completion_tokens INTEGER, cached_tokens INTEGER, reasoning_tokens INTEGER,
        cost_usd NUMERIC, latency_ms INTEGER, first_token_ms INTEGER, attempt INTEGER, status TEXT, error TEXT,
        created_at TIMESTAMPTZ);
    INSERT INTO analytics_changes (business_id, turn_bucket)
    SELECT t.business_id, quarter_hour_v1(uuidv7_time_v1(t.turn_id)) FROM turns t
    WHERE t.business_id = p_business_id AND t.turn_id = p_turn_id AND t.status IN ('completed', 'failed', 'held');
END
$$;
