-- When a key was rotated. A key in its grace period is not rotated again, which would leave two successors.
ALTER TABLE api_keys ADD COLUMN rotated_at TIMESTAMPTZ;

-- As can_undo_import_v1, but an undo that has failed can be started again.
CREATE FUNCTION can_undo_import_v2(p_business_id UUID, p_import_id UUID) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM imports i
        WHERE i.business_id = p_business_id AND i.import_id = p_import_id
          AND (i.undo_status IS NULL OR i.undo_status = 'failed')
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
