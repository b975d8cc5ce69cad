-- Simulations: a language model plays a customer, who talks to the assistant.

SET LOCAL lock_timeout = '3s';

CREATE TABLE simulations (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    simulation_id UUID NOT NULL DEFAULT uuidv7(),
    release_id UUID,  -- what answers; NULL: a draft. No foreign key: a release may be deleted after the simulation
    draft JSONB,  -- the draft as it was when the simulation was started, until the simulation ends
    persona TEXT NOT NULL,  -- who the customer is
    goal TEXT NOT NULL,  -- what the customer wants
    facts JSONB NOT NULL DEFAULT '{}',  -- what the customer knows
    max_turns SMALLINT NOT NULL CHECK (max_turns BETWEEN 1 AND 20),
    customer JSONB NOT NULL DEFAULT '{}',  -- these three as in test_cases
    data JSONB NOT NULL DEFAULT '{}',
    lookups JSONB NOT NULL DEFAULT '{}',
    status TEXT NOT NULL DEFAULT 'waiting'
        CHECK (status IN ('waiting', 'running', 'finished', 'cancelled', 'failed')),
    turns JSONB NOT NULL DEFAULT '[]',
    ended_by TEXT CHECK (ended_by IN ('customer', 'handover', 'max_turns')),  -- NULL: it has not finished
    goal_reached BOOLEAN,  -- NULL: it has not finished
    error TEXT,  -- why it has failed
    tokens INTEGER NOT NULL DEFAULT 0,
    cost_usd NUMERIC(14, 8) DEFAULT 0,  -- NULL: the price of a model is unknown
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    started_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (business_id, simulation_id)
);
-- Pages of a business's simulations.
CREATE INDEX simulations_in_order ON simulations (business_id, created_at, simulation_id);
-- A business has at most one simulation that waits or runs.
CREATE UNIQUE INDEX simulations_unfinished ON simulations (business_id) WHERE status IN ('waiting', 'running');
