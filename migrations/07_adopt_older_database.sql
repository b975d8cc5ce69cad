-- Adopts a database of the older system: the rows that 01 moved into the schema `legacy` are copied into the product's
-- tables, what points nowhere is repaired and named, every row is accounted for, and the old tables go. All in this
-- one transaction: killed at any point, the old rows are still whole. Without such a schema nothing happens.
--
-- An old row is read as JSON, so that a column that some installation lacks is NULL instead of an error. Its id stays
-- where it is a UUID. Releases are published at the start of the application (`releases.publish_missing`), which then
-- has the shipped defaults too.

-- What became of old rows, where that is more than a copy.
CREATE TABLE adoption_notes (
    note_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID REFERENCES businesses (business_id) ON DELETE CASCADE,
    old_table TEXT NOT NULL,
    old_id TEXT,  -- NULL: about several rows
    note TEXT NOT NULL,
    kept JSONB,  -- what of the old row has no place in the product's tables
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX adoption_notes_of_business ON adoption_notes (business_id);

SET LOCAL timezone = 'UTC';  -- what times without an offset meant

CREATE FUNCTION pg_temp.as_uuid(id TEXT) RETURNS UUID IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN id::uuid END
$$;

-- An id as `old_rows` holds it.
CREATE FUNCTION pg_temp.as_id(id TEXT) RETURNS TEXT IMMUTABLE LANGUAGE sql AS $$
    SELECT COALESCE(pg_temp.as_uuid(id)::text, id)
$$;

CREATE FUNCTION pg_temp.as_number(number TEXT) RETURNS NUMERIC IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN number ~ '^-?[0-9]{1,12}(\.[0-9]+)?$' THEN number::numeric END
$$;

-- A text, or NULL where it says nothing.
CREATE FUNCTION pg_temp.said(text TEXT) RETURNS TEXT IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE WHEN btrim(text) <> '' THEN text END
$$;

-- Our word for a type of template; NULL for one that is none of ours.
CREATE FUNCTION pg_temp.template_type(type TEXT) RETURNS TEXT IMMUTABLE LANGUAGE sql AS $$
    SELECT CASE regexp_replace(lower(btrim(type)), '^default_', '')
        WHEN 'stage_selection' THEN 'stage_selection' WHEN 'selection' THEN 'stage_selection'
        WHEN 'data_extraction' THEN 'data_extraction' WHEN 'extraction' THEN 'data_extraction'
        WHEN 'response_generation' THEN 'response_generation' WHEN 'response' THEN 'response_generation'
        WHEN 'generation' THEN 'response_generation' WHEN 'conversation_summary' THEN 'conversation_summary' END
$$;

-- The columns of an old row that say something and have no place of their own. Passwords, tokens and keys are not kept.
CREATE FUNCTION pg_temp.rest(old JSONB, placed TEXT[]) RETURNS JSONB IMMUTABLE LANGUAGE sql AS $$
    SELECT jsonb_object_agg(key, value) FROM jsonb_each(old - placed - '{created_at,updated_at}'::text[])
    WHERE value NOT IN ('null', '""', '[]', '{}') AND key !~* 'password|token|secret|api_?key'
$$;

CREATE TEMP TABLE old_rows (
    source TEXT NOT NULL,  -- the old table
    n BIGINT NOT NULL,  -- the row's place in it
    id TEXT NOT NULL,  -- as it was; a UUID in its usual form
    new_id UUID NOT NULL,  -- the id itself where it is a UUID
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
                    COALESCE(pg_temp.as_uuid(old ->> %L), gen_random_uuid()), old
             FROM (SELECT row_number() OVER (ORDER BY ctid) AS n, to_jsonb(t) AS old FROM legacy.%I t) AS numbered',
            source, key, key, source);
    END LOOP;
END
$$;

CREATE INDEX old_rows_by_id ON old_rows (source, id);
ANALYZE old_rows;

-- People. Who wrote to a business becomes its customer: in the row that they have for the first of them, in a new row
-- for each further one. Owners stay staff, and write to their own business as such.

CREATE TEMP TABLE wrote ON COMMIT DROP AS
SELECT written.id, business, min(at) AS at
FROM (
    SELECT COALESCE(pg_temp.as_id(old ->> 'user_id'), 'nobody') AS id,
           pg_temp.as_id(old ->> 'business_id') AS business,
           COALESCE(old ->> 'start_time', old ->> 'order_date', old ->> 'event_timestamp', old ->> 'created_at')
               ::timestamptz AS at
    FROM old_rows WHERE source IN ('conversations', 'orders') OR source = 'events' AND old ->> 'user_id' IS NOT NULL
) AS written
JOIN old_rows b ON b.source = 'businesses' AND b.id = business
GROUP BY written.id, business;

CREATE TEMP TABLE owns ON COMMIT DROP AS
SELECT COALESCE(pg_temp.as_id(old ->> 'owner_id'), 'nobody') AS id, id AS business
FROM old_rows WHERE source = 'businesses';

-- Whoever is named and missing gets a placeholder, under the same id.
INSERT INTO old_rows
SELECT 'users', -row_number() OVER (ORDER BY id), id, COALESCE(pg_temp.as_uuid(id), gen_random_uuid()),
    jsonb_build_object('first_name', 'Unknown',
                       'last_name', CASE WHEN bool_or(is_owner) THEN 'owner' ELSE 'customer' END)
FROM (SELECT id, false AS is_owner FROM wrote UNION ALL SELECT id, true FROM owns) AS named
WHERE NOT EXISTS (SELECT FROM old_rows u WHERE u.source = 'users' AND u.id = named.id)
GROUP BY id;

CREATE TEMP TABLE customers ON COMMIT DROP AS  -- a row for each business that a person wrote to
SELECT u.id, u.n, b.id AS business, b.new_id AS business_id, wrote_first AND NOT is_owner AS is_first,
    CASE WHEN wrote_first AND NOT is_owner THEN u.new_id ELSE gen_random_uuid() END AS user_id
FROM (
    SELECT w.id, w.business, row_number() OVER (PARTITION BY w.id ORDER BY w.at, w.business) = 1 AS wrote_first,
        EXISTS (SELECT FROM owns WHERE owns.id = w.id) AS is_owner
    FROM wrote w WHERE NOT EXISTS (SELECT FROM owns WHERE owns.id = w.id AND owns.business = w.business)
) AS w
JOIN old_rows u ON u.source = 'users' AND u.id = w.id
JOIN old_rows b ON b.source = 'businesses' AND b.id = w.business;

INSERT INTO users (user_id, first_name, last_name, phone, language, timezone, metadata, created_at)
SELECT new_id, old ->> 'first_name', old ->> 'last_name', old ->> 'phone', old ->> 'language', old ->> 'timezone',
    COALESCE(pg_temp.rest(old, '{user_id,business_id,first_name,last_name,email,phone,language,timezone}'), '{}'),
    COALESCE((old ->> 'created_at')::timestamptz, now())
FROM old_rows WHERE source = 'users';

INSERT INTO businesses (business_id, owner_id, business_name, business_description, address, phone_number, website,
                        created_at)
SELECT b.new_id, u.new_id,
    name || CASE WHEN same > 1 OR EXISTS (SELECT FROM businesses WHERE business_name = name)
        THEN format(' (%s)', b.new_id) ELSE '' END,
    old ->> 'business_description', old ->> 'address', old ->> 'phone_number', old ->> 'website',
    COALESCE((old ->> 'created_at')::timestamptz, now())
FROM (
    SELECT *, row_number() OVER (PARTITION BY name ORDER BY n) AS same
    FROM (SELECT *, COALESCE(pg_temp.said(old ->> 'business_name'), 'Unnamed') AS name
          FROM old_rows WHERE source = 'businesses') AS named
) AS b
JOIN owns ON owns.business = b.id
JOIN (SELECT id, new_id FROM old_rows WHERE source = 'users') AS u ON u.id = owns.id;

INSERT INTO business_members (business_id, user_id, role)
SELECT business_id, owner_id, 'owner' FROM businesses
WHERE business_id IN (SELECT new_id FROM old_rows WHERE source = 'businesses');

-- The old id is what the business knows its customer by, so it is the external_id in each of their rows.
UPDATE users SET business_id = c.business_id, external_id = c.id
FROM customers c WHERE c.is_first AND users.user_id = c.user_id;

INSERT INTO users (user_id, business_id, external_id, first_name, last_name, phone, language, timezone, metadata,
                   created_at)
SELECT c.user_id, c.business_id, c.id, u.first_name, u.last_name, u.phone, u.language, u.timezone, u.metadata,
    u.created_at
FROM customers c
JOIN old_rows o ON o.source = 'users' AND o.n = c.n
JOIN users u ON u.user_id = o.new_id
WHERE NOT c.is_first;

-- Addresses last: they are one's own among a business's customers, and among staff, whatever the case.
CREATE TEMP TABLE addresses ON COMMIT DROP AS
SELECT u.user_id, u.business_id, o.id, o.old ->> 'email' AS email, row_number() OVER (
    PARTITION BY u.business_id, lower(o.old ->> 'email') ORDER BY o.n) > 1
    OR (COALESCE(u.business_id::text, ''), lower(o.old ->> 'email')) IN (
        SELECT COALESCE(business_id::text, ''), lower(email) FROM users WHERE email IS NOT NULL) AS is_taken
FROM (SELECT new_id AS user_id, n FROM old_rows WHERE source = 'users'
      UNION SELECT user_id, n FROM customers) AS adopted
JOIN users u USING (user_id)
JOIN old_rows o ON o.source = 'users' AND o.n = adopted.n
WHERE pg_temp.said(o.old ->> 'email') IS NOT NULL;

UPDATE users SET email = a.email FROM addresses a WHERE users.user_id = a.user_id AND NOT a.is_taken;

UPDATE users SET metadata = metadata || jsonb_build_object('older_email', a.email)
FROM addresses a WHERE users.user_id = a.user_id AND a.is_taken;

INSERT INTO adoption_notes (business_id, old_table, old_id, note)
SELECT business_id, 'users', id,
    'another user has the same email but for its case: it is kept in this one''s metadata, as older_email'
FROM addresses WHERE is_taken
UNION ALL
SELECT NULL, 'businesses', business, format('its owner %s did not exist: a placeholder user stands in', owns.id)
FROM owns JOIN old_rows u ON u.source = 'users' AND u.id = owns.id AND u.n < 0
UNION ALL
SELECT b.new_id, o.source, o.id, format('its user %s did not exist: a placeholder user stands in', u.id)
FROM old_rows o
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(o.old ->> 'business_id')
JOIN old_rows u ON u.source = 'users' AND u.n < 0 AND u.id = COALESCE(
    pg_temp.as_id(o.old ->> 'user_id'), CASE WHEN o.source <> 'events' THEN 'nobody' END)
WHERE o.source IN ('conversations', 'orders', 'events')
UNION ALL
SELECT business_id, 'users', id, format('wrote to several businesses, and is the customer %s of this one', user_id)
FROM customers WHERE NOT is_first;

-- Keys still let their holders in; what is stored is their hash, and of a short one less of it to tell it by.
INSERT INTO api_keys (business_id, key_hash, key_prefix)
SELECT new_id, encode(sha256(convert_to(old ->> 'api_key', 'UTF8')), 'hex'),
    left(old ->> 'api_key', least(12, length(old ->> 'api_key') / 2))
FROM old_rows WHERE source = 'businesses' AND pg_temp.said(old ->> 'api_key') IS NOT NULL
ON CONFLICT DO NOTHING;

INSERT INTO adoption_notes (business_id, old_table, old_id, note)
SELECT new_id, 'businesses', id, 'its key is short, and may be guessed: give it a new one'
FROM old_rows WHERE source = 'businesses' AND length(old ->> 'api_key') < 16;

-- Agents, and names in a business's agent_list that no agent has.
INSERT INTO agents (agent_id, business_id, agent_name, agent_type, description, created_at)
SELECT a.new_id, b.new_id, COALESCE(pg_temp.said(a.old ->> 'agent_name'), 'Unnamed'),
    CASE WHEN lower(a.old ->> 'agent_type') = 'human' THEN 'human' ELSE 'ai' END, a.old ->> 'description',
    COALESCE((a.old ->> 'created_at')::timestamptz, now())
FROM old_rows a
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(a.old ->> 'business_id')
WHERE a.source = 'agents';

-- What businesses listed in a column of their own row: texts, or objects with a name.
CREATE TEMP TABLE listed ON COMMIT DROP AS
SELECT b.id, b.new_id AS business_id, list.column_name, item,
    btrim(CASE jsonb_typeof(item) WHEN 'string' THEN item #>> '{}' ELSE COALESCE(
        item ->> 'name', item ->> 'product_name', item ->> 'service_name', item ->> 'agent_name', item ->> 'title')
    END) AS name,
    (item ->> 'price') AS price, (item ->> 'description') AS description
FROM old_rows b
CROSS JOIN (VALUES ('agent_list'), ('product_list'), ('service_list')) AS list (column_name)
CROSS JOIN LATERAL jsonb_array_elements(
    CASE jsonb_typeof(b.old -> column_name) WHEN 'array' THEN b.old -> column_name ELSE '[]' END) AS item
WHERE b.source = 'businesses';

INSERT INTO agents (business_id, agent_name, description)
SELECT DISTINCT ON (business_id, name) business_id, name, description
FROM listed l
WHERE column_name = 'agent_list' AND name <> '' AND NOT EXISTS (
    SELECT FROM agents a WHERE a.business_id = l.business_id
    AND (a.agent_name = name OR a.agent_id = pg_temp.as_uuid(name)
         OR a.agent_id = pg_temp.as_uuid(COALESCE(item ->> 'agent_id', item ->> 'id'))))
ORDER BY business_id, name;

-- Products, orders, and the names of products and services in a business's own row.
INSERT INTO products (product_id, business_id, product_name, description, price, currency, kind, sku, metadata,
                      created_at)
SELECT p.new_id, b.new_id, COALESCE(pg_temp.said(p.old ->> 'product_name'), pg_temp.said(p.old ->> 'name'), 'Unnamed'),
    p.old ->> 'description', pg_temp.as_number(p.old ->> 'price'), p.old ->> 'currency',
    CASE WHEN lower(p.old ->> 'kind') = 'service' THEN 'service' ELSE 'product' END,
    CASE WHEN row_number() OVER (PARTITION BY b.new_id, p.old ->> 'sku' ORDER BY p.n) = 1
        THEN pg_temp.said(p.old ->> 'sku') END,
    COALESCE(pg_temp.rest(p.old, '{product_id,business_id,product_name,description,currency,kind}'
        || CASE WHEN pg_temp.as_number(p.old ->> 'price') IS NULL THEN '{}' ELSE '{price}'::text[] END), '{}'),
    COALESCE((p.old ->> 'created_at')::timestamptz, now())
FROM old_rows p
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(p.old ->> 'business_id')
WHERE p.source = 'products';

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

-- Whom a row of a business means by a user: its customer, or its owner.
CREATE TEMP TABLE writers ON COMMIT DROP AS
SELECT id, business, business_id, user_id FROM customers
UNION ALL
SELECT owns.id, owns.business, b.new_id, u.new_id
FROM owns
JOIN old_rows u ON u.source = 'users' AND u.id = owns.id
JOIN old_rows b ON b.source = 'businesses' AND b.id = owns.business;

INSERT INTO orders (order_id, business_id, user_id, order_number, status, items, order_total, currency,
    shipping_address, billing_address, payment_method, tracking_number, shipping_carrier, order_date, created_at)
SELECT o.new_id, w.business_id, w.user_id,
    number || CASE WHEN row_number() OVER (PARTITION BY w.business_id, number ORDER BY o.n) > 1
        THEN format(' (%s)', o.new_id) ELSE '' END,
    COALESCE(pg_temp.said(old ->> 'status'), pg_temp.said(old ->> 'order_status'), 'placed'),
    CASE jsonb_typeof(old -> 'items') WHEN 'array' THEN old -> 'items' ELSE '[]' END,
    COALESCE(pg_temp.as_number(old ->> 'order_total'), pg_temp.as_number(old ->> 'total')), old ->> 'currency',
    old ->> 'shipping_address', old ->> 'billing_address', old ->> 'payment_method', old ->> 'tracking_number',
    old ->> 'shipping_carrier',
    COALESCE((old ->> 'order_date')::timestamptz, (old ->> 'created_at')::timestamptz, now()),
    COALESCE((old ->> 'created_at')::timestamptz, now())
FROM (SELECT *, COALESCE(pg_temp.said(old ->> 'order_number'), id) AS number FROM old_rows WHERE source = 'orders') AS o
JOIN writers w ON w.business = pg_temp.as_id(old ->> 'business_id')
    AND w.id = COALESCE(pg_temp.as_id(old ->> 'user_id'), 'nobody');

-- Templates. What each of a stage's three pointers means: the business's own template, an old shared one, an old
-- default, another business's; for one that points nowhere the old default of its kind.
CREATE TEMP TABLE sources ON COMMIT DROP AS
SELECT source, n, id, new_id, pg_temp.as_id(old ->> 'business_id') AS business,
    COALESCE(old ->> 'content', old ->> 'template_text', '') AS content, old ->> 'system_prompt' AS system_prompt,
    COALESCE(pg_temp.said(old ->> 'template_name'), id) AS name,
    pg_temp.template_type(old ->> 'template_type') AS type, old
FROM old_rows WHERE source IN ('templates', 'prompt_templates', 'default_templates');

CREATE TEMP TABLE pointers ON COMMIT DROP AS
SELECT DISTINCT ON (s.n, slot) s.n, s.id AS stage, b.id AS business, b.new_id AS business_id, slot, pointed,
    t.source, t.n AS source_n, t.id IS NOT DISTINCT FROM pointed AS is_sound
FROM old_rows s
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(s.old ->> 'business_id')
CROSS JOIN LATERAL (
    SELECT slot, default_id, COALESCE(pg_temp.as_id(s.old ->> key), '') AS pointed
    FROM (VALUES ('stage_selection', 'stage_selection_template_id', 'default_selection_id'),
                 ('data_extraction', 'data_extraction_template_id', 'default_extraction_id'),
                 ('response_generation', 'response_generation_template_id', 'default_generation_id'))
        AS slots (slot, key, default_id)) AS pointing
LEFT JOIN sources t ON t.id = pointed OR t.id = default_id AND t.source <> 'templates'
WHERE s.source = 'stages'
ORDER BY s.n, slot, t.id IS NOT DISTINCT FROM pointed DESC, (t.source = 'templates' AND t.business = b.id) DESC,
    t.source = 'prompt_templates' DESC, t.source = 'default_templates' DESC, t.n;

-- Where each goes: a business's own stays, others go to every business whose stages use them, the rest are defaults.
CREATE TEMP TABLE placed ON COMMIT DROP AS
SELECT source, n, business, slot, is_home,
    CASE WHEN is_home AND row_number() OVER (PARTITION BY is_home, new_id ORDER BY source DESC) = 1
        THEN new_id ELSE gen_random_uuid() END AS template_id
FROM (
    SELECT t.source, t.n, t.new_id, place.business, place.slot, place.business IS NOT DISTINCT FROM t.business
        OR t.business IS NULL AND row_number() OVER (PARTITION BY t.source, t.n ORDER BY place.first) = 1 AS is_home
    FROM sources t
    LEFT JOIN LATERAL (
        SELECT business, min(slot) AS slot, min(first) AS first
        FROM (SELECT business, slot, n AS first FROM pointers p WHERE p.source = t.source AND p.source_n = t.n
              UNION ALL SELECT t.business, NULL, 0 WHERE t.source = 'templates') AS users_of_it
        GROUP BY business) AS place ON true
    WHERE place.business IS NOT NULL OR NOT EXISTS (  -- one that was moved already, by the older system's own migration
        SELECT FROM sources moved
        WHERE moved.source = 'templates' AND t.source <> 'templates' AND moved.id = t.id AND moved.content = t.content)
) AS places;

INSERT INTO templates (template_id, business_id, template_name, template_type, content, system_prompt, created_at,
                       updated_at)
SELECT p.template_id, b.new_id, t.name,
    CASE WHEN b.id IS NULL THEN 'default_' ELSE '' END
        || COALESCE(t.type, p.slot, pg_temp.said(regexp_replace(t.old ->> 'template_type', '^default_', '')),
                    'stage_selection'),
    t.content, t.system_prompt, COALESCE((t.old ->> 'created_at')::timestamptz, now()),
    COALESCE((t.old ->> 'updated_at')::timestamptz, (t.old ->> 'created_at')::timestamptz, now())
FROM placed p
JOIN sources t ON t.source = p.source AND t.n = p.n
LEFT JOIN old_rows b ON b.source = 'businesses' AND b.id = p.business;

-- Where the older system had no default of the kind: an empty text, for which the platform's default stands in.
CREATE TEMP TABLE standing_in ON COMMIT DROP AS
SELECT business, business_id, slot, gen_random_uuid() AS template_id
FROM pointers WHERE source IS NULL GROUP BY business, business_id, slot;

INSERT INTO templates (template_id, business_id, template_name, template_type)
SELECT template_id, business_id, 'Default ' || replace(slot, '_', ' '), slot FROM standing_in;

CREATE TEMP TABLE repointed ON COMMIT DROP AS
SELECT p.n, p.slot, COALESCE(placed.template_id, standing_in.template_id) AS template_id
FROM pointers p
LEFT JOIN placed ON placed.source = p.source AND placed.n = p.source_n AND placed.business = p.business
LEFT JOIN standing_in ON p.source IS NULL AND standing_in.business = p.business AND standing_in.slot = p.slot;

INSERT INTO adoption_notes (business_id, old_table, old_id, note)
SELECT business_id, 'stages', stage, format('its %s template %s did not exist: the default stands in', slot, pointed)
FROM pointers WHERE NOT is_sound
UNION ALL
SELECT p.business_id, 'stages', stage, format('its %s template %s is another business''s: it has a copy', slot, pointed)
FROM pointers p JOIN sources t ON t.source = p.source AND t.n = p.source_n
WHERE is_sound AND t.business <> p.business
UNION ALL
SELECT NULL, source, id, 'a row of templates holds the same: nothing to move'
FROM sources t WHERE NOT EXISTS (SELECT FROM placed p WHERE p.source = t.source AND p.n = t.n)
UNION ALL
SELECT b.new_id, t.source, t.id, format(CASE
    WHEN b.id IS NULL THEN 'no stage uses it: it is the default template %s'
    ELSE 'is the template %s of the business whose stage uses it' END, p.template_id)
FROM placed p
JOIN sources t ON t.source = p.source AND t.n = p.n
LEFT JOIN old_rows b ON b.source = 'businesses' AND b.id = p.business
WHERE t.source <> 'templates';

-- Stages. A foreign agent is none; a name that stands twice in a business is told apart.
INSERT INTO stages (stage_id, business_id, agent_id, stage_name, stage_description, stage_type,
    stage_selection_template_id, data_extraction_template_id, response_generation_template_id, position, created_at)
SELECT s.new_id, b.new_id, a.agent_id,
    name || CASE WHEN row_number() OVER (PARTITION BY b.id, name ORDER BY s.n) > 1
        THEN format(' (%s)', s.new_id) ELSE '' END,
    COALESCE(s.old ->> 'stage_description', ''), COALESCE(pg_temp.said(s.old ->> 'stage_type'), 'conversation'),
    selection.template_id, extraction.template_id, response.template_id,
    row_number() OVER (PARTITION BY b.id ORDER BY (s.old ->> 'created_at')::timestamptz, s.n) - 1,
    COALESCE((s.old ->> 'created_at')::timestamptz, now())
FROM (SELECT *, COALESCE(pg_temp.said(old ->> 'stage_name'), 'Unnamed') AS name
      FROM old_rows WHERE source = 'stages') AS s
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(s.old ->> 'business_id')
JOIN repointed selection ON selection.n = s.n AND selection.slot = 'stage_selection'
JOIN repointed extraction ON extraction.n = s.n AND extraction.slot = 'data_extraction'
JOIN repointed response ON response.n = s.n AND response.slot = 'response_generation'
LEFT JOIN agents a ON a.business_id = b.new_id AND a.agent_id = pg_temp.as_uuid(s.old ->> 'agent_id');

-- Conversations and messages, numbered in the order in which they were said.
INSERT INTO conversations (conversation_id, business_id, user_id, agent_id, stage_id, session_id, status,
                           conversation_summary, start_time, last_updated)
SELECT c.new_id, w.business_id, w.user_id, a.agent_id, s.stage_id,
    COALESCE(pg_temp.said(c.old ->> 'session_id'), c.id),
    CASE WHEN status IN ('active', 'paused', 'completed', 'error') THEN status
        WHEN status IN ('closed', 'complete', 'ended', 'finished', 'resolved', 'done', 'archived', 'inactive')
            THEN 'completed'
        WHEN status = 'failed' THEN 'error' ELSE 'active' END,
    CASE jsonb_typeof(c.old -> 'conversation_summary') WHEN 'object' THEN c.old -> 'conversation_summary'
        WHEN 'string' THEN jsonb_build_object('overview', c.old ->> 'conversation_summary') END,
    COALESCE((c.old ->> 'start_time')::timestamptz, now()),
    COALESCE((c.old ->> 'last_updated')::timestamptz, (c.old ->> 'start_time')::timestamptz, now())
FROM (SELECT *, lower(btrim(old ->> 'status')) AS status FROM old_rows WHERE source = 'conversations') AS c
JOIN writers w ON w.business = pg_temp.as_id(c.old ->> 'business_id')
    AND w.id = COALESCE(pg_temp.as_id(c.old ->> 'user_id'), 'nobody')
LEFT JOIN agents a ON a.business_id = w.business_id AND a.agent_id = pg_temp.as_uuid(c.old ->> 'agent_id')
LEFT JOIN stages s ON s.business_id = w.business_id AND s.stage_id = pg_temp.as_uuid(c.old ->> 'stage_id');

INSERT INTO messages (message_id, business_id, conversation_id, seq, message_content, sender_type, sender_user_id,
                      metadata, created_at)
SELECT m.new_id, c.business_id, c.conversation_id,
    row_number() OVER (PARTITION BY c.conversation_id
        ORDER BY (m.old ->> 'created_at')::timestamptz NULLS FIRST, m.sender = 'user' DESC, m.n),
    COALESCE(m.old ->> 'message_content', ''), m.sender, CASE m.sender WHEN 'user' THEN c.user_id END,
    COALESCE(pg_temp.rest(m.old, '{message_id,conversation_id,message_content,sender_type}'), '{}')
        || CASE WHEN m.sender = m.old ->> 'sender_type' THEN '{}'
            ELSE jsonb_build_object('older_sender_type', m.old ->> 'sender_type') END,
    COALESCE((m.old ->> 'created_at')::timestamptz, c.start_time)
FROM (
    SELECT *, CASE WHEN lower(btrim(old ->> 'sender_type')) IN ('user', 'customer', 'client') THEN 'user'
        WHEN lower(btrim(old ->> 'sender_type')) IN ('agent', 'staff', 'operator', 'human_agent') THEN 'agent'
        ELSE 'assistant' END AS sender
    FROM old_rows WHERE source = 'messages'
) AS m
JOIN old_rows o ON o.source = 'conversations'
    AND o.id = pg_temp.as_id(m.old ->> 'conversation_id')
JOIN conversations c ON c.conversation_id = o.new_id;

UPDATE conversations c SET last_seq = said.messages
FROM (SELECT conversation_id, max(seq) AS messages FROM messages
      WHERE conversation_id IN (SELECT new_id FROM old_rows WHERE source = 'conversations')
      GROUP BY conversation_id) AS said
WHERE c.conversation_id = said.conversation_id;

INSERT INTO adoption_notes (business_id, old_table, old_id, note)
SELECT business_id, 'stages', o.id,
    format('its agent %s is none of this business''s: it has no agent now', o.old ->> 'agent_id')
FROM old_rows o JOIN stages s ON s.stage_id = o.new_id
WHERE o.source = 'stages' AND s.agent_id IS NULL AND pg_temp.said(o.old ->> 'agent_id') IS NOT NULL
UNION ALL
SELECT business_id, 'conversations', o.id,
    format('its stage %s is none of this business''s: it stands in none now', o.old ->> 'stage_id')
FROM old_rows o JOIN conversations c ON c.conversation_id = o.new_id
WHERE o.source = 'conversations' AND c.stage_id IS NULL AND pg_temp.said(o.old ->> 'stage_id') IS NOT NULL
UNION ALL
SELECT business_id, 'conversations', o.id,
    format('its agent %s is none of this business''s: it has no agent now', o.old ->> 'agent_id')
FROM old_rows o JOIN conversations c ON c.conversation_id = o.new_id
WHERE o.source = 'conversations' AND c.agent_id IS NULL AND pg_temp.said(o.old ->> 'agent_id') IS NOT NULL
UNION ALL
SELECT NULL, 'conversations', NULL,
    format('%s rows with the status %s are "%s" now', count(*), o.old -> 'status', c.status)
FROM old_rows o JOIN conversations c ON c.conversation_id = o.new_id
WHERE o.source = 'conversations' AND c.status IS DISTINCT FROM o.old ->> 'status'
GROUP BY o.old -> 'status', c.status
UNION ALL
SELECT NULL, 'messages', NULL,
    format('%s rows of the sender %s are of "%s" now', count(*), o.old -> 'sender_type', m.sender_type)
FROM old_rows o JOIN messages m ON m.message_id = o.new_id
WHERE o.source = 'messages' AND m.sender_type IS DISTINCT FROM o.old ->> 'sender_type'
GROUP BY o.old -> 'sender_type', m.sender_type;

-- Events; what one points to must be its own business's.
INSERT INTO events (business_id, event_id, event_type, event_timestamp, user_id, session_id, agent_id, stage_id,
    product_id, order_id, message_text, custom_event_properties, verified, created_at)
SELECT b.new_id, e.new_id, COALESCE(pg_temp.said(e.old ->> 'event_type'), 'unnamed'),
    COALESCE((e.old ->> 'event_timestamp')::timestamptz, (e.old ->> 'created_at')::timestamptz, now()), w.user_id,
    e.old ->> 'session_id', a.agent_id, s.stage_id, p.product_id, o.order_id, e.old ->> 'message_text',
    COALESCE(pg_temp.rest(e.old, '{event_id,business_id,event_type,event_timestamp,user_id,session_id,agent_id,stage_id,
        product_id,order_id,message_text,custom_event_properties,verified}'), '{}')
        || CASE jsonb_typeof(e.old -> 'custom_event_properties') WHEN 'object' THEN e.old -> 'custom_event_properties'
            ELSE '{}' END,
    COALESCE((e.old ->> 'verified')::boolean, false), COALESCE((e.old ->> 'created_at')::timestamptz, now())
FROM old_rows e
JOIN old_rows b ON b.source = 'businesses' AND b.id = pg_temp.as_id(e.old ->> 'business_id')
LEFT JOIN writers w ON w.business = b.id AND w.id = pg_temp.as_id(e.old ->> 'user_id')
LEFT JOIN agents a ON a.business_id = b.new_id AND a.agent_id = pg_temp.as_uuid(e.old ->> 'agent_id')
LEFT JOIN stages s ON s.business_id = b.new_id AND s.stage_id = pg_temp.as_uuid(e.old ->> 'stage_id')
LEFT JOIN old_rows old_product ON old_product.source = 'products'
    AND old_product.id = pg_temp.as_id(e.old ->> 'product_id')
LEFT JOIN products p ON p.business_id = b.new_id AND p.product_id = old_product.new_id
LEFT JOIN old_rows old_order ON old_order.source = 'orders' AND old_order.id = pg_temp.as_id(e.old ->> 'order_id')
LEFT JOIN orders o ON o.business_id = b.new_id AND o.order_id = old_order.new_id
WHERE e.source = 'events';

INSERT INTO adoption_notes (business_id, old_table, old_id, note)
SELECT e.business_id, 'events', o.id, format('its %s %s is none of this business''s: it names none now', key, value)
FROM old_rows o
JOIN events e ON e.event_id = o.new_id
CROSS JOIN LATERAL jsonb_each_text(o.old) AS pointer
WHERE o.source = 'events' AND pg_temp.said(value) IS NOT NULL AND CASE key WHEN 'agent_id' THEN e.agent_id IS NULL
    WHEN 'stage_id' THEN e.stage_id IS NULL WHEN 'product_id' THEN e.product_id IS NULL
    WHEN 'order_id' THEN e.order_id IS NULL ELSE false END;

-- What has no place is kept in the note.
INSERT INTO adoption_notes (business_id, old_table, old_id, note, kept)
SELECT b.business_id, o.source, o.id, 'these columns have no place: they are kept in this note', rest
FROM (
    SELECT *, pg_temp.rest(old, CASE source
        WHEN 'businesses' THEN '{business_id,owner_id,business_name,business_description,address,phone_number,website,
            agent_list,product_list,service_list}'
        WHEN 'agents' THEN '{agent_id,business_id,agent_name,agent_type,description}'
        WHEN 'stages' THEN '{stage_id,business_id,agent_id,stage_name,stage_description,stage_type,
            stage_selection_template_id,data_extraction_template_id,response_generation_template_id}'
        WHEN 'conversations' THEN '{conversation_id,business_id,user_id,agent_id,stage_id,session_id,start_time,
            last_updated,status,conversation_summary}'
        WHEN 'orders' THEN '{order_id,business_id,user_id,order_number,status,items,order_total,currency,
            shipping_address,billing_address,payment_method,tracking_number,shipping_carrier,order_date}'
        ELSE '{template_id,business_id,template_name,template_type,template_text,content,system_prompt,variables}'
        END::text[]) AS rest
    FROM old_rows WHERE source NOT IN ('users', 'messages', 'products', 'events', 'template_variables')
) AS o
LEFT JOIN businesses b ON b.business_id = pg_temp.as_uuid(old ->> 'business_id')
WHERE rest IS NOT NULL
UNION ALL
SELECT business_id, 'businesses', id,
    format('an item of its %s has no name: it is kept in this note', column_name), item
FROM listed WHERE COALESCE(name, '') = ''
UNION ALL
SELECT NULL, source, id, CASE source
    WHEN 'template_variables' THEN 'variables come from providers now: the row is kept in this note'
    ELSE 'it names no business that exists: the row is kept in this note' END, old
FROM old_rows o
WHERE source = 'template_variables' OR source IN ('products', 'orders', 'events') AND NOT EXISTS (
    SELECT FROM old_rows b WHERE b.source = 'businesses' AND b.id = pg_temp.as_id(o.old ->> 'business_id'));

-- Count: every old row has become a row, or is named with what it held; else nothing of this happens.
DO $$
DECLARE
    counted RECORD;
BEGIN
    FOR counted IN
        SELECT source, count(*) FILTER (WHERE n > 0) AS rows, count(*) FILTER (WHERE NOT is_there) AS lost,
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
                END OR EXISTS (SELECT FROM adoption_notes WHERE old_table = source AND old_id = id) AS is_there
            FROM old_rows o
        ) AS looked_for
        GROUP BY source ORDER BY source
    LOOP
        IF counted.lost > 0 THEN
            RAISE EXCEPTION '% of % rows of the older table % could not be adopted: nothing was changed',
                counted.lost, counted.rows, counted.source;
        END IF;
        RAISE NOTICE '% adopted: % rows%', counted.source, counted.rows, CASE WHEN counted.placeholders > 0
            THEN format(', and %s placeholders for missing ones', counted.placeholders) ELSE '' END;
    END LOOP;
    FOR counted IN SELECT old_table, old_id, note FROM adoption_notes ORDER BY old_table, old_id, note LOOP
        RAISE NOTICE '% %: %', counted.old_table, COALESCE(counted.old_id, ''), counted.note;
    END LOOP;
END
$$;

-- The old tables go; with them the schema, unless somebody keeps something else in it.
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
