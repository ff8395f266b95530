//! Sentences that stand in code: whoever reads another language never sees them in theirs. They belong into `locales/`.

use std::fs;
use std::iter::Peekable;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree, token_stream};

use crate::Failure;

/// Where people's sentences could be.
const ROOTS: [&str; 5] = [
    "app/src",
    "server/src",
    "crates/domain/src",
    "crates/service/src",
    "crates/engines/src",
];

/// Where sentences are for somebody else than a reader of pages.
const ELSEWHERE: [(&str, &str); 12] = [
    ("server/src/commands", "the operator's terminal speaks English"),
    ("server/src/config", "the operator's terminal speaks English"),
    ("server/src/cli.rs", "the operator's terminal speaks English"),
    ("server/src/teams", "the operator's terminal speaks English"),
    ("server/src/demo", "the demonstration's people and services"),
    ("server/src/browser.rs", "names of browsers and systems"),
    ("server/src/logging.rs", "the log is English"),
    ("server/src/serve.rs", "the log is English"),
    ("server/src/middleware/headers.rs", "policies that browsers read"),
    ("crates/domain/src/time", "names of places, as people type them"),
    (
        "crates/domain/src/teams/cost.rs",
        "a setting that is wrong, for the operator",
    ),
    ("crates/engines", "the log is English; pages say it by a code"),
];

/// What looks like a sentence of one word, and is a name that programs give.
const NAMES: [&str; 13] = [
    "Anteroom",
    "Enter",
    "Escape",
    "Etc",
    "Greenwich",
    "Intl",
    "Notification",
    "Secret(…)",
    "Universal",
    "Zulu",
    "main form :is(input, textarea, select)",
    "accept-language, cookie",
    "public, no-cache",
];

/// Macros whose text goes to the log, or to whoever reads a crash.
const FOR_LOGS: [&str; 14] = [
    "error",
    "warn",
    "info",
    "debug",
    "trace",
    "instrument",
    "event",
    "panic",
    "unreachable",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "matches",
];

/// Calls of the same kind.
const CALLS_FOR_LOGS: [&str; 4] = ["expect", "internal", "log", "warn_2"];

/// Attributes of elements whose value nobody reads.
const SILENT: [&str; 24] = [
    "class",
    "id",
    "name",
    "value",
    "type",
    "kind",
    "role",
    "rel",
    "href",
    "src",
    "autocomplete",
    "viewBox",
    "d",
    "for",
    "method",
    "action",
    "target",
    "points",
    "transform",
    "sizes",
    "media",
    "content",
    "style",
    "path",
];

/// Every sentence that stands in code, with its place.
pub fn found(root: &Path) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for place in ROOTS {
        for file in files(&root.join(place))? {
            let name = file.strip_prefix(root).unwrap_or(&file);
            let name = name.to_string_lossy().into_owned();
            let is_elsewhere = ELSEWHERE.iter().any(|(place, _)| name.starts_with(place));
            if is_elsewhere || name.ends_with("tests.rs") || name.contains("/tests/") {
                continue;
            }
            let source = fs::read_to_string(&file).map_err(|error| format!("{name} can't be read: {error}"))?;
            found.extend(of_source(&source, &name)?);
        }
    }
    Ok(found)
}

fn of_source(source: &str, name: &str) -> Result<Vec<String>, Failure> {
    let tokens: TokenStream = source.parse().map_err(|error| format!("{name} is not Rust: {error}"))?;
    let mut literals = Vec::new();
    walk(tokens, &mut literals);
    Ok(literals
        .iter()
        .filter_map(|literal| {
            let text = text_of(literal)?;
            (is_sentence(&text) && !NAMES.contains(&text.as_str()))
                .then(|| format!("{name}:{}: {text:?}", literal.span().start().line))
        })
        .collect())
}

/// What was passed last, as far as it says what a literal is for.
#[derive(Default)]
struct Before {
    /// `name = `, with the dashes of an attribute.
    attribute: String,
    assigned: bool,
    /// A name that may be a macro's or a function's.
    called: String,
    is_macro: bool,
}

fn walk(tokens: TokenStream, literals: &mut Vec<Literal>) {
    let mut tokens = tokens.into_iter().peekable();
    let mut before = Before::default();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(mark) if mark.as_char() == '#' => {
                if pass_attribute(&mut tokens) {
                    pass_item(&mut tokens);
                }
                before = Before::default();
            }
            TokenTree::Punct(mark) => match mark.as_char() {
                '-' => before.attribute.push('-'),
                '=' => before.assigned = true,
                '!' => before.is_macro = true,
                _ => before = Before::default(),
            },
            TokenTree::Ident(ident) => {
                let ident = ident.to_string();
                if before.attribute.ends_with('-') && !before.assigned {
                    before.attribute.push_str(&ident);
                } else if !before.assigned || before.is_macro {
                    before = Before {
                        attribute: ident.clone(),
                        ..Before::default()
                    };
                }
                before.called = ident;
            }
            TokenTree::Group(group) => {
                let for_logs = if before.is_macro {
                    FOR_LOGS.contains(&before.called.as_str())
                } else {
                    group.delimiter() == Delimiter::Parenthesis && CALLS_FOR_LOGS.contains(&before.called.as_str())
                };
                if !for_logs && !before.is_silent() {
                    walk(group.stream(), literals);
                }
                before = Before::default();
            }
            TokenTree::Literal(literal) => {
                if !before.is_silent() {
                    literals.push(literal);
                }
                before = Before::default();
            }
        }
    }
}

impl Before {
    fn is_silent(&self) -> bool {
        let name = self.attribute.as_str();
        self.assigned && (SILENT.contains(&name) || name.starts_with("data-"))
    }
}

type Tokens = Peekable<token_stream::IntoIter>;

/// Passes `[…]` or `![…]`. Is what follows only there for tests?
fn pass_attribute(tokens: &mut Tokens) -> bool {
    if matches!(tokens.peek(), Some(TokenTree::Punct(mark)) if mark.as_char() == '!') {
        tokens.next();
    }
    match tokens.peek() {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => {
            let text = group.stream().to_string().replace(' ', "");
            tokens.next();
            text.starts_with("cfg(test") || text.starts_with("cfg(all(test")
        }
        _ => false,
    }
}

/// Passes everything up to the end of the item: a block, or a semicolon.
fn pass_item(tokens: &mut Tokens) {
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return,
            TokenTree::Punct(mark) if mark.as_char() == ';' => return,
            _ => {}
        }
    }
}

/// What stands between the quotes. None for numbers, characters and bytes.
fn text_of(literal: &Literal) -> Option<String> {
    let source = literal.to_string();
    let source = source.trim_start_matches('r').trim_matches('#');
    let text = source.strip_prefix('"')?.strip_suffix('"')?;
    // A break in the source and the blanks behind it are none in the text.
    let mut joined = String::new();
    for (number, line) in text.split("\\\n").enumerate() {
        joined.push_str(if number == 0 { line } else { line.trim_start() });
    }
    Some(joined)
}

/// Two words of a language, or one with a capital: not a path, a header, a class, a statement.
fn is_sentence(text: &str) -> bool {
    let mut plain = String::new();
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth == 0 => plain.push(c),
            _ => {}
        }
    }
    if plain.contains(['=', '<', '/', '\\', '_']) || plain.contains("--") {
        return false;
    }
    let is_word = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        1 < word.len() && word.chars().all(|c| c.is_alphabetic() || "'\u{2019}-".contains(c))
    };
    let words: Vec<&str> = plain.split_whitespace().filter(is_word).collect();
    let is_one = |word: &str| {
        let mut letters = word.chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        capital && letters.clone().count() > 1 && letters.filter(|c| c.is_alphabetic()).all(char::is_lowercase)
    };
    match words.as_slice() {
        [] => false,
        [one] => plain.split_whitespace().count() == 1 && is_one(one) && !one.contains('-'),
        several => {
            several.iter().any(|word| word.chars().count() > 2) && !several.iter().all(|word| word.contains('-'))
        }
    }
}

fn files(place: &Path) -> Result<Vec<PathBuf>, Failure> {
    let cannot = |error| format!("{} can't be read: {error}", place.display());
    let mut found = Vec::new();
    for entry in fs::read_dir(place).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(source: &str) -> Vec<String> {
        of_source(source, "x.rs").unwrap()
    }

    #[test]
    fn a_sentence_in_a_view_an_attribute_or_a_string_is_found() {
        for source in [
            "fn x() { view! { <p>\"Nobody is here.\"</p> } }",
            "fn x() { view! { <p>\"Guests\"</p> } }",
            "fn x() { view! { <p aria-label=\"Your day\" class=\"a b\"></p> } }",
            "fn x() { format!(\"{name} is here\") }",
            "const X: &str = \"Choose another time\";",
        ] {
            assert_eq!(of(source).len(), 1, "{source}");
        }
        assert_eq!(of("\n\nfn x() { y(\"It is over.\") }"), ["x.rs:3: \"It is over.\""]);
    }

    #[test]
    fn what_nobody_reads_as_a_sentence_is_left_alone() {
        for source in [
            "fn x() { view! { <p class=\"page page__wide\" data-test=\"Some thing\"></p> } }",
            "fn x() { view! { <p class=format!(\"one two {x}\")></p> } }",
            "fn x() { tracing::error!(error = 1, \"a form could not be read\") }",
            "#[error(\"no number here\")] struct X;",
            "/// Words of a comment.\nfn x() {}",
            "#[cfg(test)]\nmod tests { const X: &str = \"Words of a test.\"; }",
            "fn x() { get(\"Content-Type\", \"text/html\", \"guest_name\", 'a', 1.5, b\"Some bytes\") }",
            "fn x() { option.expect(\"it was checked before\") }",
        ] {
            assert_eq!(of(source), Vec::<String>::new(), "{source}");
        }
    }
}
