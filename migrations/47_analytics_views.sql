-- Filters of the analytics that owners have saved under a name.

CREATE TABLE analytics_views (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    view_id UUID NOT NULL DEFAULT uuidv7(),
    name TEXT NOT NULL,
    page TEXT NOT NULL,  -- the page that shows it
    query JSONB NOT NULL,  -- the query parameters of the page
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, view_id),
    -- Also pages of a business's views.
    CONSTRAINT analytics_views_name_key UNIQUE (business_id, name)
);
