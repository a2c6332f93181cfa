-- What comes in and goes out beside the poll: notices, mail, webhooks.

-- Notices. By which way each was first seen.
ALTER TABLE notice ADD COLUMN first_seen_by TEXT CHECK (first_seen_by IN ('poll', 'webhook'));

-- Mail.

-- Webhooks in. What Huntress posted, by its delivery id: stored before it is answered, processed afterwards.
CREATE TABLE webhook_in (
    id INTEGER PRIMARY KEY,
    delivery_id TEXT NOT NULL UNIQUE,
    received_at INTEGER NOT NULL,
    signed_at INTEGER NOT NULL,
    digest BLOB NOT NULL,
    body BLOB,
    event_type TEXT,
    incident_id INTEGER,
    repeats INTEGER NOT NULL DEFAULT 0,
    processed_at INTEGER,
    outcome TEXT
);
CREATE INDEX webhook_in_waiting ON webhook_in (id) WHERE processed_at IS NULL;
CREATE INDEX webhook_in_by_digest ON webhook_in (digest);
CREATE INDEX webhook_in_with_body ON webhook_in (processed_at) WHERE body IS NOT NULL;
CREATE TABLE webhook_refusal (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    delivery_id TEXT,
    status INTEGER NOT NULL,
    reason TEXT NOT NULL,
    peer TEXT NOT NULL
);
-- When each of the two ways first brought an incident, so that the gap between them shows.
ALTER TABLE incident ADD COLUMN polled_at INTEGER;
ALTER TABLE incident ADD COLUMN posted_at INTEGER;
UPDATE incident SET polled_at = first_seen_at WHERE first_seen_by IN ('poll', 'sweep');

-- Webhooks out.
