//! Composition root: opens a data directory and wires the engine to its real adapters.
