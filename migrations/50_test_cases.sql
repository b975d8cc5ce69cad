-- Test cases: conversations with what is expected of each answer. They are part of the design, so releases contain them.
-- A draft is only published if none of them fails that passes with the live release.

SET LOCAL lock_timeout = '3s';

CREATE TABLE test_cases (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    test_case_id UUID NOT NULL DEFAULT uuidv7(),
    stage_id UUID,  -- in whose editor it is shown
    name TEXT NOT NULL,
    customer JSONB NOT NULL DEFAULT '{}',
    data JSONB NOT NULL DEFAULT '{}',  -- fields, orders and products that exist before the first message
    lookups JSONB NOT NULL DEFAULT '{}',  -- what the API calls of stages return, by name of the stage
    turns JSONB NOT NULL,  -- messages, and what is expected of the answers
    version INTEGER NOT NULL DEFAULT 1,  -- detects conflicting edits
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, test_case_id),
    CONSTRAINT test_cases_stage_fkey FOREIGN KEY (business_id, stage_id)
        REFERENCES stages (business_id, stage_id) ON DELETE SET NULL (stage_id)
);
-- Pages of a business's test cases, and those of a stage; the second is also the foreign key.
CREATE INDEX test_cases_in_order ON test_cases (business_id, created_at, test_case_id);
CREATE INDEX test_cases_of_stage ON test_cases (business_id, stage_id, created_at, test_case_id);

CREATE TABLE test_runs (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    test_run_id UUID NOT NULL DEFAULT uuidv7(),
    release_id UUID,  -- what answers; NULL: a draft. No foreign key: a release may be deleted after the run
    draft JSONB,  -- the draft as it was when the run was started, until the run ends
    checked_release_id UUID,  -- the release that is published, or not, because of this run; NULL: nothing depends on it
    repeat SMALLINT NOT NULL DEFAULT 1 CHECK (repeat BETWEEN 1 AND 3),
    status TEXT NOT NULL DEFAULT 'waiting'
        CHECK (status IN ('waiting', 'running', 'finished', 'cancelled', 'failed')),
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    started_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (business_id, test_run_id)
);
-- Pages of a business's runs.
CREATE INDEX test_runs_in_order ON test_runs (business_id, created_at, test_run_id);
-- A release is checked with one run of its own test cases, and one with the live release.
CREATE UNIQUE INDEX test_runs_of_check ON test_runs (business_id, checked_release_id, release_id)
    WHERE checked_release_id IS NOT NULL;

CREATE TABLE test_results (
    business_id UUID NOT NULL,
    test_run_id UUID NOT NULL,
    test_case_id UUID NOT NULL,  -- no foreign key: the result of a deleted test case is kept
    position INTEGER NOT NULL,
    definition JSONB NOT NULL,  -- the test case as it was when the run was started
    status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'passed', 'failed', 'unstable', 'error')),
    error TEXT,
    turns JSONB NOT NULL DEFAULT '[]',
    tokens INTEGER NOT NULL DEFAULT 0,
    cost_usd NUMERIC(14, 8) DEFAULT 0,  -- NULL: the price of a model is unknown
    duration_ms INTEGER NOT NULL DEFAULT 0,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (business_id, test_run_id, test_case_id),
    CONSTRAINT test_results_run_fkey FOREIGN KEY (business_id, test_run_id)
        REFERENCES test_runs (business_id, test_run_id) ON DELETE CASCADE
);
-- The latest results of a test case.
CREATE INDEX test_results_of_case ON test_results (business_id, test_case_id, finished_at)
    WHERE finished_at IS NOT NULL;

-- How many test cases a run has, how many of them have which result, and what they have cost.
CREATE FUNCTION test_run_counts_v1(p_business_id UUID, p_test_run_id UUID)
RETURNS TABLE (total BIGINT, done BIGINT, passed BIGINT, failed BIGINT, unstable BIGINT, tokens BIGINT, cost_usd NUMERIC)
LANGUAGE sql STABLE AS $$
    SELECT count(*), count(*) FILTER (WHERE status <> 'waiting'), count(*) FILTER (WHERE status = 'passed'),
           count(*) FILTER (WHERE status IN ('failed', 'error')), count(*) FILTER (WHERE status = 'unstable'),
           coalesce(sum(tokens), 0), CASE WHEN bool_and(cost_usd IS NOT NULL) THEN sum(cost_usd) END
    FROM test_results WHERE business_id = p_business_id AND test_run_id = p_test_run_id
$$;

-- Like design_snapshot_v1, and the test cases.
CREATE FUNCTION design_snapshot_v2(p_business_id UUID) RETURNS JSONB LANGUAGE sql STABLE AS $$
    SELECT design_snapshot_v1(p_business_id) || jsonb_build_object(
        'test_cases', (
            SELECT coalesce(jsonb_agg(jsonb_build_object('test_case_id', test_case_id, 'name', name,
                'stage_id', stage_id, 'customer', customer, 'data', data, 'lookups', lookups, 'turns', turns)
                ORDER BY created_at, test_case_id), '[]')
            FROM test_cases WHERE business_id = p_business_id))
$$;

ALTER TABLE releases
    ADD COLUMN check_status TEXT CHECK (check_status IN ('checking', 'refused')),  -- NULL: no check, or it was passed
    ADD COLUMN check_result JSONB,  -- schemas/release_check.json; NULL: not checked, or not yet
    ADD COLUMN override_reason TEXT;  -- why it was published without a check

-- Only one release of a business is checked at a time.
CREATE UNIQUE INDEX releases_checking ON releases (business_id) WHERE check_status = 'checking';
