//! What was looked at, a line each.

use std::fmt;

use crate::commands::{Failure, say};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    Good,
    /// It may be meant as it is.
    Warning,
    /// It has to be put right.
    Bad,
}

/// What one look found, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub grade: Grade,
    pub what: &'static str,
    pub sentence: String,
}

impl Finding {
    pub fn good(what: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(Grade::Good, what, sentence)
    }

    pub fn warning(what: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(Grade::Warning, what, sentence)
    }

    pub fn bad(what: &'static str, sentence: impl Into<String>) -> Self {
        Self::new(Grade::Bad, what, sentence)
    }

    fn new(grade: Grade, what: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            grade,
            what,
            sentence: sentence.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grade = match self.grade {
            Grade::Good => "ok",
            Grade::Warning => "warning",
            Grade::Bad => "FAILED",
        };
        // Several faults at once come on lines of their own.
        let sentence = self.sentence.replace('\n', "\n        ");
        write!(f, "{grade:<7} {}: {sentence}", self.what)
    }
}

/// How many of them have to be put right.
#[derive(Debug, Default)]
pub struct Findings {
    bad: usize,
}

impl Findings {
    /// At once: what is looked at next may take its time.
    pub fn tell(&mut self, finding: &Finding) {
        self.bad += usize::from(finding.grade == Grade::Bad);
        say(&format!("{finding}\n"));
    }

    pub fn told(self) -> Result<(), Failure> {
        match self.bad {
            0 => Ok(()),
            1 => Err("one thing has to be put right".into()),
            count => Err(format!("{count} things have to be put right").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_a_line_and_several_faults_are_indented_below_it() {
        let line = |finding: Finding| finding.to_string();
        assert_eq!(line(Finding::good("clock", "is right.")), "ok      clock: is right.");
        assert_eq!(line(Finding::warning("clock", "slow.")), "warning clock: slow.");
        assert_eq!(
            line(Finding::bad("configuration", "two:\n  - a\n  - b")),
            "FAILED  configuration: two:\n          - a\n          - b"
        );
    }

    #[test]
    fn only_what_is_bad_has_to_be_put_right() {
        let told = |grades: &[Grade]| {
            let bad = grades.iter().filter(|grade| **grade == Grade::Bad).count();
            Findings { bad }.told().map_err(|failure| failure.to_string())
        };
        assert_eq!(told(&[Grade::Good, Grade::Warning]), Ok(()));
        assert_eq!(told(&[Grade::Bad]), Err("one thing has to be put right".to_owned()));
        assert_eq!(
            told(&[Grade::Bad, Grade::Bad]),
            Err("2 things have to be put right".to_owned())
        );
    }
}
