-- Texts in further languages, by language tag.

SET LOCAL lock_timeout = '3s';

ALTER TABLE stages ADD COLUMN fixed_reply_translations JSONB NOT NULL DEFAULT '{}';
ALTER TABLE canned_replies ADD COLUMN translations JSONB NOT NULL DEFAULT '{}';
