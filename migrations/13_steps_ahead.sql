-- Which attempt at a step a call belongs to: a step that is worked out ahead and dropped overlaps in time with the one
-- that counts.
ALTER TABLE llm_calls ADD COLUMN step_attempt INTEGER NOT NULL DEFAULT 1;
