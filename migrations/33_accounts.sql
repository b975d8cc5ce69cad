-- Accounts that people create themselves, and the names and scopes of API keys.

-- Links with which people create an account and a business, if SIGNUP is `invited`. Using one deletes it.
CREATE TABLE signup_invitations (
    invitation_id UUID PRIMARY KEY DEFAULT uuidv7(),
    token_hash TEXT NOT NULL CONSTRAINT signup_invitations_token_hash_key UNIQUE,  -- SHA-256 in hexadecimal
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);

-- The scope limits what a key can do (see docs/permissions.md). Keys of earlier versions have no name and all permissions.
ALTER TABLE api_keys
    ADD COLUMN name TEXT,
    ADD COLUMN scope TEXT NOT NULL DEFAULT 'full' CHECK (scope IN ('full', 'messages', 'read'));

-- The valid key with this hash, as key_by_hash_v1, and its scope.
CREATE FUNCTION key_by_hash_v2(p_key_hash TEXT)
RETURNS TABLE (key_id UUID, business_id UUID, scope TEXT, is_stale BOOLEAN)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT k.key_id, k.business_id, k.scope,
               k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute'
        FROM api_keys k WHERE k.key_hash = p_key_hash AND (k.expires_at IS NULL OR k.expires_at > now());
END
$$;
