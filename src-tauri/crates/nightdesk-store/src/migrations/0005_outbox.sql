-- The outbox with thousands waiting: what is next is found by an index, whatever else waits.

-- Since when its lifetime counts, where it was sent again; else that is its making.
ALTER TABLE delivery ADD COLUMN queued_at INTEGER;
-- Its ticket's severity_rank, where the PSA takes one after the other; else 0.
ALTER TABLE delivery ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0;
UPDATE delivery SET urgency = COALESCE((SELECT t.severity_rank FROM ticket t WHERE t.id = delivery.ticket_id), 0)
    WHERE kind IN ('psa_ticket', 'psa_update', 'psa_note');
-- When a person said that nothing more is to be done about its having ended badly.
ALTER TABLE delivery ADD COLUMN dismissed_at INTEGER;
CREATE TRIGGER ticket_is_urgent AFTER UPDATE OF severity_rank ON ticket WHEN NEW.severity_rank <> OLD.severity_rank BEGIN
    UPDATE delivery SET urgency = NEW.severity_rank
        WHERE ticket_id = NEW.id AND kind IN ('psa_ticket', 'psa_update', 'psa_note');
END;
CREATE INDEX delivery_by_urgency ON delivery (kind, urgency, due_at, id)
    WHERE state IN ('queued', 'retrying', 'in_doubt') AND lease_owner IS NULL;
CREATE INDEX delivery_expires ON delivery (expires_at) WHERE state IN ('queued', 'retrying') AND expires_at IS NOT NULL;
CREATE INDEX delivery_looked_up ON delivery (lease_until) WHERE state = 'in_doubt' AND lease_owner IS NOT NULL;
