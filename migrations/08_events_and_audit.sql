-- What happened in a business, as its pages and servers report it, and who changed what in its design.

CREATE TABLE event_property_schemas (
    schema_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    event_type TEXT NOT NULL,
    property_schema JSONB NOT NULL,  -- a JSON Schema that custom_event_properties must satisfy
    description TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT event_property_schemas_event_type_key UNIQUE (business_id, event_type)
);
CREATE INDEX event_property_schemas_in_order ON event_property_schemas (business_id, created_at, schema_id);

CREATE TABLE events (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    event_id UUID NOT NULL DEFAULT gen_random_uuid(),  -- the client's own where it sends one, so unique in a business
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
    verified BOOLEAN NOT NULL,  -- sent with the business's key; else anybody may have made it up
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
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
CREATE INDEX events_in_order ON events (business_id, created_at, event_id);
CREATE INDEX events_of_type ON events (business_id, event_type, created_at, event_id);
CREATE INDEX events_of_user_in_order ON events (business_id, user_id, created_at, event_id);
CREATE INDEX events_of_user ON events (user_id);
CREATE INDEX events_in_time ON events (business_id, event_timestamp);
CREATE INDEX events_of_agent ON events (business_id, agent_id);
CREATE INDEX events_of_stage ON events (business_id, stage_id);
CREATE INDEX events_of_product ON events (business_id, product_id);
CREATE INDEX events_of_order ON events (business_id, order_id);

CREATE TABLE audit_log (
    entry_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID REFERENCES businesses (business_id) ON DELETE CASCADE,  -- NULL: a row of the platform itself
    actor_type TEXT NOT NULL,  -- master, business (its key), login: the kinds of caller in auth.py
    actor_id UUID,  -- the key or the staff user; no foreign key, since the entry outlives both
    action TEXT NOT NULL,
    resource TEXT NOT NULL,
    resource_id UUID NOT NULL,
    fields TEXT[] NOT NULL DEFAULT '{}',  -- the names of what was set or changed, never the values
    request_id TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX audit_log_in_order ON audit_log (business_id, created_at, entry_id);
CREATE INDEX audit_log_of_all ON audit_log (created_at, entry_id);
CREATE INDEX audit_log_of_resource ON audit_log (business_id, resource, created_at, entry_id);
CREATE INDEX audit_log_of_row ON audit_log (business_id, resource_id, created_at, entry_id);
CREATE INDEX audit_log_of_actor ON audit_log (business_id, actor_id, created_at, entry_id);
CREATE INDEX audit_log_of_action ON audit_log (business_id, action, created_at, entry_id);
