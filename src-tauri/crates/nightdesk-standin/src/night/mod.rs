//! A lively night for the demo.
