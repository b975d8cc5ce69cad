-- Exports of a business's data, and planned deletions of businesses.

CREATE TABLE exports (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    export_id UUID NOT NULL DEFAULT uuidv7(),
    status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'running', 'finished', 'failed')),
    rows BIGINT NOT NULL DEFAULT 0,  -- in the file so far
    bytes BIGINT NOT NULL DEFAULT 0,  -- of the file so far
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    finished_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ,  -- when the export is deleted with its file; NULL until it has ended
    PRIMARY KEY (business_id, export_id)
);
-- Pages of a business's exports.
CREATE INDEX exports_of_business ON exports (business_id, created_at, export_id);

-- The file of an export.
CREATE TABLE export_chunks (
    business_id UUID NOT NULL,
    export_id UUID NOT NULL,
    number INTEGER NOT NULL,  -- from 0
    data BYTEA NOT NULL,
    PRIMARY KEY (business_id, export_id, number),
    CONSTRAINT export_chunks_export_fkey FOREIGN KEY (business_id, export_id)
        REFERENCES exports (business_id, export_id) ON DELETE CASCADE
);
-- The file is compressed already.
ALTER TABLE export_chunks ALTER COLUMN data SET STORAGE EXTERNAL;

-- Businesses that will be deleted, unless that is cancelled before.
CREATE TABLE business_deletions (
    business_id UUID PRIMARY KEY REFERENCES businesses (business_id) ON DELETE CASCADE,
    -- Who asked for it, as in audit_log.
    actor_type TEXT NOT NULL,
    actor_id UUID,
    delete_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
