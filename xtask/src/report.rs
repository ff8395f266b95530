use std::time::{Duration, Instant};

use crate::Failure;
use crate::count::Count;

/// What was done, how long it took, and how it went.
pub struct Report {
    steps: Vec<Step>,
    left_out: Vec<String>,
}

struct Step {
    name: String,
    took: Duration,
    count: Count,
}

impl Report {
    pub fn new() -> Self {
        Self {
            steps: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// What was not looked at, and what would help: said at once, and again at the end.
    pub fn leave_out(&mut self, sentence: &str) {
        say(&format!("\n── NOT CHECKED: {sentence}"));
        self.left_out.push(sentence.to_owned());
    }

    /// Does one thing and notes it. A step without tests of its own counts as one test.
    pub fn step(&mut self, name: &str, work: impl FnOnce(&mut Count) -> Result<(), Failure>) -> Result<(), Failure> {
        say(&format!("\n── {name}"));
        let started = now();
        let mut count = Count::default();
        let outcome = work(&mut count);
        let took = now().duration_since(started);
        match &outcome {
            Ok(()) if count == Count::default() => count.passed = 1,
            Err(_) if count.failed == 0 => count.failed = 1,
            _ => {}
        }
        let word = if outcome.is_ok() { "done" } else { "FAILED" };
        say(&format!("── {name}: {word} in {}", seconds(took)));
        self.steps.push(Step {
            name: name.to_owned(),
            took,
            count,
        });
        outcome.map_err(|failure| format!("{name} failed.\n{failure}"))
    }

    pub fn print(&self, stopped: bool) {
        say(&self.summary(stopped));
    }

    fn summary(&self, stopped: bool) -> String {
        let mut lines = vec![String::new()];
        let mut total = Count::default();
        let mut took = Duration::ZERO;
        for step in &self.steps {
            total += step.count;
            took += step.took;
            let mark = if step.count.failed == 0 { "ok    " } else { "FAILED" };
            lines.push(format!("{mark} {:>8}  {}", seconds(step.took), step.name));
        }
        lines.push(format!("       {:>8}  in all", seconds(took)));
        if total.skipped > 0 {
            lines.push(format!("{} skipped", total.skipped));
        }
        lines.extend(self.left_out.iter().map(|sentence| format!("NOT CHECKED: {sentence}")));
        if stopped {
            lines.push("Stopped at the first step that failed; what comes after it was not tried.".to_owned());
        }
        lines.push(format!("{} passed, {} failed", total.passed, total.failed));
        lines.join("\n")
    }
}

pub fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    match whole {
        0..60 => format!("{:.1} s", took.as_secs_f64()),
        _ => format!("{}:{:02} min", whole / 60, whole % 60),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "how long things take is measured, nothing depends on it"
)]
pub fn now() -> Instant {
    Instant::now()
}

#[expect(clippy::print_stdout, reason = "the terminal is what a build task is for")]
pub fn say(text: &str) {
    println!("{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_tests_and_steps() {
        let mut report = Report::new();
        report.step("format", |_| Ok(())).unwrap();
        report
            .step("tests", |count| {
                *count = Count {
                    passed: 40,
                    failed: 0,
                    skipped: 2,
                };
                Ok(())
            })
            .unwrap();
        let failure = report.step("lint", |_| Err("a warning".to_owned())).unwrap_err();
        assert_eq!(failure, "lint failed.\na warning");
        let summary = report.summary(true);
        assert_eq!(summary.lines().last(), Some("41 passed, 1 failed"));
        assert!(summary.contains("2 skipped"), "{summary}");
    }

    #[test]
    fn what_was_left_out_stands_in_the_summary() {
        let mut report = Report::new();
        report.leave_out("advisories");
        assert!(report.summary(false).contains("NOT CHECKED: advisories\n"));
    }

    #[test]
    fn long_steps_are_told_in_minutes() {
        assert_eq!(seconds(Duration::from_millis(1_540)), "1.5 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2:05 min");
    }
}
