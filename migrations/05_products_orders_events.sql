-- What a business sells, what its customers ordered, and the events that its website and servers report.

CREATE TABLE products (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    product_id UUID NOT NULL DEFAULT uuidv7(),
    product_name TEXT NOT NULL,
    description TEXT,
    price NUMERIC(14, 2),
    currency TEXT,
    kind TEXT NOT NULL DEFAULT 'product' CHECK (kind IN ('product', 'service')),
    sku TEXT,
    metadata JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, product_id),
    CONSTRAINT products_sku_key UNIQUE (business_id, sku)
);
-- Pages of a business's products: all of them, and those of one kind.
CREATE INDEX products_of_business ON products (business_id, created_at, product_id);
CREATE INDEX products_of_kind ON products (business_id, kind, created_at, product_id);

CREATE TABLE orders (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    order_id UUID NOT NULL DEFAULT uuidv7(),
    user_id UUID NOT NULL CONSTRAINT orders_user_id_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    order_number TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'placed',
    items JSONB NOT NULL DEFAULT '[]',
    order_total NUMERIC(14, 2),
    currency TEXT,
    shipping_address TEXT,
    billing_address TEXT,
    payment_method TEXT,
    tracking_number TEXT,
    shipping_carrier TEXT,
    order_date TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, order_id),
    CONSTRAINT orders_order_number_key UNIQUE (business_id, order_number)
);
-- Pages of a business's orders: all of them, those of one customer, and those with one status.
CREATE INDEX orders_of_business ON orders (business_id, created_at, order_id);
CREATE INDEX orders_of_user_in_order ON orders (business_id, user_id, created_at, order_id);
CREATE INDEX orders_in_status ON orders (business_id, status, created_at, order_id);
-- A customer's latest orders, for prompts and look-ups.
CREATE INDEX orders_of_user ON orders (user_id, business_id, order_date);

-- What the custom_event_properties of an event type must look like.
CREATE TABLE event_property_schemas (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    schema_id UUID NOT NULL DEFAULT uuidv7(),
    event_type TEXT NOT NULL,
    property_schema JSONB NOT NULL,  -- a JSON Schema
    description TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT event_property_schemas_event_type_key UNIQUE (business_id, event_type),
    PRIMARY KEY (business_id, schema_id)
);
-- Pages of a business's schemas.
CREATE INDEX event_property_schemas_in_order ON event_property_schemas (business_id, created_at, schema_id);

CREATE TABLE events (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    event_id UUID NOT NULL DEFAULT uuidv7(),  -- may be chosen by the client
    event_type TEXT NOT NULL,
    event_timestamp TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    user_id UUID CONSTRAINT events_user_id_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    session_id TEXT,
    agent_id UUID,
    stage_id UUID,
    product_id UUID,
    order_id UUID,
    message_text TEXT,
    custom_event_properties JSONB NOT NULL DEFAULT '{}',
    verified BOOLEAN NOT NULL,  -- sent with the business's key; otherwise anyone may have invented it
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    -- An event that is sent again is stored once. Clients choose IDs, so an ID is only unique within its business.
    PRIMARY KEY (business_id, event_id),
    CONSTRAINT events_agent_fkey FOREIGN KEY (business_id, agent_id)
        REFERENCES agents (business_id, agent_id) ON DELETE SET NULL (agent_id),
    CONSTRAINT events_stage_fkey FOREIGN KEY (business_id, stage_id)
        REFERENCES stages (business_id, stage_id) ON DELETE SET NULL (stage_id),
    CONSTRAINT events_product_fkey FOREIGN KEY (business_id, product_id)
        REFERENCES products (business_id, product_id) ON DELETE SET NULL (product_id),
    CONSTRAINT events_order_fkey FOREIGN KEY (business_id, order_id)
        REFERENCES orders (business_id, order_id) ON DELETE SET NULL (order_id)
);
-- What a business has stored per day (UTC), which the daily quota limits. Anyone can send unverified events, so they
-- have a quota of their own.
CREATE TABLE event_usage (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    day DATE NOT NULL,
    verified BOOLEAN NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (business_id, day, verified)
);

-- Pages of a business's events: all of them, those of one type, those of one user, and those of a period.
CREATE INDEX events_in_order ON events (business_id, created_at, event_id);
CREATE INDEX events_of_type ON events (business_id, event_type, created_at, event_id);
CREATE INDEX events_of_user ON events (user_id, business_id, created_at, event_id) WHERE user_id IS NOT NULL;
CREATE INDEX events_in_time ON events (business_id, event_timestamp);
-- The foreign keys.
CREATE INDEX events_of_agent ON events (business_id, agent_id) WHERE agent_id IS NOT NULL;
CREATE INDEX events_of_stage ON events (business_id, stage_id) WHERE stage_id IS NOT NULL;
CREATE INDEX events_of_product ON events (business_id, product_id) WHERE product_id IS NOT NULL;
CREATE INDEX events_of_order ON events (business_id, order_id) WHERE order_id IS NOT NULL;
