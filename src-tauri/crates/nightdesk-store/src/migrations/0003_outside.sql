-- What comes in and goes out beside the poll: notices, mail, webhooks.

-- Notices. By which way each was first seen.
ALTER TABLE notice ADD COLUMN first_seen_by TEXT CHECK (first_seen_by IN ('poll', 'webhook'));
-- How those stand that wait for an answer, so that they are counted without reading all.
ALTER TABLE notice ADD COLUMN standing TEXT CHECK (standing IN ('open', 'overdue'));
UPDATE notice SET standing = 'open' WHERE kind IN ('escalation', 'platform_action')
    AND json_extract(body, '$.resolved_at') IS NULL
    AND lower(COALESCE(json_extract(body, '$.status'), '')) <> 'resolved';
CREATE INDEX notice_by_standing ON notice (account_id, standing) WHERE standing IS NOT NULL;

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

-- Webhooks out. What is known of each endpoint beside the configuration, which says which there are. A deleted one
-- is remembered by its generation, so that one of the same address gets another secret.
CREATE TABLE endpoint (
    url TEXT PRIMARY KEY,
    added_at INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    rotated_at INTEGER,
    -- Since when it has only failed, and whether the days to its being given up count (nightdesk-core's Failing).
    failing_since INTEGER,
    failing_counts INTEGER NOT NULL DEFAULT 0 CHECK (failing_counts IN (0, 1)),
    disabled_at INTEGER,
    disabled_why TEXT CHECK (disabled_why IN ('gone', 'failing')),
    last_at INTEGER,
    last_status INTEGER,
    last_error TEXT,
    deleted_at INTEGER
);
-- When an endpoint's secret was replaced: each of those from before signs for a while beside the new one. Only the
-- rotations that may still matter are kept.
CREATE TABLE rotation (
    url TEXT NOT NULL REFERENCES endpoint (url),
    at INTEGER NOT NULL
);
CREATE INDEX rotation_by_url ON rotation (url, at);
-- The delivery of a message to an endpoint. Sent again by hand, a message has several.
CREATE TABLE message (
    delivery_id INTEGER PRIMARY KEY REFERENCES delivery (id),
    message_id TEXT NOT NULL,
    url TEXT NOT NULL,
    event_type TEXT NOT NULL
);
CREATE INDEX message_by_id ON message (message_id);
CREATE INDEX message_by_url ON message (url, delivery_id);
-- What went over the wire in an attempt: nightdesk-core's JSON.
CREATE TABLE exchange (
    delivery_id INTEGER NOT NULL REFERENCES delivery (id),
    number INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number)
);

-- People. Texts and calls that belong to no step (a PIN, the word that somebody has a page), from the carrier's taking
-- them until it tells how they ended.
CREATE TABLE stray (
    delivery_id INTEGER PRIMARY KEY REFERENCES delivery (id),
    since INTEGER NOT NULL,
    look_at INTEGER NOT NULL
);
CREATE INDEX stray_by_look ON stray (look_at);
