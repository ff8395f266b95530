//! What each command does.

pub mod admin;
pub mod check_config;
pub mod healthcheck;
pub mod serve;
pub mod version;

mod database;
