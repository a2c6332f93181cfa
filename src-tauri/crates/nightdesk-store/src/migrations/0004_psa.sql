-- Tickets in the PSA, where the desk is one.

-- What is known of a ticket there. `known` is how it stood at the last write of ours or the last look (nightdesk-core's JSON).
CREATE TABLE psa_ticket (
    ticket_id INTEGER PRIMARY KEY REFERENCES ticket (id),
    -- Which PSA: its kind and address. A ticket of another one counts as not there.
    desk TEXT NOT NULL,
    remote_id TEXT,
    number TEXT,
    known TEXT,
    -- How the ticket stood here, in the PSA's ids, when that was so: what differs from it now is a change of ours.
    base TEXT,
    -- The PSA's own time of our last write: what it shows of an earlier moment is old news.
    updated_at INTEGER,
    gone_at INTEGER,
    -- The last line of the timeline that a note told of.
    noted_to INTEGER NOT NULL,
    -- Which sections of the description it has there, those that may become known later (nightdesk-core's JSON).
    told TEXT NOT NULL,
    -- The agent whose details it still lacks.
    awaits_agent INTEGER,
    -- Something was seen there that couldn't be judged while a write of ours was under way.
    look_again INTEGER NOT NULL CHECK (look_again IN (0, 1))
);
CREATE UNIQUE INDEX psa_ticket_by_remote ON psa_ticket (desk, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX psa_ticket_awaits ON psa_ticket (awaits_agent) WHERE awaits_agent IS NOT NULL;
CREATE INDEX psa_ticket_to_look ON psa_ticket (ticket_id) WHERE look_again = 1;

-- Tickets that changed here since they were last compared with the PSA; written with the change itself.
CREATE TABLE psa_due (ticket_id INTEGER PRIMARY KEY REFERENCES ticket (id));

