-- record_heartbeat_v1 records that a process is alive, and returns the last heartbeat of each process, by the database's
-- clock. The clock may have been changed meanwhile, so only whether a heartbeat is another one than before says that its
-- process is alive.
CREATE FUNCTION record_heartbeat_v1(p_process_id UUID) RETURNS TABLE (process_id UUID, beat_at TIMESTAMPTZ)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    -- An UPDATE first: an INSERT with ON CONFLICT would also lock the row.
    UPDATE processes p SET beat_at = clock_timestamp() WHERE p.process_id = p_process_id;
    IF NOT FOUND THEN
        INSERT INTO processes (process_id) VALUES (p_process_id) ON CONFLICT DO NOTHING;
    END IF;
    RETURN QUERY SELECT p.process_id, p.beat_at FROM processes p;
END
$$;
