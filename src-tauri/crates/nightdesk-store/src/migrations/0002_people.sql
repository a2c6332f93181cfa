-- What is known of a contact's number. Who the contacts are stands in the configuration; this outlives its changes.
CREATE TABLE contact (
    phone TEXT PRIMARY KEY,
    verified_at INTEGER,
    verified_by TEXT CHECK (verified_by IN ('sms', 'call')),
    -- Why no text is sent to it, in the words of nightdesk-core's Obstacle.
    text_obstacle TEXT CHECK (text_obstacle IN ('no_texts', 'opted_out', 'bad_number')),
    text_obstacle_at INTEGER,
    -- What was seen of calls to it that nobody could answer.
    call_advice TEXT CHECK (call_advice IN ('ends_at_once', 'no_key', 'bad_number')),
    call_advice_at INTEGER
);

-- A PIN under way: only its keyed hash.
CREATE TABLE pin (
    phone TEXT PRIMARY KEY,
    seal BLOB NOT NULL,
    made_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    tries INTEGER NOT NULL
);
CREATE TABLE pin_sending (id INTEGER PRIMARY KEY, phone TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX pin_sending_by_phone ON pin_sending (phone, at);

-- One walk through the call tree, on behalf of one page or of several that are told together.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    purpose TEXT NOT NULL CHECK (purpose IN ('page', 'drill', 'test')),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'acknowledged', 'exhausted', 'ended')),
    opened_at INTEGER NOT NULL,
    round INTEGER NOT NULL,
    step INTEGER NOT NULL,
    next_at INTEGER,
    ended_at INTEGER,
    cause TEXT
);
CREATE INDEX run_open ON run (id) WHERE state IN ('waiting', 'running');

-- What people are told of: one entity in one window.
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run (id),
    entity TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'acknowledged', 'exhausted', 'ended')),
    forced INTEGER NOT NULL CHECK (forced IN (0, 1)),
    -- What is said: nightdesk-core's JSON.
    matter TEXT NOT NULL,
    opened_at INTEGER NOT NULL,
    -- Since when the window counts: the carrier took the first text or call.
    accepted_at INTEGER,
    acknowledged_by TEXT,
    acknowledged_how TEXT CHECK (acknowledged_how IN ('key', 'reply', 'app', 'command')),
    ended_at INTEGER,
    why TEXT
);
CREATE UNIQUE INDEX page_open_by_entity ON page (entity) WHERE state IN ('waiting', 'running');
CREATE INDEX page_by_entity ON page (entity, id);
CREATE INDEX page_by_run ON page (run_id);

CREATE TABLE page_incident (
    account_id INTEGER NOT NULL,
    incident_id INTEGER NOT NULL,
    page_id INTEGER NOT NULL REFERENCES page (id),
    joined_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, incident_id, page_id)
);
CREATE INDEX page_incident_by_page ON page_incident (page_id);

-- A contact tried by one channel: one delivery, and what a person made of it.
CREATE TABLE step (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES run (id),
    round INTEGER NOT NULL,
    step INTEGER NOT NULL,
    contact TEXT NOT NULL,
    phone TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('sms', 'call')),
    delivery_id INTEGER REFERENCES delivery (id),
    state TEXT NOT NULL CHECK (state IN ('queued', 'sent', 'delivered', 'ringing', 'answered', 'voicemail', 'no_answer', 'busy',
        'no_key', 'passed_on', 'acknowledged', 'failed', 'skipped', 'cancelled', 'unconfirmed')),
    code TEXT,
    began_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    look_at INTEGER,
    looks INTEGER NOT NULL,
    detail TEXT
);
CREATE INDEX step_by_run ON step (run_id, id);
CREATE INDEX step_by_code ON step (code) WHERE code IS NOT NULL;
CREATE INDEX step_followed ON step (look_at) WHERE look_at IS NOT NULL;
CREATE INDEX step_by_delivery ON step (delivery_id);
CREATE INDEX step_on_the_phone ON step (phone) WHERE channel = 'call' AND state IN ('queued', 'sent', 'ringing', 'answered');
CREATE TABLE step_page (
    step_id INTEGER NOT NULL REFERENCES step (id),
    page_id INTEGER NOT NULL REFERENCES page (id),
    PRIMARY KEY (step_id, page_id)
);
CREATE INDEX step_page_by_page ON step_page (page_id);

-- Pages that were not sent, and why.
CREATE TABLE suppression (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    incident_id INTEGER NOT NULL,
    entity TEXT NOT NULL,
    reason TEXT NOT NULL CHECK (reason IN ('window', 'old_news', 'nobody', 'not_armed', 'armed_later')),
    page_id INTEGER REFERENCES page (id),
    until INTEGER,
    overridden_at INTEGER
);
CREATE INDEX suppression_by_incident ON suppression (account_id, incident_id);

-- Texts that came back, by the carrier's id: each counts once.
CREATE TABLE reply (
    id TEXT PRIMARY KEY,
    phone TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL,
    step_id INTEGER REFERENCES step (id)
);
