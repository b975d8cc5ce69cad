-- Background jobs: work outside of requests and turns. A process that claims a job owns its lease, as for turns. A job that
-- has finished is deleted.

CREATE TABLE jobs (
    job_id UUID PRIMARY KEY DEFAULT uuidv7(),
    number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,  -- the order of insertion
    kind TEXT NOT NULL,
    business_id UUID REFERENCES businesses (business_id) ON DELETE CASCADE,  -- NULL: a job of the platform
    -- Businesses take turns, each with one job of each kind. The platform counts as one more.
    tenant_id UUID NOT NULL
        GENERATED ALWAYS AS (COALESCE(business_id, '00000000-0000-0000-0000-000000000000'::uuid)) STORED,
    queue_key TEXT,  -- jobs of a business with the same key run one at a time, in the order of insertion
    unique_key TEXT,  -- there is at most one job with this key; adding another one makes it run again
    payload JSONB NOT NULL DEFAULT '{}',
    requests INTEGER NOT NULL DEFAULT 1,  -- how often the job was added; if it was added again meanwhile, it runs again
    run_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),  -- not before
    attempts INTEGER NOT NULL DEFAULT 0,  -- that failed
    takeovers INTEGER NOT NULL DEFAULT 0,  -- how many processes in a row died while they ran the job
    last_error TEXT,
    lease_owner UUID,  -- the process that runs the job; no foreign key, because its row is deleted when it ends
    lease_epoch INTEGER NOT NULL DEFAULT 0,  -- grows with each claim, so a previous owner cannot write any more
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT jobs_unique_key UNIQUE (tenant_id, unique_key),
    CONSTRAINT jobs_queue_of_business CHECK (queue_key IS NULL OR business_id IS NOT NULL)
);
-- The next job of each business and kind.
CREATE INDEX jobs_due ON jobs (tenant_id, kind, run_at) WHERE lease_owner IS NULL;
-- Whether an earlier job of the queue is unfinished. Also the foreign key.
CREATE INDEX jobs_in_queue ON jobs (business_id, queue_key, number);
-- The database itself rejects that two jobs of a queue run at the same time.
CREATE UNIQUE INDEX jobs_one_running ON jobs (business_id, queue_key)
    WHERE lease_owner IS NOT NULL AND queue_key IS NOT NULL;
-- The jobs of processes that have died.
CREATE INDEX jobs_leased ON jobs (lease_owner) WHERE lease_owner IS NOT NULL;
