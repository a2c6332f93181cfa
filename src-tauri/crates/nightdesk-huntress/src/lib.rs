//! Huntress REST client: wire shapes to core types.
