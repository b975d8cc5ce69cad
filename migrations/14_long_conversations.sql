-- The latest value of each field of a conversation, found without reading the older ones.
CREATE INDEX collected_fields_newest ON collected_fields (business_id, conversation_id, field, seq DESC);
DROP INDEX collected_fields_latest;
