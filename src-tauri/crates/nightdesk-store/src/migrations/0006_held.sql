-- The incidents that a class holds (nightdesk-core's accounting): what a sweep lists is looked up here, and not in the
-- rows with their facts and raw bytes.
CREATE INDEX incident_held ON incident (account_id, id) WHERE class <> 'ticketed' OR ticket_id IS NOT NULL;
