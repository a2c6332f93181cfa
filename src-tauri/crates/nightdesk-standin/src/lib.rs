//! Stand-in Huntress account for the demo and the tests.
