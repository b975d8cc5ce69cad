-- How staff sign in and are invited, and the log of their changes.

-- Logins. Deleting the row ends the login at once.
CREATE TABLE sessions (
    session_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id UUID NOT NULL CONSTRAINT sessions_user_id_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
-- A user's logins, and the expired ones among them, which the next login deletes.
CREATE INDEX sessions_of_user ON sessions (user_id, expires_at);

-- One-time links that set a user's password.
CREATE TABLE invitations (
    -- The primary key allows one link per user: a new one replaces the previous one.
    user_id UUID PRIMARY KEY CONSTRAINT invitations_user_id_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL CONSTRAINT invitations_token_hash_key UNIQUE,  -- SHA-256 in hexadecimal
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

-- Invitations to become a member of a business. The owner of the email address accepts with the link.
CREATE TABLE member_invitations (
    invitation_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID NOT NULL CONSTRAINT member_invitations_business_id_fkey
        REFERENCES businesses (business_id) ON DELETE CASCADE,
    email TEXT NOT NULL,
    -- For a new account only: an existing one keeps its own names.
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'agent', 'viewer')),
    token_hash TEXT NOT NULL CONSTRAINT member_invitations_token_hash_key UNIQUE,  -- SHA-256 in hexadecimal
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
-- One invitation per address: a new one replaces the previous one.
CREATE UNIQUE INDEX member_invitations_email_key ON member_invitations (business_id, lower(email));
-- Pages of a business's invitations.
CREATE INDEX member_invitations_in_order ON member_invitations (business_id, created_at, invitation_id);

CREATE TABLE audit_log (
    entry_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID REFERENCES businesses (business_id) ON DELETE CASCADE,  -- NULL: a row of the platform
    actor_type TEXT NOT NULL,  -- the kind of caller: master, business (its key) or login
    actor_id UUID,  -- the key or the staff user; no foreign key, because the entry outlives both
    action TEXT NOT NULL,
    resource TEXT NOT NULL,
    resource_id UUID NOT NULL,
    fields TEXT[] NOT NULL DEFAULT '{}',  -- the names of the changed fields, never their values
    request_id TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
-- Pages of a business's entries: all of them, and one index per filter of the list.
CREATE INDEX audit_log_in_order ON audit_log (business_id, created_at, entry_id);
CREATE INDEX audit_log_of_resource ON audit_log (business_id, resource, created_at, entry_id);
CREATE INDEX audit_log_of_row ON audit_log (business_id, resource_id, created_at, entry_id);
CREATE INDEX audit_log_of_actor ON audit_log (business_id, actor_id, created_at, entry_id);
CREATE INDEX audit_log_of_action ON audit_log (business_id, action, created_at, entry_id);
-- Pages of all entries, for operators.
CREATE INDEX audit_log_of_all ON audit_log (created_at, entry_id);
