-- Sets of recorded turns that are answered again in the background, and what became of them.

SET LOCAL lock_timeout = '3s';

CREATE TABLE replays (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    replay_id UUID NOT NULL DEFAULT uuidv7(),
    name TEXT,
    release TEXT NOT NULL,  -- draft, live, recorded or an ID, as requested
    release_id UUID,  -- what answers; NULL: a draft, or the release of each turn. No foreign key: it may be deleted later
    draft JSONB,  -- the draft as it was when the replay was created, until it ends
    overrides JSONB NOT NULL DEFAULT '{}',  -- contents of templates, by ID
    model TEXT,
    turns JSONB NOT NULL,  -- how they were selected
    limit_usd NUMERIC(14, 8),  -- it pauses before it costs more
    status TEXT NOT NULL DEFAULT 'estimated'
        CHECK (status IN ('estimated', 'running', 'paused', 'finished', 'cancelled', 'failed')),
    is_limit_reached BOOLEAN NOT NULL DEFAULT false,  -- why it has paused
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    started_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (business_id, replay_id)
);
-- Pages of a business's replays, and the older ones to delete.
CREATE INDEX replays_in_order ON replays (business_id, created_at, replay_id);

CREATE TABLE replay_results (
    business_id UUID NOT NULL,
    replay_id UUID NOT NULL,
    turn_id UUID NOT NULL,
    position INTEGER NOT NULL,
    estimated_usd NUMERIC(14, 8),  -- NULL: the price of a model is unknown
    difference TEXT
        CHECK (difference IN ('unchanged', 'different_stage', 'different_fields', 'different_reply', 'failed')),
    result JSONB,  -- both answers; NULL: it waits, or could not be replayed
    error TEXT,
    tokens INTEGER NOT NULL DEFAULT 0,
    cost_usd NUMERIC(14, 8) DEFAULT 0,  -- NULL: the price of a model is unknown
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (business_id, replay_id, turn_id),
    CONSTRAINT replay_results_replay_fkey FOREIGN KEY (business_id, replay_id)
        REFERENCES replays (business_id, replay_id) ON DELETE CASCADE,
    CONSTRAINT replay_results_turn_fkey FOREIGN KEY (business_id, turn_id)
        REFERENCES turns (business_id, turn_id) ON DELETE CASCADE
);
-- Pages of the results, and the turns that wait.
CREATE INDEX replay_results_in_order ON replay_results (business_id, replay_id, position);
-- Foreign key.
CREATE INDEX replay_results_of_turn ON replay_results (business_id, turn_id);

-- How many turns a replay has, what became of them, and what they have cost and were estimated to cost.
CREATE FUNCTION replay_counts_v1(p_business_id UUID, p_replay_id UUID)
RETURNS TABLE (turn_count BIGINT, done BIGINT, counts JSONB, tokens BIGINT, cost_usd NUMERIC, estimated_usd NUMERIC)
LANGUAGE sql STABLE AS $$
    SELECT count(*), count(difference),
           jsonb_build_object(
               'unchanged', count(*) FILTER (WHERE difference = 'unchanged'),
               'different_stage', count(*) FILTER (WHERE difference = 'different_stage'),
               'different_fields', count(*) FILTER (WHERE difference = 'different_fields'),
               'different_reply', count(*) FILTER (WHERE difference = 'different_reply'),
               'failed', count(*) FILTER (WHERE difference = 'failed')),
           coalesce(sum(r.tokens), 0),
           CASE WHEN count(*) = count(r.cost_usd) THEN coalesce(sum(r.cost_usd), 0) END,
           CASE WHEN count(*) = count(r.estimated_usd) THEN coalesce(sum(r.estimated_usd), 0) END
    FROM replay_results r WHERE r.business_id = p_business_id AND r.replay_id = p_replay_id
$$;
