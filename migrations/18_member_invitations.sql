-- What a business offers to an address: a place on its staff, which is nobody's until whoever has the address takes it.

CREATE TABLE member_invitations (
    invitation_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID NOT NULL CONSTRAINT member_invitations_business_id_fkey
        REFERENCES businesses (business_id) ON DELETE CASCADE,
    -- As the business calls them: an account that is there already keeps its own names.
    email TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'agent', 'viewer')),
    token_hash TEXT NOT NULL CONSTRAINT member_invitations_token_hash_key UNIQUE,  -- SHA-256, hexadecimal
    expires_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
-- One an address: a new link ends the one before.
CREATE UNIQUE INDEX member_invitations_email_key ON member_invitations (business_id, lower(email));
CREATE INDEX member_invitations_in_order ON member_invitations (business_id, created_at, invitation_id);
