//! The one way Nightdesk makes a request: TLS, no redirects, size cap, Retry-After.
