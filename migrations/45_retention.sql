-- How long data is kept: a background job deletes what is older than the settings of a business allow, in small
-- transactions (background/retention.py).

SET LOCAL lock_timeout = '3s';

-- Prompts and answers are deleted from calls, whose rows stay, so the job notes how far it has got.
CREATE TABLE retention_progress (
    business_id UUID PRIMARY KEY REFERENCES businesses (business_id) ON DELETE CASCADE,
    last_call_id UUID NOT NULL  -- the last call without prompt and answer; the next run continues after it
);

-- By default, prompts and answers of calls are deleted after 90 days. Businesses that have older ones did not expect that
-- and keep them, until they choose otherwise.
UPDATE businesses b SET settings = b.settings || '{"retention": {"calls": null}}'
WHERE EXISTS (
    SELECT FROM llm_calls l
    WHERE l.business_id = b.business_id AND l.call_id < lowest_uuidv7(clock_timestamp() - interval '90 days'));

-- Another job deletes events now.
DELETE FROM jobs WHERE kind = 'delete_expired_events' AND business_id IS NULL;
