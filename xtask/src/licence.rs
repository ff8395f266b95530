//! SPDX licence expressions, as far as crates use them: `AND`, `OR`, `WITH`, brackets, and the old `/` for `OR`.

/// Whether the licences that are allowed are enough to use what this expression covers.
pub fn is_allowed(expression: &str, allowed: impl Fn(&str) -> bool) -> Result<bool, String> {
    let words = words(expression);
    let mut reader = Reader {
        words: &words,
        allowed: &allowed,
    };
    let verdict = reader.either().ok_or_else(|| cannot_read(expression))?;
    match reader.words {
        [] => Ok(verdict),
        _ => Err(cannot_read(expression)),
    }
}

fn cannot_read(expression: &str) -> String {
    format!("its licence expression `{expression}` can't be read")
}

fn words(expression: &str) -> Vec<String> {
    expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ")
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

struct Reader<'a> {
    words: &'a [String],
    allowed: &'a dyn Fn(&str) -> bool,
}

impl<'a> Reader<'a> {
    fn either(&mut self) -> Option<bool> {
        let mut verdict = self.both()?;
        while self.take("OR") {
            // Read first: `||` must not skip the reading.
            let right = self.both()?;
            verdict = verdict || right;
        }
        Some(verdict)
    }

    fn both(&mut self) -> Option<bool> {
        let mut verdict = self.one()?;
        while self.take("AND") {
            let right = self.one()?;
            verdict = verdict && right;
        }
        Some(verdict)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let verdict = self.either()?;
            return self.take(")").then_some(verdict);
        }
        let name = self.next()?;
        if matches!(name, "OR" | "AND" | "WITH" | ")") {
            return None;
        }
        if self.take("WITH") {
            let exception = self.next()?;
            return Some((self.allowed)(&format!("{name} WITH {exception}")));
        }
        Some((self.allowed)(name))
    }

    fn take(&mut self, word: &str) -> bool {
        match self.words {
            [first, rest @ ..] if first == word => {
                self.words = rest;
                true
            }
            _ => false,
        }
    }

    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(expression: &str) -> Result<bool, String> {
        let allowed = ["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "ISC"];
        is_allowed(expression, |name| allowed.contains(&name))
    }

    #[test]
    fn one_of_several_is_enough() {
        assert_eq!(verdict("MIT"), Ok(true));
        assert_eq!(verdict("GPL-3.0-only OR MIT"), Ok(true));
        assert_eq!(verdict("MIT/Apache-2.0"), Ok(true));
        assert_eq!(verdict("GPL-3.0-only/AGPL-3.0"), Ok(false));
    }

    #[test]
    fn all_of_several_must_be_allowed() {
        assert_eq!(verdict("MIT AND GPL-3.0-only"), Ok(false));
        assert_eq!(verdict("ISC AND (GPL-3.0-only OR ISC)"), Ok(true));
        assert_eq!(
            verdict("MIT OR Apache-2.0 AND GPL-3.0-only"),
            Ok(true),
            "AND binds tighter"
        );
        assert_eq!(verdict("(MIT OR Apache-2.0) AND GPL-3.0-only"), Ok(false));
    }

    #[test]
    fn an_exception_is_a_licence_of_its_own() {
        assert_eq!(verdict("Apache-2.0 WITH LLVM-exception"), Ok(true));
        assert_eq!(verdict("MIT WITH Some-exception"), Ok(false));
    }

    #[test]
    fn nonsense_is_an_error_and_never_a_yes() {
        for nonsense in ["", "MIT OR", "(MIT", "MIT)", "MIT MIT", "AND", "MIT WITH", "OR MIT"] {
            assert!(verdict(nonsense).is_err(), "{nonsense:?}");
        }
    }
}
