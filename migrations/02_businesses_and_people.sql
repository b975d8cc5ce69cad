-- Businesses (the tenants), the people who belong to them, and their API keys.
--
-- Conventions of the whole schema:
--   * Keys are UUIDv7, which start with the time of their creation: new rows are neighbours in every index.
--   * Primary and unique keys of a tenant's table start with business_id. Rows without a business (NULL) have a key of
--     their own.
--   * A foreign key between two tables of a tenant is on (business_id, id), so the database rejects a link to another
--     tenant's row. Only user_id refers to users (user_id) alone, because staff do not belong to a single business.
--   * Every foreign key has an index. Without one, deleting the row it points to would scan the whole table.
--   * Every index is listed in docs/indexes.md with the query it serves.
--   * Lists are read in pages ordered by (created_at, id), so most tables have an index that ends in these two columns.
--   * Timestamps default to clock_timestamp(), so rows written in one transaction keep their order.

-- PostgreSQL 18 has this function. As there, the 12 bits after the version are a fraction of the millisecond.
DO $$
BEGIN
    IF current_setting('server_version_num')::int < 180000 THEN
        CREATE FUNCTION uuidv7() RETURNS UUID LANGUAGE sql VOLATILE PARALLEL SAFE AS $function$
            SELECT encode(
                int8send(((microseconds / 1000) << 16) | (7 << 12) | (microseconds % 1000 * 4096 / 1000))
                    || substring(uuid_send(gen_random_uuid()) FROM 9),
                'hex')::uuid
            FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS microseconds) AS now
        $function$;
    END IF;
END
$$;

CREATE TABLE users (
    user_id UUID PRIMARY KEY DEFAULT uuidv7(),
    business_id UUID,  -- NULL: staff, or not yet a customer of any business
    external_id TEXT,  -- the business's own ID for this customer
    first_name TEXT,
    last_name TEXT,
    email TEXT,
    phone TEXT,
    language TEXT,
    timezone TEXT,
    password_hash TEXT,
    -- Whether an operator has proved that the account belongs to the owner of its email. Staff only.
    is_verified BOOLEAN NOT NULL DEFAULT false,
    is_admin BOOLEAN NOT NULL DEFAULT false,  -- a platform operator
    metadata JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    -- One customer per external ID. Also finds the customer that a message names by it.
    CONSTRAINT users_external_id_key UNIQUE (business_id, external_id)
);
-- Staff sign in with their email, so it is unique among staff. Upper and lower case are the same address.
CREATE UNIQUE INDEX users_email_of_staff_key ON users (lower(email)) WHERE business_id IS NULL;
-- The same person may be a customer of several businesses, so customers' emails are unique per business.
CREATE UNIQUE INDEX users_email_of_customer_key ON users (business_id, lower(email)) WHERE business_id IS NOT NULL;
-- Pages of users: all of them (for operators), and the customers of one business.
CREATE INDEX users_in_order ON users (created_at, user_id);
CREATE INDEX users_of_business ON users (business_id, created_at, user_id);

CREATE TABLE businesses (
    business_id UUID PRIMARY KEY DEFAULT uuidv7(),
    owner_id UUID NOT NULL CONSTRAINT businesses_owner_id_fkey REFERENCES users (user_id),
    business_name TEXT NOT NULL,
    name_key TEXT CONSTRAINT businesses_business_name_key UNIQUE,  -- the form in which names are compared (core/names.py)
    business_description TEXT,
    address TEXT,
    phone_number TEXT,
    website TEXT,
    default_stage_id UUID,  -- where a conversation starts; its foreign key is in 03, after the table stages
    live_release_id UUID,  -- the release that new turns use; its foreign key is in 03 as well
    settings JSONB NOT NULL DEFAULT '{}',
    version INTEGER NOT NULL DEFAULT 1,  -- detects conflicting edits
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
-- The foreign key: deleting a user checks whether they own a business.
CREATE INDEX businesses_of_owner ON businesses (owner_id);
-- Pages of businesses, for operators.
CREATE INDEX businesses_in_order ON businesses (created_at, business_id);

ALTER TABLE users ADD CONSTRAINT users_business_id_fkey
    FOREIGN KEY (business_id) REFERENCES businesses (business_id) ON DELETE CASCADE;

CREATE TABLE api_keys (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    key_id UUID NOT NULL DEFAULT uuidv7(),
    -- SHA-256 in hexadecimal; the key itself is not stored. Authentication looks a key up by its hash alone, so a hash
    -- is unique across businesses.
    key_hash TEXT NOT NULL CONSTRAINT api_keys_key_hash_key UNIQUE,
    key_prefix TEXT NOT NULL,  -- the first characters, to recognise a key in the list
    expires_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, key_id)
);
-- Pages of a business's keys.
CREATE INDEX api_keys_of_business ON api_keys (business_id, created_at, key_id);

CREATE TABLE business_members (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('owner', 'agent', 'viewer')),
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, user_id)
);
-- The businesses that a user is a member of.
CREATE INDEX business_members_of_user ON business_members (user_id);
-- Pages of a business's members.
CREATE INDEX business_members_in_order ON business_members (business_id, created_at, user_id);

CREATE TABLE agents (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    agent_id UUID NOT NULL DEFAULT uuidv7(),
    agent_name TEXT NOT NULL,
    agent_type TEXT NOT NULL DEFAULT 'ai' CHECK (agent_type IN ('ai', 'human')),
    description TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, agent_id)
);
-- Pages of a business's agents.
CREATE INDEX agents_of_business ON agents (business_id, created_at, agent_id);
