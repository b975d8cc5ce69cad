-- Imports of files with orders, products or customers, and messages to customers about changed orders.

CREATE TABLE imports (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    import_id UUID NOT NULL,
    resource TEXT NOT NULL CHECK (resource IN ('orders', 'products', 'users')),
    format TEXT NOT NULL CHECK (format IN ('csv', 'ndjson')),
    dry_run BOOLEAN NOT NULL,
    ignore_unknown BOOLEAN NOT NULL,  -- whether unknown columns are ignored
    notify JSONB,  -- which change of an order is told to its customer, and the text
    status TEXT NOT NULL DEFAULT 'uploading' CHECK (status IN ('uploading', 'waiting', 'running', 'finished', 'failed')),
    failure TEXT,  -- why it failed, for the owner
    layout JSONB,  -- of CSV: the delimiter and the columns
    bytes BIGINT NOT NULL DEFAULT 0,  -- of the file in UTF-8, as far as it has arrived
    -- The checkpoint: everything before it is done.
    bytes_done BIGINT NOT NULL DEFAULT 0,
    next_line BIGINT NOT NULL DEFAULT 1,
    -- Rows of the file so far.
    created BIGINT NOT NULL DEFAULT 0,
    updated BIGINT NOT NULL DEFAULT 0,
    unchanged BIGINT NOT NULL DEFAULT 0,
    invalid BIGINT NOT NULL DEFAULT 0,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    started_at TIMESTAMPTZ,
    finished_at TIMESTAMPTZ,
    PRIMARY KEY (business_id, import_id)
);
-- Pages of a business's imports.
CREATE INDEX imports_of_business ON imports (business_id, created_at, import_id);

-- The file in UTF-8, until the import has ended. All chunks but the last one have the same size.
CREATE TABLE import_chunks (
    business_id UUID NOT NULL,
    import_id UUID NOT NULL,
    number INTEGER NOT NULL,  -- from 0
    data BYTEA NOT NULL,
    PRIMARY KEY (business_id, import_id, number),
    CONSTRAINT import_chunks_import_fkey FOREIGN KEY (business_id, import_id)
        REFERENCES imports (business_id, import_id) ON DELETE CASCADE
);
-- Most files compress well, but that would cost more processor time than the space is worth for a few minutes.
ALTER TABLE import_chunks ALTER COLUMN data SET STORAGE EXTERNAL;

-- The first invalid lines of each import.
CREATE TABLE import_problems (
    business_id UUID NOT NULL,
    import_id UUID NOT NULL,
    line BIGINT NOT NULL,
    problems JSONB NOT NULL,  -- a list of {path, message}
    PRIMARY KEY (business_id, import_id, line),
    CONSTRAINT import_problems_import_fkey FOREIGN KEY (business_id, import_id)
        REFERENCES imports (business_id, import_id) ON DELETE CASCADE
);

-- The names (order numbers, SKUs, external IDs) that an import has found so far, to report duplicates.
CREATE TABLE import_names (
    business_id UUID NOT NULL,
    import_id UUID NOT NULL,
    name TEXT NOT NULL,
    line BIGINT NOT NULL,
    PRIMARY KEY (business_id, import_id, name),
    CONSTRAINT import_names_import_fkey FOREIGN KEY (business_id, import_id)
        REFERENCES imports (business_id, import_id) ON DELETE CASCADE
);

-- Changes of orders that customers are to be told of. A row is written with the change, and its status changes in the
-- transaction that stores the message, so a change is told at most once.
CREATE TABLE order_notifications (
    business_id UUID NOT NULL,
    notification_id UUID NOT NULL DEFAULT uuidv7(),
    order_id UUID NOT NULL,
    field TEXT NOT NULL,
    message TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'sent', 'skipped')),
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, notification_id),
    CONSTRAINT order_notifications_order_fkey FOREIGN KEY (business_id, order_id)
        REFERENCES orders (business_id, order_id) ON DELETE CASCADE
);
-- The foreign key.
CREATE INDEX order_notifications_of_order ON order_notifications (business_id, order_id);
