-- Full text search over messages, in every language alike ('simple': no stop words, no stems). The tenant is a word of
-- the index too, so that a search costs what its own business's messages cost. Only the beginning of a very long
-- message is searched: what PostgreSQL makes of a text for searching may be 1 MB.
CREATE FUNCTION message_words(business_id UUID, message_content TEXT) RETURNS TSVECTOR
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN array_to_tsvector(ARRAY[business_id::text]) || to_tsvector('simple'::regconfig, left(message_content, 50000));

-- Words wait in a list of the index's own until there are enough of them; a search reads that list too.
CREATE INDEX messages_words ON messages USING gin (message_words(business_id, message_content))
    WITH (gin_pending_list_limit = 512);
