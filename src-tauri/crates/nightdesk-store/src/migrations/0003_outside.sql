-- What comes in and goes out beside the poll: notices, mail, webhooks.

-- Notices. By which way each was first seen.
ALTER TABLE notice ADD COLUMN first_seen_by TEXT CHECK (first_seen_by IN ('poll', 'webhook'));

-- Mail.

-- Webhooks in.

-- Webhooks out.
