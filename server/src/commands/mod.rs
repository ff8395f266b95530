//! What each command does.

pub mod admin;
pub mod check_config;
pub mod doctor;
pub mod healthcheck;
pub mod serve;
pub mod teams;
pub mod version;

mod database;
