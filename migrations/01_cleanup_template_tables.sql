-- Moves the tables of the older system, where there are any, into the schema `legacy`, rows and all, so that the
-- product's own tables can take their names. On a new database it does nothing.
DO $$
DECLARE
    old_table TEXT;
BEGIN
    FOREACH old_table IN ARRAY ARRAY[
        'prompt_templates', 'default_templates', 'templates', 'template_variables', 'stages', 'agents', 'messages',
        'conversations', 'businesses', 'users', 'products', 'orders', 'events'
    ] LOOP
        IF to_regclass(format('%I.%I', current_schema(), old_table)) IS NOT NULL THEN
            CREATE SCHEMA IF NOT EXISTS legacy;
            EXECUTE format('ALTER TABLE %I SET SCHEMA legacy', old_table);
        END IF;
    END LOOP;
END
$$;
