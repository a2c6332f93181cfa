//! PSA connectors: catalogue and tickets.
