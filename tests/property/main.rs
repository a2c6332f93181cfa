//! Properties: what holds for anything that Huntress, the network and people may do, and not for chosen examples alone.

mod fields;
mod pages;
mod plan;
mod polls;
