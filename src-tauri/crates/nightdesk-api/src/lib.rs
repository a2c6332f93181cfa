//! What a client of Nightdesk may ask, do and hear.

pub mod config_file;
