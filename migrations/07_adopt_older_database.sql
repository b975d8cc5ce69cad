-- Adopts a database of the older system. 01 moved its tables into the schema `legacy`; this file copies their rows into
-- the tables of 02 to 06, repairs dangling references, checks that no row was lost, and drops the old tables. Without a
-- schema `legacy` it only creates the table `adoption_notes`.
--
--    1. Adoption notes       4. Templates and inline prompts    7. Rows and columns without a place
--    2. Reading the rows     5. Stages                          8. Check and output
--    3. People, businesses,  6. Conversations, messages,        9. Dropping the old tables
--       keys, catalogue         events
--
-- It is one file, and so one transaction, on purpose: if it fails or is killed, the old rows are unchanged and the next
-- start runs it again.
--
-- Older databases differ: columns and whole tables may be missing. So each old row is read as JSON, in which a missing
-- column is NULL. IDs that are UUIDs are kept, others are replaced. The first releases are published when the
-- application starts (`releases.publish_missing`), because they contain the shipped defaults.


-- 1. Adoption notes: what was repaired, and what has no place in the new schema. The notes stay in the database, and
--    their sentences are printed. A sentence contains only IDs and names of tables and columns; texts, prompts and keys
--    must not reach a log.

CREATE TABLE adoption_notes (
    note_id UUID PRIMARY KEY DEFAULT uuidv7(),
    business_id UUID REFERENCES businesses (business_id) ON DELETE CASCADE,
    old_table TEXT NOT NULL,
    old_id TEXT,  -- NULL: about several rows
    note TEXT NOT NULL,
    kept JSONB,  -- the part of the old row that has no place in the new schema
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
-- The foreign key.
CREATE INDEX adoption_notes_of_business ON adoption_notes (business_id);


-- 2. Reading the rows.

SET LOCAL timezone = 'UTC';  -- for old times without an offset

CREATE FUNCTION pg_temp.as_uuid(id TEXT) RETURNS UUID IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN id::uuid END
$$;

-- An old ID as the column old_rows.id contains it: a UUID in lower case, anything else unchanged.
CREATE FUNCTION pg_temp.as_id(id TEXT) RETURNS TEXT IMMUTABLE LANGUAGE sql AS $$
    SELECT COALESCE(pg_temp.as_uuid(id)::text, id)
$$;

CREATE FUNCTION pg_temp.as_number(number TEXT) RETURNS NUMERIC IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN number ~ '^-?[0-9]{1,12}(\.[0-9]+)?$' THEN number::numeric END
$$;

-- The text unchanged, or NULL if it is blank.
CREATE FUNCTION pg_temp.not_blank(text TEXT) RETURNS TEXT IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN text ~ '\S' THEN text END
$$;

-- The key of a name, as in core/names.py.
CREATE FUNCTION pg_temp.name_key(name TEXT) RETURNS TEXT IMMUTABLE LANGUAGE sql AS $$
    SELECT btrim(regexp_replace(lower(normalize(name, NFKC)), '[\s_-]+', ' ', 'g'))
$$;

-- An old ID or status as it may be printed. What does not look like one could be a customer's text.
CREATE FUNCTION pg_temp.printable(value TEXT) RETURNS TEXT IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN value IS NULL THEN 'NULL' WHEN value ~ '^[A-Za-z0-9_.:-]{1,100}$' THEN value
        ELSE '(not printable)' END
$$;

-- The template type for an old name of it; NULL if there is none.
CREATE FUNCTION pg_temp.template_type(type TEXT) RETURNS TEXT IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE regexp_replace(lower(btrim(type)), '^default_', '')
        WHEN 'stage_selection' THEN 'stage_selection'
        WHEN 'selection' THEN 'stage_selection'
        WHEN 'data_extraction' THEN 'data_extraction'
        WHEN 'extraction' THEN 'data_extraction'
        WHEN 'response_generation' THEN 'response_generation'
        WHEN 'response' THEN 'response_generation'
        WHEN 'generation' THEN 'response_generation'
        WHEN 'conversation_summary' THEN 'conversation_summary'
    END
$$;

-- The non-empty columns of an old row except those in `placed`, or NULL if there are none. Passwords, tokens and keys
-- are never kept.
CREATE FUNCTION pg_temp.other_columns(old JSONB, placed TEXT[]) RETURNS JSONB IMMUTABLE LANGUAGE sql AS $$
    SELECT jsonb_object_agg(key, value) FROM jsonb_each(old - placed - '{created_at,updated_at}'::text[])
    WHERE value NOT IN ('null', '""', '[]', '{}') AND key !~* 'password|token|secret|api_?key'
$$;

CREATE TEMP TABLE old_rows (
    source TEXT NOT NULL,  -- the old table
    n BIGINT NOT NULL,  -- the row's position in it; negative for placeholders that this file adds
    id TEXT NOT NULL,  -- the old ID, see as_id
    new_id UUID NOT NULL,  -- the same ID if it is a UUID
    old JSONB NOT NULL,
    PRIMARY KEY (source, n)
) ON COMMIT DROP;

DO $$
DECLARE
    tables CONSTANT JSONB := '{"users": "user_id", "businesses": "business_id", "agents": "agent_id",
        "prompt_templates": "template_id", "default_templates": "template_id", "templates": "template_id",
        "template_variables": "variable_id", "stages": "stage_id", "conversations": "conversation_id",
        "messages": "message_id", "products": "product_id", "orders": "order_id", "events": "event_id"}';
    source TEXT;
    key TEXT;
BEGIN
    FOR source, key IN SELECT * FROM jsonb_each_text(tables) LOOP
        CONTINUE WHEN to_regclass(format('legacy.%I', source)) IS NULL;
        EXECUTE format('LOCK TABLE legacy.%I IN ACCESS EXCLUSIVE MODE', source);
        EXECUTE format(
            'INSERT INTO old_rows
             SELECT %L, n, COALESCE(pg_temp.as_id(old ->> %L), ''row '' || n),
                    COALESCE(pg_temp.as_uuid(old ->> %L), uuidv7()), old
             FROM (SELECT row_number() OVER (ORDER BY ctid) AS n, to_jsonb(t) AS old FROM legacy.%I t) AS numbered',
            source, key, key, source);
    END LOOP;
END
$$;

CREATE INDEX old_rows_by_id ON old_rows (source, id);
ANALYZE old_rows;


-- 3. People, businesses, keys, agents, products and orders.
--
-- A user becomes a customer of each business they wrote to: in their own row for the first one, in a new row for each
-- further one. Owners remain staff, also when they wrote to their own business.

CREATE TEMP TABLE wrote_to ON COMMIT DROP AS
SELECT written.id, business, min(at) AS first_at
FROM (
    SELECT COALESCE(pg_temp.as_id(old ->> 'user_id'), 'unknown') AS id,
        pg_temp.as_id(old ->> 'business_id') AS business,
        COALESCE(old ->> 'start_time', old ->> 'order_date', old ->> 'event_timestamp', old ->> 'created_at')
            ::timestamptz AS at
    FROM old_rows WHERE source IN ('conversations', 'orders') OR source = 'events' AND old ->> 'user_id' IS NOT NULL
) AS written
JOIN old_rows b ON b.source = 'businesses' AND b.id = business
GROUP BY written.id, business;

CREATE TEMP TABLE owners ON COMMIT DROP AS
SELECT COALESCE(pg_temp.as_id(old ->> 'owner_id'), 'unknown') AS id, id AS business
FROM old_rows WHERE source = 'businesses';

-- A placeholder, with the same ID, for each user that is referred to but missing.
INSERT INTO old_rows
SELECT 'users', -row_number() OVER (ORDER BY id), id, COALESCE(pg_temp.as_uuid(id), uuidv7()),
    jsonb_build_object('first_name', 'Unknown',
                       'last_name', CASE WHEN bool_or(is_owner) THEN 'owner' ELSE 'customer' END)
FROM (SELECT id, false AS is_owner FROM wrote_to UNION ALL SELECT id, true FROM owners) AS referred_to
WHERE NOT EXISTS (SELECT FROM old_rows u WHERE u.source = 'users' AND u.id = referred_to.id)
GROUP BY id;

CREATE TEMP TABLE customers ON COMMIT DROP AS  -- one row per user and business
SELECT u.id, u.n, b.id AS business, b.new_id AS business_id, is_first AND NOT is_owner AS keeps_row,
    CASE WHEN is_first AND NOT is_owner THEN u.new_id ELSE uuidv7() END AS user_id
FROM (
    SELECT id, business, row_number() OVER (PARTITION BY id ORDER BY first_at, business) = 1 AS is_first,
        EXISTS (SELECT FROM owners WHERE owners.id = wrote_to.id) AS is_owner
    FROM wrote_to
    WHERE NOT EXISTS (SELECT FROM owners WHERE owners.id = wrote_to.id AND owners.business = wrote_to.business)
) AS c
JOIN old_rows u ON u.source = 'users' AND u.id = c.id
JOIN old_rows b ON b.source = 'businesses' AND b.id = c.business;

INSERT INTO users (user_id, first_name, last_name, phone, language, timezone, metadata, created_at)
SELECT new_id, old ->> 'first_name', old ->> 'last_name', old ->> 'phone', old ->> 'language', old ->> 'timezone',
    COALESCE(pg_temp.other_columns(
        old, '{user_id,business_id,first_name,last_name,email,phone,language,timezone}'), '{}'),
    COALESCE((old ->> 'created_at')::timestamptz, now())
FROM old_rows WHERE source = 'users';

-- Of several businesses whose names have the same key, all but the first get their ID added to it.
INSERT INTO businesses (business_id, owner_id, business_name, name_key, business_description, address, phone_number,
                        website, created_at)
SELECT b.new_id, u.new_id, name || suffix, pg_temp.name_key(name || suffix),
    b.old ->> 'business_description', b.old ->> 'address', b.old ->> 'phone_number', b.old ->> 'website',
    COALESCE((b.old ->> 'created_at')::timestamptz, now())
FROM (SELECT *, CASE WHEN row_number() OVER (PARTITION BY pg_temp.name_key(name) ORDER BY n) > 1
          THEN format(' (%s)', new_id) ELSE '' END AS suffix
      FROM (SELECT *, COALESCE(pg_temp.not_blank(btrim(old ->> 'business_name', E' \t\r\n')), 'Unnamed') AS name
            FROM old_rows WHERE source = 'businesses') AS named) AS b
JOIN owners ON owners.business = b.id
JOIN old_rows u ON u.source = 'users' AND u.id = owners.id;

INSERT INTO business_members (business_id, user_id, role)
SELECT business_id, owner_id, 'owner' FROM businesses;

-- The business knows its customer by the old ID, so that becomes the external_id.
UPDATE users SET business_id = c.business_id, external_id = c.id
FROM customers c WHERE c.keeps_row AND users.user_id = c.user_id;

INSERT INTO users (user_id, business_id, external_id, first_name, last_name, phone, language, timezone, metadata,
                   created_at)
SELECT c.user_id, c.business_id, c.id, u.first_name, u.last_name, u.phone, u.language, u.timezone, u.metadata,
    u.created_at
FROM customers c
JOIN old_rows o ON o.source = 'users' AND o.n = c.n
JOIN users u ON u.user_id = o.new_id
WHERE NOT c.keeps_row;

-- Emails come last, because whether one is taken depends on the business: they are unique among staff and among a
-- business's customers, ignoring case.
CREATE TEMP TABLE emails ON COMMIT DROP AS
SELECT u.user_id, u.business_id, o.id, btrim(o.old ->> 'email') AS email,
    row_number() OVER (PARTITION BY u.business_id, lower(btrim(o.old ->> 'email')) ORDER BY o.n) > 1 AS is_taken
FROM (SELECT new_id AS user_id, n FROM old_rows WHERE source = 'users'
      UNION SELECT user_id, n FROM customers) AS adopted
JOIN users u USING (user_id)
JOIN old_rows o ON o.source = 'users' AND o.n = adopted.n
WHERE pg_temp.not_blank(o.old ->> 'email') IS NOT NULL;

UPDATE users SET email = e.email FROM emails e WHERE users.user_id = e.user_id AND NOT e.is_taken;

UPDATE users SET metadata = metadata || jsonb_build_object('older_email', e.email)
FROM emails e WHERE users.user_id = e.user_id AND e.is_taken;

INSERT INTO adoption_notes (business_id, old_table, old_id, note)
SELECT business_id, 'users', id,
    'another user has the same email in other letter case: this one''s email is in its metadata as older_email'
FROM emails WHERE is_taken
UNION ALL
SELECT NULL, 'businesses', business, format('its owner %s did not exist: a placeholder user was created',
    pg_temp.printable(owners.id))
FROM owners JOIN old_rows u ON u.source = 'users' AND u.id = owners.id AND u.n < 0
UNION ALL
SELECT b.new_id, o.source, o.id, format('its user %s did not exist: a placeholder user was created',
    pg_temp.printable(u.id))
FROM old_rows o
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(o.old ->> 'business_id')
JOIN old_rows u ON u.source = 'users' AND u.n < 0 AND u.id = COALESCE(
    pg_temp.as_id(o.old ->> 'user_id'), CASE WHEN o.source <> 'events' THEN 'unknown' END)
WHERE o.source IN ('conversations', 'orders', 'events')
UNION ALL
SELECT business_id, 'users', id, format('wrote to several businesses: is the customer %s of this one', user_id)
FROM customers WHERE NOT keeps_row;

-- API keys continue to work, but only their hashes are stored. A key identifies one business: if several share a key,
-- the business created first keeps it.
CREATE TEMP TABLE old_keys ON COMMIT DROP AS
SELECT id, new_id AS business_id, key, row_number() OVER same_key = 1 AS keeps_it,
    first_value(new_id) OVER same_key AS keeper_id, count(*) OVER (PARTITION BY key) AS businesses
FROM (SELECT *, old ->> 'api_key' AS key FROM old_rows WHERE source = 'businesses') AS b
WHERE pg_temp.not_blank(key) IS NOT NULL
WINDOW same_key AS (PARTITION BY key ORDER BY (old ->> 'created_at')::timestamptz, n);

INSERT INTO api_keys (business_id, key_hash, key_prefix)
SELECT business_id, encode(sha256(convert_to(key, 'UTF8')), 'hex'), left(key, least(12, length(key) / 2))
FROM old_keys WHERE keeps_it;

INSERT INTO adoption_notes (business_id, old_table, old_id, note)
SELECT business_id, 'businesses', id, format(
    'needs a new API key, because business %s keeps the one that they shared: create it with the master key, '
    'POST /api/v1/businesses/%s/api-keys', keeper_id, business_id)
FROM old_keys WHERE NOT keeps_it
UNION ALL
SELECT business_id, 'businesses', id, format(
    'keeps the API key that it shared with %s other businesses: to shut them out, replace it with '
    'POST /api/v1/businesses/%s/api-keys', businesses - 1, business_id)
FROM old_keys WHERE keeps_it AND businesses > 1
UNION ALL
SELECT business_id, 'businesses', id, format(
    'its API key is short and could be guessed: replace it with POST /api/v1/businesses/%s/api-keys', business_id)
FROM old_keys WHERE keeps_it AND length(key) < 16;

INSERT INTO agents (agent_id, business_id, agent_name, agent_type, description, created_at)
SELECT a.new_id, b.new_id, COALESCE(pg_temp.not_blank(a.old ->> 'agent_name'), 'Unnamed'),
    CASE WHEN lower(a.old ->> 'agent_type') = 'human' THEN 'human' ELSE 'ai' END, a.old ->> 'description',
    COALESCE((a.old ->> 'created_at')::timestamptz, now())
FROM old_rows a
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(a.old ->> 'business_id')
WHERE a.source = 'agents';

-- Lists in columns of a business's row: texts, or objects with a name.
CREATE TEMP TABLE listed ON COMMIT DROP AS
SELECT b.id, b.new_id AS business_id, list.column_name, item,
    btrim(CASE jsonb_typeof(item) WHEN 'string' THEN item #>> '{}' ELSE COALESCE(
        item ->> 'name', item ->> 'product_name', item ->> 'service_name', item ->> 'agent_name', item ->> 'title')
    END) AS name,
    item ->> 'price' AS price, item ->> 'description' AS description
FROM old_rows b
CROSS JOIN (VALUES ('agent_list'), ('product_list'), ('service_list')) AS list (column_name)
CROSS JOIN LATERAL jsonb_array_elements(
    CASE jsonb_typeof(b.old -> column_name) WHEN 'array' THEN b.old -> column_name ELSE '[]' END) AS item
WHERE b.source = 'businesses';

-- Listed agents that have no row of their own.
INSERT INTO agents (business_id, agent_name, description)
SELECT DISTINCT ON (business_id, name) business_id, name, description
FROM listed l
WHERE column_name = 'agent_list' AND name <> '' AND NOT EXISTS (
    SELECT FROM agents a WHERE a.business_id = l.business_id
    AND (a.agent_name = name OR a.agent_id = pg_temp.as_uuid(name)
         OR a.agent_id = pg_temp.as_uuid(COALESCE(item ->> 'agent_id', item ->> 'id'))))
ORDER BY business_id, name;

INSERT INTO products (product_id, business_id, product_name, description, price, currency, kind, sku, metadata,
                      created_at)
SELECT p.new_id, b.new_id,
    COALESCE(pg_temp.not_blank(p.old ->> 'product_name'), pg_temp.not_blank(p.old ->> 'name'), 'Unnamed'),
    p.old ->> 'description', pg_temp.as_number(p.old ->> 'price'), p.old ->> 'currency',
    CASE WHEN lower(p.old ->> 'kind') = 'service' THEN 'service' ELSE 'product' END,
    CASE WHEN row_number() OVER (PARTITION BY b.new_id, p.old ->> 'sku' ORDER BY p.n) = 1
        THEN pg_temp.not_blank(p.old ->> 'sku') END,
    COALESCE(pg_temp.other_columns(p.old, '{product_id,business_id,product_name,description,currency,kind}'
        || CASE WHEN pg_temp.as_number(p.old ->> 'price') IS NULL THEN '{}' ELSE '{price}'::text[] END), '{}'),
    COALESCE((p.old ->> 'created_at')::timestamptz, now())
FROM old_rows p
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(p.old ->> 'business_id')
WHERE p.source = 'products';

-- Listed products and services that have no row of their own.
INSERT INTO products (business_id, product_name, description, price, kind, metadata)
SELECT DISTINCT ON (business_id, name) business_id, name, description, pg_temp.as_number(price),
    CASE column_name WHEN 'service_list' THEN 'service' ELSE 'product' END,
    CASE jsonb_typeof(item) WHEN 'object' THEN item ELSE '{}' END
FROM listed l
WHERE column_name <> 'agent_list' AND name <> '' AND NOT EXISTS (
    SELECT FROM products p WHERE p.business_id = l.business_id
    AND (p.product_name = name OR p.product_id = pg_temp.as_uuid(name)
         OR p.product_id = pg_temp.as_uuid(COALESCE(item ->> 'product_id', item ->> 'id'))))
ORDER BY business_id, name, column_name;

-- Which new user an old user_id means in a row of a business: its customer, or its owner.
CREATE TEMP TABLE users_of_businesses ON COMMIT DROP AS
SELECT id, business, business_id, user_id FROM customers
UNION ALL
SELECT owners.id, owners.business, b.new_id, u.new_id
FROM owners
JOIN old_rows u ON u.source = 'users' AND u.id = owners.id
JOIN old_rows b ON b.source = 'businesses' AND b.id = owners.business;

-- Of several orders with the same number in a business, all but the first get their ID added to it.
INSERT INTO orders (order_id, business_id, user_id, order_number, status, items, order_total, currency,
    shipping_address, billing_address, payment_method, tracking_number, shipping_carrier, order_date, created_at)
SELECT o.new_id, u.business_id, u.user_id,
    number || CASE WHEN row_number() OVER (PARTITION BY u.business_id, number ORDER BY o.n) > 1
        THEN format(' (%s)', o.new_id) ELSE '' END,
    COALESCE(pg_temp.not_blank(old ->> 'status'), pg_temp.not_blank(old ->> 'order_status'), 'placed'),
    CASE jsonb_typeof(old -> 'items') WHEN 'array' THEN old -> 'items' ELSE '[]' END,
    COALESCE(pg_temp.as_number(old ->> 'order_total'), pg_temp.as_number(old ->> 'total')), old ->> 'currency',
    old ->> 'shipping_address', old ->> 'billing_address', old ->> 'payment_method', old ->> 'tracking_number',
    old ->> 'shipping_carrier',
    COALESCE((old ->> 'order_date')::timestamptz, (old ->> 'created_at')::timestamptz, now()),
    COALESCE((old ->> 'created_at')::timestamptz, now())
FROM (SELECT *, COALESCE(pg_temp.not_blank(old ->> 'order_number'), id) AS number
      FROM old_rows WHERE source = 'orders') AS o
JOIN users_of_businesses u ON u.business = pg_temp.as_id(old ->> 'business_id')
    AND u.id = COALESCE(pg_temp.as_id(old ->> 'user_id'), 'unknown');


-- 4. Templates and inline prompts.
--
-- For each of the three kinds of prompt, a stage has the ID of a template in the column `<kind>_template_id`, or the
-- prompt itself in the text column `<kind>_prompt` or the JSON column `<kind>`. Such an inline prompt becomes a
-- template of the business.

CREATE TEMP TABLE kinds ON COMMIT DROP AS
SELECT * FROM (VALUES ('stage_selection', 'default_selection_id'), ('data_extraction', 'default_extraction_id'),
                      ('response_generation', 'default_generation_id')) AS kind (kind, default_id);

-- The first of the keys under which an object has a text that is not blank.
CREATE FUNCTION pg_temp.text_key(object JSONB, keys TEXT[]) RETURNS TEXT IMMUTABLE LANGUAGE sql AS $$
    SELECT key FROM unnest(keys) WITH ORDINALITY AS k (key, rank)
    WHERE jsonb_typeof(object -> key) = 'string' AND pg_temp.not_blank(object ->> key) IS NOT NULL
    ORDER BY rank LIMIT 1
$$;

-- A prompt in JSON is a string, or an object that holds it under one of several keys. What else the JSON contains is
-- `other`.
CREATE TEMP TABLE inline_prompts ON COMMIT DROP AS
SELECT s.n, s.id AS stage, b.id AS business, b.new_id AS business_id, kind, column_name,
    CASE jsonb_typeof(value) WHEN 'string' THEN pg_temp.not_blank(value #>> '{}') ELSE value ->> content_key END
        AS content,
    value ->> system_key AS system_prompt,
    CASE jsonb_typeof(value)
        WHEN 'string' THEN NULL
        WHEN 'object' THEN (
            SELECT jsonb_object_agg(key, member) FROM jsonb_each(value) AS members (key, member)
            WHERE key IS DISTINCT FROM content_key AND key IS DISTINCT FROM system_key
              AND member NOT IN ('null', '[]', '{}')
              AND (jsonb_typeof(member) <> 'string' OR pg_temp.not_blank(member #>> '{}') IS NOT NULL))
        ELSE NULLIF(NULLIF(value, 'null'), '[]')
    END AS other,
    s.old
FROM old_rows s
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(s.old ->> 'business_id')
CROSS JOIN kinds
CROSS JOIN LATERAL (VALUES (kind || '_prompt'), (kind)) AS place (column_name)
CROSS JOIN LATERAL (SELECT s.old -> column_name AS value) AS stored
CROSS JOIN LATERAL (SELECT
    pg_temp.text_key(value, '{prompt,prompt_text,content,template,template_text,template_content,text,user_prompt}')
        AS content_key,
    pg_temp.text_key(value, '{system_prompt,system}') AS system_key) AS keys
WHERE s.source = 'stages';

INSERT INTO adoption_notes (business_id, old_table, old_id, note, kept)
SELECT business_id, 'stages', stage, format(CASE
    WHEN content IS NULL AND system_prompt IS NULL
        THEN 'its column %s contains no text that could be a prompt: its value is kept in this note'
    ELSE 'the settings beside the prompt in its column %s have no place: they are kept in this note'
    END, column_name), other
FROM inline_prompts WHERE other IS NOT NULL;

-- All old templates. One with only a system prompt gets the platform's default content, which an empty text means.
CREATE TEMP TABLE old_templates ON COMMIT DROP AS
SELECT source, n, id, new_id, pg_temp.as_id(old ->> 'business_id') AS business, false AS is_inline,
    COALESCE(old ->> 'content', old ->> 'template_text', '') AS content, old ->> 'system_prompt' AS system_prompt,
    COALESCE(pg_temp.not_blank(old ->> 'template_name'), id) AS name,
    pg_temp.template_type(old ->> 'template_type') AS type, old
FROM old_rows WHERE source IN ('templates', 'prompt_templates', 'default_templates')
UNION ALL
SELECT column_name, n, NULL, uuidv7(), business, true, COALESCE(content, ''), system_prompt,
    left(COALESCE(pg_temp.not_blank(old ->> 'stage_name'), 'Unnamed'), 150) || ': ' || replace(kind, '_', ' '), kind,
    old
FROM inline_prompts WHERE content IS NOT NULL OR system_prompt IS NOT NULL;

CREATE INDEX old_templates_by_id ON old_templates (id);
ANALYZE old_templates;

-- The template ID that each stage names for each kind; empty if it names none.
CREATE TEMP TABLE pointers ON COMMIT DROP AS
SELECT s.n, s.id AS stage, b.id AS business, b.new_id AS business_id, kind, default_id,
    COALESCE(pg_temp.as_id(s.old ->> (kind || '_template_id')), '') AS named
FROM old_rows s
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(s.old ->> 'business_id')
CROSS JOIN kinds
WHERE s.source = 'stages';

-- Which old template each stage uses for each kind: the one that it names, an inline prompt, or the older system's
-- default. If it names a default, an inline prompt comes first, because the older system filled in the default's ID
-- where no template was chosen. Of several templates with the ID, the business's own comes first; of two inline
-- prompts, the one in the text column.
CREATE TEMP TABLE stage_templates ON COMMIT DROP AS
SELECT DISTINCT ON (p.n, p.kind) p.n, p.stage, p.business, p.business_id, p.kind, p.default_id, p.named,
    t.source, t.source_n, t.is_inline, t.is_named
FROM pointers p
LEFT JOIN (
    SELECT p.n, p.kind, CASE WHEN named = default_id THEN 3 ELSE 1 END AS preference, true AS is_named,
        t.source, t.n AS source_n, t.business, t.is_inline
    FROM pointers p JOIN old_templates t ON t.id = p.named
    UNION ALL
    SELECT p.n, p.kind, 2, false, t.source, t.n, t.business, t.is_inline
    FROM pointers p JOIN old_templates t ON t.is_inline AND t.n = p.n AND t.type = p.kind
    UNION ALL
    SELECT p.n, p.kind, 4, false, t.source, t.n, t.business, t.is_inline
    FROM pointers p JOIN old_templates t ON t.id = p.default_id AND t.source <> 'templates'
) AS t ON t.n = p.n AND t.kind = p.kind
ORDER BY p.n, p.kind, t.preference, t.source = p.kind || '_prompt' DESC,
    t.source = 'templates' AND t.business IS NOT DISTINCT FROM p.business DESC, t.source = 'prompt_templates' DESC,
    t.source = 'default_templates' DESC, t.source_n;

-- An inline prompt whose text the stage's template already has needs no template of its own. The older system's own
-- migration left such copies.
WITH copies AS (
    DELETE FROM old_templates t USING stage_templates st JOIN old_templates used ON used.source = st.source
        AND used.n = st.source_n
    WHERE t.is_inline AND t.n = st.n AND t.type = st.kind AND t.source <> st.source AND t.content = used.content
      AND t.system_prompt IS NOT DISTINCT FROM used.system_prompt
    RETURNING st.business_id, st.stage, t.source)
INSERT INTO adoption_notes (business_id, old_table, old_id, note)
SELECT business_id, 'stages', stage,
    format('the prompt in its column %s is the same as in its template: nothing was moved', source)
FROM copies;

-- Where each old template goes. Those of a business stay with it. Others go to every business whose stages use them, or
-- become a default if there is none. The first place gets the template's own ID, further ones are copies.
CREATE TEMP TABLE placed ON COMMIT DROP AS
SELECT source, n, business, kind,
    CASE WHEN is_home AND row_number() OVER (PARTITION BY is_home, new_id ORDER BY source DESC) = 1
        THEN new_id ELSE uuidv7() END AS template_id
FROM (
    SELECT t.source, t.n, t.new_id, place.business, place.kind, place.business IS NOT DISTINCT FROM t.business
        OR t.business IS NULL AND row_number() OVER (PARTITION BY t.source, t.n ORDER BY place.first) = 1 AS is_home
    FROM old_templates t
    LEFT JOIN (
        SELECT source, n, business, min(kind) AS kind, min(first) AS first
        FROM (SELECT source, source_n AS n, business, kind, n AS first FROM stage_templates
              UNION ALL SELECT source, n, business, NULL, 0 FROM old_templates
              WHERE source = 'templates' OR is_inline) AS used_by
        GROUP BY source, n, business) AS place ON place.source = t.source AND place.n = t.n
    WHERE place.business IS NOT NULL OR NOT EXISTS (  -- already moved by the older system's own migration
        SELECT FROM old_templates moved
        WHERE moved.source = 'templates' AND t.source <> 'templates' AND moved.id = t.id AND moved.content = t.content)
) AS places;

CREATE INDEX placed_by_source ON placed (source, n);
ANALYZE placed;

INSERT INTO templates (template_id, business_id, template_name, template_type, content, system_prompt, created_at,
                       updated_at)
SELECT p.template_id, b.new_id, t.name,
    CASE WHEN b.id IS NULL THEN 'default_' ELSE '' END
        || COALESCE(t.type, p.kind, pg_temp.not_blank(regexp_replace(t.old ->> 'template_type', '^default_', '')),
                    'stage_selection'),
    t.content, t.system_prompt, COALESCE((t.old ->> 'created_at')::timestamptz, now()),
    COALESCE((t.old ->> 'updated_at')::timestamptz, (t.old ->> 'created_at')::timestamptz, now())
FROM placed p
JOIN old_templates t ON t.source = p.source AND t.n = p.n
LEFT JOIN old_rows b ON b.source = 'businesses' AND b.id = p.business;

-- If the older system had no default of a kind, an empty template, which means the platform's default.
CREATE TEMP TABLE empty_templates ON COMMIT DROP AS
SELECT business, business_id, kind, uuidv7() AS template_id
FROM stage_templates WHERE source IS NULL GROUP BY business, business_id, kind;

INSERT INTO templates (template_id, business_id, template_name, template_type)
SELECT template_id, business_id, 'Default ' || replace(kind, '_', ' '), kind FROM empty_templates;

CREATE TEMP TABLE new_stage_templates ON COMMIT DROP AS
SELECT st.n, st.kind, COALESCE(placed.template_id, empty.template_id) AS template_id
FROM stage_templates st
LEFT JOIN placed ON placed.source = st.source AND placed.n = st.source_n AND placed.business = st.business
LEFT JOIN empty_templates empty ON st.source IS NULL AND empty.business = st.business AND empty.kind = st.kind;

INSERT INTO adoption_notes (business_id, old_table, old_id, note)
SELECT business_id, 'stages', stage, CASE
    WHEN named = '' THEN format('it named no %s template: the default is used', kind)
    WHEN is_inline THEN format('its %s template %s did not exist: its inline prompt is used', kind,
                               pg_temp.printable(named))
    ELSE format('its %s template %s did not exist: the default is used', kind, pg_temp.printable(named)) END
FROM stage_templates
WHERE is_named IS NOT TRUE AND (is_inline IS NOT TRUE OR named NOT IN ('', default_id))
UNION ALL
SELECT st.business_id, 'stages', stage,
    format('its %s template %s belongs to another business: the stage has a copy', kind, pg_temp.printable(named))
FROM stage_templates st JOIN old_templates t ON t.source = st.source AND t.n = st.source_n
WHERE is_named AND t.business <> st.business
UNION ALL
SELECT st.business_id, 'stages', st.stage, format(CASE
    WHEN st.source = t.source THEN 'the inline prompt in its column %s is now the template %s'
    ELSE 'the inline prompt in its column %s is not used, because the stage uses the template %3$s:'
        ' it is kept as the template %2$s' END, t.source, inline.template_id, used.template_id)
FROM old_templates t
JOIN placed inline ON inline.source = t.source AND inline.n = t.n
JOIN stage_templates st ON st.n = t.n AND st.kind = t.type
JOIN new_stage_templates used ON used.n = t.n AND used.kind = t.type
WHERE t.is_inline
UNION ALL
SELECT NULL, source, id, 'the table templates has the same text under this ID: nothing was moved'
FROM old_templates t WHERE NOT EXISTS (SELECT FROM placed p WHERE p.source = t.source AND p.n = t.n)
UNION ALL
SELECT b.new_id, t.source, t.id, format(CASE
    WHEN b.id IS NULL THEN 'no stage uses it: it is now the default template %s'
    ELSE 'it is now the template %s of the business whose stage uses it' END, p.template_id)
FROM placed p
JOIN old_templates t ON t.source = p.source AND t.n = p.n
LEFT JOIN old_rows b ON b.source = 'businesses' AND b.id = p.business
WHERE t.source <> 'templates' AND NOT t.is_inline;


-- 5. Stages. A reference to another business's agent is removed. Of several stages of a business whose names have the
--    same key, all but the first get their ID added to it.

INSERT INTO stages (stage_id, business_id, agent_id, stage_name, name_key, stage_description, stage_type,
    stage_selection_template_id, data_extraction_template_id, response_generation_template_id, position, created_at)
SELECT s.new_id, b.new_id, a.agent_id, name || suffix, pg_temp.name_key(name || suffix),
    COALESCE(s.old ->> 'stage_description', ''), COALESCE(pg_temp.not_blank(s.old ->> 'stage_type'), 'conversation'),
    selection.template_id, extraction.template_id, response.template_id,
    row_number() OVER (PARTITION BY b.id ORDER BY (s.old ->> 'created_at')::timestamptz, s.n) - 1,
    COALESCE((s.old ->> 'created_at')::timestamptz, now())
FROM (SELECT *, CASE WHEN row_number() OVER (
              PARTITION BY pg_temp.as_id(old ->> 'business_id'), pg_temp.name_key(name) ORDER BY n) > 1
          THEN format(' (%s)', new_id) ELSE '' END AS suffix
      FROM (SELECT *, COALESCE(pg_temp.not_blank(btrim(old ->> 'stage_name', E' \t\r\n')), 'Unnamed') AS name
            FROM old_rows WHERE source = 'stages') AS named) AS s
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(s.old ->> 'business_id')
JOIN new_stage_templates selection ON selection.n = s.n AND selection.kind = 'stage_selection'
JOIN new_stage_templates extraction ON extraction.n = s.n AND extraction.kind = 'data_extraction'
JOIN new_stage_templates response ON response.n = s.n AND response.kind = 'response_generation'
LEFT JOIN agents a ON a.business_id = b.new_id AND a.agent_id = pg_temp.as_uuid(s.old ->> 'agent_id');


-- 6. Conversations, messages and events. References to rows of another business are removed.

INSERT INTO conversations (conversation_id, business_id, user_id, agent_id, stage_id, session_id, status,
                           conversation_summary, start_time, last_updated)
SELECT c.new_id, u.business_id, u.user_id, a.agent_id, s.stage_id,
    COALESCE(pg_temp.not_blank(c.old ->> 'session_id'), c.id),
    CASE WHEN status IN ('active', 'paused', 'completed', 'error') THEN status
        WHEN status IN ('closed', 'complete', 'ended', 'finished', 'resolved', 'done', 'archived', 'inactive')
            THEN 'completed'
        WHEN status = 'failed' THEN 'error' ELSE 'active' END,
    CASE jsonb_typeof(c.old -> 'conversation_summary') WHEN 'object' THEN c.old -> 'conversation_summary'
        WHEN 'string' THEN jsonb_build_object('overview', c.old ->> 'conversation_summary') END,
    COALESCE((c.old ->> 'start_time')::timestamptz, now()),
    COALESCE((c.old ->> 'last_updated')::timestamptz, (c.old ->> 'start_time')::timestamptz, now())
FROM (SELECT *, lower(btrim(old ->> 'status')) AS status FROM old_rows WHERE source = 'conversations') AS c
JOIN users_of_businesses u ON u.business = pg_temp.as_id(c.old ->> 'business_id')
    AND u.id = COALESCE(pg_temp.as_id(c.old ->> 'user_id'), 'unknown')
LEFT JOIN agents a ON a.business_id = u.business_id AND a.agent_id = pg_temp.as_uuid(c.old ->> 'agent_id')
LEFT JOIN stages s ON s.business_id = u.business_id AND s.stage_id = pg_temp.as_uuid(c.old ->> 'stage_id');

-- Numbered in the order in which they were written. At the same time, the customer's comes before the reply.
INSERT INTO messages (message_id, business_id, conversation_id, seq, message_content, sender_type, sender_user_id,
                      metadata, created_at)
SELECT m.new_id, c.business_id, c.conversation_id,
    row_number() OVER (PARTITION BY c.conversation_id
        ORDER BY (m.old ->> 'created_at')::timestamptz NULLS FIRST, m.sender = 'user' DESC, m.n),
    COALESCE(m.old ->> 'message_content', ''), m.sender, CASE m.sender WHEN 'user' THEN c.user_id END,
    COALESCE(pg_temp.other_columns(m.old, '{message_id,conversation_id,message_content,sender_type}'), '{}')
        || CASE WHEN m.sender = m.old ->> 'sender_type' THEN '{}'
            ELSE jsonb_build_object('older_sender_type', m.old ->> 'sender_type') END,
    COALESCE((m.old ->> 'created_at')::timestamptz, c.start_time)
FROM (
    SELECT *, CASE WHEN lower(btrim(old ->> 'sender_type')) IN ('user', 'customer', 'client') THEN 'user'
        WHEN lower(btrim(old ->> 'sender_type')) IN ('agent', 'staff', 'operator', 'human_agent') THEN 'agent'
        ELSE 'assistant' END AS sender
    FROM old_rows WHERE source = 'messages'
) AS m
JOIN old_rows o ON o.source = 'conversations' AND o.id = pg_temp.as_id(m.old ->> 'conversation_id')
JOIN conversations c ON c.conversation_id = o.new_id;

UPDATE conversations c SET last_seq = numbered.last_seq
FROM (SELECT conversation_id, max(seq) AS last_seq FROM messages GROUP BY conversation_id) AS numbered
WHERE c.conversation_id = numbered.conversation_id;

INSERT INTO adoption_notes (business_id, old_table, old_id, note)
SELECT business_id, 'stages', o.id,
    format('its agent %s does not belong to its business: the reference was removed',
        pg_temp.printable(o.old ->> 'agent_id'))
FROM old_rows o JOIN stages s ON s.stage_id = o.new_id
WHERE o.source = 'stages' AND s.agent_id IS NULL AND pg_temp.not_blank(o.old ->> 'agent_id') IS NOT NULL
UNION ALL
SELECT business_id, 'conversations', o.id,
    format('its stage %s does not belong to its business: the reference was removed',
        pg_temp.printable(o.old ->> 'stage_id'))
FROM old_rows o JOIN conversations c ON c.conversation_id = o.new_id
WHERE o.source = 'conversations' AND c.stage_id IS NULL AND pg_temp.not_blank(o.old ->> 'stage_id') IS NOT NULL
UNION ALL
SELECT business_id, 'conversations', o.id,
    format('its agent %s does not belong to its business: the reference was removed',
        pg_temp.printable(o.old ->> 'agent_id'))
FROM old_rows o JOIN conversations c ON c.conversation_id = o.new_id
WHERE o.source = 'conversations' AND c.agent_id IS NULL AND pg_temp.not_blank(o.old ->> 'agent_id') IS NOT NULL
UNION ALL
SELECT NULL, 'conversations', NULL,
    format('%s rows with the status %s now have the status %s', count(*), pg_temp.printable(o.old ->> 'status'),
        c.status)
FROM old_rows o JOIN conversations c ON c.conversation_id = o.new_id
WHERE o.source = 'conversations' AND c.status IS DISTINCT FROM o.old ->> 'status'
GROUP BY pg_temp.printable(o.old ->> 'status'), c.status
UNION ALL
SELECT NULL, 'messages', NULL,
    format('%s rows with the sender %s now have the sender %s', count(*), pg_temp.printable(o.old ->> 'sender_type'),
        m.sender_type)
FROM old_rows o JOIN messages m ON m.message_id = o.new_id
WHERE o.source = 'messages' AND m.sender_type IS DISTINCT FROM o.old ->> 'sender_type'
GROUP BY pg_temp.printable(o.old ->> 'sender_type'), m.sender_type;

INSERT INTO events (business_id, event_id, event_type, event_timestamp, user_id, session_id, agent_id, stage_id,
    product_id, order_id, message_text, custom_event_properties, verified, created_at)
SELECT b.new_id, e.new_id, COALESCE(pg_temp.not_blank(e.old ->> 'event_type'), 'unnamed'),
    COALESCE((e.old ->> 'event_timestamp')::timestamptz, (e.old ->> 'created_at')::timestamptz, now()), u.user_id,
    e.old ->> 'session_id', a.agent_id, s.stage_id, p.product_id, o.order_id, e.old ->> 'message_text',
    COALESCE(pg_temp.other_columns(e.old, '{event_id,business_id,event_type,event_timestamp,user_id,session_id,agent_id,
        stage_id,product_id,order_id,message_text,custom_event_properties,verified}'), '{}')
        || CASE jsonb_typeof(e.old -> 'custom_event_properties')
            WHEN 'object' THEN e.old -> 'custom_event_properties' ELSE '{}' END,
    COALESCE((e.old ->> 'verified')::boolean, false), COALESCE((e.old ->> 'created_at')::timestamptz, now())
FROM old_rows e
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(e.old ->> 'business_id')
LEFT JOIN users_of_businesses u ON u.business = b.id AND u.id = pg_temp.as_id(e.old ->> 'user_id')
LEFT JOIN agents a ON a.business_id = b.new_id AND a.agent_id = pg_temp.as_uuid(e.old ->> 'agent_id')
LEFT JOIN stages s ON s.business_id = b.new_id AND s.stage_id = pg_temp.as_uuid(e.old ->> 'stage_id')
LEFT JOIN old_rows old_product ON old_product.source = 'products'
    AND old_product.id = pg_temp.as_id(e.old ->> 'product_id')
LEFT JOIN products p ON p.business_id = b.new_id AND p.product_id = old_product.new_id
LEFT JOIN old_rows old_order ON old_order.source = 'orders' AND old_order.id = pg_temp.as_id(e.old ->> 'order_id')
LEFT JOIN orders o ON o.business_id = b.new_id AND o.order_id = old_order.new_id
WHERE e.source = 'events';

INSERT INTO adoption_notes (business_id, old_table, old_id, note)
SELECT e.business_id, 'events', o.id,
    format('its %s %s does not belong to its business: the reference was removed', key, pg_temp.printable(value))
FROM old_rows o
JOIN events e ON e.event_id = o.new_id
CROSS JOIN LATERAL jsonb_each_text(o.old) AS pointer
WHERE o.source = 'events' AND pg_temp.not_blank(value) IS NOT NULL AND CASE key
    WHEN 'agent_id' THEN e.agent_id IS NULL
    WHEN 'stage_id' THEN e.stage_id IS NULL
    WHEN 'product_id' THEN e.product_id IS NULL
    WHEN 'order_id' THEN e.order_id IS NULL
    ELSE false END;


-- 7. Rows and columns without a place in the new schema.

INSERT INTO adoption_notes (business_id, old_table, old_id, note, kept)
SELECT b.business_id, o.source, o.id, 'some of its columns have no place: they are kept in this note', other
FROM (
    SELECT *, pg_temp.other_columns(old, CASE source
        WHEN 'businesses' THEN '{business_id,owner_id,business_name,business_description,address,phone_number,website,
            agent_list,product_list,service_list}'
        WHEN 'agents' THEN '{agent_id,business_id,agent_name,agent_type,description}'
        WHEN 'stages' THEN '{stage_id,business_id,agent_id,stage_name,stage_description,stage_type,
            stage_selection_template_id,data_extraction_template_id,response_generation_template_id,
            stage_selection_prompt,data_extraction_prompt,response_generation_prompt,
            stage_selection,data_extraction,response_generation}'
        WHEN 'conversations' THEN '{conversation_id,business_id,user_id,agent_id,stage_id,session_id,start_time,
            last_updated,status,conversation_summary}'
        WHEN 'orders' THEN '{order_id,business_id,user_id,order_number,status,items,order_total,currency,
            shipping_address,billing_address,payment_method,tracking_number,shipping_carrier,order_date}'
        ELSE '{template_id,business_id,template_name,template_type,template_text,content,system_prompt,variables}'
        END::text[]) AS other
    FROM old_rows WHERE source NOT IN ('users', 'messages', 'products', 'events', 'template_variables')
) AS o
LEFT JOIN businesses b ON b.business_id = pg_temp.as_uuid(old ->> 'business_id')
WHERE other IS NOT NULL
UNION ALL
SELECT business_id, 'businesses', id,
    format('an item of its column %s has no name: it is kept in this note', column_name), item
FROM listed WHERE COALESCE(name, '') = ''
UNION ALL
SELECT NULL, source, id, CASE source
    WHEN 'template_variables' THEN 'the application now provides the variables: the row is kept in this note'
    ELSE 'its business does not exist: the row is kept in this note' END, old
FROM old_rows o
WHERE source = 'template_variables' OR source IN ('products', 'orders', 'events') AND NOT EXISTS (
    SELECT FROM old_rows b WHERE b.source = 'businesses' AND b.id = pg_temp.as_id(o.old ->> 'business_id'));


-- 8. Check and output. Every old row must be in a new table or in a note; otherwise nothing is changed.

DO $$
DECLARE
    counted RECORD;
BEGIN
    FOR counted IN
        SELECT source, count(*) FILTER (WHERE n > 0) AS rows, count(*) FILTER (WHERE NOT is_adopted) AS lost,
            count(*) FILTER (WHERE n < 0) AS placeholders
        FROM (
            SELECT source, n, CASE source
                WHEN 'users' THEN EXISTS (SELECT FROM users WHERE user_id = new_id)
                WHEN 'businesses' THEN EXISTS (SELECT FROM businesses WHERE business_id = new_id)
                WHEN 'agents' THEN EXISTS (SELECT FROM agents WHERE agent_id = new_id)
                WHEN 'stages' THEN EXISTS (SELECT FROM stages WHERE stage_id = new_id)
                WHEN 'conversations' THEN EXISTS (SELECT FROM conversations WHERE conversation_id = new_id)
                WHEN 'messages' THEN EXISTS (SELECT FROM messages WHERE message_id = new_id)
                WHEN 'products' THEN EXISTS (SELECT FROM products WHERE product_id = new_id)
                WHEN 'orders' THEN EXISTS (SELECT FROM orders WHERE order_id = new_id)
                WHEN 'events' THEN EXISTS (SELECT FROM events WHERE event_id = new_id)
                WHEN 'template_variables' THEN false
                ELSE EXISTS (SELECT FROM placed p JOIN templates USING (template_id)
                             WHERE p.source = o.source AND p.n = o.n)
                END OR EXISTS (SELECT FROM adoption_notes WHERE old_table = source AND old_id = id) AS is_adopted
            FROM old_rows o
        ) AS checked
        GROUP BY source ORDER BY source
    LOOP
        IF counted.lost > 0 THEN
            RAISE EXCEPTION '% of % rows of the older table % could not be adopted: nothing was changed',
                counted.lost, counted.rows, counted.source;
        END IF;
        RAISE NOTICE '%: % rows adopted%', counted.source, counted.rows, CASE WHEN counted.placeholders > 0
            THEN format(', and %s placeholders created for missing ones', counted.placeholders) ELSE '' END;
    END LOOP;
    FOR counted IN
        SELECT old_table || CASE WHEN old_id IS NULL THEN '' ELSE ' ' || pg_temp.printable(old_id) END AS about, note
        FROM adoption_notes ORDER BY old_table, old_id, note
    LOOP
        RAISE NOTICE '%: %', counted.about, counted.note;
    END LOOP;
END
$$;


-- 9. Dropping the old tables, and the schema unless it contains something else.

DO $$
DECLARE
    old_table TEXT;
BEGIN
    FOREACH old_table IN ARRAY ARRAY[
        'prompt_templates', 'default_templates', 'templates', 'template_variables', 'stages', 'agents', 'messages',
        'conversations', 'businesses', 'users', 'products', 'orders', 'events'
    ] LOOP
        IF to_regclass(format('legacy.%I', old_table)) IS NOT NULL THEN
            EXECUTE format('DROP TABLE legacy.%I CASCADE', old_table);
        END IF;
    END LOOP;
    IF to_regnamespace('legacy') IS NOT NULL AND NOT EXISTS (
        SELECT FROM pg_class WHERE relnamespace = to_regnamespace('legacy')) THEN
        DROP SCHEMA legacy;
    END IF;
END
$$;
