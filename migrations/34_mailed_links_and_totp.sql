-- Links that are mailed to the owner of an account, and second factors of logins.

-- One-time links for a new password, or to confirm the address. A new link replaces the previous one of its kind.
CREATE TABLE account_links (
    user_id UUID NOT NULL CONSTRAINT account_links_user_id_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN ('reset', 'verification')),
    token_hash TEXT NOT NULL CONSTRAINT account_links_token_hash_key UNIQUE,  -- SHA-256 in hexadecimal
    email TEXT NOT NULL,  -- where it was sent: after a change of the address, the link is no longer valid
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (user_id, purpose)
);

-- Time-based one-time passwords (RFC 6238) of users.
CREATE TABLE totp (
    user_id UUID PRIMARY KEY CONSTRAINT totp_user_id_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    encrypted_secret BYTEA NOT NULL,
    key_id TEXT NOT NULL,  -- which encryption key decrypts it
    is_enabled BOOLEAN NOT NULL DEFAULT false,  -- since the user has entered the first code
    last_step BIGINT NOT NULL DEFAULT 0,  -- the time step of the latest code that was used; earlier ones are rejected
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

-- Codes for users who have lost their authenticator. Using one deletes it.
CREATE TABLE recovery_codes (
    user_id UUID NOT NULL CONSTRAINT recovery_codes_user_id_fkey REFERENCES totp (user_id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL,  -- SHA-256 in hexadecimal
    PRIMARY KEY (user_id, code_hash)
);
