-- Times are integers: milliseconds since 1970-01-01 UTC. Words are those of nightdesk-core; each CHECK mirrors its enum (ND-7).

CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE tally (name TEXT PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE revision (topic TEXT PRIMARY KEY, n INTEGER NOT NULL);

-- Who may poll and who may send: one row a duty. A new owner raises the epoch, which voids all earlier claims.
CREATE TABLE duty (name TEXT PRIMARY KEY, owner TEXT NOT NULL, epoch INTEGER NOT NULL, expires_at INTEGER NOT NULL);

CREATE TABLE configuration (
    revision INTEGER PRIMARY KEY,
    applied_at INTEGER NOT NULL,
    body TEXT NOT NULL,
    bound TEXT
);

CREATE TABLE catalogue (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('client', 'board', 'status', 'category', 'priority')),
    remote_id TEXT NOT NULL,
    name TEXT NOT NULL,
    board_id INTEGER REFERENCES catalogue (id),
    role TEXT CHECK (role IN ('opening', 'open', 'closing', 'closed')),
    rank INTEGER NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    UNIQUE (kind, remote_id)
);

CREATE TABLE organization (
    account_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    name TEXT,
    org_key TEXT,
    client_id INTEGER REFERENCES catalogue (id),
    how TEXT NOT NULL CHECK (how IN ('none', 'auto', 'manual', 'config', 'rehome', 'import')),
    ignored INTEGER NOT NULL CHECK (ignored IN (0, 1)),
    sticky INTEGER NOT NULL CHECK (sticky IN (0, 1)),
    listed_at INTEGER,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, id)
);

CREATE TABLE ticket (
    id INTEGER PRIMARY KEY,
    number TEXT NOT NULL,
    title TEXT NOT NULL,
    account_id INTEGER,
    incident_id INTEGER,
    quarantine_key TEXT,
    organization_id INTEGER,
    client_id INTEGER NOT NULL REFERENCES catalogue (id),
    board_id INTEGER NOT NULL REFERENCES catalogue (id),
    status_id INTEGER REFERENCES catalogue (id),
    category_id INTEGER REFERENCES catalogue (id),
    priority_id INTEGER REFERENCES catalogue (id),
    priority_assumed INTEGER NOT NULL CHECK (priority_assumed IN (0, 1)),
    severity TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'closed_by_soc', 'closed_by_person')),
    is_open INTEGER NOT NULL CHECK (is_open = (state = 'open')),
    unmapped INTEGER NOT NULL CHECK (unmapped IN (0, 1)),
    touched INTEGER NOT NULL CHECK (touched IN (0, 1)),
    moved INTEGER NOT NULL CHECK (moved IN (0, 1)),
    assignee TEXT,
    via_mapping INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    closed_at INTEGER,
    remote_id TEXT,
    -- The order of urgency: what isn't known counts as critical.
    severity_rank INTEGER NOT NULL CHECK (severity_rank = CASE severity WHEN 'high' THEN 1 WHEN 'low' THEN 2 ELSE 0 END)
);
-- Holds whatever is counted of open tickets, so that the status card reads no ticket.
CREATE INDEX ticket_open_by_board ON ticket (board_id, id, severity_rank, unmapped, client_id, organization_id, is_open) WHERE is_open = 1;
CREATE INDEX ticket_by_client ON ticket (client_id, id);
CREATE INDEX ticket_waiting_by_organization ON ticket (organization_id, id) WHERE unmapped = 1;
-- Huntress numbers incidents as they come, so that the number stands for the age.
CREATE INDEX ticket_by_standing ON ticket (board_id, is_open, status_id, severity_rank, incident_id, id);

CREATE TABLE timeline (
    id INTEGER PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT,
    body TEXT NOT NULL
);
CREATE INDEX timeline_by_ticket ON timeline (ticket_id, id);

-- What is known of each incident. `facts` is the incident as read (nightdesk-core's JSON); `raw` the bytes as received.
CREATE TABLE incident (
    row INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    organization_id INTEGER,
    agent_id INTEGER,
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    class TEXT NOT NULL CHECK (class IN ('quarantined', 'withheld', 'ticketed', 'record_only')),
    ticket_id INTEGER REFERENCES ticket (id),
    updated_at INTEGER,
    digest BLOB NOT NULL,
    first_seen_at INTEGER NOT NULL,
    first_seen_by TEXT NOT NULL CHECK (first_seen_by IN ('poll', 'sweep', 'by_id', 'webhook')),
    received_at INTEGER NOT NULL,
    gone_at INTEGER,
    facts TEXT NOT NULL,
    raw BLOB,
    UNIQUE (account_id, id)
);
CREATE INDEX incident_open ON incident (account_id, id) WHERE is_open = 1 AND gone_at IS NULL;
CREATE INDEX incident_without_ticket ON incident (account_id, organization_id) WHERE ticket_id IS NULL;

CREATE TABLE host (
    account_id INTEGER NOT NULL,
    agent_id INTEGER NOT NULL,
    body TEXT,
    fetched_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, agent_id)
);

CREATE TABLE quarantine (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL,
    incident_id INTEGER,
    record_key TEXT NOT NULL,
    reason TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    ticket_id INTEGER REFERENCES ticket (id),
    raw BLOB,
    released_at INTEGER,
    UNIQUE (account_id, record_key)
);
CREATE INDEX quarantine_by_ticket ON quarantine (ticket_id) WHERE released_at IS NULL;

-- The open incidents that Huntress listed in the last whole sweep, against which `unaccounted` is computed.
CREATE TABLE sweep_listing (
    account_id INTEGER NOT NULL,
    sweep INTEGER NOT NULL,
    incident_id INTEGER NOT NULL,
    PRIMARY KEY (account_id, sweep, incident_id)
);

-- Look-ups that nobody waits for: host details, an incident by id.
CREATE TABLE look_up (
    kind TEXT NOT NULL CHECK (kind IN ('agent', 'incident')),
    account_id INTEGER NOT NULL,
    id INTEGER NOT NULL,
    why TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (kind, account_id, id)
);
CREATE INDEX look_up_due ON look_up (kind, due_at);

CREATE TABLE notice (
    account_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    id INTEGER NOT NULL,
    body TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, kind, id)
);

CREATE TABLE ledger (
    seq INTEGER PRIMARY KEY,
    bytes BLOB NOT NULL,
    hash BLOB NOT NULL
);
CREATE TABLE ledger_text (digest BLOB PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE move (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    body TEXT NOT NULL,
    undone_at INTEGER,
    undoes INTEGER REFERENCES move (id)
);

CREATE TABLE delivery (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('sms', 'call', 'email', 'webhook', 'native', 'psa_ticket', 'psa_update', 'psa_note')),
    destination TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'sending', 'accepted', 'delivered', 'acknowledged', 'retrying',
        'in_doubt', 'needs_human', 'rejected', 'dead_lettered', 'superseded', 'cancelled', 'expired')),
    marker TEXT NOT NULL UNIQUE,
    payload TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    doubts INTEGER NOT NULL,
    possible_repeat INTEGER NOT NULL CHECK (possible_repeat IN (0, 1)),
    due_at INTEGER NOT NULL,
    expires_at INTEGER,
    lease_owner TEXT,
    lease_epoch INTEGER,
    lease_until INTEGER,
    fence INTEGER NOT NULL,
    last_error TEXT,
    remote_ref TEXT,
    account_id INTEGER,
    incident_id INTEGER,
    ticket_id INTEGER REFERENCES ticket (id),
    fallback_of INTEGER REFERENCES delivery (id),
    cause TEXT,
    created_at INTEGER NOT NULL,
    settled_at INTEGER
);
CREATE INDEX delivery_due ON delivery (kind, due_at) WHERE state IN ('queued', 'retrying', 'in_doubt');
CREATE INDEX delivery_held ON delivery (lease_until) WHERE state IN ('claimed', 'sending');
CREATE INDEX delivery_unsettled ON delivery (state) WHERE state IN
    ('queued', 'claimed', 'sending', 'retrying', 'in_doubt', 'needs_human', 'dead_lettered', 'rejected');

CREATE INDEX delivery_by_ticket ON delivery (ticket_id, id);

CREATE TABLE attempt (
    id INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL REFERENCES delivery (id),
    number INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    outcome TEXT,
    detail TEXT,
    UNIQUE (delivery_id, number)
);

-- What a command asks of the running engine, and the answer.
CREATE TABLE request (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    asked_at INTEGER NOT NULL,
    deadline INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done')),
    answer TEXT
);
CREATE INDEX request_waiting ON request (id) WHERE state <> 'done';

CREATE TABLE poll (
    id INTEGER PRIMARY KEY,
    began_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    ok INTEGER NOT NULL CHECK (ok IN (0, 1)),
    body TEXT NOT NULL
);
CREATE INDEX poll_by_end ON poll (ended_at);

CREATE TABLE gap (
    id INTEGER PRIMARY KEY,
    from_at INTEGER NOT NULL,
    to_at INTEGER,
    why TEXT NOT NULL
);
