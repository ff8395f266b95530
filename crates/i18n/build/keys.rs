//! A type for each sentence, so that a wrong key or a missing argument does not compile.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::catalogue::{Entry, GROUPS, Source, arguments};

/// What Rust keeps for itself, of the words that a key might be.
const RESERVED: [&str; 20] = [
    "as", "break", "const", "continue", "else", "enum", "fn", "for", "if", "in", "let", "match", "mod", "move", "ref",
    "return", "static", "type", "use", "where",
];

/// The languages that there are, without their sentences.
pub fn known(languages: &[Source], english: &Source) -> String {
    let sentences = |of: &Source| GROUPS.iter().map(|group| of.group(group).len()).sum::<usize>();
    let all = sentences(english);
    let mut list = String::new();
    for language in languages {
        let (tag, name, translated) = (&language.tag, language.name(), sentences(language));
        let reviewed = language.is("reviewed");
        let _ = writeln!(
            list,
            "crate::Known {{ tag: {tag:?}, name: {name:?}, reviewed: {reviewed}, translated: {translated}, sentences: {all} }},"
        );
    }
    format!(
        "/// The languages that there are, English first.\npub const KNOWN: [crate::Known; {}] = [\n{list}];\n",
        languages.len()
    )
}

/// Where each sentence stands, for whoever goes through all of them.
pub fn index(english: &Source) -> String {
    let mut code = String::new();
    for (number, group) in GROUPS.iter().enumerate() {
        for (index, ((section, key), entry)) in english.group(group).iter().enumerate() {
            let is_plural = matches!(entry, Entry::Plural(_));
            let place = format!("Place {{ group: {number}, index: {index} }}");
            let _ = writeln!(code, "({group:?}, {section:?}, {key:?}, {is_plural}, {place}),");
        }
    }
    format!("&[\n{code}]")
}

/// The modules, a group each, with a section each inside.
pub fn keys(english: &Source) -> Result<String, String> {
    let mut code = String::new();
    for (number, group) in GROUPS.iter().enumerate() {
        let mut sections: BTreeMap<&str, String> = BTreeMap::new();
        for (index, ((section, key), entry)) in english.group(group).iter().enumerate() {
            if let Some(reserved) = [section, key]
                .into_iter()
                .find(|name| RESERVED.contains(&name.as_str()))
            {
                return Err(format!(
                    "locales/en/{group}.json: {section}.{key}: Rust reserves the word {reserved}"
                ));
            }
            let place = format!("crate::Place {{ group: {number}, index: {index} }}");
            let arguments =
                arguments(entry).map_err(|wrong| format!("locales/en/{group}.json: {section}.{key}: {wrong}"))?;
            let names: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let count = matches!(entry, Entry::Plural(_));
            if count && !names.contains(&"count") {
                return Err(format!(
                    "locales/en/{group}.json: {section}.{key}: a plural has the argument {{{{count}}}}"
                ));
            }
            let code = sections.entry(section).or_default();
            let _ = writeln!(code, "/// {}", shown(entry));
            sentence(code, key, &place, &names, count);
        }
        let _ = writeln!(code, "/// Sentences of `{group}.json`.\npub mod {group} {{");
        for (section, inside) in sections {
            let _ = writeln!(code, "/// `{section}`.\npub mod {section} {{\n{inside}}}");
        }
        code.push_str("}\n");
    }
    Ok(code)
}

/// The English sentence, for whoever hovers over the key.
fn shown(entry: &Entry) -> String {
    let text = match entry {
        Entry::Plain(text) => text.as_str(),
        Entry::Plural(forms) => forms.iter().flatten().next_back().map_or("", String::as_str),
    };
    format!("`{}`", text.replace('`', "'").replace(['\n', '\r'], " "))
}

fn sentence(code: &mut String, key: &str, place: &str, arguments: &[&str], plural: bool) {
    if arguments.is_empty() {
        let _ = writeln!(
            code,
            "#[derive(Clone, Copy, Debug)] pub struct {key};\n\
             impl {key} {{ pub fn text(self, lang: crate::Lang) -> &'static str {{ lang.plain({place}) }} }}"
        );
        return;
    }
    let letter = |n: usize| format!("A{n}");
    let letters: Vec<String> = (0..arguments.len()).map(letter).collect();
    let fields: String = arguments
        .iter()
        .zip(&letters)
        .fold(String::new(), |mut fields, (name, letter)| {
            let _ = write!(fields, "pub {name}: {letter}, ");
            fields
        });
    let bound = |name: &str| {
        if plural && name == "count" {
            "crate::Count"
        } else {
            "crate::Argument"
        }
    };
    let bounds: String = arguments
        .iter()
        .zip(&letters)
        .fold(String::new(), |mut bounds, (name, letter)| {
            let _ = write!(bounds, "{letter}: {}, ", bound(name));
            bounds
        });
    let given: String = arguments.iter().fold(String::new(), |mut given, name| {
        let _ = write!(given, "({name:?}, &self.{name} as &dyn crate::Argument), ");
        given
    });
    let count = if plural {
        "Some(crate::Count::count(&self.count))"
    } else {
        "None"
    };
    let _ = writeln!(
        code,
        "#[derive(Clone, Copy, Debug)] pub struct {key}<{generics}> {{ {fields} }}\n\
         impl<{bounds}> {key}<{generics}> {{ pub fn text(&self, lang: crate::Lang) -> String {{ lang.fill({place}, {count}, &[{given}]) }} }}",
        generics = letters.join(", ")
    );
    // Every argument but the number may be a piece of a page instead.
    let slots: Vec<&&str> = arguments.iter().filter(|name| !(plural && **name == "count")).collect();
    if slots.is_empty() {
        return;
    }
    let of: Vec<&str> = arguments
        .iter()
        .map(|name| if plural && *name == "count" { "C" } else { "T" })
        .collect();
    let generics = if plural { "C: crate::Count, T" } else { "T" };
    let pieces: String = slots.iter().fold(String::new(), |mut pieces, name| {
        let _ = write!(pieces, "({name:?}, self.{name}), ");
        pieces
    });
    let given = if plural {
        "Some(&self.count as &dyn crate::Argument)"
    } else {
        "None"
    };
    let _ = writeln!(
        code,
        "impl<{generics}> {key}<{}> {{ pub fn parts(self, lang: crate::Lang) -> Vec<crate::Part<T>> {{ lang.parts({place}, {count}, {given}, vec![{pieces}]) }} }}",
        of.join(", ")
    );
}
