-- Inbound hooks: URLs to which other systems send changed orders, products or customers as JSON.

CREATE TABLE hooks (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    hook_id UUID NOT NULL,
    name TEXT NOT NULL,
    resource TEXT NOT NULL CHECK (resource IN ('orders', 'products', 'users')),
    mapping JSONB NOT NULL,  -- a list of fields, each with the JSON Pointers of its value
    notify JSONB,  -- which change of an order is told to its customer, and the text
    -- The signature of each delivery is the HMAC-SHA256 of the body with the secret, in this header.
    signature_header TEXT NOT NULL,
    signature_encoding TEXT NOT NULL CHECK (signature_encoding IN ('hex', 'base64')),
    delivery_header TEXT,  -- contains an ID that is the same if a delivery is repeated
    -- As in `secrets`.
    encrypted_secret BYTEA NOT NULL,
    key_id TEXT NOT NULL,
    is_enabled BOOLEAN NOT NULL DEFAULT true,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, hook_id),
    -- Finds the hook of a delivery, which does not name the business.
    CONSTRAINT hooks_hook_id_key UNIQUE (hook_id),
    CONSTRAINT hooks_name_key UNIQUE (business_id, name)
);

-- What hooks have received lately, without the bodies.
CREATE TABLE hook_deliveries (
    business_id UUID NOT NULL,
    hook_id UUID NOT NULL,
    delivery_id UUID NOT NULL DEFAULT uuidv7(),
    sender_id TEXT,  -- the sender's ID of the delivery
    -- 'rejected': the signature is wrong
    result TEXT NOT NULL CHECK (result IN ('created', 'updated', 'unchanged', 'invalid', 'rejected')),
    row_name TEXT,  -- the order number, SKU or external ID
    problems JSONB NOT NULL DEFAULT '[]',  -- a list of {path, message}
    received_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, delivery_id),
    CONSTRAINT hook_deliveries_hook_fkey FOREIGN KEY (business_id, hook_id)
        REFERENCES hooks (business_id, hook_id) ON DELETE CASCADE
);
-- Pages of a hook's deliveries, and the oldest ones, which are deleted.
CREATE INDEX hook_deliveries_of_hook ON hook_deliveries (business_id, hook_id, received_at, delivery_id);
-- The last rejected delivery.
CREATE INDEX hook_deliveries_rejected ON hook_deliveries (business_id, hook_id, received_at) WHERE result = 'rejected';
-- A delivery that is repeated changes nothing.
CREATE UNIQUE INDEX hook_deliveries_once ON hook_deliveries (business_id, hook_id, sender_id)
    WHERE sender_id IS NOT NULL AND result IN ('created', 'updated', 'unchanged');
