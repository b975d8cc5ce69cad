-- How staff sign in and are invited, and the log of their changes.

-- Sessions: logins of users, and pages that are connected with a business's key. Deleting the row ends the session.
CREATE TABLE sessions (
    session_id UUID PRIMARY KEY DEFAULT uuidv7(),  -- replaced when the session's token is refreshed
    user_id UUID CONSTRAINT sessions_user_id_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    business_id UUID,  -- of the key
    key_id UUID,
    user_agent TEXT,  -- how the client describes itself, by which people recognise a session in the list
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT sessions_of_user_or_key
        CHECK (num_nonnulls(user_id, key_id) = 1 AND num_nonnulls(business_id, key_id) <> 1),
    CONSTRAINT sessions_key_fkey FOREIGN KEY (business_id, key_id)
        REFERENCES api_keys (business_id, key_id) ON DELETE CASCADE
);
-- Pages of the sessions of a user and of a key. A new session deletes the expired ones among them.
CREATE INDEX sessions_of_user ON sessions (user_id, created_at, session_id);
CREATE INDEX sessions_of_key ON sessions (business_id, key_id, created_at, session_id);

-- Failed logins by account, for the delay before the next attempt. Rows are deleted after a day.
CREATE TABLE login_failures (
    -- SHA-256 of the email in lower case, which may belong to no account.
    account_hash TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    retry_at TIMESTAMPTZ NOT NULL,  -- the password is not checked before
    last_failed_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
-- Old rows, to delete them.
CREATE INDEX login_failures_by_age ON login_failures (last_failed_at);

-- One-time links that set a user's password.
CREATE TABLE invitations (
    -- The primary key allows one link per user: a new one replaces the previous one.
    user_id UUID PRIMARY KEY CONSTRAINT invitations_user_id_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL CONSTRAINT invitations_token_hash_key UNIQUE,  -- SHA-256 in hexadecimal
    -- Created by an operator, who gives the link to the owner of the address. Its use verifies the account.
    verifies BOOLEAN NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

-- Invitations to become a member of a business. The owner of the email address accepts with the link.
CREATE TABLE member_invitations (
    business_id UUID NOT NULL CONSTRAINT member_invitations_business_id_fkey
        REFERENCES businesses (business_id) ON DELETE CASCADE,
    invitation_id UUID NOT NULL DEFAULT uuidv7(),
    email TEXT NOT NULL,
    -- For a new account only: an existing one keeps its own names.
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'agent', 'viewer')),
    token_hash TEXT NOT NULL CONSTRAINT member_invitations_token_hash_key UNIQUE,  -- SHA-256 in hexadecimal
    verifies BOOLEAN NOT NULL,  -- as in invitations; the link then replaces the password of an unverified account
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, invitation_id)
);
-- One invitation per address: a new one replaces the previous one.
CREATE UNIQUE INDEX member_invitations_email_key ON member_invitations (business_id, lower(email));
-- Pages of a business's invitations.
CREATE INDEX member_invitations_in_order ON member_invitations (business_id, created_at, invitation_id);

CREATE TABLE audit_log (
    entry_id UUID PRIMARY KEY DEFAULT uuidv7(),
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
