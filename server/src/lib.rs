//! The server: command line, configuration, router, sockets, shutdown. The one crate that knows all others.

pub mod assets;
mod browser;
mod calendar;
pub mod cli;
pub mod commands;
pub mod config;
pub mod connections;
mod cookies;
pub mod demo;
mod descriptors;
mod executor;
mod export;
mod forms;
pub mod logging;
mod middleware;
mod network;
mod pages;
mod password;
mod rate_limiter;
mod readiness;
mod router;
pub mod serve;
mod socket;
mod state;
pub mod system;
pub mod teams;
