-- What a business designs (templates, stages, variables), and the releases made from it.

CREATE TABLE templates (
    template_id UUID PRIMARY KEY DEFAULT uuidv7(),
    business_id UUID REFERENCES businesses (business_id) ON DELETE CASCADE,  -- NULL: one of the platform's defaults
    template_name TEXT NOT NULL,
    template_type TEXT NOT NULL,
    content TEXT NOT NULL DEFAULT '',  -- empty: the platform's default of this type is used instead
    system_prompt TEXT,
    model_settings JSONB NOT NULL DEFAULT '{}',
    version INTEGER NOT NULL DEFAULT 1,  -- detects conflicting edits
    -- Set only on the platform's current default of a type. Unique, so that each type has at most one.
    shipped_type TEXT CONSTRAINT templates_shipped_type_key UNIQUE,
    -- SHA-256 of the shipped text in this row. NULL after an operator's edit, which an upgrade must not overwrite.
    shipped_hash TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (business_id, template_id),  -- the target of foreign keys
    -- The `default_*` types belong to the platform, all others to a business.
    CONSTRAINT templates_default_of_platform CHECK ((business_id IS NULL) = (template_type LIKE 'default\_%'))
);
-- Pages of a business's templates, with and without a type. The second also finds its summary template.
CREATE INDEX templates_of_business ON templates (business_id, created_at, template_id);
CREATE INDEX templates_of_type ON templates (business_id, template_type, created_at, template_id);

-- Every earlier content of a template. Rows are added by each edit and never changed.
CREATE TABLE template_versions (
    template_id UUID NOT NULL REFERENCES templates (template_id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    template_name TEXT NOT NULL,
    content TEXT NOT NULL,
    system_prompt TEXT,
    model_settings JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (template_id, version)
);

CREATE TABLE stages (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    stage_id UUID NOT NULL DEFAULT uuidv7(),
    agent_id UUID,
    stage_name TEXT NOT NULL,
    name_key TEXT,  -- the form in which names are compared (core/names.py)
    stage_description TEXT NOT NULL DEFAULT '',
    stage_type TEXT NOT NULL DEFAULT 'conversation',
    stage_selection_template_id UUID NOT NULL,
    data_extraction_template_id UUID NOT NULL,
    response_generation_template_id UUID NOT NULL,
    extraction_schema JSONB,  -- a JSON Schema for the extracted data
    data_retrieval JSONB NOT NULL DEFAULT '{"method": "none"}',
    actions JSONB NOT NULL DEFAULT '[]',
    example_messages JSONB NOT NULL DEFAULT '[]',
    fixed_reply TEXT,
    confidence_threshold DOUBLE PRECISION,  -- NULL: the business's, or the default
    position INTEGER NOT NULL DEFAULT 0,
    is_active BOOLEAN NOT NULL DEFAULT true,
    version INTEGER NOT NULL DEFAULT 1,  -- detects conflicting edits
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, stage_id),
    -- The model names the stage that it selects, so a name identifies one stage.
    CONSTRAINT stages_business_id_stage_name_key UNIQUE (business_id, name_key),
    CONSTRAINT stages_agent_fkey FOREIGN KEY (business_id, agent_id)
        REFERENCES agents (business_id, agent_id) ON DELETE SET NULL (agent_id),
    -- A template cannot be deleted while a stage uses it.
    CONSTRAINT stages_selection_template_fkey FOREIGN KEY (business_id, stage_selection_template_id)
        REFERENCES templates (business_id, template_id),
    CONSTRAINT stages_extraction_template_fkey FOREIGN KEY (business_id, data_extraction_template_id)
        REFERENCES templates (business_id, template_id),
    CONSTRAINT stages_response_template_fkey FOREIGN KEY (business_id, response_generation_template_id)
        REFERENCES templates (business_id, template_id)
);
-- Pages of a business's stages: all of them, and those of one agent.
CREATE INDEX stages_of_business ON stages (business_id, created_at, stage_id);
CREATE INDEX stages_of_agent ON stages (business_id, agent_id, created_at, stage_id);
-- The foreign keys: which stages use a template.
CREATE INDEX stages_of_selection_template ON stages (business_id, stage_selection_template_id);
CREATE INDEX stages_of_extraction_template ON stages (business_id, data_extraction_template_id);
CREATE INDEX stages_of_response_template ON stages (business_id, response_generation_template_id);

-- Values that a business enters itself and uses in its templates.
CREATE TABLE business_variables (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    variable_id UUID NOT NULL DEFAULT uuidv7(),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    description TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT business_variables_business_id_name_key UNIQUE (business_id, name),
    PRIMARY KEY (business_id, variable_id)
);
-- A business's variables in order of creation.
CREATE INDEX business_variables_in_order ON business_variables (business_id, created_at, variable_id);

-- Immutable snapshots of a business's design. A turn uses one release from start to end, so an edit never changes a
-- turn that is already running.
CREATE TABLE releases (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    release_id UUID NOT NULL DEFAULT uuidv7(),
    number INTEGER NOT NULL,
    snapshot JSONB NOT NULL,
    is_used BOOLEAN NOT NULL DEFAULT false,  -- by a turn; others are deleted once they are old
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (business_id, number),  -- also finds the highest number, for the next release
    PRIMARY KEY (business_id, release_id)
);

ALTER TABLE businesses
    ADD CONSTRAINT businesses_default_stage_fkey FOREIGN KEY (business_id, default_stage_id)
        REFERENCES stages (business_id, stage_id) ON DELETE SET NULL (default_stage_id),
    ADD CONSTRAINT businesses_live_release_fkey FOREIGN KEY (business_id, live_release_id)
        REFERENCES releases (business_id, release_id);
