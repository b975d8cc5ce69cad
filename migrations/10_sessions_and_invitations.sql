-- Logins of staff, each of which can be ended, and the links that set a password.

CREATE TABLE sessions (
    session_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX sessions_of_user ON sessions (user_id, expires_at);

CREATE TABLE invitations (
    -- One a person: a new link ends the one before.
    user_id UUID PRIMARY KEY CONSTRAINT invitations_user_id_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL CONSTRAINT invitations_token_hash_key UNIQUE,  -- SHA-256, hexadecimal
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX business_members_in_order ON business_members (business_id, created_at, user_id);
