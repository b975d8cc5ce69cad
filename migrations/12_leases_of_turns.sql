-- Which processes live, so that the turns of one that does not are taken over.
CREATE TABLE processes (
    process_id UUID PRIMARY KEY,  -- made at each start: turns.lease_owner
    beat_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

ALTER TABLE turns ADD COLUMN takeovers INTEGER NOT NULL DEFAULT 0;  -- since it was accepted, or last tried again
