-- Moves the tables of the older system, with their rows, into the schema `legacy`, because the new tables have the same
-- names. 07 copies the rows. On a new database this does nothing.
DO $$
DECLARE
    old_table TEXT;
BEGIN
    FOREACH old_table IN ARRAY ARRAY[
        'prompt_templates', 'default_templates', 'templates', 'template_variables', 'stages', 'agents', 'messages',
        'conversations', 'businesses', 'users', 'products', 'orders', 'events'
    ] LOOP
        IF to_regclass(format('%I.%I', current_schema(), old_table)) IS NOT NULL THEN
            IF to_regnamespace('legacy') IS NULL THEN
                CREATE SCHEMA legacy;
            END IF;
            EXECUTE format('ALTER TABLE %I SET SCHEMA legacy', old_table);
        END IF;
    END LOOP;
END
$$;
