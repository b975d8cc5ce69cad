-- Secrets of a business for calls to other systems, such as API keys. Values are encrypted by the application.

CREATE TABLE secrets (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    secret_id UUID NOT NULL,
    name TEXT NOT NULL,
    -- A nonce and the value encrypted with AES-256-GCM. The IDs of the key, the business and the row are authenticated
    -- with it, so a value that is copied to another row cannot be decrypted.
    encrypted_value BYTEA NOT NULL,
    key_id TEXT NOT NULL,  -- of the encryption key, derived from it
    last_used_at TIMESTAMPTZ,  -- updated at most once a minute
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, secret_id),
    CONSTRAINT secrets_name_key UNIQUE (business_id, name)
);
