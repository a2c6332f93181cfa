//! The running engine: poll, ingest, dispatch, watch.
