-- Tenants, the people in them, and the keys they call with.
-- Between a tenant's tables foreign keys span (business_id, id), so that the database itself refuses a link across
-- tenants. Every foreign key has an index under it.

CREATE TABLE users (
    user_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID,  -- NULL: staff, or not yet a customer of anyone
    external_id TEXT,
    first_name TEXT,
    last_name TEXT,
    email TEXT,
    phone TEXT,
    language TEXT,
    timezone TEXT,
    password_hash TEXT,
    is_admin BOOLEAN NOT NULL DEFAULT false,
    metadata JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT users_external_id_key UNIQUE (business_id, external_id)
);
CREATE UNIQUE INDEX users_email_of_staff_key ON users (lower(email)) WHERE business_id IS NULL;
CREATE UNIQUE INDEX users_email_of_customer_key ON users (business_id, lower(email)) WHERE business_id IS NOT NULL;
CREATE INDEX users_in_order ON users (created_at, user_id);
CREATE INDEX users_of_business ON users (business_id, created_at, user_id);

CREATE TABLE businesses (
    business_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    owner_id UUID NOT NULL CONSTRAINT businesses_owner_id_fkey REFERENCES users (user_id),
    business_name TEXT NOT NULL CONSTRAINT businesses_business_name_key UNIQUE,
    business_description TEXT,
    address TEXT,
    phone_number TEXT,
    website TEXT,
    default_stage_id UUID,
    live_release_id UUID,
    settings JSONB NOT NULL DEFAULT '{}',
    version INTEGER NOT NULL DEFAULT 1,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX businesses_of_owner ON businesses (owner_id);
CREATE INDEX businesses_in_order ON businesses (created_at, business_id);

ALTER TABLE users ADD CONSTRAINT users_business_id_fkey
    FOREIGN KEY (business_id) REFERENCES businesses (business_id) ON DELETE CASCADE;

CREATE TABLE api_keys (
    key_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    key_hash TEXT NOT NULL CONSTRAINT api_keys_key_hash_key UNIQUE,  -- SHA-256, hexadecimal
    key_prefix TEXT NOT NULL,
    expires_at TIMESTAMPTZ,
    last_used_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX api_keys_of_business ON api_keys (business_id, created_at, key_id);

CREATE TABLE business_members (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    user_id UUID NOT NULL REFERENCES users (user_id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('owner', 'agent', 'viewer')),
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, user_id)
);
CREATE INDEX business_members_of_user ON business_members (user_id);

CREATE TABLE agents (
    agent_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    agent_name TEXT NOT NULL,
    agent_type TEXT NOT NULL DEFAULT 'ai' CHECK (agent_type IN ('ai', 'human')),
    description TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (business_id, agent_id)
);
CREATE INDEX agents_of_business ON agents (business_id, created_at, agent_id);
