-- Who invited a member, for the page on which the invited person accepts.

ALTER TABLE member_invitations ADD COLUMN invited_by UUID  -- NULL: an operator with the master key
    CONSTRAINT member_invitations_inviter_fkey REFERENCES users (user_id) ON DELETE SET NULL;
-- The foreign key.
CREATE INDEX member_invitations_of_inviter ON member_invitations (invited_by) WHERE invited_by IS NOT NULL;
