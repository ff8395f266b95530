//! Where log lines go: to stderr, so that stdout is free for what a person is meant to read or a script to parse.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{IsTerminal as _, stderr};
use std::panic::PanicHookInfo;

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
    std::panic::set_hook(Box::new(panicked));
    Ok(())
}

/// A panic is a line like others: it has the format that was asked for, and the id of the request that it happened in.
fn panicked(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    let words = panic.payload_as_str().unwrap_or("without words");
    let backtrace = Backtrace::capture();
    // There is one where RUST_BACKTRACE asks for it.
    let backtrace =
        matches!(backtrace.status(), BacktraceStatus::Captured).then(|| tracing::field::display(&backtrace));
    tracing::error!(place, backtrace, "a thread panicked at {place}: {words}");
}

/// What is logged, for tests.
#[cfg(test)]
pub(crate) mod listen {
    use std::io;
    use std::sync::{Arc, Mutex};

    use tracing::subscriber::{DefaultGuard, set_default};

    #[derive(Clone, Default)]
    pub struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Lines {
        pub fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// On this thread, until the guard is dropped.
    pub fn listen() -> (Lines, DefaultGuard) {
        let lines = Lines::default();
        let to = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_ansi(false)
            .with_writer(move || to.clone());
        (lines, set_default(subscriber.finish()))
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{catch_unwind, set_hook, take_hook};

    use super::*;

    #[test]
    fn a_panic_is_a_line_in_the_span_that_it_happened_in() {
        let (lines, _guard) = listen::listen();
        let before = take_hook();
        set_hook(Box::new(panicked));
        let fell = catch_unwind(|| {
            let _in_span = tracing::error_span!("request", request.id = "7K3-9QF").entered();
            panic!("of {} test", "this");
        });
        set_hook(before);
        assert!(fell.is_err());
        let text = lines.text();
        for part in [
            "ERROR",
            "request.id=\"7K3-9QF\"",
            "a thread panicked at server/src/logging.rs:",
            ": of this test",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}
