//! Where log lines go: to stderr, so that stdout is free for what a person is meant to read or a script to parse.

use std::io::{IsTerminal as _, stderr};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::{LogConfig, LogFormat};

#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    #[error("log.filter can't be read: {0}")]
    Filter(#[from] tracing_subscriber::filter::ParseError),
    #[error("logging is set up already")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
}

/// From here on everything in this process logs there. Once only.
pub fn start(config: &LogConfig) -> Result<(), LoggingError> {
    let filter = EnvFilter::builder().parse(&config.filter)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    match config.format {
        LogFormat::Text => lines.with_ansi(stderr().is_terminal()).finish().try_init()?,
        // Fields of the event beside its message, not one level down: that is how they are searched for.
        LogFormat::Json => lines.json().flatten_event(true).finish().try_init()?,
    }
    Ok(())
}
