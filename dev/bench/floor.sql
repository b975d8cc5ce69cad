-- The plain floor's tables: what six indexed statements a message need, and customers with a history to read.
CREATE TABLE floor_businesses (business_id BIGINT PRIMARY KEY, key_hash TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE floor_customers (
    user_id BIGINT PRIMARY KEY, business_id BIGINT NOT NULL REFERENCES floor_businesses, first_name TEXT NOT NULL);
CREATE TABLE floor_conversations (
    conversation_id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL REFERENCES floor_customers, started TIMESTAMPTZ NOT NULL);
CREATE INDEX floor_conversations_of_user ON floor_conversations (user_id, started);
CREATE TABLE floor_messages (
    message_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conversation_id BIGINT NOT NULL REFERENCES floor_conversations,
    sender TEXT NOT NULL, content TEXT NOT NULL, created_at TIMESTAMPTZ NOT NULL DEFAULT now());
CREATE INDEX floor_messages_of_conversation ON floor_messages (conversation_id, message_id);

INSERT INTO floor_businesses VALUES (1, encode(sha256('floor-key'), 'hex'), 'Bench shop');
INSERT INTO floor_customers SELECT n, 1, 'Customer ' || n FROM generate_series(0, 1999) AS n;
INSERT INTO floor_conversations SELECT n, n, now() FROM generate_series(0, 1999) AS n;
INSERT INTO floor_messages (conversation_id, sender, content)
SELECT n, CASE k % 2 WHEN 1 THEN 'user' ELSE 'assistant' END,
    CASE k % 2 WHEN 1 THEN 'Where is my order A-10433?' ELSE 'Thank you for asking. Your order is on its way and'
        || ' will reach you on Tuesday before noon, as you wished.' END
FROM generate_series(0, 1999) AS n, generate_series(1, 60) AS k;
ANALYZE;
