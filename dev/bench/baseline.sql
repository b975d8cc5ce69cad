-- The baseline's tables, with the indexes that its six statements per message use, and customers with a history.
CREATE TABLE baseline_businesses (business_id BIGINT PRIMARY KEY, key_hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE baseline_customers (
    user_id BIGINT PRIMARY KEY, business_id BIGINT NOT NULL REFERENCES baseline_businesses, first_name TEXT NOT NULL);
CREATE TABLE baseline_conversations (
    conversation_id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL REFERENCES baseline_customers, started TIMESTAMPTZ NOT NULL);
CREATE INDEX baseline_conversations_of_user ON baseline_conversations (user_id, started);
CREATE TABLE baseline_messages (
    message_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id BIGINT NOT NULL REFERENCES baseline_conversations,
    sender TEXT NOT NULL, content TEXT NOT NULL, created_at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE INDEX baseline_messages_of_conversation ON baseline_messages (conversation_id, message_id);

INSERT INTO baseline_businesses VALUES (1, encode(sha256('baseline-key'), 'hex'), 'Bench shop');
INSERT INTO baseline_customers SELECT n, 1, 'Customer ' || n FROM generate_series(0, 1999) AS n;
INSERT INTO baseline_conversations SELECT n, n, now() FROM generate_series(0, 1999) AS n;
INSERT INTO baseline_messages (conversation_id, sender, content)
SELECT n, CASE k % 2 WHEN 1 THEN 'user' ELSE 'assistant' END,
    CASE k % 2 WHEN 1 THEN 'Where is my order A-10433?' ELSE 'Thank you for asking. Your order is on its way and'
        || ' will reach you on Tuesday before noon, as you wished.' END
FROM generate_series(0, 1999) AS n, generate_series(1, 60) AS k;
ANALYZE;
