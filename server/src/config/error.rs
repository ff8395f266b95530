use std::fmt;
use std::path::PathBuf;

use super::{Setting, Source};

/// Everything that is wrong, so that it can be put right in one go.
#[derive(Debug)]
pub struct ConfigError(pub Vec<Problem>);

impl std::error::Error for ConfigError {}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [problem] => write!(f, "the configuration has a fault: {problem}"),
            problems => {
                write!(f, "the configuration has {} faults:", problems.len())?;
                problems.iter().try_for_each(|problem| write!(f, "\n  - {problem}"))
            }
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum Problem {
    #[error("{path} can't be read: {source}")]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("{path}, line {line}: this is not TOML: {message}")]
    Syntax {
        path: PathBuf,
        line: usize,
        message: String,
    },
    #[error("{place}: there is no setting `{name}`. {advice}")]
    Unknown {
        name: String,
        place: Source,
        advice: String,
    },
    #[error("{place}: `{key}` is {value:?}, but should be {allowed}")]
    Value {
        key: &'static str,
        value: String,
        place: Source,
        allowed: &'static str,
    },
    #[error("{place}: `{key}` is no text, but should be {allowed}")]
    Kind {
        key: &'static str,
        place: Source,
        allowed: &'static str,
    },
    #[error("{path}, line {line}: `{key}` holds settings of its own: write it as a table, [{key}]")]
    NoTable { key: String, path: PathBuf, line: usize },
}

/// The nearest of the known names, or all of them where none is near.
pub fn advice(name: &str, known: &[String]) -> String {
    let near = known
        .iter()
        .map(|known| (strsim::damerau_levenshtein(name, known), known))
        .min();
    match near {
        // A third of the letters wrong is a slip; more is another word.
        Some((distance, known)) if distance * 3 <= name.chars().count() => format!("Did you mean `{known}`?"),
        _ => format!(
            "Known are {}.",
            known
                .iter()
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}

/// The names of all settings, as one kind of source writes them.
pub fn known(name: impl Fn(Setting) -> String) -> Vec<String> {
    Setting::ALL.into_iter().map(name).collect()
}
