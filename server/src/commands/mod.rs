//! The commands, one a file, and what they share.

pub mod admin;
pub mod check_config;
pub mod doctor;
pub mod healthcheck;
pub mod serve;
pub mod teams;
pub mod version;

mod database;

use std::error::Error;
use std::io::Write as _;

use anteroom_app::words::{NotDone, Told};
use anteroom_i18n::Lang;

use crate::config::{Effective, Flags, load};

/// Why a command could not do its work. The text is printed to stderr.
pub type Failure = Box<dyn Error + Send + Sync>;

/// The configuration from these flags, this process' environment, and the file.
fn configuration(flags: &Flags) -> Result<Effective, Failure> {
    // A variable whose name is not Unicode is none of ours. A value that is not Unicode is reported as an invalid one.
    let variables: Vec<(String, String)> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
        .collect();
    Ok(load(flags, &variables)?)
}

/// Why something was not done, each sentence by the flag that it is about.
fn explain(not_done: impl Into<NotDone>) -> Failure {
    match Told::of(not_done.into(), Lang::default()) {
        Ok(told) => {
            let told = told.errors.0.iter().map(|(field, sentence)| match field.as_str() {
                "" => sentence.clone(),
                "password" => format!("the password: {sentence}"),
                field => format!("--{field}: {sentence}"),
            });
            told.collect::<Vec<_>>().join("\n       ").into()
        }
        Err(source) => source,
    }
}

/// Prints to stdout. A closed pipe (`| head`) is no failure.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// A runtime for a command that does one thing and ends.
fn block_on<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(future)
}
