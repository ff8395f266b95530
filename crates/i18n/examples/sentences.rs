//! Prints every sentence of every language as we write it, as JSON: for readers of the catalogue to compare themselves with.
//! Arguments are their own names in corner brackets; numbers are those of the command line.
#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::collections::BTreeMap;

use anteroom_i18n::{Argument, INDEX, LANGUAGES, Lang};

/// An argument that stands for itself.
struct Named<'a>(&'a str);

impl Argument for Named<'_> {
    fn write(&self, _: Lang, out: &mut String) {
        out.push_str(&format!("[{}]", self.0));
    }
}

/// A number without anything between its digits.
struct Digits(u64);

impl Argument for Digits {
    fn write(&self, _: Lang, out: &mut String) {
        out.push_str(&self.0.to_string());
    }
}

fn main() {
    let counts: Vec<u64> = std::env::args()
        .skip(1)
        .filter_map(|count| count.parse().ok())
        .collect();
    let mut languages: BTreeMap<&str, BTreeMap<String, String>> = BTreeMap::new();
    for language in LANGUAGES.iter().filter(|language| !language.is_pseudo()) {
        let lang = language.lang();
        let sentences = languages.entry(language.tag).or_default();
        for (group, section, key, is_plural, place) in INDEX {
            // The names are found in the sentence itself.
            let names = lang.arguments(*place);
            let mut say = |count: Option<u64>| {
                let (named, number): (Vec<_>, _) = (names.iter().map(|name| Named(name)).collect(), count.map(Digits));
                let mut given: Vec<(&str, &dyn Argument)> = names
                    .iter()
                    .zip(&named)
                    .map(|(name, named)| (name.as_str(), named as &dyn Argument))
                    .collect();
                if let Some(number) = &number {
                    given.retain(|(name, _)| *name != "count");
                    given.push(("count", number));
                }
                let suffix = count.map(|count| format!("#{count}")).unwrap_or_default();
                sentences.insert(
                    format!("{group}:{section}.{key}{suffix}"),
                    lang.fill(*place, count, &given),
                );
            };
            if *is_plural {
                for count in &counts {
                    say(Some(*count));
                }
            } else {
                say(None);
            }
        }
    }
    println!("{}", serde_json::to_string(&languages).unwrap_or_default());
}
