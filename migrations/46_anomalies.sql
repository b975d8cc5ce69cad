-- Hours in which a figure of a business was unusual, compared with the same hour of the weeks before.

SET LOCAL lock_timeout = '3s';

CREATE TABLE anomalies (
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    anomaly_id UUID NOT NULL DEFAULT uuidv7(),
    figure TEXT NOT NULL CHECK (figure IN ('errors', 'handovers', 'cost', 'latency')),
    hour TIMESTAMPTZ NOT NULL,  -- its start
    value DOUBLE PRECISION NOT NULL,  -- shares of turns, US dollars, or milliseconds
    usual DOUBLE PRECISION NOT NULL,  -- the median of the weeks before
    turns INTEGER NOT NULL,  -- in this hour
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (business_id, anomaly_id),
    -- An hour is checked several times, because turns of it may end later.
    CONSTRAINT anomalies_hour_key UNIQUE (business_id, hour, figure)
);
-- Pages of a business's anomalies.
CREATE INDEX anomalies_in_order ON anomalies (business_id, created_at, anomaly_id);

CREATE FUNCTION outbox_anomaly_v1() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF is_event_wanted_v1(NEW.business_id, 'anomaly.found') THEN
        PERFORM add_business_event_v1(NEW.business_id, 'anomaly.found', to_jsonb(NEW) - 'business_id');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER anomalies_outbox AFTER INSERT ON anomalies FOR EACH ROW EXECUTE FUNCTION outbox_anomaly_v1();
