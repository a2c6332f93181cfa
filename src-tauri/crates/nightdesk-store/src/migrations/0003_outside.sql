-- What comes in and goes out beside the poll: notices, mail, webhooks.

-- Notices.

-- Mail.

-- Webhooks in.

-- Webhooks out.
