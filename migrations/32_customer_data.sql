-- Imports: columns that the caller assigns, and their undo. Search for products, and what is erased with a customer.

SET LOCAL lock_timeout = '3s';

ALTER TABLE imports
    ADD COLUMN columns TEXT[],  -- of CSV: the field of each column, '' for one to ignore; NULL: the first row names them
    ADD COLUMN decimal_comma BOOLEAN NOT NULL DEFAULT false,
    ADD COLUMN undo_status TEXT CHECK (undo_status IN ('waiting', 'running', 'finished', 'failed')),
    ADD COLUMN undone BIGINT NOT NULL DEFAULT 0,  -- rows that were deleted or restored
    ADD COLUMN kept BIGINT NOT NULL DEFAULT 0;  -- rows that were not, because they were changed or used since

-- What the last import of each resource has changed, for its undo. A row that was undone is deleted.
CREATE TABLE import_changes (
    business_id UUID NOT NULL,
    import_id UUID NOT NULL,
    number BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY,  -- the order; an import of orders may change a customer twice
    resource TEXT NOT NULL CHECK (resource IN ('orders', 'products', 'users')),
    row_id UUID NOT NULL,
    name TEXT NOT NULL,  -- the order number, SKU or external ID
    -- The customer, or the one of the order. With them, their data is deleted here too.
    user_id UUID CONSTRAINT import_changes_user_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    before JSONB,  -- the row as it was; NULL: it was created
    digest TEXT NOT NULL,  -- of the row as the import left it; another one means that it was changed since
    kept BOOLEAN NOT NULL DEFAULT false,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, import_id, number),
    CONSTRAINT import_changes_import_fkey FOREIGN KEY (business_id, import_id)
        REFERENCES imports (business_id, import_id) ON DELETE CASCADE
);
-- The foreign key.
CREATE INDEX import_changes_of_user ON import_changes (user_id) WHERE user_id IS NOT NULL;
-- Old changes, to delete them.
CREATE INDEX import_changes_by_age ON import_changes (business_id, created_at);

-- Digests of the values that imports set. They do not depend on the settings of the session.
CREATE FUNCTION product_digest_v1(p products) RETURNS TEXT LANGUAGE sql STABLE AS $$
    SELECT md5(jsonb_build_array(p.sku, p.product_name, p.description, p.price, p.currency, p.kind, p.metadata)::text)
$$;
CREATE FUNCTION order_digest_v1(o orders) RETURNS TEXT LANGUAGE sql STABLE AS $$
    SELECT md5(jsonb_build_array(o.user_id, o.order_number, o.status, o.items, o.order_total, o.currency,
        o.shipping_address, o.billing_address, o.payment_method, o.tracking_number, o.shipping_carrier,
        extract(epoch FROM o.order_date))::text)
$$;
CREATE FUNCTION user_digest_v1(u users) RETURNS TEXT LANGUAGE sql STABLE AS $$
    SELECT md5(jsonb_build_array(u.external_id, u.first_name, u.last_name, u.email, u.phone, u.language, u.timezone,
        u.metadata)::text)
$$;

-- Whether an import can be undone: it has ended and changed something, and no later one of the resource has, or may.
CREATE FUNCTION can_undo_import_v1(p_business_id UUID, p_import_id UUID) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM imports i
        WHERE i.business_id = p_business_id AND i.import_id = p_import_id AND i.undo_status IS NULL
          AND i.status IN ('finished', 'failed')
          AND EXISTS (
              SELECT FROM import_changes c WHERE c.business_id = p_business_id AND c.import_id = i.import_id)
          AND NOT EXISTS (
              SELECT FROM imports later
              WHERE later.business_id = p_business_id AND later.resource = i.resource AND NOT later.dry_run
                AND (later.created_at, later.import_id) > (i.created_at, i.import_id)
                AND (later.created + later.updated > 0 OR later.status IN ('uploading', 'waiting', 'running'))));
END
$$;

-- Search for products by the words of their names. As in message_words, the business's ID is one of the words.
CREATE FUNCTION product_words(business_id UUID, product_name TEXT) RETURNS TSVECTOR
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN array_to_tsvector(ARRAY[business_id::text]) || to_tsvector('simple'::regconfig, product_name);
CREATE INDEX products_words ON products USING gin (product_words(business_id, product_name));

-- Events of a customer's sessions that do not name the customer are erased with them. If the table is large, build the
-- index before (see docs/changing-the-schema.md).
CREATE INDEX IF NOT EXISTS events_of_session ON events (business_id, session_id)
    WHERE session_id IS NOT NULL AND user_id IS NULL;
