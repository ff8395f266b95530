use std::ops::{Add, AddAssign};

/// How many tests there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: usize,
    pub failed: usize,
    pub skipped: usize,
}

impl Count {
    /// What one line of a test runner's output says: nextest's and cargo's summaries, and node's.
    pub fn of_line(line: &str) -> Self {
        let plain = without_colours(line);
        // Indented, it is what nextest shows of a test that failed.
        if let Some(rest) = plain.strip_prefix("test result: ") {
            let (_, numbers) = rest.split_once(". ").unwrap_or_default();
            return Self::of_list(numbers, ';');
        }
        let plain = plain.trim();
        if plain.starts_with("Summary [")
            && let Some((_, numbers)) = plain.split_once(" run: ")
        {
            return Self::of_list(numbers, ',');
        }
        if let Some(rest) = plain.strip_prefix("ℹ ").or_else(|| plain.strip_prefix("# ")) {
            return Self::of_node(rest);
        }
        Self::default()
    }

    /// "3 passed; 1 failed; 0 ignored", "2 passed (1 slow), 1 failed, 4 skipped"
    fn of_list(text: &str, separator: char) -> Self {
        let mut count = Self::default();
        for part in text.split(separator) {
            let mut words = part.split_whitespace();
            let (Some(n), Some(word)) = (words.next().and_then(|n| n.parse::<usize>().ok()), words.next()) else {
                continue;
            };
            match word {
                "passed" => count.passed += n,
                // nextest's words for tests that ran too long or could not be started
                "failed" | "timed" | "exec" => count.failed += n,
                "ignored" | "skipped" => count.skipped += n,
                _ => {}
            }
        }
        count
    }

    /// "pass 3", "fail 0", "cancelled 0", "skipped 1", "todo 0"
    fn of_node(text: &str) -> Self {
        let mut count = Self::default();
        let Some((word, n)) = text.split_once(' ') else {
            return count;
        };
        let Ok(n) = n.trim().parse::<usize>() else { return count };
        match word {
            "pass" => count.passed = n,
            "fail" | "cancelled" => count.failed = n,
            "skipped" | "todo" => count.skipped = n,
            _ => {}
        }
        count
    }
}

impl Add for Count {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// The text without escape sequences such as `ESC [ 1 m`.
fn without_colours(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(c) = characters.next() {
        if c == '\u{1b}' {
            characters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(passed: usize, failed: usize, skipped: usize) -> Count {
        Count {
            passed,
            failed,
            skipped,
        }
    }

    #[test]
    fn cargos_summary_is_understood() {
        let line = "test result: ok. 12 passed; 0 failed; 2 ignored; 0 measured; 5 filtered out; finished in 0.01s\n";
        assert_eq!(Count::of_line(line), count(12, 0, 2));
        let line = "test result: FAILED. 1 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(Count::of_line(line), count(1, 3, 0));
    }

    #[test]
    fn nextests_summary_is_understood_in_colour_as_well() {
        let line = "     Summary [   1.005s] 3 tests run: 2 passed (1 slow), 1 failed, 4 skipped";
        assert_eq!(Count::of_line(line), count(2, 1, 4));
        let line = "\u{1b}[32;1m     Summary\u{1b}[0m [   0.1s] \u{1b}[1m7\u{1b}[0m tests run: \u{1b}[1m7\u{1b}[0m \u{1b}[32;1mpassed\u{1b}[0m, \u{1b}[1m0\u{1b}[0m skipped";
        assert_eq!(Count::of_line(line), count(7, 0, 0));
        let line = "     Summary [  61.0s] 2 tests run: 1 passed, 1 timed out, 0 skipped";
        assert_eq!(Count::of_line(line), count(1, 1, 0));
        let shown = "    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 144 filtered out";
        assert_eq!(Count::of_line(shown), Count::default());
    }

    #[test]
    fn nodes_summary_is_understood() {
        assert_eq!(Count::of_line("ℹ pass 5"), count(5, 0, 0));
        assert_eq!(Count::of_line("\u{1b}[34mℹ fail 2\u{1b}[39m"), count(0, 2, 0));
        assert_eq!(Count::of_line("# cancelled 1"), count(0, 1, 0));
        assert_eq!(Count::of_line("ℹ duration_ms 5012.7"), count(0, 0, 0));
    }

    #[test]
    fn a_log_line_is_no_summary() {
        for line in ["5 passed", "INFO nothing", "", "ℹ pass five"] {
            assert_eq!(Count::of_line(line), Count::default(), "{line:?}");
        }
    }
}
